#pragma once

#include <cstdint>
#include <string>

#include "http/problem.h"

namespace rapport::http::detail {

/// The answer to who guessed wrongly too often: 429, and how many seconds to wait (GuessGuard::admit).
inline Response shut_out(std::int64_t wait_s) {
  Response response = problem(Error{Errc::overloaded, "too many failed attempts", "", "again later"});
  for (auto& [header, value] : response.headers) {
    if (header == "Retry-After") value = std::to_string(wait_s);
  }
  return response;
}

}  // namespace rapport::http::detail
