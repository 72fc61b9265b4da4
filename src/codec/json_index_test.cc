#include "codec/json_index.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rapport::codec {
namespace {

bool accepts(std::string_view text) {
  JsonIndex index;
  // A private copy of exactly the right size, so that a sanitizer sees any step beyond it.
  const std::vector<char> exact(text.begin(), text.end());
  return index.parse({exact.data(), exact.size()}).ok();
}

TEST(JsonIndex, TakesWhatRfc8259CallsJson) {
  for (const std::string_view text :
       {"1", "-0", "0.5e-3", "\"\"", "true", "null", "[]", "{}", "[1,2]", " { \"a\" : [ { } , [] ] } ",
        "[1e400]", "[123456789012345678901234567890]", "{\"a\":1,\"a\":2}", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "[\"a\",\"b\"]"}) {
    EXPECT_TRUE(accepts(text)) << text;
  }
}

TEST(JsonIndex, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "NaN",
                                      "[NaN]",
                                      "Infinity",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e",
                                      "-",
                                      "tru",
                                      "truee",
                                      "nul",
                                      "[1,]",
                                      "[,1]",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\" 1}",
                                      "{\"a\":}",
                                      "{\"a\"}",
                                      "{1:2}",
                                      "[1 2]",
                                      "[1}",
                                      "{\"a\":1]",
                                      "[",
                                      "{",
                                      "]",
                                      "}",
                                      "\"a",
                                      "\"a\"b",
                                      "1\"a\"",
                                      "\"a\"\"b\"",
                                      "[\"\\x\"]",
                                      "[\"\\u12g4\"]",
                                      "[\"\\u12\"]",
                                      "1 2",
                                      "[] []",
                                      "[\"a\nb\"]",
                                      "{\"a\":1}}",
                                      "'a'",
                                      "[1,2",
                                      "{\"a\":[1,2}",
                                      "//x",
                                      "[1/2]",
                                      ":",
                                      ",",
                                      "[:]",
                                      "{\"a\"::1}"}) {
    EXPECT_FALSE(accepts(text)) << text;
  }
  EXPECT_FALSE(accepts(std::string_view("\"\xff\xfe\"")));
  EXPECT_FALSE(accepts(std::string_view("\"\xed\xa0\x80\"")));  // A surrogate in UTF-8.
  EXPECT_FALSE(accepts(std::string_view("\0", 1)));
  EXPECT_FALSE(accepts(std::string_view("1\0", 2)));
}

TEST(JsonIndex, StopsAtItsDepth) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(accepts(nested(kJsonDeepest)));
  EXPECT_FALSE(accepts(nested(kJsonDeepest + 1)));
  EXPECT_FALSE(accepts(std::string(1'000'000, '[')));
  EXPECT_FALSE(accepts(std::string(1'000'000, '{')));
}

TEST(JsonIndex, GivesValuesInTheSendersSpelling) {
  JsonIndex index;
  const std::string text =
      R"( {"a" : 1.10, "b":[true , {"x":"y"}], "long":12345678901234567890123, "t":"q\"\u00e9\ud83d\ude00", "":null } )";
  ASSERT_TRUE(index.parse(text).ok());
  const JsonValue root = index.root();
  EXPECT_EQ(root.find("a").raw(), "1.10");
  EXPECT_EQ(root.find("b").raw(), R"([true , {"x":"y"}])");
  EXPECT_EQ(root.find("long").raw(), "12345678901234567890123");
  EXPECT_EQ(root.find("t").text(), "q\"\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_TRUE(root.find("").is(JsonKind::null));
  EXPECT_FALSE(root.find("none").present());
  EXPECT_EQ(root.height(), 3);
  EXPECT_EQ(root.find("b").height(), 2);
  std::vector<std::string> raw;
  for (JsonItems items(root.find("b")); items.next();) raw.emplace_back(items.value().raw());
  EXPECT_EQ(raw, (std::vector<std::string>{"true", R"({"x":"y"})"}));
}

TEST(JsonIndex, ReadsALoneSurrogateAsReplacement) {
  JsonIndex index;
  ASSERT_TRUE(index.parse(R"(["a\ud83d","\ude00b","\ud83d\ude00"])").ok());
  std::vector<std::string> texts;
  for (JsonItems items(index.root()); items.next();) texts.push_back(items.value().text());
  EXPECT_EQ(texts[0], "a\xef\xbf\xbd");
  EXPECT_EQ(texts[1],
            "\xef\xbf\xbd"
            "b");
  EXPECT_EQ(texts[2], "\xf0\x9f\x98\x80");
  EXPECT_EQ(index.root().raw(), R"(["a\ufffd","\ufffdb","\ud83d\ude00"])");
}

