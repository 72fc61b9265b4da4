#include <algorithm>
#include <string>
#include <vector>

#include "text/detail/ascii.h"
#include "text/detail/when_words.h"
#include "text/han.h"
#include "text/normalise.h"
#include "text/when.h"

namespace rapport::text {
namespace {

constexpr std::size_t kReadMost = 2'000;  ///< bytes

}  // namespace

bool is_time_alone(std::string_view utf8) {
  // Longer ones first. What is left of the text has to be nothing.
  static const std::vector<std::string> kTold = [] {
    std::vector<std::string> words;
    const auto add = [&](const auto& list) {
      for (const auto& word : list) words.emplace_back(word.said);
    };
    add(kDays), add(kDayParts), add(kWeekdays), add(kMonths), add(kNumbers), add(kParts);
    for (const std::string_view word :
         {"下下个",  "下个",   "这个",   "下",  "这",  "本",   "周",   "星期",   "礼拜",    "末",
          "天后",    "天之后", "天以后", "年",  "月",  "日",   "号",   "点钟",   "点",      "时",
          "半",      "刻",     "分",     "零",  "一",  "二",   "两",   "三",     "四",      "五",
          "六",      "七",     "八",     "九",  "十",  "天",   "half", "past",   "quarter", "to",
          "o'clock", "pm",     "am",     "p.m", "a.m", "next", "this", "coming", "weekend", "in",
          "days",    "day",    "week",   "st",  "nd",  "rd",   "th",   "of",     "t",       "z"})
      words.emplace_back(word);
    for (const std::string_view word :
         {"那就",      "那么",       "那",    "就",     "吧",        "吗",    "呢",     "啊",
          "呀",        "的",         "可以",  "行",     "好",        "我想",  "想要",   "我要",
          "我",        "要",         "请",    "麻烦",   "谢谢",      "左右",  "怎么样", "行不行",
          "有空",      "方便",       "来",    "到",     "在",        "换",    "可",     "嗯",
          "how about", "what about", "maybe", "please", "then",      "the",   "on",     "at",
          "around",    "about",      "for",   "would",  "be",        "is",    "good",   "great",
          "fine",      "ok",         "okay",  "thanks", "thank you", "let's", "say",    "and",
          "i",         "me",         "works", "could",  "possible",  "with",  "you",    "that"})
      words.emplace_back(word);
    std::stable_sort(words.begin(), words.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return words;
  }();
  constexpr std::size_t kMost = 90;
  const std::string text = plain_form(nfkc(utf8.substr(0, kReadMost)));
  if (text.size() > kMost) return false;
  bool named = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_digit(c) || std::string_view(" ,.:;/-+?!").find(c) != std::string_view::npos) {
      ++at;
      continue;
    }
    if (text.compare(at, 3, "。") == 0 || text.compare(at, 3, "、") == 0) {
      at += 3;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    const auto stands = [&](const std::string& word) {
      if (text.compare(at, word.size(), word) != 0) return false;
      // English words whole.
      return !is_letter(word.back()) || at + word.size() >= text.size() || !is_letter(text[at + word.size()]);
    };
    const auto found = std::find_if(kTold.begin(), kTold.end(), stands);
    if (found == kTold.end()) return false;
    named = true;
    at += found->size();
  }
  return named || text.find(':') != std::string::npos || text.find('-') != std::string::npos;
}

}  // namespace rapport::text
