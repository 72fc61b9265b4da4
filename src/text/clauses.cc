#include "text/clauses.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace rapport::text {
namespace {

enum class Sign : std::uint8_t { letter, han, digit, pictograph, blank, line, joiner, other };

struct Character {
  UChar32 point = 0;
  std::uint32_t at = 0;  ///< its first byte
  Sign sign = Sign::other;
};

Sign sign_of(UChar32 c) {
  if (c < 0) return Sign::other;
  if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029) return Sign::line;
  if (c < 0x80) {
    if (c >= '0' && c <= '9') return Sign::digit;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Sign::letter;
    return c == ' ' || c == '\t' ? Sign::blank : Sign::other;
  }
  if (u_isUWhiteSpace(c) || c == 0xfeff) return Sign::blank;
  // What joins pictographs or gives them a colour: a part of whatever stands before it.
  if (c == 0x200d || c == 0xfe0f || (c >= 0x1f3fb && c <= 0x1f3ff)) return Sign::joiner;
  if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) return Sign::han;
  if (c >= 0x2190 && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) return Sign::pictograph;
  if (c >= 0x1f1e6 && c <= 0x1f1ff) return Sign::pictograph;  // flags
  if (u_isdigit(c)) return Sign::digit;
  return u_isalpha(c) ? Sign::letter : Sign::other;
}

bool is_word(Sign sign) {
  return sign == Sign::letter || sign == Sign::digit;
}

/// Ends a clause wherever it stands.
bool is_stop(UChar32 c) {
  constexpr UChar32 kStops[] = {U'!', U'?', U';', U'。', U'！', U'？', U'；', U'，', U'…', U'～', U'~', U'|'};
  return std::find(std::begin(kStops), std::end(kStops), c) != std::end(kStops);
}

struct Conjunction {
  std::u32string_view word;
  std::u32string_view not_after;   ///< characters before it that make it part of another word
  std::u32string_view not_before;  ///< ... behind it
};
constexpr Conjunction kHanConjunctions[] = {
    {U"但是", U"不非", U""},     {U"但", U"不非", U"凡愿"}, {U"不过", U"只再", U"如是"},
    {U"不過", U"只再", U"如是"}, {U"可是", U"", U""},       {U"然而", U"", U""},
    {U"只是", U"不", U""},       {U"可惜", U"", U""},       {U"另外", U"", U"一"},
    {U"而且", U"", U""},         {U"还有就是", U"", U""},   {U"還有就是", U"", U""},
    {U"美中不足", U"", U""},     {U"唯一", U"", U""},
};
constexpr std::string_view kEnglishConjunctions[] = {"but",    "however", "although", "though",
                                                     "except", "yet",     "whereas",  "nevertheless"};

/// One reading of a text, character by character.
class Parting {
 public:
  explicit Parting(std::string_view utf8) : utf8_(utf8) {}

  std::vector<Clause> run() {
    const auto length = static_cast<int32_t>(std::min<std::size_t>(utf8_.size(), INT32_MAX - 8));
    read_ = 0;
    while (out_.size() < kClausesMost) {
      // Enough for the longest clause and what is looked at behind its end.
      while (ahead_.size() < at_ + kClauseLongest + 32 && read_ < length) read_one(length);
      if (at_ >= ahead_.size()) break;
      take();
      if (at_ > 4 * kClauseLongest) forget();
    }
    close();
    if (out_.size() > kClausesMost) out_.resize(kClausesMost);
    return std::move(out_);
  }

 private:
  void read_one(int32_t length) {
    Character one;
    one.at = static_cast<std::uint32_t>(read_);
    U8_NEXT(utf8_.data(), read_, length, one.point);
    one.sign = sign_of(one.point);
    ahead_.push_back(one);
  }

