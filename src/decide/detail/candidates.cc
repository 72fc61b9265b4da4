#include "decide/detail/candidates.h"

#include <algorithm>

#include "decide/detail/like.h"
#include "decide/needs.h"
#include "learn/category_rules.h"
#include "learn/habits.h"
#include "learn/neighbours.h"
#include "learn/next_basket.h"
#include "learn/pair_rules.h"
#include "text/normalise.h"

namespace rapport::decide::detail {
namespace {

using Kind = Evidence::Kind;
using learn::ModelSet;
using model::OfferKind;
using model::SceneLane;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kLooksBackMs = 30 * kDayMs;
constexpr std::int64_t kLastsMs = 730 * kDayMs;  ///< so long nobody buys again what lasts
constexpr double kUsedUp = 0.1;                  ///< P(bought again) from which a thing counts as used up
constexpr std::size_t kRecent = 50;              ///< different things of hers that count
constexpr std::size_t kBasket = 10;
constexpr double kViewWeight = 0.7;

/// One thing of hers and what it weighs: the newest 1, each further one less.
struct Own {
  OfferNo product = 0;
  bool bought = false;
  double weight = 1;
};

/// Her newest different things; a thing bought and viewed counts as bought.
std::vector<Own> recent_of(const Visit& visit, std::size_t most, bool bought_only) {
  std::vector<Own> own;
  double weight = 1;
  constexpr double kFade = 0.933;  // a half after ten
  for (std::size_t i = visit.seen.size(); i-- > 0 && own.size() < most;) {
    const Seen& seen = visit.seen[i];
    if (bought_only && !seen.bought) continue;
    const auto known =
        std::find_if(own.begin(), own.end(), [&](const Own& other) { return other.product == seen.product; });
    if (known == own.end()) {
      own.push_back({seen.product, seen.bought, weight * (seen.bought ? 1 : kViewWeight)});
      weight *= kFade;
    } else {
      known->bought |= seen.bought;
    }
  }
  return own;
}

/// Everything a source is told.
struct Inputs {
  const SceneLane& lane;
  const OfferBook& book;
  const ModelSet* models;
  const Visit& visit;
  const RecommendRequest& request;
  const Filter& filter;

  bool wants(OfferNo offer) const {
    const OfferKind kind = book.offer(offer).kind;
    return std::find(lane.kinds.begin(), lane.kinds.end(), kind) != lane.kinds.end();
  }
};

/// Sums strengths by offer and remembers what each rests on most. Its memory is kept between requests.
class Gatherer {
 public:
  explicit Gatherer(const OfferBook& book) : cells_(memory()) {
    if (cells_.size() < book.size()) cells_.resize(book.size());
  }
  ~Gatherer() {
    for (const OfferNo offer : touched_) cells_[offer].sum = 0;
  }
  Gatherer(const Gatherer&) = delete;

  void add(OfferNo offer, double strength, Kind kind, OfferNo source, const learn::PairRule* rule = nullptr) {
    if (!(strength > 0)) return;
    Cell& cell = cells_[offer];
    if (cell.sum == 0) {
      touched_.push_back(offer);
      cell.best = 0;
    }
    cell.sum += strength;
    if (strength <= cell.best) return;
    cell.best = strength;
    cell.source = source;
    cell.kind = kind;
    cell.rule = rule;
  }

  /// The best that the lane wants and the filter allows; `rung` is theirs, `baskets` those of the rules.
  std::vector<Candidate> best(const Inputs& in, Rung rung, std::uint64_t baskets = 0) {
    std::vector<std::pair<double, OfferNo>> ranked;
    ranked.reserve(touched_.size());
    for (const OfferNo offer : touched_) ranked.emplace_back(-cells_[offer].sum, offer);
    std::vector<Candidate> out;
    // A part is put in order at a time: mostly the first is enough.
    for (std::size_t begin = 0; begin < ranked.size() && out.size() < kCandidatesMost;) {
      const std::size_t end = std::min(ranked.size(), begin + 2 * kCandidatesMost);
      const auto first = ranked.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(end);
      if (last != ranked.end()) std::nth_element(first, last, ranked.end());
      std::sort(first, last);
      for (; begin < end && out.size() < kCandidatesMost; ++begin) {
        const OfferNo offer = ranked[begin].second;
        if (in.wants(offer) && in.filter.allows(offer)) out.push_back(candidate(offer, rung, baskets));
      }
      begin = std::max(begin, end);
    }
    const double most = out.empty() ? 1 : out.front().strength;
    for (Candidate& one : out) one.strength /= most;
    return out;
  }

