#include "engine/engine_needs.h"

#include <algorithm>

#include "codec/event_builder.h"
#include "decide/needs.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/recommend_parts.h"
#include "engine/detail/slices.h"

// Needs: predicted beside the shop thread out of a copy of what customers took, published as events.
namespace rapport::engine {
namespace {

constexpr std::string_view kLastRun = "needs/last";
constexpr Duration kRunsApart = hours(24), kActive = hours(24 * 30);
constexpr std::size_t kCustomersMost = 20'000, kEventsAtOnce = 200;

/// Of one customer, copied on the shop thread.
struct Profile {
  CustomerId customer;
  std::vector<Taken> taken;
  std::vector<std::string> held;  ///< needs that hold now
  bool may_market = true;
};

/// Where the last run ended: its time and the customer to go on from.
struct LastRun {
  Instant at = Instant::min();
  CustomerId upto;
};

Result<LastRun> last_run(ShopUnit& unit, store::Store& store) {
  LastRun run;
  RAPPORT_TRY(const auto stored, store.get(store::Table::settings, unit.shop.info().shop, kLastRun));
  if (!stored) return run;
  ByteReader in(*stored);
  run.at = Instant{in.i64()};
  run.upto = CustomerId{static_cast<std::uint32_t>(in.varint())};
  return in.ok() ? run : LastRun{};
}

Status remember(ShopUnit& unit, store::Store& store, const LastRun& run) {
  std::string bytes;
  ByteWriter out(bytes);
  out.i64(run.at.ms);
  out.varint(run.upto.value);
  return store.put(store::Table::settings, unit.shop.info().shop, kLastRun, bytes);
}

bool denied(const views::FactsView& facts, std::string_view purpose) {
  const auto consent = facts.consent(purpose, "");
  return consent && !*consent;
}

/// One walk over everybody, a slice at a time on the shop thread.
class Walk {
 public:
  Walk(Shop& shop, CustomerId after) : shop_(shop), at_(after) {}

  bool step(std::int64_t deadline_ns) {
    const views::ShopState& state = shop_.state();
    now = shop_.now();
    bool more = false;
    int visited = 0;
    state.for_each_customer(at_, [&](CustomerId customer) {
      at_ = customer;
      look_at(state, customer);
      more = (++visited % 16 == 0 && monotonic_ns() > deadline_ns) || profiles.size() == kCustomersMost;
      return !more;
    });
    if (profiles.size() == kCustomersMost) return false;
    if (!more) at_ = {};
    return more;
  }
  /// From whom the next run goes on.
  CustomerId upto() const { return at_; }

  std::vector<Profile> profiles;
  Instant now;

 private:
  void look_at(const views::ShopState& state, CustomerId customer) {
    const views::FactsView facts = state.facts(customer, now, buffer_);
    Profile one;
    append_taken(facts, one.taken);
    if (one.taken.empty() || one.taken.back().time_ms < (now - kActive).ms) return;
    if (denied(facts, "personalisation")) return;
    for (const views::NeedState& need : state.needs(customer)) {
      if (need.until > now) one.held.emplace_back(state.tables().words().text(need.need_word));
    }
    if (one.held.size() >= decide::Need::kMost) return;
    one.customer = customer;
    one.may_market = !denied(facts, "marketing");
    profiles.push_back(std::move(one));
  }

