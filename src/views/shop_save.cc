#include <algorithm>

#include "base/assert.h"
#include "views/detail/shop_impl.h"

// The state as bytes. One writer serves checkpoints and hashes: a hash leaves out what only serves speed
// (when a timer looks next, how far a sweep has come), so that it is equal however the folding was sliced.
namespace rapport::views {
namespace {

constexpr std::string_view kMagic = "RPTV";
constexpr std::uint16_t kVersion = 3;
/// Stands for "the meaning of the fold": raised whenever fold code changes what a record does to the state,
/// so that an older checkpoint is refused and the log folded anew.
constexpr std::uint16_t kFoldVersion = 9;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

void put_instant(ByteWriter& out, Instant time) {
  out.i64(time.ms);
}

template <class T, class Put>
void put_list(ByteWriter& out, const Flat<T>& list, Put put) {
  out.varint(list.size());
  for (const T& item : list) put(item);
}

/// Reads a count and then that many items; false on damage.
template <class T, class Get>
bool get_list(ByteReader& in, Flat<T>& list, Get get) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.left()) return false;
  list.resize(count);
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) get(list[i]);
  return in.ok();
}

void put_numbers(ByteWriter& out, const Flat<std::uint32_t>& numbers) {
  std::uint32_t previous = 0;
  put_list(out, numbers, [&](std::uint32_t number) {
    out.varint(number - previous);
    previous = number;
  });
}

bool get_numbers(ByteReader& in, Flat<std::uint32_t>& numbers) {
  std::uint32_t previous = 0;
  return get_list(in, numbers, [&](std::uint32_t& number) {
    number = previous += static_cast<std::uint32_t>(in.varint());
  });
}

void put_extra(ByteWriter& out, const NodeExtra& extra) {
  put_list(out, extra.buckets, [&](const FactBucket& bucket) {
    out.svarint(bucket.day);
    out.u16(bucket.kind);
    out.u8(bucket.aux);
    out.varint(bucket.count);
    out.svarint(bucket.sum);
    out.i64(bucket.latest_ms);
  });
  put_list(out, extra.traits, [&](const TraitChange& change) {
    put_instant(out, change.at);
    out.u16(change.property.value);
    out.varint(change.word);
  });
  put_list(out, extra.consents, [&](const ConsentChange& change) {
    put_instant(out, change.at);
    out.varint(change.purpose_word);
    out.varint(change.channel_word);
    out.varint(change.node.value);
    out.u8(change.granted ? 1 : 0);
  });
  put_list(out, extra.services, [&](const ServiceStep& step) {
    out.varint(step.service);
    out.u8(static_cast<std::uint8_t>(step.stage));
    out.varint(step.count);
    put_instant(out, step.first);
    put_instant(out, step.last);
    out.svarint(step.sum);
    out.varint(step.on_time);
    out.varint(step.errors);
  });
  put_list(out, extra.appointments, [&](const Appointment& one) {
    put_instant(out, one.for_time);
    put_instant(out, one.at);
    out.varint(one.service);
    out.varint(one.cancelled_by.value);
  });
  put_list(out, extra.coupons, [&](const CouponState& coupon) {
    for (const std::uint32_t n : {coupon.coupon, coupon.granted, coupon.redeemed, coupon.expired})
      out.varint(n);
    put_instant(out, coupon.last_granted);
    put_instant(out, coupon.until);
    out.svarint(coupon.value_minor);
    out.u8(coupon.currency_slot);
  });
  put_list(out, extra.needs, [&](const NeedState& need) {
    out.varint(need.need_word);
    out.svarint(need.strength_thousandths);
    put_instant(out, need.at);
    put_instant(out, need.until);
    out.varint(need.evidence_word);
  });
  out.svarint(extra.points.balance);
  out.varint(extra.points.changes);
  out.varint(extra.csat.answers);
  out.svarint(extra.csat.thousandths);
  for (const auto* list : {&extra.orders, &extra.returns, &extra.contacts, &extra.tickets})
    put_numbers(out, *list);
}

