#pragma once

#include <string>

#include "http/detail/ask.h"

namespace rapport::http::detail {

/// A reply for the engine whose answer is JSON already: it leaves as it is, with `status`.
inline engine::Reply<std::string> as_json(const CallPtr& call, int status = 200) {
  return reply_with<std::string>(call, [status](std::string text) {
    Response response;
    response.status = status;
    response.body = std::move(text);
    return response;
  });
}

}  // namespace rapport::http::detail
