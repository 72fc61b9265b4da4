#include "decide/recommend.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/assert.h"
#include "base/random.h"
#include "decide/detail/candidates.h"

namespace rapport::decide {
namespace {

using detail::Candidate;
using detail::Filter;

constexpr std::size_t kWindow = 10;   ///< next best ones of a lane among which it explores
constexpr double kVariety = 0.85;     ///< of the strength is left for each of one category above
constexpr double kFillPoints = 0.01;  ///< of the best of what fills up a list

/// A lane with its candidates while places are filled.
struct Lane {
  std::vector<Candidate> candidates;
  std::vector<bool> gone;  ///< taken, by this lane or another
};

/// What a lane would put at the next place.
struct Offerable {
  std::size_t top = 0;              ///< index of its best candidate
  std::vector<std::size_t> window;  ///< its next few, by order
};

class Composer {
 public:
  Composer(const OfferBook& book, const learn::ModelSet* models, const model::Scene& scene,
           const Visit& visit, const RecommendRequest& request)
      : book_(book),
        scene_(scene),
        visit_(visit),
        request_(request),
        filter_(book, models, visit, request),
        random_(request.seed) {
    shares_ = request.shares;
    if (shares_.empty()) {
      for (const model::SceneLane& lane : scene.lanes)
        shares_.push_back(static_cast<double>(lane.share) / 100);
    }
    ASSERT(shares_.size() == scene.lanes.size());
    if (request.best_sellers_only) return;
    for (const model::SceneLane& lane : scene.lanes) {
      Lane& made = lanes_.emplace_back();
      made.candidates = detail::candidates_of(lane, book, models, visit, request, filter_);
      made.gone.assign(made.candidates.size(), false);
    }
  }

  Decision compose() {
    pin();
    const std::size_t cap =
        scene_.category_cap > 0 ? static_cast<std::size_t>(scene_.category_cap) : (request_.count + 1) / 2;
    while (out_.items.size() < request_.count && take_one(cap)) {
    }
    // With nothing else left the cap on a category gives way: a full list goes before.
    while (out_.items.size() < request_.count && take_one(request_.count)) {
    }
    fill();
    out_.rung = Rung::catalogue;
    for (const Recommended& item : out_.items) out_.rung = std::min(out_.rung, item.rung);
    return std::move(out_);
  }

 private:
  bool is_taken(OfferNo offer) const {
    return std::any_of(out_.items.begin(), out_.items.end(),
                       [&](const Recommended& item) { return item.offer == offer; });
  }
  std::size_t of_category(OfferNo offer) const {
    const std::uint32_t category = book_.category(offer);
    if (category == 0) return 0;
    return static_cast<std::size_t>(
        std::count_if(out_.items.begin(), out_.items.end(),
                      [&](const Recommended& item) { return book_.category(item.offer) == category; }));
  }
  double boost_of(OfferNo offer) const {
    double points = 0;
    for (const auto& [boosted, more] : request_.boosts) {
      if (boosted == offer) points += more;
    }
    return points;
  }
  static double variety_of(std::size_t above) {
    double left = 1;
    for (std::size_t i = 0; i < above; ++i) left *= kVariety;
    return left;
  }

  void pin() {
    for (const OfferNo offer : request_.pins) {
      if (out_.items.size() == request_.count) return;
      if (is_taken(offer) || !filter_.allows(offer)) continue;
      Recommended item;
      item.offer = offer;
      item.rung = Rung::policy;
      item.reasons.push_back({kNoLane, 1, {.kind = Evidence::Kind::pin}});
      add(std::move(item));
    }
  }

  /// Adds up the reasons and puts the item into the list.
  void add(Recommended item) {
    item.score = 0;
    for (const Reason& reason : item.reasons) item.score += reason.points;
    for (Lane& lane : lanes_) {
      for (std::size_t i = 0; i < lane.candidates.size(); ++i)
        lane.gone[i] = lane.gone[i] || lane.candidates[i].offer == item.offer;
    }
    out_.items.push_back(std::move(item));
  }

