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
