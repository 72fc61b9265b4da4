#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

/// Parcels: where they are, when they will come, what was announced. Answers are JSON (openapi.json describes
/// them).
namespace rapport::engine {

struct ParcelsQuery {
  std::string queue = "open";  ///< open, likely_late, late (promise over, not signed for), delivered
  std::size_t most = 50;       ///< 1 to 500
  std::optional<EventSeq> after_offset;
};
/// likely_late: the likeliest first; open and late: by promise; delivered: the newest orders first. Errors:
/// bad_input naming the parameter.
void parcels(Engine& engine, ShopNo shop, ParcelsQuery query, Reply<std::string> reply);
/// One parcel with its nodes, promise, estimate with interval, and what was announced. Errors: not_found.
void parcel(Engine& engine, ShopNo shop, std::string order_id, std::optional<EventSeq> after_offset,
            Reply<std::string> reply);
/// As published, with the threshold that it comes to now; nothing is announced until one was published.
void parcel_policy(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// Errors: bad_input naming the member.
void publish_parcel_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
