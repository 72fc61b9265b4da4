#include "http/detail/static_files.h"

#include <gtest/gtest.h>

namespace rapport::http::detail {
namespace {

constexpr assets::File kFiles[] = {
    {"/assets/app-0a1b.js", "text/javascript; charset=utf-8", "aaaa", "plain script", "zipped", "br"},
    {"/elements/reviews.js", "text/javascript; charset=utf-8", "bbbb", "element", "", ""},
    {"/favicon.svg", "image/svg+xml", "cccc", "<svg/>", "", ""},
    {"/index.html", "text/html; charset=utf-8", "dddd", "<title>console", "", ""},
    {"/shop.html", "text/html; charset=utf-8", "eeee", "<title>shop", "", ""},
};
const assets::Bundle kBundle{kFiles};

std::optional<Response> get(std::string_view path, std::string_view accept = "",
                            std::string_view encoding = "", std::string_view etag = "",
                            const assets::Bundle& bundle = kBundle) {
  Request request;
  request.path = path;
  request.accept = accept;
  request.accept_encoding = encoding;
  request.if_none_match = etag;
  return static_file(bundle, request);
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(StaticFiles, EveryPathOfTheConsoleIsItsPage) {
  for (const char* path :
       {"/", "/customers", "/customers/c_17", "/segments/churn_risk", "/welcome", "/shopping"}) {
    const auto page = get(path);
    ASSERT_TRUE(page) << path;
    EXPECT_EQ(page->body, "<title>console") << path;
    EXPECT_EQ(header(*page, "Cache-Control"), "no-cache");
  }
  for (const char* path : {"/shop", "/shop/", "/shop/products/p1"})
    EXPECT_EQ(get(path)->body, "<title>shop") << path;
  // A customer's page may hold a dot when a person goes there.
  EXPECT_TRUE(get("/customers/email:ada@x.cn", "text/html,application/xhtml+xml"));
}

TEST(StaticFiles, NothingElseIsAPage) {
  for (const char* path :
       {"/v1", "/v1/nowhere", "/v1/customers", "/missing.js", "/assets/none-1.js", "/assets",
        "/elements/none.js", "/../etc/passwd.txt", "/../../etc/passwd", "/robots.txt"})
    EXPECT_FALSE(get(path)) << path;
  EXPECT_FALSE(get("/v1/nowhere", "text/html"));
  EXPECT_FALSE(get("/assets/none-1.js", "text/html"));
}

TEST(StaticFiles, PagesAreHeldToAStrictPolicy) {
  for (const auto& page : {get("/"), get("/shop"), get("/", "", "", "", assets::Bundle())}) {
    const std::string policy = header(*page, "Content-Security-Policy");
    for (const char* wanted :
         {"default-src 'self'", "script-src 'self';", "style-src 'self';", "object-src 'none'",
          "base-uri 'none'", "frame-ancestors 'none'", "img-src 'self' data: blob:"})
      EXPECT_NE(policy.find(wanted), std::string::npos) << wanted;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(header(*page, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(*page, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header(*page, "X-Frame-Options"), "DENY");
  }
}

TEST(StaticFiles, HashedFilesAreKeptForGoodAndComeInTheFormThatIsTaken) {
  const char* path = "/assets/app-0a1b.js";
  EXPECT_EQ(get(path)->body, "plain script");
  EXPECT_EQ(header(*get(path), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(*get(path), "Vary"), "Accept-Encoding");
  EXPECT_EQ(get(path, "", "gzip, deflate, br")->body, "br");
  EXPECT_EQ(header(*get(path, "", "gzip, deflate, br"), "Content-Encoding"), "br");
  EXPECT_EQ(get(path, "", "gzip;q=1.0")->body, "zipped");
  EXPECT_EQ(get(path, "", "br;q=0, gzip")->body, "zipped");
  EXPECT_EQ(get(path, "", "brotli")->body, "plain script");
  EXPECT_EQ(get(path, "", "identity")->body, "plain script");
  EXPECT_EQ(get("/favicon.svg", "", "gzip, br")->body, "<svg/>");
  EXPECT_EQ(get("/favicon.ico", "", "gzip, br")->body, "<svg/>");
}

TEST(StaticFiles, WhatIsKnownIsNotSentAgain) {
  const auto known = get("/assets/app-0a1b.js", "", "br", "\"aaaa-br\"");
  EXPECT_EQ(known->status, 304);
  EXPECT_TRUE(known->body.empty());
  EXPECT_EQ(get("/assets/app-0a1b.js", "", "gzip", "\"aaaa-br\"")->status, 200) << "another form";
  EXPECT_EQ(get("/", "", "", "W/\"x\", \"dddd\"")->status, 304);
  EXPECT_EQ(get("/", "", "", "\"ddd\"")->status, 200);
}

TEST(StaticFiles, ElementsStandInAnybodysPages) {
  EXPECT_EQ(header(*get("/elements/reviews.js"), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(*get("/elements/reviews.js"), "Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(header(*get("/"), "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header(*get("/"), "Cross-Origin-Resource-Policy"), "same-origin");
}

TEST(StaticFiles, WithoutAConsoleThePageTellsHowToBuildOne) {
  const assets::Bundle none;
  const auto page = get("/", "", "", "", none);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, assets::plain_page());
  EXPECT_EQ(page->status, 200);
  EXPECT_TRUE(get("/customers", "", "", "", none));
  EXPECT_FALSE(get("/assets/app-0a1b.js", "", "", "", none));
  EXPECT_FALSE(get("/v1/x", "", "", "", none));
}

}  // namespace
}  // namespace rapport::http::detail
