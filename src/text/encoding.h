#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

/// Encodings of the files that shops hand over. GB18030 covers GBK and GB2312.
namespace rapport::text {

enum class Encoding : std::uint8_t { utf8, gb18030, utf16le, utf16be };
std::string_view encoding_name(Encoding encoding);

/// Whether `bytes` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). With
/// `cut_off_end` a sequence that stops at the end of the bytes is taken as begun, not as wrong.
bool is_utf8(std::string_view bytes, bool cut_off_end = false);

/// Turns a stream of bytes into UTF-8. The encoding is named by a byte-order mark, else it is decided at the
/// first byte over 0x7f: UTF-8 when what was given from there on is well-formed, GB18030 otherwise. Malformed
/// sequences become U+FFFD and are counted. One thread at a time.
class Decoder {
 public:
  Decoder();
  explicit Decoder(Encoding encoding);  ///< decided by the caller; a byte-order mark is still dropped
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Appends the UTF-8 of `bytes` to `out`; a sequence cut off at the end waits for the next call. `last`
  /// tells that no more will come. To decide well, give at least a few KB at a time.
  void decode(std::string_view bytes, bool last, std::string& out);

  /// The encoding in use; UTF-8 as long as only ASCII was seen.
  Encoding encoding() const;
  /// Sequences replaced so far.
  std::uint64_t malformed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole text at once. Errors: bad_input when it holds malformed sequences.
Result<std::string> to_utf8(std::string_view bytes);

}  // namespace rapport::text
