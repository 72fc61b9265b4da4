#include "http/detail/message_names.h"

#include <fmt/ranges.h>

#include "base/random.h"

namespace rapport::http::detail {
namespace {

/// 128 random bits a thread and run, then a count: unique without asking for randomness each time.
struct Names {
  Names() { secure_random(prefix); }
  std::array<std::uint8_t, 16> prefix{};
  std::uint64_t count = 0;
};

}  // namespace

void name_messages(std::vector<model::Event>& events) {
  thread_local Names names;
  for (model::Event& event : events) {
    if (!event.message_id.empty()) continue;
    event.message_id = fmt::format("made-{:02x}-{:x}", fmt::join(names.prefix, ""), names.count++);
  }
}

}  // namespace rapport::http::detail
