#include "text/slots.h"

#include <algorithm>

#include "text/han.h"
#include "text/normalise.h"

namespace rapport::text {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_token(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_';
}

/// "yes please!" -> "yes please"; marks and blanks at both ends go.
std::string bare(std::string_view text) {
  constexpr std::string_view kMarks[] = {"。", "，", "！", "～", "、", "？", "…",  ".",  ",",  "!",  "~", "?",
                                         " ",  "的", "吧", "呀", "啊", "哦", "啦", "了", "呢", "喔", "哈"};
  std::string out = plain_form(text);
  for (bool cut = true; cut && !out.empty();) {
    cut = false;
    for (const std::string_view mark : kMarks) {
      if (out.size() > mark.size() && out.ends_with(mark)) {
        out.resize(out.size() - mark.size());
        cut = true;
      }
    }
  }
  return out;
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::string_view (&all)[N]) {
  return std::find(std::begin(all), std::end(all), text) != std::end(all);
}

bool holds_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (!is_letter(word.front())) return true;
    const bool begins = at == 0 || !is_letter(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end >= text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

}  // namespace

std::vector<NumberToken> number_tokens(std::string_view utf8) {
  const std::string text = nfkc(utf8);
  std::vector<NumberToken> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_token(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    bool digit = false;
    for (; end < text.size() && is_token(text[end]); ++end) digit = digit || is_digit(text[end]);
    if (digit && end - at <= 64) {
      std::string before = plain_form(text.substr(0, at));
      while (!before.empty() && (before.back() == ' ' || before.back() == ':' || before.back() == '#'))
        before.pop_back();
      const bool hash = at > 0 && text[at - 1] == '#';
      bool told = hash;
      for (const std::string_view word : {"订单", "单号", "订单号", "编号", "order", "number", "no.", "单"})
        told = told || before.ends_with(word);
      out.push_back({text.substr(at, end - at), told});
    }
    at = end;
  }
  return out;
}

namespace {

/// A part of a text between marks, without what is only manners: "好的谢谢" -> "好的".
std::string without_manners(std::string text) {
  constexpr std::string_view kBefore[] = {"那", "嗯嗯", "嗯", "哦", "啊", "亲"};
  constexpr std::string_view kAfter[] = {"谢谢你",  "谢谢您",  "谢谢",   "多谢", "感谢",
                                         "辛苦",    "麻烦你",  "麻烦您", "麻烦", " thank you",
                                         " thanks", " please", " then",  " thx", "亲"};
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view word : kAfter) {
      if (text.size() <= word.size() || !text.ends_with(word)) continue;
      text = bare(text.substr(0, text.size() - word.size()));
      cut = true;
    }
    for (const std::string_view word : kBefore) {
      if (text.size() <= word.size() || !text.starts_with(word)) continue;
      text.erase(0, word.size());
      cut = true;
    }
  }
  return text;
}

enum class Part : std::uint8_t { other, yes, no, manners };

