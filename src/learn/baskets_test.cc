#include "learn/baskets.h"

#include <gtest/gtest.h>

namespace rapport::learn {
namespace {

std::string shown(const BasketText& read) {
  std::string text;
  for (std::size_t b = 0; b < read.baskets.size(); ++b) {
    for (const std::uint32_t item : read.baskets.basket(b)) text += "[" + read.baskets.name(item) + "]";
    text += "/";
  }
  return text;
}

TEST(Baskets, CommasWithBlanksInsideAndQuotes) {
  const auto read =
      parse_baskets("\xEF\xBB\xBFwhole milk, yogurt ,\r\n\n\"a, b\",\"say \"\"hi\"\"\"\nyogurt,yogurt");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(shown(*read), "[whole milk][yogurt]/[a, b][say \"hi\"]/[yogurt]/");
  EXPECT_EQ(read->blank_lines, 1u);
}

TEST(Baskets, BlanksWhenThereIsNothingElse) {
  const auto read = parse_baskets("1 2  3 \n 3\t1\n", ' ');
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(shown(*read), "[1][2][3]/[1][3]/");
  EXPECT_EQ(parse_baskets("1 2\n2\n")->separator, ' ');
}

TEST(Baskets, Chinese) {
  const auto read = parse_baskets("咖啡机,咖啡豆\n咖啡豆\n");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(shown(*read), "[咖啡机][咖啡豆]/[咖啡豆]/");
  EXPECT_EQ(read->baskets.find("咖啡豆").value(), 1u);
  EXPECT_EQ(read->baskets.find("茶").error().code, Errc::not_found);
}

TEST(Baskets, HostileText) {
  EXPECT_EQ(parse_baskets("").error().code, Errc::bad_input);
  EXPECT_EQ(parse_baskets("\n\n,,,\n").error().code, Errc::bad_input);
  const auto open = parse_baskets("a,b\n\"c,d\n");
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().where, "line 2");
  EXPECT_TRUE(parse_baskets(std::string("a\0b,c\xFF", 6)).ok());
}

}  // namespace
}  // namespace rapport::learn
