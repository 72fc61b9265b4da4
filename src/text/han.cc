#include "text/han.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <memory>

namespace rapport::text {

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
