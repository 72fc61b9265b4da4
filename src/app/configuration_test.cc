#include "app/configuration.h"

#include <gtest/gtest.h>

namespace rapport::app {
namespace {

std::string no_secret(std::string_view) {
  return "";
}
std::string secret_of(std::string_view name) {
  return name == "RAPPORT_MAIL_PASSWORD" ? "s3cret" : "";
}
const std::string kMail = R"([mail]
host = "smtp.example.com"
from = "care@shop.example"
base_url = "https://shop.example"
)";

TEST(Configuration, MailIsReadWithItsSecretsFromElsewhere) {
  EXPECT_EQ(parse_configuration("", no_secret)->mail, nullptr);
  const auto read =
      parse_configuration(kMail + "name = \"小店\"\nuser = \"shop\"\nlanguage = \"zh-Hant\"\n", secret_of);
  ASSERT_TRUE(read.ok()) << read.error().describe();
  const engine::MailSettings& mail = *read->mail;
  EXPECT_EQ(mail.server.host, "smtp.example.com");
  EXPECT_EQ(mail.server.port, 587);
  EXPECT_EQ(mail.server.security, courier::MailSecurity::starttls);
  EXPECT_EQ(mail.server.from_name, "小店");
  EXPECT_EQ(mail.server.user, "shop");
  EXPECT_EQ(mail.server.password, "s3cret");
  EXPECT_EQ(mail.language, model::SurveyLanguage::hant);
  EXPECT_EQ(parse_configuration(kMail + "security = \"tls\"\n", no_secret)->mail->server.port, 465);
}

TEST(Configuration, WhatIsWrongIsNamed) {
  const auto where = [](const std::string& text) {
    const auto read = parse_configuration(text, no_secret);
    return read.ok() ? std::string("taken") : read.error().where;
  };
  EXPECT_EQ(where("[mail"), "line 1");
  EXPECT_EQ(where("[post]\n"), "post");
  EXPECT_EQ(where(kMail + "password = \"x\"\n"), "mail.password");
  EXPECT_EQ(where(kMail + "colour = \"red\"\n"), "mail.colour");
  EXPECT_EQ(where(kMail + "port = \"25\"\n"), "mail.port");
  EXPECT_EQ(where(kMail + "port = 70000\n"), "mail.port");
  EXPECT_EQ(where(kMail + "security = \"ssl\"\n"), "mail.security");
  EXPECT_EQ(where("[mail]\nhost = \"h\"\nfrom = \"a@b\"\nbase_url = \"shop\"\n"), "mail.base_url");
  EXPECT_EQ(where("[mail]\nhost = \"h\"\nbase_url = \"https://s\"\n"), "mail.from");
  EXPECT_EQ(where(kMail + "password_file = \"/nowhere/at/all\"\n"), "mail.password_file");
}

}  // namespace
}  // namespace rapport::app
