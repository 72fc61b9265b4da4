#include "learn/pains.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kHanLongest = 6, kWordsLongest = 4;
/// At the weakest seam a phrase stands this much more often together than by chance, in nats.
constexpr double kCohesionLeast = 1.0;
/// Of what borders on it, on the poorer side.
constexpr double kEntropyLeast = 0.6;
constexpr double kPriorWeight = 500;
constexpr double kRareEnough = 1e-5;
/// Of a phrase's clauses that a longer or shorter one has too, so that both are one pain.
constexpr double kSame = 0.5;
constexpr std::size_t kSourcesMost = 10;
constexpr std::uint32_t kEdge = 0xffff'ffffU;

/// Say nothing by themselves.
constexpr std::string_view kIdleWords[] = {
    "the",  "a",    "an",    "is",   "it",  "was",   "and",   "to",   "of",    "i",     "my",   "in",
    "for",  "that", "this",  "not",  "on",  "are",   "be",    "with", "have",  "has",   "had",  "but",
    "so",   "at",   "as",    "very", "you", "we",    "me",    "too",  "its",   "am",    "or",   "if",
    "do",   "does", "did",   "no",   "all", "just",  "they",  "from", "by",    "were",  "been", "would",
    "will", "can",  "could", "your", "our", "their", "there", "when", "which", "really"};
constexpr std::string_view kIdleHan =
    "的了是我你他它们在就都也很有和与吧啊呢吗这那个一不没还要说到得着给对会能上下去来把被让";

/// Grammar with which no Chinese phrase begins or ends: what stands there was cut out of something longer.
constexpr std::string_view kNeverFirst =
    "的了过着得是在我你您他她它们就都也很和与跟吧啊呢吗嘛呀这那个又还才再";
constexpr std::string_view kNeverLast =
    "的了着得是在我你您他她它们就都也很和与跟吧啊呢吗嘛呀这那个把被让给又还才再不没一";
/// Words that begin or end so all the same.
constexpr std::string_view kWholeFirst[] = {"了解", "着火", "着急", "个人", "个性", "在线", "跟踪",
                                            "还款", "还原", "和解", "过期", "过敏", "过分", "过时"};
constexpr std::string_view kWholeLast[] = {"值得", "温和", "柔和", "目的", "其他", "唯一", "统一"};
/// 了 after one of these ends a word: what is broken (坏了), and what cannot be done (退不了).
constexpr std::string_view kBeforeLe = "坏破漏断掉丢碎裂松脏烂错化糊不";
/// 用 is grammar beside grammar (用了, 能用), and a word elsewhere (用料, 费用) and where it is denied
/// (不能用).
constexpr std::string_view kUse = "用";
constexpr std::string_view kDenials[] = {"不", "没", "无", "难"};
constexpr std::size_t kHanBytes = 3;

bool one_of(std::string_view characters, std::string_view character) {
  return character.size() == kHanBytes && characters.find(character) != std::string_view::npos;
}
template <class Words, class Fits>
bool any(const Words& words, Fits fits) {
  return std::any_of(std::begin(words), std::end(words), fits);
}

/// Whether a phrase whose first character is Chinese begins as phrases do.
bool begins_free(std::string_view phrase) {
  const std::string_view first = phrase.substr(0, kHanBytes), second = phrase.substr(kHanBytes, kHanBytes);
  if (first == kUse) return !one_of(kIdleHan, second);
  return !one_of(kNeverFirst, first) ||
         any(kWholeFirst, [&](std::string_view word) { return phrase.starts_with(word); });
}
/// The same of its end.
bool ends_free(std::string_view phrase) {
  const std::string_view last = phrase.substr(phrase.size() - kHanBytes);
  const std::string_view rest = phrase.substr(0, phrase.size() - kHanBytes);
  const std::string_view before = rest.size() < kHanBytes ? "" : rest.substr(rest.size() - kHanBytes);
  if (last == kUse)
    return !one_of(kIdleHan, before) ||
           any(kDenials, [&](std::string_view word) { return rest.find(word) != std::string_view::npos; });
  if (last == "了") return one_of(kBeforeLe, before);
  return !one_of(kNeverLast, last) ||
         any(kWholeLast, [&](std::string_view word) { return phrase.ends_with(word); });
}