  Shop& shop_;
  CustomerId at_;
  views::FactsBuffer buffer_;
};

Result<std::shared_ptr<Walk>> walk_customers(Shop& shop, CustomerId after) {
  auto walk = std::make_shared<Walk>(shop, after);
  RAPPORT_CHECK(walk_in_slices(shop, walk));
  return walk;
}

struct Predicted {
  CustomerId customer;
  decide::Need need;
};

/// What is new: needs that she does not hold, so many that she holds five at most.
std::vector<Predicted> predicted_of(const Walk& walk, const RecommendDesk::Serving& serving) {
  std::vector<Predicted> out;
  for (const Profile& one : walk.profiles) {
    decide::Visit visit;
    visit.now = walk.now;
    visit.may_market = one.may_market;
    visit.seen = seen_of(one.taken, *serving.book);
    std::size_t held = one.held.size();
    for (decide::Need& need : decide::predict_needs(*serving.book, serving.models->set, visit)) {
      if (held == decide::Need::kMost) break;
      if (std::find(one.held.begin(), one.held.end(), need.need) != one.held.end()) continue;
      out.push_back({one.customer, std::move(need)});
      ++held;
    }
  }
  return out;
}

/// On the shop thread. Nothing for whom nothing names any more.
Result<std::optional<model::Event>> event_of(ShopUnit& unit, const Predicted& one, Instant now,
                                             const decide::OfferBook& book) {
  const views::ShopState& state = unit.shop.state();
  std::optional<NodeId> named;
  for (const NodeId node : state.nodes_of(one.customer)) {
    if (!named && unit.shop.texts().find(node)) named = node;
  }
  if (!named) return std::optional<model::Event>();
  std::vector<std::string_view> products;
  for (const decide::OfferNo product : one.need.products) products.push_back(book.offer(product).id);
  const std::string message_id = fmt::format("need-{}-{}-{}", one.customer.value,
                                             digest_hex(sha256(one.need.need)).substr(0, 12), now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Need Predicted";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{*state.kind_of(*named), *unit.shop.texts().find(*named)}};
  input.properties = {{"need", std::string_view(one.need.need)},
                      {"strength", one.need.strength},
                      {"until", one.need.until},
                      {"evidence", std::string_view(one.need.evidence)},
                      {"product_ids", std::move(products)}};
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  return std::optional(std::move(event));
}

Result<std::size_t> publish_all(Inquiry& inquiry, const std::vector<Predicted>& predicted, Instant now,
                                const decide::OfferBook& book) {
  std::size_t published = 0;
  for (std::size_t begin = 0; begin < predicted.size(); begin += kEventsAtOnce) {
    const std::size_t end = std::min(predicted.size(), begin + kEventsAtOnce);
    using Events = std::vector<model::Event>;
    RAPPORT_TRY(Events events, ask_shop<Events>(inquiry.unit(), [&]() -> Result<Events> {
                  Events made;
                  for (std::size_t i = begin; i < end; ++i) {
                    RAPPORT_TRY(auto event, event_of(inquiry.unit(), predicted[i], now, book));
                    if (event) made.push_back(std::move(*event));
                  }
                  return made;
                }));
    if (events.empty()) continue;
    published += events.size();
    RAPPORT_TRY([[maybe_unused]] const EventSeq seq, inquiry.publish(std::move(events)));
  }
  return published;
}

}  // namespace

Result<std::size_t> predict_needs(Inquiry& inquiry) {
  ShopUnit& unit = inquiry.unit();
  // A shop without models is asked all day long: it costs a look and no more.
  RAPPORT_TRY(const auto models, unit.shelf.current());
  if (models == nullptr) return std::size_t{0};
  RAPPORT_TRY(const auto serving, unit.recommend_desk.refresh());
  if (serving->models == nullptr) return std::size_t{0};
  RAPPORT_TRY(const LastRun before, last_run(unit, inquiry.store()));
  RAPPORT_TRY(const auto walk, walk_customers(unit.shop, before.upto));
  const std::vector<Predicted> predicted = predicted_of(*walk, *serving);
  RAPPORT_TRY(const std::size_t published, publish_all(inquiry, predicted, walk->now, *serving->book));
  RAPPORT_CHECK(remember(unit, inquiry.store(), {walk->now, walk->upto()}));
  return published;
}

void predict_due_needs(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  auto shared = std::make_shared<Reply<std::size_t>>(std::move(reply));
  engine.inquire(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const Instant now, inquiry.now());
        RAPPORT_TRY(const LastRun before, last_run(inquiry.unit(), inquiry.store()));
        if (before.at != Instant::min() && now < before.at + kRunsApart) return std::string("0");
        RAPPORT_TRY(const std::size_t published, predict_needs(inquiry));
        return std::to_string(published);
      },
      [shared](Result<std::string> answer) {
        if (!answer.ok()) return (*shared)(answer.error());
        (*shared)(static_cast<std::size_t>(std::strtoull(answer->c_str(), nullptr, 10)));
      });
}

}  // namespace rapport::engine
