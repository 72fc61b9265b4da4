#include "text/normalise.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/assert.h"

namespace rapport::text {
namespace {

std::string normalised(const icu::Normalizer2* form, std::string_view utf8, UErrorCode status) {
  ASSERT(U_SUCCESS(status));
  std::string out;
  out.reserve(utf8.size());
  icu::StringByteSink<std::string> sink(&out);
  form->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr,
                      status);
  ASSERT(U_SUCCESS(status));
  return out;
}

constexpr std::string_view kBlanks[] = {" ",  "\t",       "\r",           "\n",          "\v",
                                        "\f", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

}  // namespace

std::string nfkc(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(status);
  return normalised(form, utf8, status);
}

std::string comparison_form(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const std::string folded = normalised(form, utf8, status);
  std::string out;
  bool blank = false;
  const auto length = static_cast<int32_t>(folded.size());
  for (int32_t at = 0; at < length;) {
    const int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(folded.data(), at, length, c);
    if (c >= 0 && u_isUWhiteSpace(c)) {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out.push_back(' ');
    blank = false;
    out.append(folded, static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
  }
  return out;
}

std::string_view trim(std::string_view utf8) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view blank : kBlanks) {
      while (utf8.starts_with(blank)) {
        utf8.remove_prefix(blank.size());
        changed = true;
      }
      while (utf8.ends_with(blank)) {
        utf8.remove_suffix(blank.size());
        changed = true;
      }
    }
  }
  return utf8;
}

}  // namespace rapport::text
