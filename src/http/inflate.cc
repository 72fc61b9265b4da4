#include "http/inflate.h"

#include <zlib.h>

namespace rapport::http {

Result<std::string> inflate_body(std::string_view zipped, std::size_t most) {
  constexpr int kGzipOrZlib = 15 + 32;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOrZlib) != Z_OK) return Error{Errc::internal, "no memory to unzip"};
  struct End {
    z_stream* stream;
    ~End() { inflateEnd(stream); }
  } end{&stream};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  std::string out;
  char chunk[16 * 1024];
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk);
    stream.avail_out = sizeof chunk;
    code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = sizeof chunk - stream.avail_out;
    if (out.size() + got > most) {
      return Error{Errc::too_large, "the unzipped body is too large", "",
                   fmt::format("at most {} bytes", most)};
    }
    out.append(chunk, got);
    const bool stuck = code == Z_OK && got == 0 && stream.avail_in == 0;
    if ((code != Z_OK && code != Z_STREAM_END) || stuck) {
      return Error{Errc::bad_input, "the body is not gzip", "Content-Encoding", "a whole gzip stream"};
    }
  }
  return out;
}

}  // namespace rapport::http
