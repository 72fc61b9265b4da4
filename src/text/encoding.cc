#include "text/encoding.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"

namespace rapport::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed sequence at the front; 0 = malformed, -1 = cut off but fine so far.
int utf8_sequence(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) == s.size()) return -1;
    unsigned char low = 0x80, high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (byte(static_cast<std::size_t>(i)) < low || byte(static_cast<std::size_t>(i)) > high) return 0;
  }
  return length;
}

std::size_t ascii_prefix(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && static_cast<unsigned char>(s[n]) < 0x80) ++n;
  return n;
}

const char* converter_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf16le:
      return "UTF-16LE";
    case Encoding::utf16be:
      return "UTF-16BE";
    default:
      return "gb18030";
  }
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  constexpr std::string_view kNames[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};
  return kNames[static_cast<std::size_t>(encoding)];
}

bool is_utf8(std::string_view bytes, bool cut_off_end) {
  while (!bytes.empty()) {
    const int length = utf8_sequence(bytes);
    if (length == 0) return false;
    if (length < 0) return cut_off_end;
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

struct Decoder::State {
  std::optional<Encoding> encoding;
  bool at_start = true;
  std::uint64_t malformed = 0;
  std::string held;  // the start, until it is long enough for a mark; later a cut-off UTF-8 sequence
  Converter converter;

  void open_converter() {
    UErrorCode status = U_ZERO_ERROR;
    converter.reset(ucnv_open(converter_name(*encoding), &status));
    ASSERT(U_SUCCESS(status));
  }

  std::string_view drop_mark(std::string_view in) {
    const auto marked = [&](std::string_view mark, Encoding named) {
      if (!in.starts_with(mark)) return false;
      if (!encoding) encoding = named;
      if (*encoding == named) in.remove_prefix(mark.size());
      return true;
    };
    if (marked("\xEF\xBB\xBF", Encoding::utf8) || marked("\xFF\xFE", Encoding::utf16le) ||
        marked("\xFE\xFF", Encoding::utf16be) || marked("\x84\x31\x95\x33", Encoding::gb18030)) {
      at_start = false;
      return in;
    }
    at_start = false;
    return in;
  }

  void decode_utf8(std::string_view in, bool last, std::string& out) {
    std::string joined;
    if (!held.empty()) {
      joined = std::move(held);
      held.clear();
      joined += in;
      in = joined;
    }
    while (!in.empty()) {
      const std::size_t plain = ascii_prefix(in);
      out.append(in.substr(0, plain));
      in.remove_prefix(plain);
      if (in.empty()) break;
      const int length = utf8_sequence(in);
      if (length > 0) {
        out.append(in.substr(0, static_cast<std::size_t>(length)));
        in.remove_prefix(static_cast<std::size_t>(length));
      } else if (length < 0 && !last) {
        held = in;
        return;
      } else {
        out += kReplacement;
        ++malformed;
        in.remove_prefix(1);
      }
    }
  }

  void decode_other(std::string_view in, bool last, std::string& out) {
    if (converter == nullptr) open_converter();
    const char* source = in.data();
    const char* const end = in.data() + in.size();
    UChar units[2048];
    for (;;) {
      UChar* target = units;
      UErrorCode status = U_ZERO_ERROR;
      ucnv_toUnicode(converter.get(), &target, units + std::size(units), &source, end, nullptr, last,
                     &status);
      append_units(units, static_cast<std::size_t>(target - units), out);
      if (status != U_BUFFER_OVERFLOW_ERROR) return;
    }
  }

  // The converter replaces what it cannot read by U+FFFD itself; surrogate pairs may be cut between calls.
  void append_units(const UChar* units, std::size_t n, std::string& out) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t unit = units[i];
      if (high_surrogate != 0 && unit >= 0xDC00 && unit < 0xE000) {
        append_code_point(0x10000 + ((high_surrogate - 0xD800) << 10) + (unit - 0xDC00), out);
        high_surrogate = 0;
        continue;
      }
      high_surrogate = 0;
      if (unit >= 0xD800 && unit < 0xDC00) {
        high_surrogate = unit;
      } else {
        append_code_point(unit, out);
      }
    }
  }

  void append_code_point(std::uint32_t c, std::string& out) {
    if (c == 0xFFFD) ++malformed;
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | (c >> 6));
      put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | (c >> 12));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 0x3F));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    }
  }
  std::uint32_t high_surrogate = 0;
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::Decoder(Encoding encoding) : Decoder() {
  state_->encoding = encoding;
}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

void Decoder::decode(std::string_view bytes, bool last, std::string& out) {
  State& s = *state_;
  std::string joined;
  if (s.at_start) {
    s.held += bytes;
    if (s.held.size() < 4 && !last) return;
    joined = std::move(s.held);
    s.held.clear();
    bytes = s.drop_mark(joined);
  }
  if (!s.encoding) {
    const std::size_t plain = ascii_prefix(bytes);
    out.append(bytes.substr(0, plain));
    bytes.remove_prefix(plain);
    if (bytes.empty()) return;
    s.encoding = is_utf8(bytes, !last) ? Encoding::utf8 : Encoding::gb18030;
  }
  if (*s.encoding == Encoding::utf8) {
    s.decode_utf8(bytes, last, out);
  } else {
    s.decode_other(bytes, last, out);
  }
}

Encoding Decoder::encoding() const {
  return state_->encoding.value_or(Encoding::utf8);
}
std::uint64_t Decoder::malformed() const {
  return state_->malformed;
}

Result<std::string> to_utf8(std::string_view bytes) {
  Decoder decoder;
  std::string out;
  decoder.decode(bytes, true, out);
  if (decoder.malformed() == 0) return out;
  return Error{
      Errc::bad_input,
      fmt::format("{} sequences that are not {}", decoder.malformed(), encoding_name(decoder.encoding())), "",
      "text in UTF-8 or GB18030"};
}

}  // namespace rapport::text
