#include "app/print.h"

#include <gtest/gtest.h>

namespace rapport::app {
namespace {

TEST(PrettyJson, NestedValuesTakeLinesAndShortOnesStay) {
  EXPECT_EQ(pretty_json(R"({"id":"c_1","tags":{"base":[],"need":["a","b"]},"n":[{"k":"x, y"}]})"),
            "{\n  \"id\": \"c_1\",\n  \"tags\": {\n    \"base\": [],\n    \"need\": [\"a\",\"b\"]\n  },\n  "
            "\"n\": [\n    {\"k\":\"x, y\"}\n  ]\n}\n");
}

TEST(PrettyJson, BracketsInsideTextsAreText) {
  EXPECT_EQ(pretty_json(R"({"a":"}{\"][","b":{"c":{}}})"),
            "{\n  \"a\": \"}{\\\"][\",\n  \"b\": {\n    \"c\": {}\n  }\n}\n");
  EXPECT_EQ(pretty_json("plain"), "plain\n");
}

}  // namespace
}  // namespace rapport::app
