#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/event_builder.h"
#include "engine/detail/outbox.h"
#include "engine/detail/shop.h"

namespace rapport::engine {

/// What a clerk of the shop tells of a node's customer by itself.
struct ToldEvent {
  NodeId node;
  std::string_view name;
  const std::string& message_id;  ///< made of what it is for, so that it is told once
  Instant at;
  std::vector<codec::PropertyInput> properties;
  Currency currency = {};
};
/// Nothing for a customer who was erased, and, logged, for what the catalogue does not take. On the shop
/// thread.
std::optional<model::Event> told_event(Shop& shop, ToldEvent told);

/// The same thing to webhooks: a call of each, for the batch that tells it.
void tell_webhooks(const std::vector<std::uint64_t>& hooks, const std::string& message_id,
                   const std::string& body, Instant at, std::vector<OutboxEntry>& calls);

}  // namespace rapport::engine
