#include "app/configuration.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rapport::app {
namespace {

Error wrong(std::string what, std::string where, std::string expected) {
  return Error{Errc::bad_input, std::move(what), std::move(where), std::move(expected)};
}

/// Members of one table, each looked at once; whatever nobody asked for is an error.
class Members {
 public:
  Members(const toml::table& table, std::string name) : table_(table), name_(std::move(name)) {}

  Result<std::string> text(std::string_view key, std::string_view otherwise = {}) {
    asked_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::string(otherwise);
    if (const auto* value = node->as_string()) return value->get();
    return wrong("not a text", where(key), "a text in quotes");
  }
  Result<std::int64_t> number(std::string_view key, std::int64_t otherwise) {
    asked_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return otherwise;
    if (const auto* value = node->as_integer()) return value->get();
    return wrong("not a whole number", where(key), "a whole number");
  }
  /// Errors: bad_input for a member that nobody asked for.
  Status finish() const {
    for (const auto& [key, node] : table_) {
      if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
      std::string known;
      for (const std::string& one : asked_) known += (known.empty() ? "" : " ") + one;
      return wrong("no such setting", where(key.str()), known);
    }
    return {};
  }
  std::string where(std::string_view key) const { return fmt::format("{}.{}", name_, key); }

 private:
  const toml::table& table_;
  std::string name_;
  std::vector<std::string> asked_;
};

template <class T>
Result<T> word(const std::string& text, std::string_view where,
               std::initializer_list<std::pair<std::string_view, T>> words) {
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == text) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return wrong(fmt::format("'{}'", text), std::string(where), known);
}

Result<std::string> read_file(const std::string& path, const std::string& where) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return Error{Errc::io, "the file cannot be read", where, path};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<std::shared_ptr<const engine::MailSettings>> read_mail(const toml::table& table,
                                                              std::string (*secret)(std::string_view)) {
  using courier::MailSecurity;
  using model::SurveyLanguage;
  if (table.contains("password"))
    return wrong("a password in the configuration", "mail.password",
                 "RAPPORT_MAIL_PASSWORD in the environment, or mail.password_file");
  Members members(table, "mail");
  auto settings = std::make_shared<engine::MailSettings>();
  courier::MailServer& server = settings->server;
  RAPPORT_TRY(server.host, members.text("host"));
  RAPPORT_TRY(const std::string security, members.text("security", "starttls"));
  RAPPORT_TRY(server.security, word<MailSecurity>(security, "mail.security",
                                                  {{"starttls", MailSecurity::starttls},
                                                   {"tls", MailSecurity::tls},
                                                   {"none", MailSecurity::none}}));
  const std::int64_t usual = server.security == MailSecurity::tls ? 465 : 587;
  RAPPORT_TRY(const std::int64_t port, members.number("port", usual));
  if (port < 1 || port > 65'535) return wrong("no such port", "mail.port", "1 to 65535");
  server.port = static_cast<std::uint16_t>(port);
  RAPPORT_TRY(server.from, members.text("from"));
  RAPPORT_TRY(server.from_name, members.text("name"));
  RAPPORT_TRY(server.user, members.text("user"));
  RAPPORT_TRY(server.ca_file, members.text("ca_file"));
  RAPPORT_TRY(const std::string password_file, members.text("password_file"));
  RAPPORT_TRY(settings->base_url, members.text("base_url"));
  RAPPORT_TRY(const std::string language, members.text("language", "zh-Hans"));
  RAPPORT_TRY(settings->language, word<SurveyLanguage>(language, "mail.language",
                                                       {{"zh-Hans", SurveyLanguage::hans},
                                                        {"zh-Hant", SurveyLanguage::hant},
                                                        {"en", SurveyLanguage::en}}));
  RAPPORT_CHECK(members.finish());
  if (const std::string user = secret("RAPPORT_MAIL_USER"); !user.empty()) server.user = user;
  server.password = secret("RAPPORT_MAIL_PASSWORD");
  if (server.password.empty() && !password_file.empty()) {
    RAPPORT_TRY(server.password, read_file(password_file, "mail.password_file"));
  }
  RAPPORT_CHECK(engine::check_mail_settings(*settings));
  return std::shared_ptr<const engine::MailSettings>(std::move(settings));
}

std::string from_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? "" : value;
}

}  // namespace

Result<Configuration> parse_configuration(std::string_view text, std::string (*secret)(std::string_view)) {
  toml::table all;
  try {
    all = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return wrong(std::string(error.description()), fmt::format("line {}", error.source().begin.line),
                 "TOML 1.0");
  }
  Configuration configuration;
  for (const auto& [key, node] : all) {
    const toml::table* table = node.as_table();
    if (key.str() != "mail" || table == nullptr)
      return wrong("no such setting", std::string(key.str()), "[mail]");
    RAPPORT_TRY(configuration.mail, read_mail(*table, secret));
  }
  return configuration;
}

Result<Configuration> read_configuration(const std::string& path, const std::string& data) {
  const std::string file = path.empty() ? (std::filesystem::path(data) / "rapport.toml").string() : path;
  if (path.empty() && !std::filesystem::exists(file)) return Configuration{};
  RAPPORT_TRY(const std::string text, read_file(file, file));
  auto read = parse_configuration(text, from_environment);
  if (read.ok()) return read;
  Error error = std::move(read).error();
  error.where = error.where.empty() ? file : fmt::format("{}: {}", file, error.where);
  return error;
}

}  // namespace rapport::app
