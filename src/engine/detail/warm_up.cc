#include "engine/detail/warm_up.h"

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/thread_name.h"
#include "codec/seal.h"
#include "engine/detail/keyring.h"

namespace rapport::engine {
namespace {

/// Half a millisecond of the shop thread.
constexpr std::size_t kHandful = 4'096;

using Values = std::vector<std::pair<NodeId, std::string>>;

}  // namespace

void WarmUp::start() {
  under_way_ = true;
  thread_ = std::thread([this] {
    name_this_thread("warm-up");
    run();
    under_way_ = false;
  });
}

void WarmUp::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void WarmUp::run() {
  const ShopNo shop = shop_.info().shop;
  NodeId at;
  while (!stopping_) {
    Values values;
    const auto last = store_.walk_keys(shop, at, kHandful, [&](NodeId node, const store::StoredKey& row) {
      if (row.sealed_value.empty()) return;
      auto value = codec::open(row.key, row.sealed_value, seal_context(SealedAs::identifier, node));
      if (value.ok()) values.emplace_back(node, std::move(*value));
    });
    if (!last.ok()) {
      log(LogLevel::warn, "identifiers not read ahead",
          {{"shop", shop_.info().name}, {"why", last.error().message}});
      return;
    }
    if (*last == at) return;
    at = *last;
    std::promise<void> taken;
    shop_.post([&] {
      for (const auto& [node, value] : values) shop_.texts().remember(node, value);
      taken.set_value();
    });
    taken.get_future().wait();
  }
}

}  // namespace rapport::engine
