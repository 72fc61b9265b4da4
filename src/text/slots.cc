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

std::string plain(std::string_view text) {
  return comparison_form(simplified_characters(text));
}

/// "yes please!" -> "yes please"; marks and blanks at both ends go.
std::string bare(std::string_view text) {
  constexpr std::string_view kMarks[] = {"。", "，", "！", "～", "、", "？", "…",  ".",  ",",  "!",  "~", "?",
                                         " ",  "的", "吧", "呀", "啊", "哦", "啦", "了", "呢", "喔", "哈"};
  std::string out = plain(text);
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
      std::string before = plain(text.substr(0, at));
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

Assent assent_of(std::string_view utf8) {
  constexpr std::string_view kYes[] = {"好",
                                       "好的",
                                       "是",
                                       "是的",
                                       "对",
                                       "对的",
                                       "嗯",
                                       "嗯嗯",
                                       "可以",
                                       "行",
                                       "行的",
                                       "确认",
                                       "确定",
                                       "没错",
                                       "要",
                                       "同意",
                                       "就这样",
                                       "没问题",
                                       "ok",
                                       "okay",
                                       "yes",
                                       "y",
                                       "yep",
                                       "yeah",
                                       "sure",
                                       "confirm",
                                       "好滴",
                                       "yes please",
                                       "do it",
                                       "please do",
                                       "go ahead",
                                       "correct",
                                       "that is right",
                                       "right",
                                       "fine",
                                       "yes, please",
                                       "please",
                                       "sure, go ahead",
                                       "确认提交",
                                       "提交",
                                       "ok 好",
                                       "是的没错",
                                       "好的谢谢",
                                       "可以的谢谢",
                                       "要的",
                                       "麻烦",
                                       "麻烦你",
                                       "好麻烦你"};
  constexpr std::string_view kNo[] = {
      "不",        "不用",       "不要",         "算",        "算了",   "取消",   "不是",
      "不对",      "别",         "不了",         "先不",      "no",     "n",      "nope",
      "no thanks", "cancel",     "never mind",   "nevermind", "stop",   "do not", "don't",
      "forget it", "no, thanks", "no thank you", "not now",   "不需要", "还是算", "不退",
      "先不退",    "不取消",     "先不要",       "不用谢谢",  "不必"};
  const std::string said = bare(utf8);
  if (said.empty() || said.size() > 40) return Assent::none;
  if (is_one_of(said, kYes)) return Assent::yes;
  if (is_one_of(said, kNo)) return Assent::no;
  // "好的" without its last character.
  if (is_one_of(said + "的", kYes)) return Assent::yes;
  if (is_one_of(said + "了", kNo)) return Assent::no;
  return Assent::none;
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
  const std::string text = plain(utf8);
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
  const std::string text = plain(utf8);
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
