#include "story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace rapport::story {
namespace {

std::vector<std::string> stories() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(RAPPORT_STORIES)) {
    if (entry.path().extension() == ".story") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Stories : public testing::TestWithParam<std::string> {};

TEST_P(Stories, Holds) {
  EXPECT_EQ(run_file(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(All, Stories, testing::ValuesIn(stories()), [](const auto& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(Story, ADifferenceIsTold) {
  Story story;
  EXPECT_EQ(story.run("parse ever Purchase"), "ever Purchase");
  EXPECT_EQ(story.run("dance"), "error: no such command");
  EXPECT_NE(run_file("/nowhere.story"), "");
}

}  // namespace
}  // namespace rapport::story
