#include "engine/detail/return_writing.h"

#include "base/hash.h"
#include "engine/engine_returns.h"

namespace rapport::engine {

using model::ReturnState;

std::string return_digest(std::string_view text) {
  return digest_hex(sha256(text)).substr(0, 16);
}

bool is_done_return(ReturnState state) {
  return state == ReturnState::rejected || state == ReturnState::refunded || state == ReturnState::closed;
}

Currency returns_currency(ShopUnit& unit) {
  return unit.parcels.currency();
}

ReturnTrust return_trust(const views::ShopState& state, std::uint32_t number) {
  if (!state.return_from_page(number)) return ReturnTrust::shops;
  const views::Return& item = *state.return_of(number);
  const views::Order* order = state.order(item.order);
  if (order == nullptr || order->node.value == 0 || order->node != item.node) return ReturnTrust::nobodys;
  if (order->from_page) return ReturnTrust::pages;
  // Nobody else knows a browser's id; a user's id stands in many places.
  return state.kind_of(item.node) == model::IdentifierKind::anonymous_id ? ReturnTrust::shops
                                                                         : ReturnTrust::nobodys;
}

bool is_of_another(const views::ShopState& state, const views::Return& item) {
  const views::Order* order = state.order(item.order);
  return order != nullptr && order->placed != Instant::min() && order->node.value != 0 &&
         item.node.value != 0 && state.customer_of(order->node) != state.customer_of(item.node);
}

Status ReturnWriting::add(std::string_view name, const std::string& message_id,
                          std::vector<codec::PropertyInput> properties) {
  codec::EventInput input;
  input.name = name;
  input.message_id = message_id;
  input.timestamp = now_;
  input.identifiers = {{who_.kind, who_.value}};
  input.properties = std::move(properties);
  input.shop_currency = shop_;
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  events.push_back(std::move(event));
  return {};
}

Status ReturnWriting::tell(const std::string& return_id, ReturnState state) {
  const std::string decision =
      state == ReturnState::refunded
          ? refund_message_id(return_id)
          : fmt::format("return-{}-{}", return_digest(return_id), model::return_state_name(state));
  const std::string reason = "return:" + return_id;
  return add("Message Decided", fmt::format("message-decided-{}-{}", decision, now_.ms),
             {{"decision_id", std::string_view(decision)},
              {"channel", std::string_view("app")},
              {"reason", std::string_view(reason)}});
}

}  // namespace rapport::engine
