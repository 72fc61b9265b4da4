#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/event_builder.h"
#include "engine/detail/impl.h"
#include "model/returns.h"

/// What the doors of returns share: the events of one return, and how they are named.
namespace rapport::engine {

/// By which message ids name a return.
std::string return_digest(std::string_view text);
bool is_done_return(model::ReturnState state);
Currency returns_currency(ShopUnit& unit);

/// How far it is believed that this return was asked for by whose order it is, for a page can write it of any
/// order and link itself to anybody.
enum class ReturnTrust : std::uint8_t {
  shops,    ///< the shop told of it, or the very browser that made an order of which the shop told
  pages,    ///< of an order of which pages alone told, by whom they told it of
  nobodys,  ///< a page's word about somebody else's order, or about one that is not known
};
ReturnTrust return_trust(const views::ShopState& state, std::uint32_t number);
/// Whether the order is known to be another customer's than the return's.
bool is_of_another(const views::ShopState& state, const views::Return& item);

/// Events of one return that are decided together.
class ReturnWriting {
 public:
  ReturnWriting(const model::Identifier& who, Instant now, Currency shop)
      : who_(who), now_(now), shop_(shop) {}
  Status add(std::string_view name, const std::string& message_id,
             std::vector<codec::PropertyInput> properties);
  /// A message in the shop that her return has moved on.
  Status tell(const std::string& return_id, model::ReturnState state);
  std::vector<model::Event> events;

 private:
  model::Identifier who_;
  Instant now_;
  Currency shop_;
};

}  // namespace rapport::engine
