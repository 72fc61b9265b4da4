#include "views/identity.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"

namespace rapport::views {

using model::IdentifierKind;

std::uint64_t Identity::key_of(std::uint32_t a, std::uint32_t b) {
  return (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
}

NodeState* Identity::find_node(std::uint32_t number) {
  return number != 0 && number < nodes_.size() && nodes_[number].customer != 0 ? &nodes_[number] : nullptr;
}

const NodeState* Identity::find_node(std::uint32_t number) const {
  return number != 0 && number < nodes_.size() && nodes_[number].customer != 0 ? &nodes_[number] : nullptr;
}

Customer* Identity::customer_of(std::uint32_t number) {
  const NodeState* node = find_node(number);
  return node == nullptr ? nullptr : &customers_[node->customer - 1];
}

const Customer* Identity::customer_of(std::uint32_t number) const {
  const NodeState* node = find_node(number);
  return node == nullptr ? nullptr : &customers_[node->customer - 1];
}

bool Identity::is_user(std::uint32_t node) const {
  return nodes_[node].kind == IdentifierKind::user_id;
}

std::uint32_t Identity::new_place() {
  if (!free_.empty()) {
    const std::uint32_t place = free_.back();
    free_.pop_back();
    return place;
  }
  customers_.resize(customers_.size() + 1);
  return static_cast<std::uint32_t>(customers_.size() - 1);
}

bool Identity::ensure(const model::NodeRef& ref) {
  const std::uint32_t number = ref.node.value;
  ASSERT(number != 0);
  if (number >= nodes_.size()) nodes_.resize(std::size_t{number} + 1);
  NodeState& node = nodes_[number];
  if (node.customer != 0 || node.erased) return false;
  node.kind = ref.kind;
  const std::uint32_t place = new_place();
  node.customer = place + 1;
  Customer& customer = customers_[place];
  customer = Customer();
  customer.root = number;
  customer.nodes.push_back(number);
  return true;
}

Identity::Idle& Identity::idle_of(std::uint64_t key) {
  const auto [at, is_new] = idle_.try_emplace(key);
  if (is_new) {
    const auto a = static_cast<std::uint32_t>(key >> 32), b = static_cast<std::uint32_t>(key);
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      std::vector<std::uint32_t>& neighbours = idle_neighbours_[from];
      neighbours.insert(std::lower_bound(neighbours.begin(), neighbours.end(), to), to);
    }
  }
  return at->second;
}

bool Identity::may_link(std::uint64_t key, const Idle& idle) const {
  const NodeState& a = nodes_[key >> 32];
  const NodeState& b = nodes_[static_cast<std::uint32_t>(key)];
  return idle.asserted > idle.unlinked && a.customer != 0 && b.customer != 0 && !a.shared && !b.shared;
}

void Identity::assert_links(const model::RecordView& record, IdentityListener& listener) {
  for (std::size_t i = 0; i < record.nodes.size(); ++i) {
    for (std::size_t j = i + 1; j < record.nodes.size(); ++j) {
      const std::uint32_t a = record.nodes[i].node.value, b = record.nodes[j].node.value;
      if (a == b || find_node(a) == nullptr || find_node(b) == nullptr) continue;
      if (is_user(a) && is_user(b) && !(record.is_alias && i == 0 && j == 1)) continue;
      // Nobody can have claimed before the claim came in: a sender's fast clock does not outlive an unlink.
      assert_edge(a, b, std::min(record.event_time, record.received), listener);
    }
  }
}

void Identity::assert_edge(std::uint32_t a, std::uint32_t b, Instant at, IdentityListener& listener) {
  const std::uint64_t key = key_of(a, b);
  if (nodes_[a].customer == nodes_[b].customer) {
    for (Edge& edge : customers_[nodes_[a].customer - 1].edges) {
      if (key_of(edge.a, edge.b) != key) continue;
      edge.asserted = std::max(edge.asserted, at);
      return;
    }
  }
  Idle& idle = idle_of(key);
  const bool was_in_set = idle.asserted > idle.unlinked;
  idle.asserted = std::max(idle.asserted, at);
  const bool is_in_set = idle.asserted > idle.unlinked;
  if (is_in_set && !was_in_set) {
    if (is_user(a)) update_shared(b, listener);
    if (is_user(b)) update_shared(a, listener);
  }
  const auto again = idle_.find(key);
  if (again != idle_.end() && !again->second.active && may_link(key, again->second)) activate(key, listener);
}

std::size_t Identity::user_ids_of(std::uint32_t node) const {
  std::size_t count = 0;
  for (const Edge& edge : customers_[nodes_[node].customer - 1].edges) {
    if (edge.a == node) count += is_user(edge.b) ? 1 : 0;
    if (edge.b == node) count += is_user(edge.a) ? 1 : 0;
  }
  const auto neighbours = idle_neighbours_.find(node);
  if (neighbours == idle_neighbours_.end()) return count;
  for (const std::uint32_t other : neighbours->second) {
    if (!is_user(other)) continue;
    const Idle& idle = idle_.at(key_of(node, other));
    if (!idle.active && idle.asserted > idle.unlinked) ++count;
  }
  return count;
}

void Identity::update_shared(std::uint32_t number, IdentityListener& listener) {
  NodeState& node = nodes_[number];
  if (is_user(number) || node.customer == 0) return;
  const bool shared = user_ids_of(number) > limits_[static_cast<std::size_t>(node.kind)];
  if (shared == node.shared) return;
  node.shared = shared;
  if (shared) {
    const std::uint32_t place = node.customer - 1;
    Customer& customer = customers_[place];
    for (std::size_t i = customer.edges.size(); i-- > 0;) {
      if (customer.edges[i].a == number || customer.edges[i].b == number) deactivate(customer, i);
    }
    split_if_apart(place, listener);
    return;
  }
  std::vector<std::uint32_t> neighbours;
  if (const auto list = idle_neighbours_.find(number); list != idle_neighbours_.end())
    neighbours = list->second;
  for (const std::uint32_t other : neighbours) {
    const std::uint64_t key = key_of(number, other);
    const Idle& idle = idle_.at(key);
    if (!idle.active && may_link(key, idle)) activate(key, listener);
  }
}

void Identity::activate(std::uint64_t key, IdentityListener& listener) {
  const auto a = static_cast<std::uint32_t>(key >> 32), b = static_cast<std::uint32_t>(key);
  Customer& one = customers_[nodes_[a].customer - 1];
  Customer& two = customers_[nodes_[b].customer - 1];
  if (&one != &two && one.nodes.size() + two.nodes.size() > kNodesMax) {
    ++refused_;
    return;
  }
  const auto at = idle_.find(key);
  one.edges.push_back(Edge{a, b, at->second.asserted});
  if (at->second.unlinked != Instant::min()) {
    at->second.active = true;
  } else {
    // Never unlinked: nothing worth keeping beside the edge itself.
    idle_.erase(at);
    forget_neighbour(a, b);
    forget_neighbour(b, a);
  }
  if (&one != &two) merge(one, two, listener);
}

void Identity::deactivate(Customer& customer, std::size_t index) {
  const Edge edge = customer.edges[index];
  customer.edges.erase(index);
  Idle& idle = idle_of(key_of(edge.a, edge.b));
  idle.asserted = std::max(idle.asserted, edge.asserted);
  idle.active = false;
}

void Identity::merge(Customer& a, Customer& b, IdentityListener& listener) {
  Customer& into = a.root < b.root ? a : b;
  Customer& from = a.root < b.root ? b : a;
  const std::uint32_t place = nodes_[into.root].customer;
  const std::uint32_t gone_place = nodes_[from.root].customer - 1;
  for (const std::uint32_t number : from.nodes) {
    nodes_[number].customer = place;
    const std::uint32_t* at = std::lower_bound(into.nodes.begin(), into.nodes.end(), number);
    into.nodes.insert(static_cast<std::size_t>(at - into.nodes.begin()), number);
  }
  for (const Edge& edge : from.edges) into.edges.push_back(edge);
  into.latest = std::max(into.latest, from.latest);
  Customer gone = std::move(from);
  customers_[gone_place] = Customer();
  free_.push_back(gone_place);
  listener.merged(into, std::move(gone));
}

void Identity::update_latest(Customer& customer) const {
  customer.latest = Instant::min();
  for (const std::uint32_t number : customer.nodes) {
    const Flat<Fact>& facts = nodes_[number].facts;
    if (!facts.empty()) customer.latest = std::max(customer.latest, facts.back().time());
  }
}

void Identity::split_if_apart(std::uint32_t place, IdentityListener& listener) {
  Customer& customer = customers_[place];
  const std::vector<std::uint32_t> nodes(customer.nodes.begin(), customer.nodes.end());
  std::vector<std::size_t> group(nodes.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto index_of = [&](std::uint32_t node) {
    return static_cast<std::size_t>(std::lower_bound(nodes.begin(), nodes.end(), node) - nodes.begin());
  };
  const auto find = [&](std::size_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  for (const Edge& edge : customer.edges) {
    const std::size_t x = find(index_of(edge.a)), y = find(index_of(edge.b));
    group[std::max(x, y)] = std::min(x, y);  // a group is named by its lowest node
  }
  std::vector<std::uint32_t> parts;
  const std::vector<Edge> edges(customer.edges.begin(), customer.edges.end());
  const std::uint32_t epoch = customer.epoch, born_in_import = customer.born_in_import;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (find(i) != i) continue;
    const std::uint32_t part = new_place();
    Customer& fresh = customers_[part];
    fresh = Customer();
    fresh.root = nodes[i];
    fresh.epoch = epoch;
    fresh.born_in_import = born_in_import;
    for (std::size_t j = i; j < nodes.size(); ++j) {
      if (find(j) != i) continue;
      fresh.nodes.push_back(nodes[j]);
      nodes_[nodes[j]].customer = part + 1;
    }
    update_latest(fresh);
    parts.push_back(part);
  }
  if (parts.empty()) return;
  Customer& rest = customers_[place];
  rest.nodes.clear();
  rest.edges.clear();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (find(i) == 0) rest.nodes.push_back(nodes[i]);
  }
  update_latest(rest);
  for (const Edge& edge : edges) customers_[nodes_[edge.a].customer - 1].edges.push_back(edge);
  listener.split(rest, parts);
}

void Identity::unlink(std::uint32_t node, std::span<const NodeId> from, Instant at,
                      IdentityListener& listener) {
  if (find_node(node) == nullptr) return;
  for (const NodeId other : from) {
    if (other.value == node || find_node(other.value) == nullptr) continue;
    const std::uint64_t key = key_of(node, other.value);
    if (nodes_[node].customer == nodes_[other.value].customer) {
      Customer& customer = customers_[nodes_[node].customer - 1];
      for (std::size_t i = 0; i < customer.edges.size(); ++i) {
        const Edge edge = customer.edges[i];
        if (key_of(edge.a, edge.b) != key) continue;
        if (edge.asserted <= at) {
          deactivate(customer, i);
        } else {
          Idle& idle = idle_of(key);
          idle.asserted = edge.asserted;
          idle.active = true;
        }
        break;
      }
    }
    Idle& idle = idle_of(key);
    idle.unlinked = std::max(idle.unlinked, at);
  }
  split_if_apart(nodes_[node].customer - 1, listener);
  update_shared(node, listener);
  for (const NodeId other : from) {
    if (find_node(other.value) != nullptr) update_shared(other.value, listener);
  }
}

void Identity::isolate(std::uint32_t number, IdentityListener& listener) {
  const NodeState* node = find_node(number);
  if (node == nullptr) return;
  const std::uint32_t place = node->customer - 1;
  Customer& customer = customers_[place];
  for (std::size_t i = customer.edges.size(); i-- > 0;) {
    if (customer.edges[i].a == number || customer.edges[i].b == number) deactivate(customer, i);
  }
  split_if_apart(place, listener);
}

void Identity::erase(std::uint32_t number, IdentityListener& listener) {
  NodeState* node = find_node(number);
  if (node == nullptr) return;
  const std::uint32_t place = node->customer - 1;
  ASSERT(customers_[place].nodes.size() == 1);
  std::vector<std::uint32_t> neighbours;
  if (const auto list = idle_neighbours_.find(number); list != idle_neighbours_.end()) {
    neighbours = std::move(list->second);
    idle_neighbours_.erase(list);
  }
  for (const std::uint32_t other : neighbours) {
    idle_.erase(key_of(number, other));
    forget_neighbour(other, number);
  }
  customers_[place] = Customer();
  free_.push_back(place);
  *node = NodeState();
  node->erased = true;
  for (const std::uint32_t other : neighbours) {
    if (find_node(other) != nullptr) update_shared(other, listener);
  }
}

void Identity::forget_neighbour(std::uint32_t of, std::uint32_t neighbour) {
  const auto list = idle_neighbours_.find(of);
  list->second.erase(std::lower_bound(list->second.begin(), list->second.end(), neighbour));
  if (list->second.empty()) idle_neighbours_.erase(list);
}

std::vector<Identity::Told> Identity::all_told() const {
  std::vector<Told> told;
  for (const auto& [key, idle] : idle_) {
    if (idle.active) continue;
    told.push_back({static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), idle.asserted,
                    idle.unlinked});
  }
  for (std::size_t place = 0; place < customers_.size(); ++place) {
    for (const Edge& edge : customers_[place].edges) {
      const auto idle = idle_.find(key_of(edge.a, edge.b));
      told.push_back(
          {edge.a, edge.b, edge.asserted, idle == idle_.end() ? Instant::min() : idle->second.unlinked});
    }
  }
  std::sort(told.begin(), told.end(),
            [](const Told& x, const Told& y) { return std::pair(x.a, x.b) < std::pair(y.a, y.b); });
  return told;
}

