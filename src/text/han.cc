#include "text/han.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "text/normalise.h"

namespace rapport::text {
namespace {

constexpr char16_t kFirst = 0x4e00, kLast = 0x9fff;

/// The simplified character of each of the unified ideographs.
std::vector<char16_t> simplified_table() {
  std::vector<char16_t> table;
  for (char16_t c = kFirst; c <= kLast; ++c) table.push_back(c);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(
      icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) return table;
  // Blanks between them, so that no phrase is found.
  icu::UnicodeString all;
  for (const char16_t c : table) all.append(c).append(u' ');
  rules->transliterate(all);
  if (all.length() != static_cast<std::int32_t>(2 * table.size())) return table;
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = all[static_cast<std::int32_t>(2 * i)];
  return table;
}

}  // namespace

std::string simplified_characters(std::string_view utf8) {
  static const std::vector<char16_t> table = simplified_table();
  std::string out(utf8);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(out[i]); };
  for (std::size_t i = 0; i + 2 < out.size();) {
    // Three bytes, as all of these have.
    if ((byte(i) & 0xf0U) != 0xe0U || (byte(i + 1) & 0xc0U) != 0x80U || (byte(i + 2) & 0xc0U) != 0x80U) {
      ++i;
      continue;
    }
    const unsigned point = (byte(i) & 0x0fU) << 12 | (byte(i + 1) & 0x3fU) << 6 | (byte(i + 2) & 0x3fU);
    if (point >= kFirst && point <= kLast) {
      const unsigned simple = table[point - kFirst];
      out[i] = static_cast<char>(0xe0U | simple >> 12);
      out[i + 1] = static_cast<char>(0x80U | (simple >> 6 & 0x3fU));
      out[i + 2] = static_cast<char>(0x80U | (simple & 0x3fU));
    }
    i += 3;
  }
  return out;
}

std::string plain_form(std::string_view utf8) {
  return comparison_form(simplified_characters(utf8));
}

std::string to_traditional(std::string_view simplified) {
  // A transliterator keeps state while it works, so each thread has its own.
  thread_local const std::unique_ptr<icu::Transliterator> table = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance("Simplified-Traditional", UTRANS_FORWARD, status));
    return U_SUCCESS(status) ? std::move(made) : nullptr;
  }();
  if (!table) return std::string(simplified);
  icu::UnicodeString letters = icu::UnicodeString::fromUTF8(
      icu::StringPiece(simplified.data(), static_cast<std::int32_t>(simplified.size())));
  table->transliterate(letters);
  std::string out;
  letters.toUTF8String(out);
  return out;
}

}  // namespace rapport::text