  std::optional<Offerable> offerable(const Lane& lane, std::size_t cap) const {
    Offerable found;
    double best = -1;
    for (std::size_t i = 0; i < lane.candidates.size() && found.window.size() < kWindow; ++i) {
      if (lane.gone[i]) continue;
      const std::size_t above = of_category(lane.candidates[i].offer);
      if (above >= cap) continue;
      found.window.push_back(i);
      const double strength =
          lane.candidates[i].strength * variety_of(above) + boost_of(lane.candidates[i].offer);
      if (strength <= best) continue;
      best = strength;
      found.top = i;
    }
    if (found.window.empty()) return std::nullopt;
    return found;
  }

  /// Draws a lane and one of its candidates. False when no lane has any left.
  bool take_one(std::size_t cap) {
    std::vector<std::optional<Offerable>> next;
    double open = 0;
    std::size_t last = lanes_.size();
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      next.push_back(offerable(lanes_[l], cap));
      if (!next[l] || !(shares_[l] > 0)) continue;
      open += shares_[l];
      last = l;
    }
    if (last == lanes_.size()) return false;
    double draw = random_.uniform() * open;
    std::size_t lane = last;
    for (std::size_t l = 0; l <= last; ++l) {
      if (!next[l] || !(shares_[l] > 0)) continue;
      draw -= shares_[l];
      if (draw < 0) {
        lane = l;
        break;
      }
    }
    const double explore = static_cast<double>(scene_.explore) / 100;
    const Offerable& from = *next[lane];
    const bool explores = random_.chance(explore);
    const std::size_t place = explores ? from.window[random_.below(from.window.size())] : from.top;
    const Candidate chosen = lanes_[lane].candidates[place];
    Recommended item;
    item.offer = chosen.offer;
    item.rung = chosen.rung;
    item.lane = static_cast<std::uint8_t>(lane);
    for (std::size_t l = 0; l < lanes_.size(); ++l)
      item.open = static_cast<std::uint16_t>(item.open | (next[l] ? 1U << l : 0U));
    item.propensity = propensity_of(chosen.offer, next, open, explore);
    explain(item);
    add(std::move(item));
    return true;
  }

  /// Over every way in which this place could have become this offer.
  double propensity_of(OfferNo offer, const std::vector<std::optional<Offerable>>& next, double open,
                       double explore) const {
    double probability = 0;
    for (std::size_t l = 0; l < next.size(); ++l) {
      if (!next[l] || !(shares_[l] > 0)) continue;
      const Offerable& from = *next[l];
      const auto& candidates = lanes_[l].candidates;
      double here = candidates[from.top].offer == offer ? 1 - explore : 0;
      for (const std::size_t i : from.window) {
        if (candidates[i].offer == offer) here += explore / static_cast<double>(from.window.size());
      }
      probability += shares_[l] / open * here;
    }
    return probability;
  }

  /// Every lane that offers it adds its share of points, each for what it rests on.
  void explain(Recommended& item) const {
    double sum = 0;
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      const auto& candidates = lanes_[l].candidates;
      const auto found = std::find_if(candidates.begin(), candidates.end(),
                                      [&](const Candidate& one) { return one.offer == item.offer; });
      if (found == candidates.end()) continue;
      const double points = shares_[l] * found->strength;
      const double main = points * found->main_part;
      sum += points;
      item.reasons.push_back({static_cast<std::uint8_t>(l), main, found->evidence});
      if (std::abs(points - main) > 1e-9)  // what she has may also speak against it
        item.reasons.push_back(
            {static_cast<std::uint8_t>(l), points - main, {.kind = Evidence::Kind::others}});
    }
    const std::size_t above = of_category(item.offer);
    if (above > 0) {
      Evidence variety{.kind = Evidence::Kind::variety};
      variety.count = static_cast<std::uint32_t>(above);
      item.reasons.push_back({kNoLane, sum * (variety_of(above) - 1), variety});
    }
    if (const double boost = boost_of(item.offer); boost != 0)
      item.reasons.push_back({kNoLane, boost, {.kind = Evidence::Kind::boost}});
  }

