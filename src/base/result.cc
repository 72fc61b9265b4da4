#include "base/result.h"

namespace rapport {

std::string_view errc_name(Errc code) {
  switch (code) {
    case Errc::bad_input:
      return "bad_input";
    case Errc::unauthorized:
      return "unauthorized";
    case Errc::forbidden:
      return "forbidden";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::too_large:
      return "too_large";
    case Errc::overloaded:
      return "overloaded";
    case Errc::unavailable:
      return "unavailable";
    case Errc::corrupt:
      return "corrupt";
    case Errc::io:
      return "io";
    case Errc::unsupported:
      return "unsupported";
    case Errc::refused:
      return "refused";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::describe() const {
  std::string line = message;
  if (where.empty() && expected.empty()) return line;
  line += " (";
  if (!where.empty()) line += "at " + where;
  if (!where.empty() && !expected.empty()) line += "; ";
  if (!expected.empty()) line += "expected " + expected;
  line += ")";
  return line;
}

Error Error::at(std::string_view prefix) && {
  where = where.empty() ? std::string(prefix) : fmt::format("{}.{}", prefix, where);
  return std::move(*this);
}

}  // namespace rapport
