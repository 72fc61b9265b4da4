#include "http/detail/console_access.h"

#include <gtest/gtest.h>

namespace rapport::http::detail {
namespace {

Request request_with(std::string_view Request::*member, std::string_view value) {
  Request request;
  request.*member = value;
  return request;
}

TEST(Sessions, LiveUntilTheyAreIdleForTwelveHours) {
  Sessions sessions;
  const std::int64_t hour = hours(1).ms * 1'000'000;
  const std::string token = sessions.open(7, ShopNo{1}, 0);
  ASSERT_TRUE(sessions.find(token, 11 * hour));
  ASSERT_TRUE(sessions.find(token, 22 * hour)) << "use keeps it";
  EXPECT_FALSE(sessions.find(token, 35 * hour));
  EXPECT_FALSE(sessions.find(token, 22 * hour)) << "what has ended stays so";
  EXPECT_EQ(sessions.size(), 0U);
}

TEST(Sessions, OnlyTheTokenFindsOne) {
  Sessions sessions;
  const std::string token = sessions.open(7, ShopNo{1}, 0);
  for (const std::string& wrong : {std::string(), token + "x", token.substr(1), std::string(1'000, 'a')})
    EXPECT_FALSE(sessions.find(wrong, 1)) << wrong;
  EXPECT_NE(sessions.find(token, 1)->csrf, token);
  sessions.close(token);
  EXPECT_FALSE(sessions.find(token, 1));
}

TEST(Sessions, AllOfAUserEndButTheOneThatIsKept) {
  Sessions sessions;
  const std::string one = sessions.open(7, ShopNo{1}, 0), two = sessions.open(7, ShopNo{1}, 0),
                    other = sessions.open(8, ShopNo{1}, 0);
  sessions.close_all_of(7, two);
  EXPECT_FALSE(sessions.find(one, 1));
  EXPECT_TRUE(sessions.find(two, 1));
  EXPECT_TRUE(sessions.find(other, 1));
}

TEST(Sessions, AreBoundedAndTheIdlestMakesRoom) {
  Sessions sessions;
  const std::string first = sessions.open(1, ShopNo{1}, 0);
  const std::string second = sessions.open(1, ShopNo{1}, 1);
  for (std::size_t i = 2; i < Sessions::kMost; ++i) sessions.open(2, ShopNo{1}, static_cast<std::int64_t>(i));
  sessions.find(first, 1'000'000);
  sessions.open(3, ShopNo{1}, 1'000'001);
  EXPECT_EQ(sessions.size(), Sessions::kMost);
  EXPECT_TRUE(sessions.find(first, 1'000'002));
  EXPECT_FALSE(sessions.find(second, 1'000'002));
}

TEST(SessionToken, IsFoundAmongOtherCookies) {
  const auto token = [](std::string_view cookie) {
    return std::string(session_token(request_with(&Request::cookie, cookie)));
  };
  EXPECT_EQ(token("rapport_session=abc"), "abc");
  EXPECT_EQ(token("a=1; rapport_session=abc; b=2"), "abc");
  EXPECT_EQ(token("xrapport_session=abc"), "");
  EXPECT_EQ(token("rapport_session"), "");
  EXPECT_EQ(token(""), "");
  EXPECT_EQ(token(";;;=;rapport_session=;"), "");
}

TEST(SameOrigin, HoldsForOurOwnHostOnly) {
  Request request;
  request.host = "shop.example:8080";
  for (const std::string_view origin : {"http://shop.example:8080", "https://shop.example:8080"}) {
    request.origin = origin;
    EXPECT_TRUE(same_origin(request)) << origin;
  }
  for (const std::string_view origin : {"", "null", "http://shop.example", "http://evil.example:8080",
                                        "http://shop.example:8080.evil.example", "shop.example:8080"}) {
    request.origin = origin;
    EXPECT_FALSE(same_origin(request)) << origin;
  }
  request.forwarded_proto = "https";
  request.origin = "http://shop.example:8080";
  EXPECT_FALSE(same_origin(request));
  request.origin = "https://shop.example:8080";
  EXPECT_TRUE(same_origin(request));
}

TEST(CallerAddress, BelievesTheProxyOfThisMachineOnly) {
  Request request;
  request.peer = "192.0.2.9";
  request.forwarded_for = "10.0.0.1, 203.0.113.4";
  EXPECT_EQ(caller_address(request), "192.0.2.9");
  request.peer = "127.0.0.1";
  EXPECT_EQ(caller_address(request), "203.0.113.4");
  request.forwarded_for = {};
  EXPECT_EQ(caller_address(request), "127.0.0.1");
}

TEST(CallerAddress, TakesAnIpv6NetworkAsOne) {
  const auto at = [](std::string_view peer) { return caller_address(request_with(&Request::peer, peer)); };
  EXPECT_EQ(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
  EXPECT_NE(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
}

TEST(SessionCookie, IsOutOfReachOfScriptsAndOtherSites) {
  Request request;
  EXPECT_EQ(session_cookie(request, "t"), "rapport_session=t; Path=/; HttpOnly; SameSite=Strict");
  request.forwarded_proto = "https";
  EXPECT_EQ(session_cookie(request, "t"), "rapport_session=t; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_NE(session_cookie(request, "").find("Max-Age=0"), std::string::npos);
}

}  // namespace
}  // namespace rapport::http::detail