 private:
  struct Cell {
    double sum = 0, best = 0;
    const learn::PairRule* rule = nullptr;
    OfferNo source = 0;
    Kind kind = Kind::any;
  };
  static std::vector<Cell>& memory() {
    static thread_local std::vector<Cell> cells;
    return cells;
  }
  Candidate candidate(OfferNo offer, Rung rung, std::uint64_t baskets) const {
    const Cell& cell = cells_[offer];
    Candidate one{offer, cell.sum, cell.best / cell.sum, {}, rung};
    one.evidence.kind = cell.kind;
    one.evidence.offer = cell.source;
    one.evidence.has_offer = true;
    if (cell.rule != nullptr) {
      one.evidence.both = cell.rule->both;
      one.evidence.left = cell.rule->left;
      one.evidence.right = cell.rule->right;
      one.evidence.baskets = baskets;
    }
    return one;
  }
  std::vector<Cell>& cells_;
  std::vector<OfferNo> touched_;
};

std::vector<Candidate> from_ranking(const Inputs& in, const std::vector<Ranked>& ranking, Kind kind,
                                    Rung rung) {
  std::vector<Candidate> out;
  for (const Ranked& ranked : ranking) {
    if (out.size() == kCandidatesMost) break;
    if (!in.wants(ranked.offer) || !in.filter.allows(ranked.offer)) continue;
    Candidate& one = out.emplace_back();
    one.offer = ranked.offer;
    one.strength = ranked.share;
    one.evidence.kind = kind;
    one.evidence.share = ranked.share;
    one.rung = rung;
  }
  const double most = out.empty() || out.front().strength <= 0 ? 1 : out.front().strength;
  for (Candidate& one : out) one.strength /= most;
  return out;
}

std::vector<Candidate> from_region(const Inputs& in) {
  if (const auto* region = in.book.in_region(in.visit.region); region != nullptr)
    return from_ranking(in, *region, Kind::region, Rung::region);
  return from_ranking(in, in.book.top(), Kind::top, Rung::shop);
}

/// What neighbour lists say of what is in view, or else of her own things.
std::vector<Candidate> from_neighbours(const Inputs& in, const learn::ItemNeighbours* model, bool in_view) {
  if (model == nullptr) return {};
  const std::size_t items = in.models->items.size();
  Gatherer found(in.book);
  const bool context = in_view && in.request.in_view;
  const auto add_from = [&](OfferNo source, double weight, Kind kind) {
    if (source >= items) return;
    for (const learn::Neighbour& near : model->lists().of(source)) {
      if (near.item < in.book.products())
        found.add(near.item, weight * static_cast<double>(near.similarity), kind, source);
    }
  };
  if (context) {
    add_from(*in.request.in_view, 1, Kind::in_view);
  } else {
    for (const Own& own : recent_of(in.visit, kRecent, false))
      add_from(own.product, own.weight, own.bought ? Kind::bought : Kind::viewed);
  }
  return found.best(in, context ? Rung::context : Rung::personal);
}

/// What the serving model of tastes makes of what is in view, or else of her own things.
std::vector<Candidate> from_like(const Inputs& in) {
  const LikeModel like = like_model(in.models);
  if (like.neighbours != nullptr) {
    std::vector<Candidate> out = from_neighbours(in, like.neighbours, true);
    for (Candidate& one : out) one.evidence.model = like.name;
    return out;
  }
  const bool context = in.request.in_view.has_value();
  std::vector<Own> own;
  if (context) {
    own.push_back({*in.request.in_view, false, 1});
  } else {
    own = recent_of(in.visit, kRecent, false);
  }
  std::vector<LikeSource> sources;
  for (const Own& one : own) {
    if (one.product < in.models->items.size()) sources.push_back({one.product, one.weight});
  }
  const auto allows = [&](std::uint32_t item) {
    const bool own_one =
        std::any_of(own.begin(), own.end(), [&](const Own& one) { return one.product == item; });
    return !own_one && item < in.book.products() && in.wants(item) && in.filter.allows(item);
  };
  std::vector<Candidate> out;
  for (const Liked& liked : liked_most(like, sources, kCandidatesMost, allows)) {
    const auto source =
        std::find_if(own.begin(), own.end(), [&](const Own& one) { return one.product == liked.source; });
    Candidate& one = out.emplace_back(Candidate{liked.item, liked.score, liked.main / liked.score, {}, {}});
    one.rung = context ? Rung::context : Rung::personal;
    one.evidence.kind = context ? Kind::in_view : source->bought ? Kind::bought : Kind::viewed;
    one.evidence.offer = liked.source;
    one.evidence.has_offer = true;
    one.evidence.model = like.name;
  }
  const double most = out.empty() ? 1 : out.front().strength;
  for (Candidate& one : out) one.strength /= most;
  return out;
}

/// The best-sellers of a category, each a harmonic share of `strength`.
template <class Add>
void add_best_of(const Inputs& in, std::uint32_t category, double strength, Add add) {
  double rank = 1;
  for (const Ranked& ranked : in.book.in_category(category)) {
    if (rank > 10) break;
    if (in.wants(ranked.offer)) add(ranked.offer, strength / rank++);
  }
}

/// What goes with the category of `source`, by rules between categories: a step below those between items.
void add_by_categories(const Inputs& in, const learn::CategoryRules* rules, OfferNo source, double weight,
                       Gatherer& found) {
  constexpr double kCategoryWeight = 0.1;
  if (rules == nullptr) return;
  const std::uint32_t from = rules->category_of(source);
  if (from == learn::CategoryRules::kNone) return;
  for (const learn::PairRule& rule : rules->rules().of(from)) {
    const OfferNo one_of_them = rules->an_item(rule.item);
    if (one_of_them >= in.book.products()) continue;
    add_best_of(in, in.book.category(one_of_them), weight * kCategoryWeight * rules->rules().added(rule),
                [&](OfferNo offer, double strength) {
                  found.add(offer, strength, Kind::category_rule, source, &rule);
                });
  }
}

std::vector<Candidate> from_rules(const Inputs& in) {
  const learn::PairRules* rules = in.models == nullptr ? nullptr : in.models->find<learn::PairRules>("rules");
  const auto* by_category =
      in.models == nullptr ? nullptr : in.models->find<learn::CategoryRules>("category-rules");
  Gatherer found(in.book);
  const auto add_from = [&](OfferNo source, double weight, Kind kind) {
    if (rules != nullptr && source < in.models->items.size()) {
      for (const learn::PairRule& rule : rules->of(source)) {
        if (rule.item < in.book.products())
          found.add(rule.item, weight * rules->added(rule), Kind::rule, source, &rule);
      }
    }
    if (const auto* bundles = in.book.bundles_of(source); bundles != nullptr) {
      for (const OfferNo bundle : *bundles) {
        if (in.wants(bundle)) found.add(bundle, weight * 0.5, kind, source);
      }
    }
    add_by_categories(in, by_category, source, weight, found);
    // The catalogue's own word for what goes with a category, where no basket has told yet.
    const std::uint32_t goes_with = in.book.goes_with(in.book.category(source));
    constexpr double kToldWeight = 0.02;
    add_best_of(in, goes_with, weight * kToldWeight,
                [&](OfferNo offer, double strength) { found.add(offer, strength, kind, source); });
  };
  if (in.request.in_view) {
    add_from(*in.request.in_view, 1, Kind::in_view);
  } else {
    for (const Own& own : recent_of(in.visit, kBasket, true)) add_from(own.product, own.weight, Kind::bought);
  }
  // Both kinds of rules are of the same orders, or of those with a category.
  std::vector<Candidate> out = found.best(in, in.request.in_view ? Rung::context : Rung::personal,
                                          rules == nullptr ? 0 : rules->baskets());
  for (Candidate& one : out) {
    if (one.evidence.kind == Kind::category_rule) one.evidence.baskets = by_category->rules().baskets();
  }
  return out;
}

/// What she may buy again, the likeliest first: by the habits that last baskets taught, or else by how near
/// the end of its usual interval each thing of hers is.
std::vector<learn::Habits::Repeat> repeats_of(const Inputs& in, const learn::Habits* habits) {
  std::vector<learn::Interaction> bought;
  for (const Seen& seen : in.visit.seen) {
    if (seen.bought && seen.product < in.models->items.size())
      bought.push_back({seen.product, 1, seen.time_ms});
  }
  const learn::History history{bought, in.visit.now.ms};
  if (habits != nullptr) return habits->repeats(history);
  std::vector<learn::Habits::Repeat> repeats;
  for (const auto& due : due_model(in.models)->due(history))
    repeats.push_back({due.item, due.score, due.last_ms, due.interval_days});
  std::sort(repeats.begin(), repeats.end(), [](const auto& a, const auto& b) {
    return a.odds != b.odds ? a.odds > b.odds : a.item < b.item;
  });
  return repeats;
}

std::vector<Candidate> from_due(const Inputs& in) {
  const auto* habits = in.models == nullptr ? nullptr : in.models->find<learn::Habits>("habits");
  if (habits == nullptr && due_model(in.models) == nullptr) return {};
  std::vector<Candidate> out;
  for (const learn::Habits::Repeat& one : repeats_of(in, habits)) {
    if (out.size() == kCandidatesMost || !(one.odds > 0)) break;
    if (!in.wants(one.item) || !in.filter.allows(one.item)) continue;
    Candidate& next = out.emplace_back();
    next.offer = one.item;
    next.strength = one.odds;
    next.rung = Rung::personal;
    next.evidence.kind = Kind::due;
    next.evidence.days = one.interval_days;
    next.evidence.over_days =
        static_cast<double>(in.visit.now.ms - one.last_ms) / static_cast<double>(kDayMs) - one.interval_days;
    if (habits != nullptr) next.evidence.model = "habits";
  }
  const double most = out.empty() ? 1 : out.front().strength;
  for (Candidate& one : out) one.strength /= most;
  return out;
}

/// How often she looked at each category lately, most first.
std::vector<std::pair<std::uint32_t, std::uint32_t>> categories_of(const OfferBook& book,
                                                                   const Visit& visit) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> counts;
  for (const Seen& seen : visit.seen) {
    const std::uint32_t category = book.category(seen.product);
    if (category == 0 || visit.now.ms - seen.time_ms > kLooksBackMs) continue;
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& count) { return count.first == category; });
    if (known == counts.end()) {
      counts.emplace_back(category, 1);
    } else {
      ++known->second;
    }
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return counts;
}

