#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/record.h"
#include "views/detail/chunked.h"
#include "views/detail/flat.h"
#include "views/node_state.h"

/// Who is who: a pure function of the set of link assertions.
///
/// Every event asserts, at its event time, that its identifiers belong together: an edge between each two of
/// them (between two user ids only an alias does). Of an edge the latest assertion and the latest unlinking
/// are kept. An edge is *in the set* iff asserted > unlinked: removing it leaves the state as if it had never
/// been, and a later event that names both again puts it back. A value that the set ties to more user ids
/// than its kind's limit is *shared* and links nobody while that is so; alias edges always count. Customers
/// are the connected components of what remains.
///
/// One limit depends on the order of arrival, and only there: an assertion that would make a component larger
/// than kNodesMax is refused (counted in refused()) and tried again when it is next asserted.
namespace rapport::views {

struct Edge {
  std::uint32_t a = 0, b = 0;  ///< node numbers, a < b
  Instant asserted;
};

/// One membership as stored. `before` tells what held just before Customer::changed, so that a second event
/// at the very same moment can be folded as one.
struct Member {
  Instant since;
  std::uint16_t segment = 0;
  bool now = false;
  bool before = false;
};

struct Customer {
  std::uint32_t root = 0;            ///< lowest node number; 0 = free place
  std::uint32_t epoch = 0;           ///< rule publications already applied
  std::uint32_t born_in_import = 0;  ///< number of the import bracket that first saw her; 0 = live
  bool exact_before = true;          ///< Member::before can be trusted
  Instant changed = Instant::min();  ///< no membership changed after this moment
  Instant latest = Instant::min();   ///< time of her latest fact; min() = she has none
  Instant due = Instant::never();    ///< when her segments must be looked at again
  Flat<std::uint32_t> nodes;         ///< ascending
  Flat<Edge> edges;                  ///< active ones, in no particular order
  Flat<Member> members;              ///< ascending segment
};

/// Told about every change of components, after it took place in nodes and edges; the segments are for the
/// listener to mend.
class IdentityListener {
 public:
  virtual ~IdentityListener() = default;
  /// `gone` is the absorbed customer as it was (its nodes and edges already moved).
  virtual void merged(Customer& into, Customer&& gone) = 0;
  /// `parts` are new customers cut off from `from`, whose nodes are already theirs.
  virtual void split(Customer& from, const std::vector<std::uint32_t>& parts) = 0;
};

class Identity {
 public:
  static constexpr std::size_t kNodesMax = 1000;
  using Limits = std::array<std::uint32_t, 9>;

  explicit Identity(const Limits& user_ids_max) : limits_(user_ids_max) {}

  /// Makes the node known, as a customer of its own. Returns whether it was new.
  bool ensure(const model::NodeRef& ref);
  /// Asserts that the record's nodes belong together.
  void assert_links(const model::RecordView& record, IdentityListener& listener);
  void unlink(std::uint32_t node, std::span<const NodeId> from, Instant at, IdentityListener& listener);
  /// Takes a node's edges away, so that it is a customer of its own.
  void isolate(std::uint32_t node, IdentityListener& listener);
  /// Forgets an isolated node and everything asserted of it. Its number never comes back.
  void erase(std::uint32_t node, IdentityListener& listener);

  /// After a change of her nodes' facts other than adding a later one.
  void update_latest(Customer& customer) const;

  NodeState* find_node(std::uint32_t number);
  const NodeState* find_node(std::uint32_t number) const;
  std::size_t node_count() const { return nodes_.size(); }  ///< one past the highest number
  /// Null when the node is unknown or erased.
  Customer* customer_of(std::uint32_t node);
  const Customer* customer_of(std::uint32_t node) const;
  Customer& customer_at(std::uint32_t place) { return customers_[place]; }
  const Customer& customer_at(std::uint32_t place) const { return customers_[place]; }
  std::size_t places() const { return customers_.size(); }
  std::size_t customers() const { return customers_.size() - free_.size(); }
  std::uint64_t refused() const { return refused_; }

  /// For canonical states: every edge of the set's history, ascending (a, b), with its unlinking.
  struct Told {
    std::uint32_t a, b;
    Instant asserted, unlinked;
  };
  std::vector<Told> all_told() const;

  std::size_t memory_bytes() const;

  // For checkpoints: nodes and customers are read into place by the caller, then joined; what was told of
  // idle edges follows.
  NodeState& node_at(std::uint32_t number) { return nodes_[number]; }
  const NodeState& node_at(std::uint32_t number) const { return nodes_[number]; }
  void resize_nodes(std::size_t count) { nodes_.resize(count); }
  void resize_places(std::size_t count) { customers_.resize(count); }
  /// Gives every node its customer. False when two claim one, or a number is out of range.
  bool join_loaded();
  void save_told(ByteWriter& out) const;
  bool load_told(ByteReader& in);

 private:
  struct Idle {
    Instant asserted = Instant::min(), unlinked = Instant::min();
    bool active = false;  ///< the edge is in its customer's list; kept here for its unlinking
  };
  static std::uint64_t key_of(std::uint32_t a, std::uint32_t b);
  void assert_edge(std::uint32_t a, std::uint32_t b, Instant at, IdentityListener& listener);
  void activate(std::uint64_t key, IdentityListener& listener);
  void deactivate(Customer& customer, std::size_t edge);
  bool may_link(std::uint64_t key, const Idle& idle) const;
  std::size_t user_ids_of(std::uint32_t node) const;
  void update_shared(std::uint32_t node, IdentityListener& listener);
  void merge(Customer& a, Customer& b, IdentityListener& listener);
  void split_if_apart(std::uint32_t place, IdentityListener& listener);
  std::uint32_t new_place();
  void forget_neighbour(std::uint32_t of, std::uint32_t neighbour);
  Idle& idle_of(std::uint64_t key);
  bool is_user(std::uint32_t node) const;

  Limits limits_;
  Chunked<NodeState> nodes_;  ///< by number; 0 unused
  Chunked<Customer> customers_;
  std::vector<std::uint32_t> free_;
  /// Edges that do not link now, or were once unlinked. Looked up by key; only ever walked sorted.
  std::unordered_map<std::uint64_t, Idle> idle_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> idle_neighbours_;  ///< of those, ascending
  std::uint64_t refused_ = 0;
};

}  // namespace rapport::views