  /// Lets go of what lies before the clause that is open.
  void forget() {
    const std::size_t gone = std::min(begin_, at_ > 8 ? at_ - 8 : 0);
    ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(gone));
    at_ -= gone;
    begin_ -= gone;
    first_ += gone;
  }

  const Character& seen(std::size_t i) const { return ahead_[i]; }
  Sign sign(std::size_t i) const { return i < ahead_.size() ? ahead_[i].sign : Sign::blank; }
  UChar32 point(std::size_t i) const { return i < ahead_.size() ? ahead_[i].point : ' '; }

  void take() {
    const Sign now = sign(at_);
    if (at_ > begin_ && (starts_conjunction() || leaves_pictographs() || at_ - begin_ >= kClauseLongest)) {
      close();
    }
    const bool ends = now == Sign::line || is_stop(point(at_)) || parts_comma() || parts_stop();
    ++at_;
    if (!ends) return;
    while (at_ < ahead_.size() && now != Sign::line && (is_stop(point(at_)) || is_closing(point(at_)))) ++at_;
    close();
  }

  static bool is_closing(UChar32 c) {
    return c == '.' || c == ')' || c == '"' || c == U'”' || c == U'’' || c == U'）' || c == U'」';
  }

  /// A full stop that ends a sentence, a comma that is none of a number, a colon as the Chinese one.
  bool parts_stop() const {
    if (point(at_) != '.' && point(at_) != U'．') return false;
    if (at_ > 0 && sign(at_ - 1) == Sign::digit && sign(at_ + 1) == Sign::digit) return false;
    if (is_word(sign(at_ + 1))) return false;
    const bool single = at_ > 0 && sign(at_ - 1) == Sign::letter && (at_ < 2 || !is_word(sign(at_ - 2)));
    return !single;  // of an abbreviation: e.g., U.S.
  }
  bool parts_comma() const {
    if (point(at_) != ',') return false;
    if (at_ > 0 && sign(at_ - 1) == Sign::digit && sign(at_ + 1) == Sign::digit) return false;
    if (at_ > 0 && sign(at_ - 1) == Sign::han) return true;
    // English: what stands before it says something by itself.
    int words = 0;
    for (std::size_t i = begin_; i < at_; ++i) words += is_word(sign(i)) && !is_word(sign(i + 1)) ? 1 : 0;
    return words >= 3;
  }

  bool leaves_pictographs() const {
    return at_ > 0 && (sign(at_ - 1) == Sign::pictograph || sign(at_ - 1) == Sign::joiner) &&
           (is_word(sign(at_)) || sign(at_) == Sign::han);
  }

  bool starts_conjunction() const {
    return sign(at_) == Sign::han ? starts_han_conjunction() : starts_english_conjunction();
  }
  bool starts_han_conjunction() const {
    for (const Conjunction& one : kHanConjunctions) {
      bool same = at_ + one.word.size() <= ahead_.size();
      for (std::size_t i = 0; same && i < one.word.size(); ++i)
        same = point(at_ + i) == static_cast<UChar32>(one.word[i]);
      if (!same) continue;
      const auto holds = [](std::u32string_view all, UChar32 c) {
        return all.find(static_cast<char32_t>(c)) != std::u32string_view::npos;
      };
      if (at_ > 0 && holds(one.not_after, point(at_ - 1))) continue;
      if (holds(one.not_before, point(at_ + one.word.size()))) continue;
      return true;
    }
    return false;
  }
  bool starts_english_conjunction() const {
    if (sign(at_) != Sign::letter || (at_ > 0 && is_word(sign(at_ - 1)))) return false;
    std::array<char, 16> word{};
    std::size_t size = 0;
    for (; size < word.size() && sign(at_ + size) == Sign::letter && point(at_ + size) < 0x80; ++size)
      word[size] = static_cast<char>(point(at_ + size) | 0x20);
    if (sign(at_ + size) != Sign::blank && point(at_ + size) != ',') return false;
    const std::string_view found(word.data(), size);
    return std::find(std::begin(kEnglishConjunctions), std::end(kEnglishConjunctions), found) !=
           std::end(kEnglishConjunctions);
  }

  /// Ends the clause that is open before at_.
  void close() {
    std::size_t from = begin_, to = at_;
    begin_ = at_;
    while (from < to && !says(sign(from))) ++from;
    while (to > from && (sign(to - 1) == Sign::blank || sign(to - 1) == Sign::line)) --to;
    if (from == to) return;
    Clause clause;
    clause.from = seen(from).at;
    clause.to = to < ahead_.size() ? seen(to).at : static_cast<std::size_t>(read_);
    clause.from_character = first_ + from;
    clause.to_character = first_ + to;
    const bool slight = is_slight(from, to);
    const bool fits = !out_.empty() && clause.to_character - out_.back().from_character <= kClauseLongest;
    if (slight && fits && !out_is_slight_) {
      out_.back().to = clause.to;
      out_.back().to_character = clause.to_character;
      return;
    }
    if (fits && out_is_slight_) {
      clause.from = out_.back().from;
      clause.from_character = out_.back().from_character;
      out_.back() = clause;
    } else {
      out_.push_back(clause);
    }
    out_is_slight_ = slight;
  }

  static bool says(Sign sign) { return is_word(sign) || sign == Sign::han || sign == Sign::pictograph; }

  /// Of less than two Chinese characters or words: "OK", "哦", three hearts.
  bool is_slight(std::size_t from, std::size_t to) const {
    std::size_t weight = 0;
    for (std::size_t i = from; i < to && weight < 2; ++i) {
      weight += sign(i) == Sign::han ? 1 : 0;
      weight += is_word(sign(i)) && (i + 1 == to || !is_word(sign(i + 1))) ? 1 : 0;
    }
    return weight < 2;
  }

  std::string_view utf8_;
  int32_t read_ = 0;              ///< bytes read into ahead_
  std::vector<Character> ahead_;  ///< a window of the text
  std::size_t first_ = 0;         ///< number of its first character
  std::size_t at_ = 0, begin_ = 0;
  std::vector<Clause> out_;
  bool out_is_slight_ = false;
};

}  // namespace

std::vector<Clause> clauses_of(std::string_view utf8) {
  return Parting(utf8).run();
}

}  // namespace rapport::text
