#include <array>

#include "base/assert.h"
#include "base/random.h"
#include "learn/detail/feedback_phrases.h"
#include "learn/feedback_model.h"

// The shipped examples: each phrase as it stands, and as people would say it in passing.
namespace rapport::learn {
namespace {

constexpr std::uint64_t kSeed = 6;
constexpr int kVariants = 1;
constexpr int kOpinions = 3;  ///< of praise and of blame, a noun
constexpr int kPlain = 2;     ///< without either

struct Words {
  std::span<const std::string_view> products, times, before, after;
};

constexpr std::string_view kProductsZh[] = {"手机",   "耳机",   "衣服",   "鞋子", "净化器", "洗发水", "苹果",
                                            "吸尘器", "平板",   "沙发",   "书",   "锅",     "电饭煲", "奶粉",
                                            "外套",   "充电宝", "咖啡机", "床垫", "牙刷",   "灯",     "东西"};
constexpr std::string_view kTimesZh[] = {"三天", "一周", "两天", "半个月", "一个月", "十天", "一个小时"};
constexpr std::string_view kBeforeZh[] = {"这个{p}", "{p}",    "感觉", "就是",        "但是",
                                          "而且",    "说实话", "真的", "这次买的{p}", "不过",
                                          "我觉得",  "这家店", "结果", "还有，",      "没想到"};
constexpr std::string_view kAfterZh[] = {"，", "！", "。", "啊", "了", "呢", "哦", "吧", "！！", "～"};

constexpr std::string_view kProductsEn[] = {"phone",      "jacket",  "vacuum", "coffee", "shampoo",
                                            "lamp",       "tablet",  "sofa",   "book",   "kettle",
                                            "headphones", "blender", "toy",    "item"};
constexpr std::string_view kTimesEn[] = {"three days", "a week", "two weeks", "a month", "ten days"};
constexpr std::string_view kBeforeEn[] = {"to be honest, ",  "but ",     "and ",    "the {p}: ", "honestly ",
                                          "I must say ",     "however ", "sadly, ", "well, ",    "I think ",
                                          "about the {p}, ", "also ",    "so far "};
constexpr std::string_view kAfterEn[] = {".", "!", " though", " so far", "!!", " I think", ""};

constexpr Words kZh{kProductsZh, kTimesZh, kBeforeZh, kAfterZh};
constexpr Words kEn{kProductsEn, kTimesEn, kBeforeEn, kAfterEn};

std::string_view one_of(std::span<const std::string_view> all, Random& random) {
  return all[static_cast<std::size_t>(random.below(all.size()))];
}

std::string filled(std::string_view phrase, const Words& words, Random& random) {
  std::string out;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase.substr(i, 3) == "{p}" || phrase.substr(i, 3) == "{t}") {
      out += one_of(phrase[i + 1] == 'p' ? words.products : words.times, random);
      i += 2;
    } else {
      out.push_back(phrase[i]);
    }
  }
  return out;
}

/// Cuts what stands before `mark` off `text`; all of it without one.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

FeedbackExample head_of(std::string_view line) {
  FeedbackExample out;
  std::string_view classes = cut(line, ' ');
  while (!classes.empty()) {
    const std::string_view name = cut(classes, ',');
    const std::size_t klass = feedback_class_of(name);
    ASSERT(klass < kFeedbackClasses || name == "none");
    if (klass < kFeedbackClasses) out.classes = static_cast<std::uint8_t>(out.classes | 1U << klass);
  }
  out.aspect = cut(line, ' ');
  if (out.aspect == "none") out.aspect.clear();
  const std::string_view sentiment = cut(line, ' ');
  out.sentiment = static_cast<std::int8_t>(sentiment == "-1" ? -1 : sentiment == "1" ? 1 : 0);
  out.urgent = line == "1";
  return out;
}

void add_phrases(std::string_view all, const Words& words, Random& random, std::uint32_t& group,
                 std::vector<FeedbackExample>& out) {
  while (!all.empty()) {
    std::string_view line = cut(all, '\n');
    if (line.empty()) continue;
    FeedbackExample example = head_of(cut(line, ':'));
    line.remove_prefix(1);
    while (!line.empty()) {
      const std::string_view phrase = cut(line, '|');
      example.group = group++;
      example.text = filled(phrase, words, random);
      out.push_back(example);
      for (int i = 0; i < kVariants; ++i) {
        example.text = filled(one_of(words.before, random), words, random) + filled(phrase, words, random) +
                       std::string(one_of(words.after, random));
        out.push_back(example);
      }
    }
  }
}