std::vector<Candidate> from_categories(const Inputs& in) {
  const auto counts = categories_of(in.book, in.visit);
  std::vector<Candidate> out;
  constexpr std::size_t kCategories = 3;
  for (std::size_t i = 0; i < std::min(kCategories, counts.size()); ++i) {
    double rank = 0;
    for (const Ranked& ranked : in.book.in_category(counts[i].first)) {
      if (out.size() == kCandidatesMost) break;
      if (!in.wants(ranked.offer) || !in.filter.allows(ranked.offer)) continue;
      Candidate& one = out.emplace_back();
      one.offer = ranked.offer;
      one.strength = static_cast<double>(counts[i].second) / counts.front().second / (1 + 0.1 * rank++);
      one.rung = Rung::personal;
      one.evidence.kind = Kind::category;
      one.evidence.count = counts[i].second;
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Candidate& a, const Candidate& b) { return a.strength > b.strength; });
  return out;
}

bool holds_any(const std::string& words, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
    return words.find(text::comparison_form(word)) != std::string::npos;
  });
}

/// A thing of hers that the offer is about: a bundle holds it, or they share a category or department.
std::optional<OfferNo> fits(const OfferBook& book, OfferNo offer, const std::vector<Own>& own) {
  for (const Own& one : own) {
    const auto* bundles = book.bundles_of(one.product);
    if (bundles != nullptr && std::find(bundles->begin(), bundles->end(), offer) != bundles->end())
      return one.product;
  }
  for (const Own& one : own) {
    const bool category = book.category(offer) != 0 && book.category(offer) == book.category(one.product);
    const bool department =
        book.department(offer) != 0 && book.department(offer) == book.department(one.product);
    if (category || department) return one.product;
  }
  return std::nullopt;
}

