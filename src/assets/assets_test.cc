#include "assets/assets.h"

#include <gtest/gtest.h>

#include <set>

namespace rapport::assets {
namespace {

TEST(Assets, ABundleFindsWhatItHoldsAndNothingElse) {
  constexpr File kFiles[] = {{"/assets/a-1.js", "text/javascript", "e1", "one", "", ""},
                             {"/index.html", "text/html", "e2", "two", "", ""}};
  const Bundle bundle(kFiles);
  ASSERT_NE(bundle.find("/index.html"), nullptr);
  EXPECT_EQ(bundle.find("/index.html")->plain, "two");
  EXPECT_EQ(bundle.find("/assets/a-1.js")->plain, "one");
  for (const char* path : {"", "/", "/index", "/index.html/", "/zzz", "/assets", "index.html"})
    EXPECT_EQ(bundle.find(path), nullptr) << path;
  EXPECT_TRUE(Bundle().empty());
  EXPECT_EQ(Bundle().find("/index.html"), nullptr);
}

TEST(Assets, WhatIsEmbeddedIsWholeOrAbsent) {
  if (console().empty()) {
    EXPECT_EQ(console().find("/index.html"), nullptr);
    return;
  }
  EXPECT_NE(console().find("/index.html"), nullptr);
  std::string_view before;
  for (const File& file : console().files()) {
    EXPECT_LT(before, file.path);
    before = file.path;
    EXPECT_FALSE(file.plain.empty()) << file.path;
    EXPECT_FALSE(file.media.empty()) << file.path;
    EXPECT_EQ(file.etag.size(), 16U) << file.path;
    EXPECT_TRUE(file.gzip.empty() || file.gzip.starts_with("\x1f\x8b")) << file.path;
    EXPECT_FALSE(file.path.ends_with(".gz") || file.path.ends_with(".br")) << file.path;
  }
}

TEST(Assets, ThePlainPageSpeaksThreeLanguages) {
  const std::string_view page = plain_page();
  for (const char* wanted : {"lang=\"zh-Hans\"", "此构建不含控制台", "lang=\"zh-Hant\"", "此組建不含控制台",
                             "lang=\"en\"", "This build has no console", "make build"})
    EXPECT_NE(page.find(wanted), std::string_view::npos) << wanted;
  // Nothing that a strict content policy would stop.
  for (const char* forbidden : {"<script", "<style", "style=", "http://", "https://"})
    EXPECT_EQ(page.find(forbidden), std::string_view::npos) << forbidden;
}

}  // namespace
}  // namespace rapport::assets
