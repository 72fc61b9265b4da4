#include "bench/small_shop.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "codec/scene.h"
#include "learn/popularity.h"
#include "learn/recommender.h"

namespace rapport::bench {
namespace {

using world::WorldEvent;

constexpr Duration kWindow = hours(24);                      ///< not taken within it: ignored
constexpr Duration kSharesRest = hours(1);                   ///< as a shop on a driven clock does
constexpr std::string_view kScenes[] = {"home", "product"};  ///< on the first page, and beside a product

template <class T>
T value_of(const WorldEvent& event, std::string_view name, T fallback) {
  for (const world::NamedValue& each : event.properties) {
    if (each.name == name && std::holds_alternative<T>(each.value)) return std::get<T>(each.value);
  }
  return fallback;
}
std::string text_of(const WorldEvent& event, std::string_view name) {
  return std::string(value_of<std::string_view>(event, name, {}));
}

}  // namespace

SmallShop::SmallShop(const SmallShopOptions& options)
    : options_(options), world_(options.world), lists_from_(world_.end() - days(options.lists_days)) {
  world_.answer_from(lists_from_, [this](const world::Moment& moment) { return answer(moment); });
}

Result<SmallShop::Earned> SmallShop::run() {
  RAPPORT_CHECK(open_scenes());
  WorldEvent event;
  while (world_.next(event)) {
    if (!failed_.ok()) return failed_.error();
    close_before(event.timestamp - kWindow);
    take(event);
  }
  close_before(Instant::never());
  Earned earned;
  for (const auto& [where, counts] : outcomes_) {
    const model::Scene& scene = scenes_[where.first].scene;
    earned.lanes.push_back({scene.id, scene.lanes[where.second].name, counts.first, counts.second});
    earned.shown += counts.first;
    earned.taken += counts.second;
  }
  return earned;
}

/// The shipped ones, under this policy and without a hold-out.
Status SmallShop::open_scenes() {
  for (const std::string_view id : kScenes) {
    RAPPORT_TRY(model::Scene scene, codec::parse_scene(id, codec::shipped_scenes().at(id)));
    scene.policy = options_.policy;
    scenes_.push_back({std::move(scene), {}, {}});
  }
  return {};
}

/// What was known when the first list is asked for: models, offers, what sold.
Status SmallShop::open_book() {
  learn::InteractionsBuilder bought, all;
  for (const auto& entry : parts_.products) {
    RAPPORT_CHECK(bought.add_item(entry.offer.id));
    RAPPORT_CHECK(all.add_item(entry.offer.id));
    models_.items.push_back(entry.offer.id);
  }
  // In the order of their names, so that a run depends on its seed alone.
  std::map<std::string_view, const Person*> people;
  for (const auto& [name, person] : people_) people[name] = &person;
  for (const auto& [name, person] : people) {
    for (const decide::Seen& seen : person->seen) {
      const std::string& item = parts_.products[seen.product].offer.id;
      if (seen.bought) RAPPORT_CHECK(bought.add(name, item, seen.time_ms));
      RAPPORT_CHECK(all.add(name, item, seen.time_ms, seen.bought ? 1 : 0.5));
    }
  }
  RAPPORT_TRY(const learn::Interactions purchases, std::move(bought).build());
  RAPPORT_TRY(const learn::Interactions taken, std::move(all).build());
  learn::TrainContext context;
  context.attributes = &attributes_;
  for (const std::string_view name : {"trend", "due", "rules", "item-bm25", "content"}) {
    const bool of_all = name == "item-bm25";
    auto model = learn::train_model({std::string(name), {}}, of_all ? taken : purchases, context);
    if (!model.ok() && model.error().code != Errc::refused) return model.error();
    if (model.ok())
      models_.models.push_back({std::string(name), of_all ? "all" : "purchases", std::move(*model)});
  }
  if (const auto* trend = models_.find<learn::Popularity>("trend"))
    parts_.trend.assign(trend->shares().begin(), trend->shares().end());
  book_ = std::make_unique<const decide::OfferBook>(parts_);
  return {};
}

// --- what happens
// ----------------------------------------------------------------------------------------------------------------

std::string SmallShop::person_of(std::string_view user_id, std::string_view anonymous_id) const {
  if (!user_id.empty()) return std::string(user_id);
  const auto known = users_.find(std::string(anonymous_id));
  return known == users_.end() ? std::string(anonymous_id) : known->second;
}

std::string SmallShop::person_of(const WorldEvent& event) {
  std::string_view user, anonymous;
  for (const world::NamedIdentifier& each : event.identifiers)
    (each.kind == model::IdentifierKind::user_id ? user : anonymous) = each.value;
  if (!user.empty() && !anonymous.empty()) users_.emplace(anonymous, user);
  return person_of(user, anonymous);
}

void SmallShop::take(const WorldEvent& event) {
  if (event.name == "Product Published" || event.name == "Bundle Published") return publish(event);
  const std::string person = person_of(event);
  if (event.type == model::EventType::identify) {
    if (const std::string region = text_of(event, "region"); !region.empty()) people_[person].region = region;
  } else if (event.name == "Product Viewed") {
    people_[person].seen.push_back({numbers_.at(text_of(event, "product_id")), false, event.timestamp.ms});
  } else if (event.name == "Order Completed") {
    buy(event, person);
  } else if (event.name == "Recommendation Shown") {
    show(event, person);
  } else if (event.name == "Recommendation Clicked" || event.name == "Recommendation Bought" ||
             event.name == "Recommendation Ignored") {
    close(fmt::format("{}/{}", text_of(event, "decision_id"), value_of<std::int64_t>(event, "position", 0)),
          event.name != "Recommendation Ignored");
  }
}

void SmallShop::publish(const WorldEvent& event) {
  const bool product = event.name == "Product Published";
  auto& entry = (product ? parts_.products : parts_.others).emplace_back();
  model::Offer& offer = entry.offer;
  offer.kind = product ? model::OfferKind::product : model::OfferKind::bundle;
  offer.id = text_of(event, product ? "product_id" : "bundle_id");
  offer.title = text_of(event, product ? "name" : "title");
  offer.category = text_of(event, "category");
  offer.department = text_of(event, "department");
  offer.goes_with = text_of(event, "goes_with");
  offer.price_minor = value_of<world::Amount>(event, "price", {-1}).fen;
  for (const std::string_view id : value_of<std::span<const std::string_view>>(event, "product_ids", {}))
    offer.products.emplace_back(id);
  if (!product) return;
  offer.stock = value_of<std::int64_t>(event, "stock", 1);
  offer.repurchase_days = value_of<std::int64_t>(event, "repurchase_days", 0);
  numbers_[offer.id] = static_cast<std::uint32_t>(numbers_.size());
  auto& attributes = attributes_.emplace_back();
  const auto describe = [&](std::string word) {
    attributes.push_back(
        words_.emplace(std::move(word), static_cast<std::uint32_t>(words_.size())).first->second);
  };
  describe(offer.category);
  describe(text_of(event, "brand"));
  for (const char* name : {"scenes", "functions"}) {
    for (const std::string_view word : value_of<std::span<const std::string_view>>(event, name, {}))
      describe(std::string(word));
  }
  std::sort(attributes.begin(), attributes.end());
  attributes.erase(std::unique(attributes.begin(), attributes.end()), attributes.end());
}

void SmallShop::buy(const WorldEvent& event, const std::string& person) {
  for (const world::Line& line : value_of<std::span<const world::Line>>(event, "products", {})) {
    const std::uint32_t product = numbers_.at(std::string(line.product_id));
    Person& who = people_[person];
    who.seen.push_back({product, true, event.timestamp.ms});
    if (book_ == nullptr) {
      parts_.sold.push_back({product, "", 1});
      if (!who.region.empty()) parts_.sold.push_back({product, who.region, 1});
    }
    // Whoever buys what she was shown took it, whether or not she clicked.
    std::vector<std::string> taken;
    for (const auto& [key, open] : open_) {
      if (open.person == person && open.item == line.product_id) taken.push_back(key);
    }
    for (const std::string& key : taken) close(key, true);
  }
}

void SmallShop::show(const WorldEvent& event, const std::string& person) {
  const std::string decision = text_of(event, "decision_id");
  const auto list = lists_.find(decision);
  const std::int64_t position = value_of<std::int64_t>(event, "position", 0);
  if (list == lists_.end() || position < 1 || position > static_cast<std::int64_t>(list->second.lanes.size()))
    return;
  const std::uint8_t lane = list->second.lanes[static_cast<std::size_t>(position - 1)];
  if (lane == decide::kNoLane) return;
  const std::string key = fmt::format("{}/{}", decision, position);
  open_.emplace(key, Open{list->second.scene, lane, event.timestamp, person, text_of(event, "item")});
  by_age_.emplace_back(event.timestamp, key);
}

void SmallShop::close(const std::string& key, bool taken) {
  const auto found = open_.find(key);
  if (found == open_.end()) return;
  const Open open = found->second;
  open_.erase(found);
  auto& [shown, got] = outcomes_[{open.scene, open.lane}];
  ++shown;
  got += taken;
  scenes_[open.scene].tally.close(open.lane, taken);
}

void SmallShop::close_before(Instant moment) {
  for (; !by_age_.empty() && by_age_.front().first < moment; by_age_.pop_front())
    close(by_age_.front().second, false);
}

// --- what is shown
// -----------------------------------------------------------------------------------------------------------------

void SmallShop::learn_shares(Instant now) {
  if (learned_at_ != Instant::min() && now < learned_at_ + kSharesRest) return;
  learned_at_ = now;
  for (Scene& one : scenes_)
    one.shares = decide::lane_shares(one.scene, {}, one.tally, mix64(one.tally.closed() ^ 0x5ce7e));
}

world::ShownList SmallShop::answer(const world::Moment& moment) {
  if (book_ == nullptr) failed_ = open_book();
  if (!failed_.ok()) return {};
  learn_shares(moment.at);
  decide::Visit visit;
  visit.now = moment.at;
  if (const auto known = people_.find(person_of(moment.user_id, moment.anonymous_id));
      known != people_.end()) {
    visit.seen = known->second.seen;
    visit.region = known->second.region;
  }
  const std::size_t number = moment.product.empty() ? 0 : 1;
  const Scene& scene = scenes_[number];
  decide::RecommendRequest request;
  request.count = moment.count;
  // The same moment is answered with the same luck under every policy.
  static constexpr HashKey kKey = {'s', 'm', 'a', 'l', 'l'};
  request.seed =
      mix64(keyed_hash(kKey, moment.anonymous_id).low + static_cast<std::uint64_t>(moment.at.ms)) >> 11;
  request.shares = scene.shares;
  if (number == 1) request.in_view = book_->find(model::OfferKind::product, moment.product);
  const decide::Decision decision = decide::recommend(*book_, &models_, scene.scene, visit, request);
  world::ShownList list{fmt::format("d{}", moment.number), scene.scene.id, {}};
  Shown& shown = lists_[list.decision_id];
  shown.scene = number;
  for (const decide::Recommended& item : decision.items) {
    const model::Offer& offer = book_->offer(item.offer);
    list.items.push_back({std::string(model::offer_kind_name(offer.kind)), offer.id});
    shown.lanes.push_back(item.lane);
  }
  return list;
}

}  // namespace rapport::bench
