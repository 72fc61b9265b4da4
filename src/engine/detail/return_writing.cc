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
