#include "engine/detail/recommend_desk.h"

#include <algorithm>

#include "base/log.h"
#include "codec/json_writer.h"
#include "codec/scene.h"
#include "engine/detail/recommend_parts.h"
#include "engine/detail/taken.h"
#include "model/catalogue_ids.h"
#include "text/normalise.h"
#include "views/rule_eval.h"
#include "views/shipped_rules.h"

namespace rapport::engine {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kCheapNs = 50'000'000;  ///< made in less than this, it is made anew at every change
constexpr std::int64_t kRestFactor = 20;       ///< else after so many times as long as it took
constexpr std::int64_t kCountsRestNs = 60 * kSecondNs;
constexpr std::int64_t kLedgerRestNs = 2 * kSecondNs;
constexpr Duration kDrivenRest = hours(1);  ///< of a shop on a driven clock, by that clock
constexpr Duration kLedgerBudget = milliseconds(200);
constexpr std::string_view kTokenKey = "decision tokens";

}  // namespace

struct RecommendDesk::State {
  State(store::Store& store_, Shop& shop_, Shelf& shelf_) : store(store_), shop(shop_), shelf(shelf_) {}

  store::Store& store;
  Shop& shop;
  Shelf& shelf;
  mutable std::mutex pointer;  ///< held for one copy
  std::shared_ptr<const Serving> serving;
  std::mutex making;
  std::optional<SceneLedger> ledger;
  std::string key;
  std::atomic<bool> models_changed{false};

  Status find_key() {
    if (!key.empty()) return {};
    RAPPORT_TRY(const auto stored, store.named_key(kTokenKey));
    const codec::NodeKey found = stored.value_or(codec::make_node_key());
    if (!stored) RAPPORT_CHECK(store.put_named_key(kTokenKey, found));
    key.assign(reinterpret_cast<const char*>(found.data()), found.size());
    ledger.emplace(store, shop, key);
    return {};
  }
  bool is_fresh(const Serving& of, std::int64_t now_ns) const {
    const bool resting = now_ns < of.rests_until_ns;
    if (models_changed) return false;
    // While a driven clock moves, time is that clock's, so that lists do not depend on how fast it is driven.
    if (const Instant now{shop.counters().driven_now_ms.load()}; shop.driven() && now != of.driven_at)
      return now < of.driven_at + kDrivenRest &&
             (shop.counters().published.load() == of.published || resting);
    if (shop.counters().published.load() != of.published && !resting) return false;
    if (shop.counters().folded.load() != of.folded && now_ns >= of.ledger_due_ns) return false;
    return now_ns < of.counts_due_ns || resting;
  }
};

RecommendDesk::RecommendDesk(store::Store& store, Shop& shop, Shelf& shelf)
    : state_(std::make_unique<State>(store, shop, shelf)) {}
RecommendDesk::~RecommendDesk() = default;

void RecommendDesk::models_changed() {
  state_->models_changed = true;
}

std::shared_ptr<const RecommendDesk::Serving> RecommendDesk::current() const {
  std::shared_ptr<const Serving> found;
  {
    const std::lock_guard lock(state_->pointer);
    found = state_->serving;
  }
  return found != nullptr && state_->is_fresh(*found, monotonic_ns()) ? found : nullptr;
}

Result<std::shared_ptr<const RecommendDesk::Serving>> RecommendDesk::refresh() {
  const std::lock_guard lock(state_->making);
  if (auto found = current(); found != nullptr) return found;
  RAPPORT_CHECK(state_->find_key());
  std::shared_ptr<const Serving> before;
  {
    const std::lock_guard pointer(state_->pointer);
    before = state_->serving;
  }
  const std::int64_t began = monotonic_ns();
  auto made = std::make_shared<Serving>();
  const bool models_changed = state_->models_changed.exchange(false);
  made->published = state_->shop.counters().published.load();
  made->folded = state_->shop.counters().folded.load();
  made->driven_at = Instant{state_->shop.counters().driven_now_ms.load()};
  const bool whole = before == nullptr || models_changed || before->published != made->published ||
                     began >= before->counts_due_ns || made->driven_at != before->driven_at;
  if (whole) {
    auto models = state_->shelf.current();
    if (models.ok()) made->models = *models;
    RAPPORT_CHECK(fetch_offers(state_->shop, *made));
    RAPPORT_CHECK(fetch_scenes(state_->shop, *made));
    made->counts_due_ns = monotonic_ns() + kCountsRestNs;
  } else {
    *made = *before;
    made->folded = state_->shop.counters().folded.load();
  }
  for (bool all_read = false; !all_read;) {
    RAPPORT_TRY(all_read, state_->ledger->read_on(kLedgerBudget));
    if (!state_->shop.driven()) break;  // what is left is read by the next requests
  }
  learn_shares(*state_->ledger, *made);
  made->key = state_->key;
  const std::int64_t took = monotonic_ns() - began;
  made->ledger_due_ns = monotonic_ns() + std::max(kLedgerRestNs, 20 * took);
  if (whole) made->rests_until_ns = took < kCheapNs ? 0 : monotonic_ns() + kRestFactor * took;
  const std::lock_guard pointer(state_->pointer);
  state_->serving = made;
  return state_->serving;
}