bool get_histories(ByteReader& in, NodeExtra& extra) {
  const auto number = [&in] { return static_cast<std::uint32_t>(in.varint()); };
  return get_list(in, extra.buckets,
                  [&](FactBucket& bucket) {
                    bucket.day = static_cast<std::int32_t>(in.svarint());
                    bucket.kind = in.u16();
                    bucket.aux = in.u8();
                    bucket.count = number();
                    bucket.sum = in.svarint();
                    bucket.latest_ms = in.i64();
                  }) &&
         get_list(in, extra.traits,
                  [&](TraitChange& change) {
                    change.at = Instant{in.i64()};
                    change.property = model::PropertyId{in.u16()};
                    change.word = number();
                  }) &&
         get_list(in, extra.consents, [&](ConsentChange& change) {
           change.at = Instant{in.i64()};
           change.purpose_word = number();
           change.channel_word = number();
           change.node = NodeId{number()};
           change.granted = in.u8() != 0;
         });
}

bool get_extra(ByteReader& in, NodeExtra& extra) {
  const auto number = [&in] { return static_cast<std::uint32_t>(in.varint()); };
  const bool whole = get_histories(in, extra) &&
                     get_list(in, extra.services,
                              [&](ServiceStep& step) {
                                step.service = number();
                                step.stage = static_cast<ServiceStage>(in.u8());
                                step.count = number();
                                step.first = Instant{in.i64()};
                                step.last = Instant{in.i64()};
                                step.sum = in.svarint();
                                step.on_time = number();
                                step.errors = number();
                              }) &&
                     get_list(in, extra.appointments,
                              [&](Appointment& one) {
                                one.for_time = Instant{in.i64()};
                                one.at = Instant{in.i64()};
                                one.service = number();
                                one.cancelled_by = NodeId{number()};
                              }) &&
                     get_list(in, extra.coupons,
                              [&](CouponState& coupon) {
                                coupon.coupon = number();
                                coupon.granted = number();
                                coupon.redeemed = number();
                                coupon.expired = number();
                                coupon.last_granted = Instant{in.i64()};
                                coupon.until = Instant{in.i64()};
                                coupon.value_minor = in.svarint();
                                coupon.currency_slot = in.u8();
                              }) &&
                     get_list(in, extra.needs, [&](NeedState& need) {
                       need.need_word = number();
                       need.strength_thousandths = in.svarint();
                       need.at = Instant{in.i64()};
                       need.until = Instant{in.i64()};
                       need.evidence_word = number();
                     });
  if (!whole) return false;
  extra.points.balance = in.svarint();
  extra.points.changes = number();
  extra.csat.answers = number();
  extra.csat.thousandths = in.svarint();
  for (auto* list : {&extra.orders, &extra.returns, &extra.contacts, &extra.tickets}) {
    if (!get_numbers(in, *list)) return false;
  }
  return in.ok();
}

}  // namespace

void ShopState::Impl::save_node(const NodeState& node, ByteWriter& out) const {
  out.u8(static_cast<std::uint8_t>((node.shared ? 1 : 0) | (node.erased ? 2 : 0) | (node.extra ? 4 : 0) |
                                   (node.customer != 0 ? 8 : 0)));
  out.u8(static_cast<std::uint8_t>(node.kind));
  out.u64(node.seen[0]);
  out.u64(node.seen[1]);
  out.varint(node.facts.size());
  for (const Fact& fact : node.facts) fact.save(out);
  if (node.extra) put_extra(out, *node.extra);
}

bool ShopState::Impl::load_node(NodeState& node, ByteReader& in) const {
  const std::uint8_t flags = in.u8();
  node.shared = (flags & 1) != 0;
  node.erased = (flags & 2) != 0;
  const std::uint8_t kind = in.u8();
  if (kind < 1 || kind > model::kIdentifierKinds.size()) return false;
  node.kind = static_cast<model::IdentifierKind>(kind);
  node.seen[0] = in.u64();
  node.seen[1] = in.u64();
  const bool whole = get_list(in, node.facts, [&in](Fact& fact) { fact = Fact::load(in); });
  if (!whole || node.facts.size() > kFactsKept) return false;
  return (flags & 4) == 0 || get_extra(in, node.more());
}

