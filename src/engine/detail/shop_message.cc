#include "engine/detail/shop_message.h"

namespace rapport::engine {

std::optional<NodeId> shop_message_node(Shop& shop, const std::vector<NodeId>& nodes) {
  using Kind = model::IdentifierKind;
  std::optional<NodeId> browser, name;
  for (const NodeId node : nodes) {
    if (!shop.texts().find(node)) continue;
    const auto kind = shop.state().kind_of(node);
    if (kind == Kind::anonymous_id) browser = node;
    if (kind == Kind::anonymous_id || kind == Kind::device_id) continue;
    const bool first_user_id = kind == Kind::user_id && name && shop.state().kind_of(*name) != Kind::user_id;
    if (!name || first_user_id) name = node;
  }
  return browser && name ? name : browser;
}

}  // namespace rapport::engine