Result<std::string> RecommendDesk::scenes_json() {
  RAPPORT_TRY(const auto serving, refresh());
  const std::lock_guard lock(state_->making);
  return write_scenes(*serving, *state_->ledger);
}

Result<SceneLedger::Past> RecommendDesk::past_of(const std::string& scene) {
  RAPPORT_TRY([[maybe_unused]] const auto serving, refresh());
  for (bool whole = false; !whole;) {
    // In pieces, so that whoever refreshes meanwhile waits for one of them only.
    const std::lock_guard lock(state_->making);
    RAPPORT_TRY(whole, state_->ledger->read_on(kLedgerBudget));
  }
  const std::lock_guard lock(state_->making);
  return state_->ledger->past_of(scene);
}

// --- what is known of whom it is for
// ----------------------------------------------------------------------------------------------

namespace {

std::string user_class_of(const views::ShopState& state, CustomerId customer) {
  const auto primary = state.primary(customer);
  return primary ? state.rules()[primary->value].name : "other";
}

std::uint8_t class_number(std::string_view name) {
  const auto names = views::class_precedence();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? SceneLedger::kOther : static_cast<std::uint8_t>(found - names.begin());
}

bool denied(const views::FactsView& facts, std::string_view purpose) {
  const auto consent = facts.consent(purpose, "");
  return consent && !*consent;
}

}  // namespace

Result<std::shared_ptr<RecommendDesk::Known>> RecommendDesk::know(const RecommendQuery& query,
                                                                  const Serving& serving,
                                                                  std::optional<NodeId> node,
                                                                  CustomerId customer) const {
  const views::ShopState& state = state_->shop.state();
  auto known = std::make_shared<Known>();
  known->position = state.position();
  known->visit.now = state_->shop.now();
  known->visit.region = query.region;
  if (node) customer = state.customer_of(*node);
  // Anybody with a public key may link an anonymous id to a person: what only the link tells is not hers.
  known->reads_own_records = node && customer.value != 0 && state.nodes_of(customer).size() > 1;
  if (known->reads_own_records) known->node = *node;
  const bool facts_count = customer.value != 0 && !known->reads_own_records;
  known->key = customer.value != 0 ? fmt::format("c_{}", customer.value) : query.anonymous_id;
  views::FactsBuffer buffer;
  std::optional<views::FactsView> facts;
  if (facts_count) {
    facts = state.facts(customer, known->visit.now, buffer);
    known->customer = customer;
    known->user_class = user_class_of(state, customer);
    known->visit.may_market = !denied(*facts, "marketing");
    known->personalised = !denied(*facts, "personalisation");
    if (known->personalised) {
      std::vector<Taken> taken;
      append_taken(*facts, taken);
      known->visit.seen = seen_of(taken, *serving.book);
      for (const views::NeedState& need : state.needs(customer)) {
        if (need.until <= known->visit.now) continue;
        std::string name(state.tables().words().text(need.need_word));
        std::string form = text::comparison_form(name);
        known->visit.needs.push_back(
            {std::move(name), std::move(form), static_cast<double>(need.strength_thousandths) / 1000});
      }
      if (const auto region = facts->trait(model::trait::region)) known->visit.region = *region;
    }
  }
  known->class_number = class_number(known->user_class);
  RAPPORT_TRY(known->scene,
              choose_scene(query, serving, *known, facts ? &*facts : nullptr, state.rule_context()));
  return known;
}

Result<RecommendAnswer> RecommendDesk::answer(const RecommendQuery& query, const Serving& serving,
                                              const Known& known) const {
  const ServingScene& scene = *known.scene;
  RAPPORT_TRY(const decide::RecommendRequest request, request_of(query, serving, known));
  const learn::ModelSet* models = serving.models == nullptr ? nullptr : &serving.models->set;
  const decide::Decision decision =
      decide::recommend(*serving.book, models, scene.scene, known.visit, request);
  return answer_of(query, serving, known, request, decision);
}

}  // namespace rapport::engine