/// The strongest of her needs that the offer meets.
const VisitNeed* need_met(const OfferBook& book, OfferNo offer, const Visit& visit) {
  const VisitNeed* best = nullptr;
  for (const VisitNeed& need : visit.needs) {
    if ((best == nullptr || need.strength > best->strength) && meets_need(book, offer, need.need, need.form))
      best = &need;
  }
  return best;
}

std::vector<Candidate> from_offers(const Inputs& in) {
  const std::vector<Own> own = recent_of(in.visit, kBasket, false);
  std::vector<Candidate> out;
  for (const OfferKind kind : in.lane.kinds) {
    if (kind == OfferKind::product) continue;  // products have rankings of their own
    for (const OfferNo offer : in.book.of_kind(kind)) {
      if (!in.filter.allows(offer)) continue;
      if (!in.lane.only.empty() && !holds_any(in.book.words(offer), in.lane.only)) continue;
      Candidate& one = out.emplace_back();
      one.offer = offer;
      one.strength = 0.4;
      one.rung = Rung::policy;
      one.evidence.kind = Kind::offer;
      if (!in.lane.prefer.empty() && holds_any(in.book.words(offer), in.lane.prefer)) one.strength += 0.3;
      if (const auto fit = fits(in.book, offer, own)) {
        one.strength += 0.3;
        one.rung = Rung::personal;
        one.evidence.offer = *fit;
        one.evidence.has_offer = true;
      }
      if (const VisitNeed* need = need_met(in.book, offer, in.visit)) {
        one.strength += 0.5 * need->strength;
        one.rung = Rung::personal;
        one.evidence = {.kind = Kind::need};
        one.evidence.count = static_cast<std::uint32_t>(need - in.visit.needs.data());
        one.evidence.share = need->strength;
      }
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Candidate& a, const Candidate& b) { return a.strength > b.strength; });
  if (out.size() > kCandidatesMost) out.resize(kCandidatesMost);
  const double most = out.empty() ? 1 : out.front().strength;
  for (Candidate& one : out) one.strength /= most;
  return out;
}

}  // namespace