  /// The rest of the ladder: her region, the shop, anything that may be shown.
  void fill() {
    if (const auto* region = book_.in_region(visit_.region); region != nullptr && !request_.best_sellers_only)
      fill_from(*region, Evidence::Kind::region, Rung::region);
    fill_from(book_.top(), Evidence::Kind::top, Rung::shop);
    for (const bool published : {true, false}) {
      for (OfferNo offer = 0; offer < book_.products(); ++offer) {
        if (out_.items.size() == request_.count) return;
        if (book_.published(offer) == published)
          fill_with(offer, 0, {.kind = Evidence::Kind::any}, Rung::catalogue);
      }
    }
    for (const model::SceneLane& lane : scene_.lanes) {
      for (const model::OfferKind kind : lane.kinds) {
        if (kind == model::OfferKind::product) continue;
        for (const OfferNo offer : book_.of_kind(kind)) {
          if (out_.items.size() == request_.count) return;
          fill_with(offer, 0, {.kind = Evidence::Kind::any}, Rung::catalogue);
        }
      }
    }
  }
  void fill_from(const std::vector<Ranked>& ranking, Evidence::Kind kind, Rung rung) {
    const double most = ranking.empty() ? 1 : ranking.front().share;
    for (const Ranked& ranked : ranking) {
      if (out_.items.size() == request_.count) return;
      Evidence evidence{.kind = kind};
      evidence.share = ranked.share;
      fill_with(ranked.offer, kFillPoints * ranked.share / most, evidence, rung);
    }
  }
  void fill_with(OfferNo offer, double points, const Evidence& evidence, Rung rung) {
    if (!filter_.allows(offer) || is_taken(offer)) return;
    Recommended item;
    item.offer = offer;
    item.rung = rung;
    item.reasons.push_back({kNoLane, points, evidence});
    if (const double boost = boost_of(offer); boost != 0)
      item.reasons.push_back({kNoLane, boost, {.kind = Evidence::Kind::boost}});
    add(std::move(item));
  }

  const OfferBook& book_;
  const model::Scene& scene_;
  const Visit& visit_;
  const RecommendRequest& request_;
  Filter filter_;
  Random random_;
  std::vector<double> shares_;
  std::vector<Lane> lanes_;
  Decision out_;
};

}  // namespace

std::string_view rung_name(Rung rung) {
  constexpr std::string_view kNames[] = {"personal", "context", "region", "policy", "shop", "catalogue"};
  return kNames[static_cast<std::size_t>(rung)];
}

std::string_view evidence_name(Evidence::Kind kind) {
  constexpr std::string_view kNames[] = {"bought", "viewed",   "others",  "in_view", "rule", "category_rule",
                                         "due",    "category", "region",  "trend",   "top",  "offer",
                                         "need",   "newest",   "variety", "boost",   "pin",  "any"};
  return kNames[static_cast<std::size_t>(kind)];
}

Decision recommend(const OfferBook& book, const learn::ModelSet* models, const model::Scene& scene,
                   const Visit& visit, const RecommendRequest& request) {
  return Composer(book, models, scene, visit, request).compose();
}

bool looks_at_other_category(const OfferBook& book, const Visit& visit) {
  constexpr std::int64_t kWindowMs = std::int64_t{30} * 86'400'000;
  constexpr std::uint32_t kLooks = 3;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> looks;
  std::vector<std::uint32_t> bought;
  for (const Seen& seen : visit.seen) {
    const std::uint32_t category = book.category(seen.product);
    if (category == 0) continue;
    if (seen.bought) {
      bought.push_back(category);
    } else if (visit.now.ms - seen.time_ms < kWindowMs) {
      const auto known =
          std::find_if(looks.begin(), looks.end(), [&](const auto& look) { return look.first == category; });
      if (known == looks.end()) {
        looks.emplace_back(category, 1);
      } else {
        ++known->second;
      }
    }
  }
  return !bought.empty() && std::any_of(looks.begin(), looks.end(), [&](const auto& look) {
    return look.second >= kLooks && std::find(bought.begin(), bought.end(), look.first) == bought.end();
  });
}

}  // namespace rapport::decide