/// One Chinese character, or one word.
struct Token {
  std::uint32_t word = 0;
  std::uint32_t begin = 0, end = 0;  ///< bytes of the form
  bool han = false;
};

struct Reading {
  std::string form;
  std::vector<Token> tokens;
};

class Words {
 public:
  std::uint32_t number(std::string_view text) {
    const auto found = numbers_.emplace(std::string(text), static_cast<std::uint32_t>(idle_.size()));
    if (found.second) idle_.push_back(is_idle(text));
    return found.first->second;
  }
  bool idle(std::uint32_t word) const { return idle_[word]; }

 private:
  static bool is_idle(std::string_view text) {
    if (static_cast<unsigned char>(text[0]) >= 0x80) return kIdleHan.find(text) != std::string_view::npos;
    return text.size() < 2 ||
           std::find(std::begin(kIdleWords), std::end(kIdleWords), text) != std::end(kIdleWords);
  }
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<bool> idle_;
};

/// Characters between two breaks; punctuation is a token of its own, which no phrase holds.
Reading read(std::string_view text, Words& words) {
  Reading out;
  out.form = text::simplified_characters(text::comparison_form(text));
  const std::string& form = out.form;
  const auto is_plain = [&](std::size_t at) {
    const char c = form[at];
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
  };
  for (std::size_t at = 0; at < form.size();) {
    const auto lead = static_cast<unsigned char>(form[at]);
    std::size_t end = at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
    end = std::min(end, form.size());
    if (is_plain(at)) {
      while (end < form.size() && is_plain(end)) ++end;
    } else if (lead < 0xe3 || lead > 0xe9) {
      // Neither a word nor a character of Chinese: it parts what stands on both sides.
      if (form[at] != ' ') out.tokens.push_back({kEdge, 0, 0, false});
      at = end;
      continue;
    }
    const std::string_view token(form.data() + at, end - at);
    if (token == "。" || token == "，" || token == "、") {
      out.tokens.push_back({kEdge, 0, 0, false});
    } else {
      out.tokens.push_back({words.number(token), static_cast<std::uint32_t>(at),
                            static_cast<std::uint32_t>(end), lead >= 0x80});
    }
    at = end;
  }
  return out;
}

/// A phrase somewhere, and all the clauses that have it.
struct Gram {
  std::uint32_t clause = 0, token = 0, length = 0;  ///< where it stands first
  std::size_t count = 0;                            ///< occurrences
  std::vector<std::uint32_t> clauses;               ///< ascending, each once
  std::map<std::uint32_t, std::size_t> left, right;
  std::size_t edges_left = 0, edges_right = 0;
};

std::uint64_t key_of(std::span<const Token> tokens) {
  std::uint64_t hash = 1;
  for (const Token& token : tokens) hash = mix64(hash ^ (token.word + 0x9e3779b97f4a7c15ULL));
  return hash;
}

/// Nats of what borders on a phrase; each end of a clause is a border of its own kind.
double entropy(const std::map<std::uint32_t, std::size_t>& borders, std::size_t edges) {
  double total = static_cast<double>(edges), out = 0;
  for (const auto& [word, count] : borders) total += static_cast<double>(count);
  if (total <= 0) return 0;
  for (const auto& [word, count] : borders) {
    const double share = static_cast<double>(count) / total;
    out -= share * std::log(share);
  }
  return out + static_cast<double>(edges) / total * std::log(total);
}

class Finder {
 public:
  Finder(std::span<const SaidClause> clauses, const PainOptions& options)
      : clauses_(clauses), options_(options) {
    for (const SaidClause& clause : clauses) readings_.push_back(read(clause.text, words_));
  }

  std::vector<Pain> run() {
    count();
    std::vector<std::pair<const Gram*, Pain>> found;
    for (const auto& [key, gram] : grams_) {
      if (!is_phrase(gram)) continue;
      Pain pain = pain_of(gram);
      if (pain.customers < options_.authors_least || pain.odds <= 0) continue;
      found.emplace_back(&gram, std::move(pain));
    }
    return chosen(std::move(found));
  }

