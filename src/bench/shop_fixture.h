#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/client.h"
#include "http/server.h"

namespace rapport::bench {

/// A served shop in a scratch folder of its own, removed at the end unless it is to be kept.
class ServedShop {
 public:
  enum class Keep : std::uint8_t { nothing, folder };
  static Result<std::unique_ptr<ServedShop>> open(const Options& options, const std::string& name,
                                                  Keep keep = Keep::nothing);
  ~ServedShop();
  /// Closes everything and opens it again; gives the seconds that opening took.
  Result<double> reopen();
  engine::Engine& engine() { return *engine_; }
  ShopNo shop() const { return shop_; }
  http::Place place() const;
  const std::string& key() const { return key_; }
  const std::string& folder() const { return folder_; }

 private:
  Status start();
  void stop();
  std::string folder_, key_;
  Keep keep_ = Keep::nothing;
  ShopNo shop_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<http::Api> api_;
  std::unique_ptr<http::Server> server_;
};

/// Requests of a plausible mix (views, carts, orders, traits) over `customers` people, each message id used
/// once. The texts are made before the clock starts; only the ids are written while it runs.
class EventTexts {
 public:
  EventTexts(const Options& options, std::uint32_t customers, std::size_t events_a_request,
             const std::string& key);
  /// The whole HTTP request number `i`.
  void append(std::uint64_t i, std::string& out) const;
  std::size_t events_a_request() const { return events_; }

 private:
  struct Template {
    std::string bytes;
    std::vector<std::size_t> id_places;
  };
  std::size_t events_;
  std::vector<Template> templates_;
};

/// Fills a shop with `customers` people of three identifiers and about twenty facts each, through the
/// engine's own door. Its events bear no message ids: the window of those is memory of events, not of people.
Status fill_shop(ServedShop& shop, const Options& options, std::uint32_t customers);

}  // namespace rapport::bench