Part part_of(std::string_view text) {
  constexpr std::string_view kYes[] = {"好",           "好的",        "是",         "是的",
                                       "对",           "对的",        "可以",       "行",
                                       "行的",         "确认",        "确定",       "没错",
                                       "要",           "要的",        "同意",       "就这样",
                                       "就这个",       "没问题",      "就好",       "就行",
                                       "好滴",         "好嘞",        "好呀",       "可以的",
                                       "确认提交",     "提交",        "没错是的",   "是的没错",
                                       "办吧",         "办",          "就这么办",   "成",
                                       "得",           "ok",          "okay",       "ok 好",
                                       "yes",          "y",           "yep",        "yeah",
                                       "yup",          "sure",        "sure thing", "confirm",
                                       "confirmed",    "do it",       "please do",  "go ahead",
                                       "correct",      "right",       "fine",       "that is right",
                                       "that's right", "of course",   "perfect",    "great",
                                       "absolutely",   "sounds good", "that works", "works for me",
                                       "yes do it",    "go for it",   "certainly",  "yes that is right"};
  constexpr std::string_view kNo[] = {"不",
                                      "不用",
                                      "不要",
                                      "算",
                                      "算了",
                                      "取消",
                                      "不是",
                                      "不对",
                                      "别",
                                      "不了",
                                      "先不",
                                      "不需要",
                                      "还是算",
                                      "还是不要",
                                      "还是不用",
                                      "不退",
                                      "先不退",
                                      "不取消",
                                      "先不要",
                                      "不必",
                                      "不行",
                                      "不可以",
                                      "不好",
                                      "别了",
                                      "不约",
                                      "不办",
                                      "不改",
                                      "不用改",
                                      "不想要",
                                      "没必要",
                                      "no",
                                      "n",
                                      "nope",
                                      "nah",
                                      "cancel",
                                      "never mind",
                                      "nevermind",
                                      "stop",
                                      "do not",
                                      "don't",
                                      "forget it",
                                      "not now",
                                      "no need",
                                      "rather not",
                                      "i'd rather not",
                                      "not really",
                                      "leave it",
                                      "changed my mind",
                                      "i changed my mind",
                                      "don't do it",
                                      "do not do it",
                                      "please don't"};
  constexpr std::string_view kManners[] = {
      "谢谢", "谢谢你", "谢谢您",    "多谢", "感谢", "辛苦",   "麻烦你", "麻烦您", "嗯", "嗯嗯", "哦",
      "亲",   "thanks", "thank you", "thx",  "麻烦", "please", "well",   "oh",     "um", "hm"};
  const std::string said = bare(text);
  if (said.empty() || is_one_of(said, kManners)) return Part::manners;
  for (const std::string& one : {said, without_manners(said)}) {
    if (is_one_of(one, kYes)) return Part::yes;
    if (is_one_of(one, kNo)) return Part::no;
    // "好的" without its last character.
    if (is_one_of(one + "的", kYes)) return Part::yes;
    if (is_one_of(one + "了", kNo)) return Part::no;
  }
  return Part::other;
}

}  // namespace

/// Between marks each part has to be a yes, a no or manners; a no goes before a yes: 好的，不要了.
Assent assent_of(std::string_view utf8) {
  constexpr std::size_t kMost = 60;
  const std::string text = plain_form(utf8);
  if (text.size() > kMost) return Assent::none;
  bool yes = false, no = false, only_manners = false;
  std::string part;
  bool other = false;
  const auto take = [&] {
    if (part.find_first_not_of(' ') != std::string::npos) {
      const Part kind = part_of(std::string_view(part).substr(part.find_first_not_of(' ')));
      yes = yes || kind == Part::yes;
      no = no || kind == Part::no;
      only_manners = only_manners || kind == Part::manners;
      other = other || kind == Part::other;
    }
    part.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    for (const std::string_view mark : {"。", "，", "、", "！", "；", "～", ",", ";", ".", "!", "~"}) {
      if (text.compare(at, mark.size(), mark) == 0) length = mark.size();
    }
    if (length > 0) {
      take();
    } else {
      part += text[at];
    }
    at += std::max<std::size_t>(length, 1);
  }
  take();
  if (other) return Assent::none;
  if (no) return Assent::no;
  if (yes) return Assent::yes;
  // 麻烦了, "please", 嗯 alone are a yes to what was asked; thanks are not.
  constexpr std::string_view kYesAlone[] = {"麻烦", "麻烦你", "麻烦您", "please", "嗯", "嗯嗯"};
  const std::string whole = bare(text);
  return only_manners && is_one_of(whole, kYesAlone) ? Assent::yes : Assent::none;
}

bool was_not_it(std::string_view utf8) {
  constexpr std::string_view kSaid[] = {"答非所问",
                                        "不是这个意思",
                                        "我不是问这个",
                                        "我问的不是",
                                        "不是我问的",
                                        "没回答我",
                                        "没有回答我",
                                        "没听懂",
                                        "没看懂我",
                                        "没明白我",
                                        "你没懂",
                                        "你没理解",
                                        "理解错了",
                                        "你理解错",
                                        "说的不是一回事",
                                        "不是我要的答案",
                                        "牛头不对马嘴",
                                        "not what i asked",
                                        "not what i meant",
                                        "did not answer",
                                        "didn't answer",
                                        "that is not it",
                                        "that's not it",
                                        "not my question",
                                        "you misunderstood",
                                        "you did not understand",
                                        "you didn't understand",
                                        "wrong answer"};
  const std::string text = plain_form(utf8);
  return std::any_of(std::begin(kSaid), std::end(kSaid),
                     [&](std::string_view said) { return text.find(said) != std::string::npos; });
}

