#include "engine/detail/courtesy.h"

#include <algorithm>
#include <string>

#include "text/blame.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kTextMost = 120;

// The longest first, so that none is cut in two by a shorter one.
constexpr std::string_view kHan[] = {
    "非常感谢", "十分感谢",   "感激不尽",   "麻烦你了", "麻烦您了", "辛苦你了", "辛苦您了", "没有问题了",
    "没问题了", "问题解决了", "已经解决了", "解决了",   "谢谢你们", "谢谢你",   "谢谢您",   "谢谢啦",
    "谢谢了",   "谢谢",       "感谢",       "多谢",     "谢啦",     "谢了",     "辛苦了",   "辛苦啦",
    "收到了",   "收到",       "知道了",     "明白了",   "明白",     "了解了",   "了解",     "好的呢",
    "好的吧",   "好的",       "好滴",       "好嘞",     "好吧",     "行的",     "可以的",   "没事了",
    "没事",     "再见",       "拜拜",       "祝好",     "客服",     "小姐姐",   "亲",       "你们",
    "您",       "你",         "嗯嗯",       "嗯",       "哦",       "啊",       "呢",       "啦",
    "哈",       "了",         "好",         "行"};
constexpr std::string_view kEnglish[] = {
    "thank",  "thanks", "you",  "thx",  "ty",      "ok",    "okay",  "great", "perfect", "cheers",
    "so",     "much",   "very", "a",    "lot",     "many",  "got",   "it",    "fine",    "good",
    "bye",    "for",    "your", "help", "support", "again", "all",   "is",    "now",     "solved",
    "sorted", "nice",   "day",  "have", "the",     "and",   "quick", "reply", "best",    "regards"};
// One of these has to be there: "it is good" alone says nothing of thanks.
constexpr std::string_view kKernels[] = {
    "谢",   "感激",   "好",       "收到",   "明白",  "知道",    "了解", "辛苦",   "麻烦",   "解决",
    "没事", "没问题", "没有问题", "再见",   "拜拜",  "行",      "可以", "嗯",     "thank",  "thx",
    "ty",   "ok",     "okay",     "cheers", "great", "perfect", "bye",  "solved", "sorted", "got it"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || c == '\'';
}

/// Removes what stands at the front and says nothing more; false where something else stands.
bool take_one(std::string_view& rest) {
  if (static_cast<unsigned char>(rest.front()) < 0x80) {
    if (!is_word(rest.front())) {
      // A figure, and a question, say something.
      if ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '?') return false;
      rest.remove_prefix(1);
      return true;
    }
    std::size_t length = 0;
    while (length < rest.size() && is_word(rest[length])) ++length;
    const std::string_view word = rest.substr(0, length);
    if (std::find(std::begin(kEnglish), std::end(kEnglish), word) == std::end(kEnglish)) return false;
    rest.remove_prefix(length);
    return true;
  }
  for (const std::string_view phrase : kHan) {
    if (!rest.starts_with(phrase)) continue;
    rest.remove_prefix(phrase.size());
    return true;
  }
  // Chinese marks and emoji: U+3000 to U+303F, and everything of four bytes, or from U+2600 to U+27BF.
  const bool is_mark = rest.starts_with("\xE3\x80");
  const bool is_symbol = static_cast<unsigned char>(rest.front()) >= 0xF0 || rest.starts_with("\xE2\x98") ||
                         rest.starts_with("\xE2\x99") || rest.starts_with("\xE2\x9A") ||
                         rest.starts_with("\xE2\x9C") || rest.starts_with("\xE2\x9D") ||
                         rest.starts_with("\xEF\xB8\x8F");
  if (!is_mark && !is_symbol) return false;
  const std::size_t length = static_cast<unsigned char>(rest.front()) >= 0xF0 ? 4 : 3;
  rest.remove_prefix(std::min(length, rest.size()));
  return true;
}

}  // namespace

bool is_courtesy(std::string_view text) {
  if (text.size() > kTextMost) return false;
  const std::string form = text::simplified_characters(text::comparison_form(text));
  const bool thanks = std::any_of(std::begin(kKernels), std::end(kKernels), [&](std::string_view kernel) {
    return form.find(kernel) != std::string::npos;
  });
  if (!thanks) return false;
  for (std::string_view rest = form; !rest.empty();) {
    if (!take_one(rest)) return false;
  }
  return true;
}

bool is_request(std::string_view clause) {
  constexpr std::string_view kReproach[] = {
      "怎么这么", "怎么那么",   "怎么还",     "怎么又",     "怎么老",       "怎么搞",
      "为什么还", "为什么这么", "为什么又",   "为什么一直", "凭什么",       "什么态度",
      "什么破",   "到底",       "有没有人管", "什么垃圾",   "so slow",      "so late",
      "so bad",   "still no",   "still not",  "nobody",     "why is it so", "why does nobody",
      "how dare", "ridiculous", "terrible",   "worst",      "awful"};
  const std::string form = text::plain_form(text::nfkc(clause));
  const auto holds = [&](std::string_view word) { return form.find(word) != std::string::npos; };
  if (std::any_of(std::begin(kReproach), std::end(kReproach), holds)) return false;
  return text::asks_something(clause) || text::asks_for_person(clause);
}

}  // namespace rapport::engine
