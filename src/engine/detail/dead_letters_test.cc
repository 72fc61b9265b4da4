#include "engine/detail/dead_letters.h"

#include <gtest/gtest.h>

namespace rapport::engine {
namespace {

using model::Identifier;
using model::IdentifierKind;

TEST(DeadLetters, ThoseThatNameAPersonAreFoundHoweverSheIsWritten) {
  const std::vector<Identifier> ada = {*Identifier::parse(IdentifierKind::phone, "139 1234 5678"),
                                       *Identifier::parse(IdentifierKind::email, "Ada@Example.com"),
                                       *Identifier::parse(IdentifierKind::user_id, "ada")};
  for (const char* raw :
       {R"({"userId":"ada"})", R"({"traits":{"phone":"+86 139-1234-5678"}})",
        R"({"traits":{"phone":13912345678}})", R"({"context":{"traits":{"email":" ADA@example.com "}}})",
        R"({"properties":{"note":["ring +8613912345678"]}})", R"({"properties":{"ada":1}})",
        R"({"a":"\u0061da"})", R"(not JSON, but ada@example.com in it)"})
    EXPECT_TRUE(names_one_of(raw, ada)) << raw;
  for (const char* raw :
       {R"({"userId":"adam"})", R"({"traits":{"phone":"13912345679"}})", R"({"note":"a dada day"})",
        R"({"traits":{"email":"bob@example.com"}})", R"({})", "", "[1,2,null,true]"})
    EXPECT_FALSE(names_one_of(raw, ada)) << raw;
  EXPECT_FALSE(names_one_of(R"({"userId":"ada"})", {}));
}

}  // namespace
}  // namespace rapport::engine
