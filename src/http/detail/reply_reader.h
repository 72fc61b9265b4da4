#pragma once

#include <cstddef>
#include <string_view>

namespace rapport::http::detail {

/// The first answer in `bytes` when it is whole: its status, where its body begins and where it ends. The
/// server always says Content-Length.
struct ReplyFrame {
  int status = 0;
  std::size_t body = 0;
  std::size_t end = 0;
};
enum class FrameState { partial, whole, broken };
FrameState find_reply(std::string_view bytes, ReplyFrame& frame);

}  // namespace rapport::http::detail
