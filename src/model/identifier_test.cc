#include "model/identifier.h"

#include <gtest/gtest.h>

namespace rapport::model {
namespace {

std::string phone(std::string_view raw) {
  auto parsed = Identifier::parse(IdentifierKind::phone, raw);
  return parsed.ok() ? parsed->value : "error";
}

TEST(Identifier, EveryFormOfAMainlandNumberIsOneNumber) {
  for (const char* form : {"13912345678", "139 1234 5678", "+8613912345678", "+86 139-1234-5678",
                           "008613912345678", "8613912345678", "+86 013912345678", " 139.1234.5678 "}) {
    EXPECT_EQ(phone(form), "+8613912345678") << form;
  }
  EXPECT_EQ(phone("+1 (415) 555-0100"), "+14155550100");
  EXPECT_EQ(phone("010-65551234"), "01065551234");
  for (const char* bad : {"", "12", "call me", "1391234567890123456"}) EXPECT_EQ(phone(bad), "error") << bad;
}

TEST(Identifier, EmailsAreLowerCased) {
  EXPECT_EQ(Identifier::parse(IdentifierKind::email, " Li.Na@Example.COM ")->value, "li.na@example.com");
  for (const char* bad : {"@x", "x@", "a@b@c", "li na@example.com"})
    EXPECT_FALSE(Identifier::parse(IdentifierKind::email, bad).ok());
}

TEST(Identifier, RefusesWhatNamesNobody) {
  EXPECT_FALSE(Identifier::parse(IdentifierKind::user_id, "  ").ok());
  EXPECT_FALSE(Identifier::parse(IdentifierKind::user_id, std::string(257, 'x')).ok());
  EXPECT_FALSE(Identifier::parse(IdentifierKind::user_id, "a\nb").ok());
  EXPECT_TRUE(is_blocked_identifier({IdentifierKind::user_id, "NULL"}));
  EXPECT_FALSE(is_blocked_identifier({IdentifierKind::user_id, "ada"}));
}

TEST(CustomerRef, ThreeForms) {
  EXPECT_EQ(CustomerRef::parse("c_17")->id->value, 17U);
  EXPECT_EQ(CustomerRef::parse("phone:13912345678")->identifier->value, "+8613912345678");
  EXPECT_EQ(CustomerRef::parse("user_id:c_17")->identifier->value, "c_17");
  EXPECT_EQ(CustomerRef::parse("c_x")->identifier->value, "c_x");
  EXPECT_EQ(CustomerRef::parse("urn:li:7")->identifier->value, "urn:li:7");
}

}  // namespace
}  // namespace rapport::model
