#include "engine/detail/told_event.h"

#include "base/log.h"

namespace rapport::engine {

std::optional<model::Event> told_event(Shop& shop, ToldEvent told) {
  const auto text = shop.texts().find(told.node);
  const auto kind = shop.state().kind_of(told.node);
  if (!text || !kind) return std::nullopt;
  codec::EventInput input;
  input.name = told.name;
  input.message_id = told.message_id;
  input.timestamp = told.at;
  input.identifiers = {{*kind, *text}};
  input.properties = std::move(told.properties);
  input.shop_currency = told.currency;
  Result<model::Event> event = codec::build_event(input);
  if (event.ok()) return std::move(event).value();
  log(LogLevel::error, "an event that a clerk tells is not valid",
      {{"shop", shop.info().name}, {"event", told.name}, {"why", event.error().describe()}});
  return std::nullopt;
}

void tell_webhooks(const std::vector<std::uint64_t>& hooks, const std::string& message_id,
                   const std::string& body, Instant at, std::vector<OutboxEntry>& calls) {
  for (const std::uint64_t hook : hooks) {
    OutboxEntry entry;
    entry.webhook = hook;
    entry.message_id = message_id;
    entry.body = body;
    entry.due = at;
    calls.push_back(std::move(entry));
  }
}

}  // namespace rapport::engine