void ShopState::Impl::save_customer(const Customer& customer, Purpose purpose, ByteWriter& out) const {
  out.varint(customer.root);
  if (customer.root == 0) return;
  put_numbers(out, customer.nodes);
  Flat<Edge> edges = customer.edges;
  std::sort(edges.begin(), edges.end(),
            [](const Edge& x, const Edge& y) { return std::pair(x.a, x.b) < std::pair(y.a, y.b); });
  put_list(out, edges, [&](const Edge& edge) {
    out.varint(edge.a);
    out.varint(edge.b);
    put_instant(out, edge.asserted);
  });
  if (purpose == Purpose::hash) {
    const std::vector<Member> held = members_now(customer);
    out.varint(held.size());
    for (const Member& member : held) {
      out.u16(member.segment);
      put_instant(out, member.since);
    }
    return;
  }
  put_list(out, customer.members, [&](const Member& member) {
    out.u16(member.segment);
    put_instant(out, member.since);
    out.u8(static_cast<std::uint8_t>((member.now ? 1 : 0) | (member.before ? 2 : 0)));
  });
  out.varint(customer.epoch);
  out.varint(customer.born_in_import);
  out.u8(customer.exact_before ? 1 : 0);
  put_instant(out, customer.changed);
  put_instant(out, customer.due);
}

bool ShopState::Impl::load_customer(Customer& customer, ByteReader& in) {
  customer.root = static_cast<std::uint32_t>(in.varint());
  if (customer.root == 0) return in.ok();
  if (customer.root >= identity.node_count()) return false;
  const bool whole = get_numbers(in, customer.nodes) &&
                     get_list(in, customer.edges,
                              [&](Edge& edge) {
                                edge.a = static_cast<std::uint32_t>(in.varint());
                                edge.b = static_cast<std::uint32_t>(in.varint());
                                edge.asserted = Instant{in.i64()};
                              }) &&
                     get_list(in, customer.members, [&](Member& member) {
                       member.segment = in.u16();
                       member.since = Instant{in.i64()};
                       const std::uint8_t flags = in.u8();
                       member.now = (flags & 1) != 0;
                       member.before = (flags & 2) != 0;
                     });
  if (!whole) return false;
  customer.epoch = static_cast<std::uint32_t>(in.varint());
  customer.born_in_import = static_cast<std::uint32_t>(in.varint());
  customer.exact_before = in.u8() != 0;
  customer.changed = Instant{in.i64()};
  customer.due = Instant{in.i64()};
  for (const Member& member : customer.members) {
    if (member.segment >= members.size()) return false;
    if (member.now) members[member.segment].add(customer.root);
  }
  if (customer.epoch == 0 || customer.epoch > rules.epoch()) return false;
  if (settled(customer) && customer.due != Instant::never())
    wheel.arm(CustomerId{customer.root}, customer.due);
  return in.ok();
}

void ShopState::Impl::save_people(Purpose purpose,
                                  const std::function<void(std::string_view)>& sink_bytes) const {
  std::string piece;
  ByteWriter out(piece);
  const auto flush = [&](std::size_t least) {
    if (piece.size() < least) return;
    sink_bytes(piece);
    piece.clear();
  };
  out.varint(identity.node_count());
  for (std::uint32_t number = 1; number < identity.node_count(); ++number) {
    save_node(identity.node_at(number), out);
    flush(kPieceBytes);
  }
  // Places are an accident of the order of merges: a hash goes by lowest node.
  out.varint(purpose == Purpose::hash ? identity.customers() : identity.places());
  if (purpose == Purpose::hash) {
    for (std::uint32_t number = 1; number < identity.node_count(); ++number) {
      const Customer* customer = identity.customer_of(number);
      if (customer != nullptr && customer->root == number) save_customer(*customer, purpose, out);
      flush(kPieceBytes);
    }
  } else {
    for (std::uint32_t place = 0; place < identity.places(); ++place) {
      save_customer(identity.customer_at(place), purpose, out);
      flush(kPieceBytes);
    }
  }
  identity.save_told(out);
  flush(1);
}

bool ShopState::Impl::load_people(ByteReader& in) {
  const std::uint64_t nodes = in.varint();
  if (!in.ok() || nodes > in.left() + 1) return false;
  identity.resize_nodes(nodes);
  for (std::uint32_t number = 1; number < nodes; ++number) {
    if (!load_node(identity.node_at(number), in)) return false;
  }
  const std::uint64_t places = in.varint();
  if (!in.ok() || places > in.left() + 1) return false;
  identity.resize_places(places);
  for (std::uint32_t place = 0; place < places; ++place) {
    if (!load_customer(identity.customer_at(place), in)) return false;
  }
  return identity.join_loaded() && identity.load_told(in);
}

