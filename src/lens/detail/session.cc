#include "lens/detail/session.h"

namespace rapport::lens::detail {
namespace {

thread_local std::shared_ptr<Session> current;

}  // namespace

SessionScope::SessionScope(std::shared_ptr<Session> session) {
  current = std::move(session);
}
SessionScope::~SessionScope() {
  current.reset();
}
std::shared_ptr<Session> current_session() {
  return current;
}

std::optional<std::string> Session::reveal(SealedAs what, std::uint32_t node, std::string_view sealed) const {
  if (!may_reveal()) return std::nullopt;
  return (*reveal_)(what, NodeId{node}, sealed);
}

std::optional<std::string> Session::identifier(std::uint32_t node) {
  if (!may_reveal()) return std::nullopt;
  std::call_once(loaded_, [this] {
    auto connection = DuckConnection::connect(*duck_);
    if (!connection.ok()) return;
    auto rows =
        DuckRows::start(*connection, "SELECT node, sealed FROM mirror.nodes WHERE sealed IS NOT NULL");
    if (!rows.ok()) return;
    for (;;) {
      const auto n = rows->next_chunk();
      if (!n.ok() || *n == 0) return;
      for (std::size_t i = 0; i < *n; ++i) {
        const auto number = static_cast<std::uint32_t>(std::get<std::int64_t>(rows->value(0, i)));
        sealed_.emplace(number, std::string(rows->bytes(1, i)));
      }
    }
  });
  const auto found = sealed_.find(node);
  return found == sealed_.end() ? std::nullopt : reveal(SealedAs::identifier, node, found->second);
}

}  // namespace rapport::lens::detail