 private:
  /// Level by level: a phrase is counted where both its shorter ones are common enough.
  void count() {
    for (std::size_t length = 1; length <= kHanLongest; ++length) {
      for (std::uint32_t c = 0; c < readings_.size(); ++c) {
        const auto& tokens = readings_[c].tokens;
        for (std::uint32_t at = 0; at + length <= tokens.size(); ++at) {
          const std::span<const Token> run(tokens.data() + at, length);
          if (run.back().word == kEdge || run.front().word == kEdge || !may_be(run)) continue;
          add(run, c, at);
          ++occurrences_[length];
        }
      }
      std::erase_if(grams_, [&](const auto& one) {
        return one.second.length == length && one.second.clauses.size() < options_.authors_least;
      });
    }
  }
  bool may_be(std::span<const Token> run) const {
    if (run.size() == 1) return true;
    if (!grams_.contains(key_of(run.first(run.size() - 1))) || !grams_.contains(key_of(run.subspan(1))))
      return false;
    const bool has_han = std::any_of(run.begin(), run.end(), [](const Token& token) { return token.han; });
    return has_han || run.size() <= kWordsLongest;
  }
  void add(std::span<const Token> run, std::uint32_t clause, std::uint32_t at) {
    Gram& gram = grams_[key_of(run)];
    if (gram.count++ == 0) {
      gram.clause = clause;
      gram.token = at;
      gram.length = static_cast<std::uint32_t>(run.size());
    }
    if (gram.clauses.empty() || gram.clauses.back() != clause) gram.clauses.push_back(clause);
    const auto& tokens = readings_[clause].tokens;
    const std::size_t behind = at + run.size();
    at > 0 && tokens[at - 1].word != kEdge ? void(++gram.left[tokens[at - 1].word]) : void(++gram.edges_left);
    behind < tokens.size() && tokens[behind].word != kEdge ? void(++gram.right[tokens[behind].word])
                                                           : void(++gram.edges_right);
  }
  std::span<const Token> tokens_of(const Gram& gram) const {
    return std::span(readings_[gram.clause].tokens).subspan(gram.token, gram.length);
  }

  /// As it stands in the first clause that has it; lives as long as the readings.
  std::string_view words_of(const Gram& gram) const {
    const auto tokens = tokens_of(gram);
    return std::string_view(readings_[gram.clause].form)
        .substr(tokens.front().begin, tokens.back().end - tokens.front().begin);
  }

  bool is_phrase(const Gram& gram) const {
    const auto tokens = tokens_of(gram);
    if (words_.idle(tokens.front().word) && words_.idle(tokens.back().word)) return false;
    if (gram.length == 1)
      return !tokens[0].han && !words_.idle(tokens[0].word) && tokens[0].end - tokens[0].begin >= 4;
    if (!tokens.front().han && words_.idle(tokens.front().word)) return false;
    if (!tokens.back().han && words_.idle(tokens.back().word)) return false;
    const std::string_view phrase = words_of(gram);
    if (tokens.front().han && !begins_free(phrase)) return false;
    if (tokens.back().han && !ends_free(phrase)) return false;
    if (std::min(entropy(gram.left, gram.edges_left), entropy(gram.right, gram.edges_right)) < kEntropyLeast)
      return false;
    return cohesion(gram) >= kCohesionLeast;
  }
  double cohesion(const Gram& gram) const {
    const auto tokens = tokens_of(gram);
    const auto share = [&](std::span<const Token> run) {
      const auto found = grams_.find(key_of(run));
      const double count = found == grams_.end() ? 1 : static_cast<double>(found->second.count);
      return count / static_cast<double>(occurrences_[1]);
    };
    double least = 1e9;
    for (std::size_t seam = 1; seam < tokens.size(); ++seam)
      least = std::min(least,
                       std::log(share(tokens) / (share(tokens.first(seam)) * share(tokens.subspan(seam)))));
    return least;
  }