TEST(ScaledDecimal, RoundsHalfAwayFromZeroAndRefusesWhatDoesNotFit) {
  EXPECT_EQ(scaled_decimal("899.00", 2), 89900);
  EXPECT_EQ(scaled_decimal("0.005", 2), 1);
  EXPECT_EQ(scaled_decimal("-0.005", 2), -1);
  EXPECT_EQ(scaled_decimal("0.00499999999999999999999", 2), 0);
  EXPECT_EQ(scaled_decimal("1e3", 0), 1000);
  EXPECT_EQ(scaled_decimal("1.5e-1", 3), 150);
  EXPECT_EQ(scaled_decimal("5e-1", 0), 1);
  EXPECT_EQ(scaled_decimal("5e-2", 0), 0);
  EXPECT_EQ(scaled_decimal("0e999999999", 2), 0);
  EXPECT_EQ(scaled_decimal("1e999999999", 2), std::nullopt);
  EXPECT_EQ(scaled_decimal("1e-999999999999", 2), 0);
  EXPECT_EQ(scaled_decimal("123456789012345678901234", 0), std::nullopt);
  EXPECT_EQ(scaled_decimal("0.1", 1), 1);
  EXPECT_EQ(scaled_decimal("12x", 2), std::nullopt);
  EXPECT_EQ(scaled_decimal("", 2), std::nullopt);
}

TEST(JsonIndex, TellsWholeNumbersFromOthers) {
  JsonIndex index;
  ASSERT_TRUE(index.parse("[2, 2.0, 2e3, 2.5, -7, 1e30, \"2\"]").ok());
  std::vector<std::optional<std::int64_t>> numbers;
  for (JsonItems items(index.root()); items.next();) numbers.push_back(items.value().integer());
  const std::vector<std::optional<std::int64_t>> expected = {
      2, 2, 2000, std::nullopt, -7, std::nullopt, std::nullopt};
  EXPECT_EQ(numbers, expected);
}

// The obvious reader: recursive descent over the grammar of RFC 8259, ASCII only, no escapes but \n.
struct Oracle {
  std::string_view text;
  std::size_t i = 0;
  void blanks() {
    while (i < text.size() && std::string_view(" \t\n\r").find(text[i]) != std::string_view::npos) ++i;
  }
  bool eat(std::string_view word) {
    if (text.substr(i, word.size()) != word) return false;
    i += word.size();
    return true;
  }
  bool digits() {
    const auto from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i > from;
  }
  bool string() {
    if (!eat("\"")) return false;
    while (i < text.size() && text[i] != '"') {
      if (static_cast<unsigned char>(text[i]) < 0x20) return false;
      if (text[i] == '\\' && !(++i < text.size() && text[i] == 'n')) return false;
      ++i;
    }
    return eat("\"");
  }
  bool number() {
    eat("-");
    if (!eat("0") && !digits()) return false;
    if (eat(".") && !digits()) return false;
    if (eat("e")) {
      eat("-");
      if (!digits()) return false;
    }
    return true;
  }
  bool run_of(char close, bool named) {
    blanks();
    if (eat({&close, 1})) return true;
    while (true) {
      blanks();
      if (named && (!string() || (blanks(), !eat(":")))) return false;
      if (!value()) return false;
      if (eat(",")) continue;
      return eat({&close, 1});
    }
  }
  bool value() {
    blanks();
    bool good = false;
    if (eat("{")) {
      good = run_of('}', true);
    } else if (eat("[")) {
      good = run_of(']', false);
    } else if (i < text.size() && text[i] == '"') {
      good = string();
    } else {
      good = eat("true") || eat("null") || number();
    }
    blanks();
    return good;
  }
};

TEST(JsonIndex, AgreesWithTheObviousReaderOnRandomTexts) {
  constexpr std::uint64_t kSeed = 20261122;
  Random random(kSeed);
  const std::vector<std::string_view> pieces = {"{",    "}",    "[",   "]", ",",       ":",   "\"a\"",
                                                "\"",   "1",    "0",   "-", ".",       "e",   " ",
                                                "true", "null", "\\n", "x", "{\"k\":", "[1,", "\"b\":2"};
  int good = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text;
    for (auto n = random.below(12); n > 0; --n) text += pieces[random.below(pieces.size())];
    Oracle oracle{text};
    const bool expected = oracle.value() && oracle.i == text.size();
    good += expected;
    ASSERT_EQ(accepts(text), expected) << "seed " << kSeed << " round " << round << ": " << text;
  }
  EXPECT_GT(good, 500);
}

}  // namespace
}  // namespace rapport::codec
