#include "base/base64url.h"

#include "base/bytes.h"

namespace rapport {

Result<std::string> from_base64url(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (standard.size() % 4 != 0) standard += '=';
  auto bytes = from_base64(standard);
  if (bytes.ok() && to_base64url(*bytes) == text) return bytes;
  return Error{Errc::bad_input, "no base64url, or another spelling of it", "",
               "letters, digits, - and _, no padding"};
}

}  // namespace rapport