  Pain pain_of(const Gram& gram) const {
    Pain pain;
    pain.phrase = words_of(gram);
    std::set<std::uint32_t> authors;
    std::vector<std::pair<std::int64_t, std::uint32_t>> newest;
    std::size_t before = 0;
    for (const std::uint32_t c : gram.clauses) {
      const SaidClause& clause = clauses_[c];
      if (!clause.blame) {
        ++pain.others;
        continue;
      }
      ++pain.blamed;
      authors.insert(clause.author);
      newest.emplace_back(-clause.at_ms, clause.source);
      clause.at_ms > options_.now_ms - options_.recent_ms ? ++pain.recent : ++before;
    }
    pain.customers = authors.size();
    std::sort(newest.begin(), newest.end());
    for (const auto& [at, source] : newest) {
      const bool there = std::find(pain.sources.begin(), pain.sources.end(), source) != pain.sources.end();
      if (pain.sources.size() < kSourcesMost && !there) pain.sources.push_back(source);
    }
    judge(pain, before);
    return pain;
  }
  void judge(Pain& pain, std::size_t before) const {
    double all[2] = {0, 0};
    for (const SaidClause& clause : clauses_) all[clause.blame ? 1 : 0] += 1;
    const double whole = all[0] + all[1];
    const double alpha = kPriorWeight * static_cast<double>(pain.blamed + pain.others) / whole;
    const auto side = [&](double count, double total) {
      return std::log((count + alpha) / (total + kPriorWeight - count - alpha));
    };
    const auto blamed = static_cast<double>(pain.blamed), others = static_cast<double>(pain.others);
    pain.odds = (side(blamed, all[1]) - side(others, all[0])) /
                std::sqrt(1 / (blamed + alpha) + 1 / (others + alpha));
    const auto span = static_cast<double>(options_.now_ms - options_.recent_ms - options_.since_ms);
    const double rate = span > 0 ? static_cast<double>(options_.recent_ms) / span : 1;
    pain.expected = static_cast<double>(before) * rate;
    const auto recent = static_cast<double>(pain.recent);
    pain.rise = (recent - pain.expected) / std::sqrt(pain.expected + 1);
    pain.burst =
        pain.recent >= options_.authors_least && tail(pain.recent, pain.expected + 0.5) < kRareEnough;
  }
  /// P(X >= count), X Poisson of that mean.
  static double tail(std::size_t count, double mean) {
    double term = std::exp(-mean), below = 0;
    for (std::size_t i = 0; i < count; ++i) {
      below += term;
      term *= mean / static_cast<double>(i + 1);
    }
    return std::max(0.0, 1 - below);
  }

  std::vector<Pain> chosen(std::vector<std::pair<const Gram*, Pain>> found) const {
    const bool rising = options_.rising_first;
    std::sort(found.begin(), found.end(), [rising](const auto& a, const auto& b) {
      const double x = rising ? a.second.rise : a.second.odds, y = rising ? b.second.rise : b.second.odds;
      if (x != y) return x > y;
      // Of two that tell the same the longer one tells it better.
      if (a.first->length != b.first->length) return a.first->length > b.first->length;
      return a.second.phrase < b.second.phrase;
    });
    std::vector<Pain> out;
    std::vector<const Gram*> taken;
    for (auto& [gram, pain] : found) {
      if (out.size() == options_.most) break;
      const Gram* one = gram;
      if (std::any_of(taken.begin(), taken.end(), [&](const Gram* other) { return same(*one, *other); }))
        continue;
      taken.push_back(gram);
      out.push_back(std::move(pain));
    }
    return out;
  }
  static bool same(const Gram& a, const Gram& b) {
    std::vector<std::uint32_t> both;
    std::set_intersection(a.clauses.begin(), a.clauses.end(), b.clauses.begin(), b.clauses.end(),
                          std::back_inserter(both));
    return static_cast<double>(both.size()) >
           kSame * static_cast<double>(std::min(a.clauses.size(), b.clauses.size()));
  }

  std::span<const SaidClause> clauses_;
  const PainOptions& options_;
  Words words_;
  std::vector<Reading> readings_;
  std::unordered_map<std::uint64_t, Gram> grams_;
  std::array<std::size_t, kHanLongest + 1> occurrences_{};
};

}  // namespace

std::vector<Pain> find_pains(std::span<const SaidClause> clauses, const PainOptions& options) {
  return Finder(clauses, options).run();
}

}  // namespace rapport::learn