void ShopState::Impl::save(Purpose purpose, const std::function<void(std::string_view)>& sink_bytes) const {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.u16(kVersion);
  out.u16(kFoldVersion);
  out.text(configured);
  out.u64(position.value);
  put_instant(out, now);
  out.varint(imports_open);
  out.varint(import_number);
  for (const Dictionary& dictionary : tables.dictionaries) dictionary.save(out);
  tables.currencies.save(out);
  tables.wide.save(out);
  out.u64(tables.seen[0]);
  out.u64(tables.seen[1]);
  out.varint(tables.products.size());
  for (const ProductInfo& product : tables.products) {
    for (const std::uint32_t word : {product.category, product.brand, product.scene, product.function}) {
      out.varint(word);
    }
    out.svarint(product.price_minor);
    out.u8(product.currency_slot);
    put_instant(out, product.published);
  }
  orders.save(out);
  parcel_notes.save(out);
  cases.save(out);
  clocks.save(out);
  published.save(out);
  counters.save(out);
  indicators.save(out);
  surveys.save(out);
  rules.save(out);
  if (purpose == Purpose::checkpoint) {
    out.varint(swept_to);
    out.varint(stamps.size());
    for (const auto& [received, seq] : stamps) {
      put_instant(out, received);
      out.u64(seq.value);
    }
  }
  sink_bytes(bytes);
  save_people(purpose, sink_bytes);
}

Status ShopState::Impl::load(ByteReader in) {
  const auto damaged = [] { return fail(Errc::corrupt, "the checkpoint of a shop's state is damaged"); };
  if (in.raw(kMagic.size()) != kMagic) return damaged();
  if (in.u16() != kVersion || in.u16() != kFoldVersion) {
    return fail(Errc::unsupported, "the checkpoint was written by another version of the fold");
  }
  if (in.text() != configured) {
    return fail(Errc::unsupported, "the checkpoint was made with other configured rules or limits");
  }
  position = EventSeq{in.u64()};
  now = Instant{in.i64()};
  imports_open = static_cast<std::uint32_t>(in.varint());
  import_number = static_cast<std::uint32_t>(in.varint());
  for (Dictionary& dictionary : tables.dictionaries) {
    if (!dictionary.load(in)) return damaged();
  }
  if (!tables.currencies.load(in) || !tables.wide.load(in)) return damaged();
  tables.seen[0] = in.u64();
  tables.seen[1] = in.u64();
  const std::uint64_t products = in.varint();
  if (!in.ok() || products > in.left()) return damaged();
  tables.products.resize(products);
  for (ProductInfo& product : tables.products) {
    for (std::uint32_t* word : {&product.category, &product.brand, &product.scene, &product.function}) {
      *word = static_cast<std::uint32_t>(in.varint());
    }
    product.price_minor = in.svarint();
    product.currency_slot = in.u8();
    product.published = Instant{in.i64()};
  }
  if (!orders.load(in, tables) || !parcel_notes.load(in, orders) || !cases.load(in) ||
      !clocks.load(in, now) || !published.load(in) || !counters.load(in) || !indicators.load(in) ||
      !surveys.load(in)) {
    return damaged();
  }
  if (!rules.load(in)) return damaged();
  members.assign(rules.current().infos.size(), Roaring());
  wheel = TimerWheel(now);
  swept_to = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const Instant received{in.i64()};
    stamps.emplace_back(received, EventSeq{in.u64()});
  }
  if (!load_people(in) || !in.ok() || !in.at_end()) return damaged();
  clocks.refresh_all(now, around());
  return {};
}

Digest ShopState::state_hash() const {
  Sha256 hash;
  impl_->save(Impl::Purpose::hash, [&hash](std::string_view piece) { hash.update(piece); });
  return hash.finish();
}

void ShopState::save(const std::function<void(std::string_view)>& sink) const {
  impl_->save(Impl::Purpose::checkpoint, sink);
}

Result<ShopState> ShopState::load(std::string_view bytes, const ShopOptions& options) {
  ShopState state(options);
  RAPPORT_CHECK(state.impl_->load(ByteReader(bytes)));
  return state;
}

Result<ShopState> ShopState::load(ByteSource& source, const ShopOptions& options) {
  ShopState state(options);
  RAPPORT_CHECK(state.impl_->load(ByteReader(source)));
  return state;
}

}  // namespace rapport::views
