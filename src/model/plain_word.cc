#include "model/plain_word.h"

#include <algorithm>

#include "model/catalogue_ids.h"

namespace rapport::model {
namespace {

constexpr std::size_t kCodeMost = 64, kLettersMost = 8;

/// What customers choose from a list of the shop's own.
bool is_chosen(EventKind which) {
  return which == kind::return_requested || which == kind::order_cancelled || which == kind::points_changed;
}

/// As many digits in a row as telephones have.
bool has_number(std::string_view text) {
  std::size_t row = 0;
  for (const char c : text) {
    row = c >= '0' && c <= '9' ? row + 1 : 0;
    if (row == 9) return true;
  }
  return false;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_code(std::string_view text) {
  const bool of_code = std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("_.:/-").find(c) != std::string_view::npos;
  });
  return of_code && text.size() <= kCodeMost && !has_number(text) &&
         std::any_of(text.begin(), text.end(), is_letter);
}

/// Ideographs, kana and letters with marks, nothing of ASCII, no punctuation of full width.
bool is_few_letters(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc3 ? 2 : 0;
    if (bytes == 0 || at + bytes > text.size()) return false;
    const std::string_view one = text.substr(at, bytes);
    // U+2000..U+303F: blanks and marks; U+FE10 on: forms and marks of full width.
    const bool is_mark =
        bytes == 3 && ((one >= "\xe2\x80\x80" && one <= "\xe3\x80\xbf") || one >= "\xef\xb8\x90");
    if (is_mark) return false;
    at += bytes;
    ++letters;
  }
  return letters > 0 && letters <= kLettersMost;
}

/// What the house itself says of a return that a rule decided or left to a person
/// (engine/detail/return_policy.cc): nobody's words, whoever reads it.
bool is_the_houses(std::string_view text) {
  constexpr std::string_view kSaid[] = {"nobody published a rule", "no rule fits", "decided by rule",
                                        "a photo came with an earlier return",
                                        "the parcel was not signed for yet"};
  if (std::find(std::begin(kSaid), std::end(kSaid), text) != std::end(kSaid)) return true;
  // "rule 1: size, 1 photos, 26h after it was signed for", "later than 7 days".
  const bool named = text.starts_with("rule ") && text.ends_with(" after it was signed for");
  const bool later = text.starts_with("later than ") && text.ends_with(" days");
  if (!named && !later) return false;
  std::size_t place = 0;
  for (std::size_t from = 0; from < text.size(); ++place) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    std::string_view word = text.substr(from, end - from);
    while (!word.empty() && (word.back() == ',' || word.back() == ':')) word.remove_suffix(1);
    const bool number =
        !word.empty() && word.size() <= 6 && word.find_first_not_of("0123456789") == std::string_view::npos;
    const bool counts = named ? place == 1 || place == 3 : place == 2;
    if (number != counts || (named && place == 4 && word != "photos")) return false;
    if (!number && !is_code(word) && !is_few_letters(word)) return false;
    from = end + 1;
  }
  return place == (named ? 11U : 4U);
}

}  // namespace

bool stays_clear(EventKind which, std::string_view text) {
  return text.empty() || is_code(text) || (which == kind::return_updated && is_the_houses(text)) ||
         (is_chosen(which) && is_few_letters(text));
}

}  // namespace rapport::model
