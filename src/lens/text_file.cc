#include "lens/text_file.h"

#include "lens/detail/byte_source.h"

namespace rapport::lens {

Result<std::string> read_text_file(const std::string& path, std::uint64_t most_bytes) {
  RAPPORT_TRY(std::unique_ptr<detail::ByteSource> bytes, detail::open_bytes(path, ReadLimits{}));
  detail::TextSource source(std::move(bytes), "");
  std::string text;
  for (;;) {
    RAPPORT_TRY(const bool more, source.read(text));
    if (text.size() > most_bytes)
      return fail(Errc::too_large, "the file holds more than {} bytes of text", most_bytes).at(path);
    if (!more) return text;
  }
}

}  // namespace rapport::lens