std::vector<std::string_view> list_of(std::string_view all) {
  std::vector<std::string_view> out;
  while (!all.empty()) out.push_back(cut(all, '|'));
  return out;
}

struct Opinions {
  std::string_view praise, blame, plain;
  bool english = false;
};

/// "the battery is terrible", "terrible battery"; "电池太差了".
std::string joined(std::string_view noun, std::string_view opinion, bool english, Random& random) {
  if (!english) return std::string(noun) + std::string(opinion);
  const std::string spoken(noun), said(opinion);
  if (random.chance(0.4) && said.find(' ') == std::string::npos) return said + " " + spoken;
  return (random.chance(0.7) ? "the " : "") + spoken + (random.chance(0.8) ? " is " : " was ") + said;
}

/// "太差了", alone: meant as it is, and nobody's business.
void add_bare(const Words& words, const std::vector<std::string_view> (&said)[2], Random& random,
              std::uint32_t& group, std::vector<FeedbackExample>& out) {
  for (int good = 0; good < 2; ++good) {
    for (const std::string_view opinion : said[good]) {
      FeedbackExample example;
      example.sentiment = good == 1 ? 1 : -1;
      example.aspect = "overall";
      example.group = group++;
      example.text = opinion;
      out.push_back(example);
      example.text = std::string(opinion) + std::string(one_of(words.after, random));
      out.push_back(example);
    }
  }
}

void add_nouns(std::string_view all, const Words& words, const Opinions& opinions, Random& random,
               std::uint32_t& group, std::vector<FeedbackExample>& out) {
  const std::vector<std::string_view> said[2] = {list_of(opinions.blame), list_of(opinions.praise)};
  const std::vector<std::string_view> plain = list_of(opinions.plain);
  add_bare(words, said, random, group, out);
  while (!all.empty()) {
    std::string_view line = cut(all, '\n');
    if (line.empty()) continue;
    FeedbackExample example = head_of(cut(line, ':'));
    line.remove_prefix(1);
    for (const std::string_view noun : list_of(line)) {
      example.group = group++;
      example.sentiment = 0;
      for (int i = 0; i < kPlain; ++i) {
        const std::string_view pattern = one_of(plain, random);
        const std::size_t at = pattern.find("{n}");
        example.text = std::string(pattern.substr(0, at)) + filled(noun, words, random) +
                       std::string(pattern.substr(at + 3));
        out.push_back(example);
      }
      for (int i = 0; i < kOpinions; ++i) {
        for (int good = 0; good < 2; ++good) {
          example.sentiment = good == 1 ? 1 : -1;
          example.text =
              joined(filled(noun, words, random), one_of(said[good], random), opinions.english, random);
          if (i > 0) {
            example.text = filled(one_of(words.before, random), words, random) + example.text +
                           std::string(one_of(words.after, random));
          }
          out.push_back(example);
        }
      }
    }
  }
}

}  // namespace

std::vector<FeedbackExample> starter_feedback_examples() {
  std::vector<FeedbackExample> out;
  Random random(kSeed);
  std::uint32_t group = 0;
  add_phrases(kFeedbackPhrasesZh, kZh, random, group, out);
  add_phrases(kFeedbackPhrasesEn, kEn, random, group, out);
  add_nouns(kFeedbackNounsZh, kZh, {kFeedbackPraiseZh, kFeedbackBlameZh, kFeedbackPlainZh}, random, group,
            out);
  add_nouns(kFeedbackNounsEn, kEn, {kFeedbackPraiseEn, kFeedbackBlameEn, kFeedbackPlainEn, true}, random,
            group, out);
  // Behind the others, so that these stay as they are.
  const std::size_t before = out.size();
  add_phrases(kFeedbackPressingZh, kZh, random, group, out);
  add_phrases(kFeedbackPressingEn, kEn, random, group, out);
  for (std::size_t i = before; i < out.size(); ++i) out[i].only_urgency = true;
  return out;
}

}  // namespace rapport::learn