const learn::DueModel* due_model(const ModelSet* models) {
  if (models == nullptr) return nullptr;
  if (const auto* due = models->find<learn::DueModel>("due")) return due;
  const auto* next = models->find<learn::NextBasket>("next-basket");
  return next == nullptr ? nullptr : &next->due_model();
}

Filter::Filter(const OfferBook& book, const ModelSet* models, const Visit& visit,
               const RecommendRequest& request)
    : book_(book), visit_(visit), request_(request) {
  const learn::DueModel* due = due_model(models);
  for (std::size_t i = visit.seen.size(); i-- > 0;) {
    const Seen& seen = visit.seen[i];
    if (!seen.bought) continue;
    double again_days = 0;
    const auto& told = book.offer(seen.product).repurchase_days;
    if (told) {
      again_days = static_cast<double>(*told);
    } else if (due != nullptr && seen.product < models->items.size() &&
               due->item(seen.product).again >= kUsedUp) {
      again_days = due->item(seen.product).interval_days;
    }
    const double wait_ms =
        again_days > 0 ? again_days * static_cast<double>(kDayMs) / 2 : static_cast<double>(kLastsMs);
    if (static_cast<double>(visit.now.ms - seen.time_ms) < wait_ms) had_.push_back(seen.product);
  }
  std::sort(had_.begin(), had_.end());
}

bool Filter::in_price_band(const model::Offer& offer) const {
  if (request_.price_most < 0 && request_.price_least == 0) return true;
  if (offer.kind != OfferKind::product && offer.kind != OfferKind::bundle) return true;
  if (offer.price_minor < 0) return false;
  return offer.price_minor >= request_.price_least &&
         (request_.price_most < 0 || offer.price_minor <= request_.price_most);
}

bool Filter::allows(OfferNo offer) const {
  if (!book_.on_offer(offer, visit_.now)) return false;
  if (request_.in_view && *request_.in_view == offer) return false;
  const model::Offer& what = book_.offer(offer);
  const bool is_promotion = what.kind == OfferKind::coupon || what.kind == OfferKind::adviser;
  if (is_promotion && !visit_.may_market) return false;
  return in_price_band(what) && !std::binary_search(had_.begin(), had_.end(), offer) &&
         !std::binary_search(request_.left_out.begin(), request_.left_out.end(), offer);
}

std::vector<Candidate> candidates_of(const SceneLane& lane, const OfferBook& book, const ModelSet* models,
                                     const Visit& visit, const RecommendRequest& request,
                                     const Filter& filter) {
  const Inputs in{lane, book, models, visit, request, filter};
  switch (lane.source) {
    case model::SceneSource::region:
      return from_region(in);
    case model::SceneSource::trend:
      return from_ranking(in, book.trend(), Kind::trend, Rung::shop);
    case model::SceneSource::due:
      return from_due(in);
    case model::SceneSource::like:
      return models == nullptr ? std::vector<Candidate>() : from_like(in);
    case model::SceneSource::goes_with:
      return from_rules(in);
    case model::SceneSource::alike:
      return from_neighbours(in, models == nullptr ? nullptr : models->find<learn::ItemNeighbours>("content"),
                             true);
    case model::SceneSource::category:
      return from_categories(in);
    case model::SceneSource::offers:
      return from_offers(in);
    case model::SceneSource::newest:
      return from_ranking(in, book.newest(), Kind::newest, Rung::policy);
  }
  return {};
}

}  // namespace rapport::decide::detail
