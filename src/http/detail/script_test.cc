#include "http/detail/script.h"

#include <gtest/gtest.h>

namespace rapport::http::detail {
namespace {

TEST(Script, ValuesAreWrittenInTraditionalCharactersAndNamesAreLeft) {
  EXPECT_EQ(in_traditional(R"({"name":"空气净化器","product_id":"净1","tags":["静音","爱用"],"n":3})"),
            R"({"name":"空氣淨化器","product_id":"净1","tags":["靜音","愛用"],"n":3})");
  EXPECT_EQ(in_traditional(R"({"净":"净","item":"净"})"), R"({"净":"淨","item":"净"})");
  EXPECT_EQ(in_traditional("plain"), "plain");
  EXPECT_EQ(in_traditional(R"("净)"), R"("淨)") << "cut short, and nothing read behind its end";
}

TEST(Script, EscapedCharactersAreReadFirst) {
  EXPECT_EQ(in_traditional(R"({"name":"\u51c0\u5316\u5668 \"A\"\n"})"), R"({"name":"淨化器 \"A\"\n"})");
  EXPECT_EQ(in_traditional(R"({"name":"\ud83d\ude00净"})"), R"({"name":"😀淨"})");
  EXPECT_EQ(in_traditional(R"({"name":"\u12"})"), R"({"name":"\u12"})") << "not JSON: as it stands";
}

}  // namespace
}  // namespace rapport::http::detail