std::string phone_in(std::string_view utf8) {
  const std::string text = nfkc(utf8);
  for (std::size_t at = 0; at < text.size();) {
    const bool plus = text[at] == '+';
    if (!plus && !is_digit(text[at])) {
      ++at;
      continue;
    }
    std::string digits;
    std::size_t end = at + (plus ? 1 : 0);
    while (end < text.size() && (is_digit(text[end]) || ((text[end] == ' ' || text[end] == '-') &&
                                                         end + 1 < text.size() && is_digit(text[end + 1])))) {
      if (is_digit(text[end])) digits.push_back(text[end]);
      ++end;
    }
    if (plus && digits.size() >= 8 && digits.size() <= 15) return "+" + digits;
    if (digits.size() == 13 && digits.starts_with("861")) digits.erase(0, 2);
    if (!plus && digits.size() == 11 && digits[0] == '1' && digits[1] >= '3') return "+86" + digits;
    at = std::max(end, at + 1);
  }
  return {};
}

std::string_view return_reason_of(std::string_view utf8) {
  struct Reason {
    std::string_view word;
    std::initializer_list<std::string_view> said;
  };
  static const Reason kReasons[] = {
      {"wrong_item",
       {"发错", "寄错", "送错", "少发", "漏发", "wrong item", "wrong product", "sent the wrong"}},
      {"damaged",
       {"破损", "碎", "摔坏", "压坏", "裂", "漏", "damaged", "cracked", "broken on arrival", "arrived broken",
        "smashed", "shattered", "dented"}},
      {"size", {"尺寸",         "尺码",        "码数",       "太大",      "太小",      "偏大",
                "偏小",         "买大",        "买小",       "大一号",    "小一号",    "不合身",
                "不合脚",       "号码不对",    "too big",    "too small", "too large", "too tight",
                "does not fit", "doesn't fit", "wrong size", "size"}},
      {"defective",
       {"坏", "质量", "故障", "瑕疵", "不能用", "用不了", "没反应", "开不了机", "broken", "defective",
        "faulty", "does not work", "doesn't work", "stopped working", "defect"}},
      {"not_as_described",
       {"不符", "和描述", "和图片", "色差", "颜色不对", "假货", "not as described", "looks different",
        "different from", "colour is wrong", "color is wrong", "not what i expected"}},
      {"late", {"太慢", "太晚", "等太久", "迟到", "too late", "took too long"}},
      {"changed_mind",
       {"不喜欢", "不想要", "不需要", "用不着", "买错", "买多", "后悔", "拍错", "changed my mind",
        "do not like", "don't like", "do not need", "don't need", "no longer need", "by mistake",
        "do not want", "don't want"}}};
  const std::string text = plain_form(utf8);
  for (const Reason& reason : kReasons) {
    for (const std::string_view said : reason.said) {
      if (holds_word(text, said)) return reason.word;
    }
  }
  return {};
}

Script script_of(std::string_view utf8) {
  Script out;
  bool letters = false;
  std::size_t words = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    // U+3400 .. U+9FFF: first bytes E3 (from 90) to E9.
    if (c >= 0xE4 && c <= 0xE9) out.is_chinese = true;
    const bool letter = is_letter(utf8[i]);
    if (letter && !letters) ++words;
    letters = letter;
  }
  if (out.is_chinese) {
    const std::string simplified = simplified_characters(utf8);
    if (simplified != utf8) {
      out.written = Written::traditional;
    } else if (to_traditional(utf8) != utf8) {
      out.written = Written::simplified;
    }
  } else if (words >= 2) {
    out.written = Written::english;
  } else if (words == 1 && std::none_of(utf8.begin(), utf8.end(), is_digit)) {
    const std::string word = comparison_form(utf8);
    if (word != "ok" && word != "cadr" && word != "ccm" && word.size() > 1) out.written = Written::english;
  }
  return out;
}

}  // namespace rapport::text
