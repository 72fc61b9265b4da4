#include "engine/detail/own_things.h"

#include <future>
#include <memory>

namespace rapport::engine {

Result<model::VisitorAnswer> things_of(Engine& engine, ShopNo shop, const model::Identifier& who,
                                       const std::string& proof) {
  auto promise = std::make_shared<std::promise<Result<model::VisitorAnswer>>>();
  auto future = promise->get_future();
  engine.own_things(shop, who, proof, {}, [promise](Result<model::VisitorAnswer> answer) {
    promise->set_value(std::move(answer));
  });
  return future.get();
}

Result<model::Identifier> identifier_of(ShopUnit& unit, NodeId node) {
  return ask_shop<model::Identifier>(unit, [&]() -> Result<model::Identifier> {
    const auto text = unit.shop.texts().find(node);
    const auto kind = unit.shop.state().kind_of(node);
    if (!text || !kind) return Error{Errc::conflict, "who made this appointment was erased", "for"};
    return model::Identifier::parse(*kind, *text);
  });
}

}  // namespace rapport::engine
