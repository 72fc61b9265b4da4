#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "lens/detail/duck.h"
#include "lens/lens.h"

namespace rapport::lens::detail {

/// Customer by node number; 0 = erased or not known. Published whole; a query keeps the one it began with.
using CustomerMap = std::vector<std::uint32_t>;

/// What one query may see.
class Session {
 public:
  Session(std::shared_ptr<const CustomerMap> customers, const Reveal* reveal, const Duck* duck)
      : customers_(std::move(customers)), reveal_(reveal), duck_(duck) {}

  std::uint32_t customer(std::uint32_t node) const {
    return node < customers_->size() ? (*customers_)[node] : 0;
  }
  /// nullopt for readers who may not, and for destroyed keys.
  std::optional<std::string> reveal(SealedAs what, std::uint32_t node, std::string_view sealed) const;
  /// The identifier's value of a node. The sealed values of all nodes are read at the first call.
  std::optional<std::string> identifier(std::uint32_t node);
  bool may_reveal() const { return reveal_ != nullptr && *reveal_; }

 private:
  std::shared_ptr<const CustomerMap> customers_;
  const Reveal* reveal_;
  const Duck* duck_;
  std::once_flag loaded_;
  std::unordered_map<std::uint32_t, std::string> sealed_;
};

/// While one of these lives, queries that this thread plans belong to `session`.
class SessionScope {
 public:
  explicit SessionScope(std::shared_ptr<Session> session);
  ~SessionScope();
  SessionScope(const SessionScope&) = delete;
  SessionScope& operator=(const SessionScope&) = delete;
};
/// Null outside a scope: then the functions give NULL.
std::shared_ptr<Session> current_session();

/// customer_no, customer_text, identifier_of, reveal, reveal_identifier, and the aggregate
/// count_customers(node): exact, several times faster than count(DISTINCT customer).
Status register_functions(const DuckConnection& connection);

}  // namespace rapport::lens::detail