bool Identity::join_loaded() {
  free_.clear();
  for (std::uint32_t place = static_cast<std::uint32_t>(customers_.size()); place-- > 0;) {
    const Customer& customer = customers_[place];
    if (customer.root == 0) {
      free_.push_back(place);
      continue;
    }
    for (const std::uint32_t number : customer.nodes) {
      if (number == 0 || number >= nodes_.size() || nodes_[number].customer != 0) return false;
      nodes_[number].customer = place + 1;
    }
    if (customer.nodes.empty() || customer.nodes[0] != customer.root) return false;
    update_latest(customers_[place]);
    for (const Edge& edge : customer.edges) {
      for (const std::uint32_t end : {edge.a, edge.b}) {
        if (end >= nodes_.size() || nodes_[end].customer != place + 1) return false;
      }
    }
  }
  return true;
}

void Identity::save_told(ByteWriter& out) const {
  std::vector<std::uint64_t> keys;
  keys.reserve(idle_.size());
  for (const auto& [key, idle] : idle_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  out.varint(keys.size());
  for (const std::uint64_t key : keys) {
    const Idle& idle = idle_.at(key);
    out.u64(key);
    out.i64(idle.asserted.ms);
    out.i64(idle.unlinked.ms);
    out.u8(idle.active ? 1 : 0);
  }
  out.varint(refused_);
}

bool Identity::load_told(ByteReader& in) {
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t key = in.u64();
    if ((key >> 32) >= nodes_.size() || (key & 0xffff'ffff) >= nodes_.size()) return false;
    Idle& idle = idle_of(key);
    idle.asserted = Instant{in.i64()};
    idle.unlinked = Instant{in.i64()};
    idle.active = in.u8() != 0;
  }
  refused_ = in.varint();
  return in.ok();
}

std::size_t Identity::memory_bytes() const {
  std::size_t bytes = nodes_.memory_bytes() + customers_.memory_bytes();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    bytes += nodes_[i].facts.memory_bytes() + (nodes_[i].extra ? nodes_[i].extra->memory_bytes() : 0);
  }
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    const Customer& customer = customers_[i];
    bytes += customer.nodes.memory_bytes() + customer.edges.memory_bytes() + customer.members.memory_bytes();
  }
  return bytes + idle_.size() * 64 + idle_neighbours_.size() * 72;
}

}  // namespace rapport::views
