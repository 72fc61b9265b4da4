#include "engine/engine_recommend.h"

#include "codec/properties.h"
#include "engine/detail/history.h"
#include "engine/detail/impl.h"
#include "engine/detail/recommend_parts.h"
#include "model/catalogue_ids.h"

// What to recommend: asked on the shop thread for what is known of her, decided beside it.
namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;
using Shared = std::shared_ptr<Reply<RecommendAnswer>>;
using ServingPtr = std::shared_ptr<const RecommendDesk::Serving>;
using KnownPtr = std::shared_ptr<RecommendDesk::Known>;

constexpr std::size_t kOwnRecordsMost = 500;

Error too_many() {
  return {Errc::overloaded, "too many recommendations are asked for", "", "fewer at once, or in a second"};
}

bool is_view(model::EventKind kind) {
  return kind == k::product_viewed || kind == k::product_liked || kind == k::product_added ||
         kind == k::product_shared || kind == k::product_added_to_wishlist;
}

/// What the newest records that name this node tell, as append_taken would. Not on the shop thread.
Result<std::vector<Taken>> own_records(ShopUnit& unit, store::Store& store, NodeId node, EventSeq position) {
  RAPPORT_TRY(std::vector<EventSeq> seqs, seqs_of(unit, store, {node}, position));
  if (seqs.size() > kOwnRecordsMost) seqs.erase(seqs.begin(), seqs.end() - kOwnRecordsMost);
  struct Named {
    std::string product;
    TakenAs as;
    std::int64_t time_ms;
  };
  std::vector<Named> named;
  RAPPORT_CHECK(store.read_records(unit.shop.info().shop, seqs, [&](const model::RecordView& record) {
    if (record.type != model::RecordType::event) return;
    codec::Property property;
    std::vector<codec::ProductLine> lines;
    for (codec::PropertyReader in(record.clear); in.next(property);) {
      if (property.id == p::product_id && is_view(record.kind))
        named.push_back({std::string(property.bytes), TakenAs::viewed, record.event_time.ms});
      if (property.id != p::products || record.kind != k::order_completed) continue;
      codec::read_lines(property.bytes, lines);
      for (const codec::ProductLine& line : lines)
        named.push_back({std::string(line.product_id), TakenAs::bought, record.event_time.ms});
    }
  }));
  std::stable_sort(named.begin(), named.end(),
                   [](const Named& a, const Named& b) { return a.time_ms < b.time_ms; });
  return ask_shop<std::vector<Taken>>(unit, [&]() -> Result<std::vector<Taken>> {
    const auto& ids = unit.shop.state().tables().dictionary(views::DictionaryKind::products);
    std::vector<Taken> taken;
    for (const Named& one : named) taken.push_back({ids.find(one.product), one.as, one.time_ms});
    return taken;
  });
}

/// On the shop thread: whom it is for, what is known of her, which scene.
Result<KnownPtr> look_up(ShopUnit& unit, const RecommendQuery& query, const RecommendDesk::Serving& serving) {
  std::optional<NodeId> node;
  CustomerId customer;
  if (!query.customer.empty()) {
    RAPPORT_TRY(customer, resolve(unit, query.customer));
  } else if (!query.anonymous_id.empty()) {
    RAPPORT_TRY(const model::Identifier identifier,
                model::Identifier::parse(model::IdentifierKind::anonymous_id, query.anonymous_id));
    node = unit.shop.desk().find(identifier);
    if (node && query.follows_links) customer = unit.shop.state().customer_of(*node);
    if (customer.value != 0) node.reset();
  }
  return unit.recommend_desk.know(query, serving, node, customer);
}

void decide_for(ShopUnit& unit, Workers& deciders, store::Store& store,
                const std::shared_ptr<const RecommendQuery>& query, const ServingPtr& serving,
                const Shared& reply) {
  const bool taken = unit.shop.read(query->after, [&unit, &deciders, &store, query, serving, reply] {
    Result<KnownPtr> known = look_up(unit, *query, *serving);
    if (!known.ok()) return (*reply)(known.error());
    const bool queued = deciders.run([&unit, &store, query, serving, reply, known = *known] {
      if (known->reads_own_records) {
        auto taken = own_records(unit, store, known->node, known->position);
        if (!taken.ok()) return (*reply)(taken.error());
        known->visit.seen = seen_of(*taken, *serving->book);
      }
      (*reply)(unit.recommend_desk.answer(*query, *serving, *known));
    });
    if (!queued) (*reply)(too_many());
  });
  if (!taken) (*reply)(too_many());
}

/// What follows is answered from what was published up to here.
void refresh_and_decide(ShopUnit& unit, Workers& deciders, store::Store& store,
                        const std::shared_ptr<const RecommendQuery>& query, const Shared& reply) {
  const bool queued = deciders.run([&unit, &deciders, &store, query, reply] {
    auto serving = unit.recommend_desk.refresh();
    if (!serving.ok()) return (*reply)(serving.error());
    decide_for(unit, deciders, store, query, *serving, reply);
  });
  if (!queued) (*reply)(too_many());
}

}  // namespace

void Engine::recommend(ShopNo shop, RecommendQuery asked, Reply<RecommendAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status there = position_is_there(*unit, asked.after); !there.ok()) return reply(there.error());
  const auto shared = std::make_shared<Reply<RecommendAnswer>>(std::move(reply));
  const auto query = std::make_shared<const RecommendQuery>(std::move(asked));
  Workers& deciders = *impl_->deciders;
  store::Store& store = *impl_->store;
  // Whoever waits for a position may have published something at it: only then is it known what is fresh.
  if (query->after && unit->shop.counters().folded.load() < query->after->value) {
    const bool taken = unit->shop.read(query->after, [unit, &deciders, &store, query, shared] {
      refresh_and_decide(*unit, deciders, store, query, shared);
    });
    if (!taken) (*shared)(too_many());
    return;
  }
  if (auto serving = unit->recommend_desk.current(); serving != nullptr)
    return decide_for(*unit, deciders, store, query, serving, shared);
  refresh_and_decide(*unit, deciders, store, query, shared);
}

}  // namespace rapport::engine
