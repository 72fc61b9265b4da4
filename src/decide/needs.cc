#include "decide/needs.h"

#include <algorithm>
#include <map>

#include "decide/detail/candidates.h"
#include "learn/next_basket.h"

namespace rapport::decide {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kRuleDays = 30, kTasteDays = 14, kDueDaysLeast = 7;
constexpr double kLiftLeast = 1.2;
constexpr double kTasteWeight = 0.5;  ///< a share of taste is no probability that she buys
constexpr std::size_t kProducts = 3, kTasteSourcesLeast = 2, kTitleMostBytes = 60;
constexpr std::uint32_t kRuleOrdersLeast = 5;

std::string title_of(const OfferBook& book, OfferNo offer) {
  const model::Offer& what = book.offer(offer);
  std::string title = !what.title_en.empty() ? what.title_en : !what.title.empty() ? what.title : what.id;
  if (title.size() <= kTitleMostBytes) return title;
  std::size_t end = kTitleMostBytes;
  while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xC0U) == 0x80) --end;  // whole characters
  return title.substr(0, end);
}

std::string name_of(const OfferBook& book, OfferNo offer) {
  const model::Offer& what = book.offer(offer);
  return !what.category.empty() ? what.category : !what.title.empty() ? what.title : what.id;
}

/// Needs by name; of several reasons for one the strongest is told.
class Needs {
 public:
  explicit Needs(const OfferBook& book) : book_(book) {}

  void add(OfferNo wanted, Need need) {
    if (!(need.strength >= kNeedLeast)) return;
    need.need = name_of(book_, wanted);
    const auto [known, is_new] = needs_.try_emplace(need.need, need);
    std::vector<OfferNo> products = std::move(known->second.products);
    if (!is_new && need.strength > known->second.strength) known->second = std::move(need);
    if (std::find(products.begin(), products.end(), wanted) == products.end() && products.size() < kProducts)
      products.push_back(wanted);
    known->second.products = std::move(products);
  }
  std::vector<Need> strongest() && {
    std::vector<Need> out;
    for (auto& [name, need] : needs_) out.push_back(std::move(need));
    std::stable_sort(out.begin(), out.end(),
                     [](const Need& a, const Need& b) { return a.strength > b.strength; });
    if (out.size() > Need::kMost) out.resize(Need::kMost);
    for (Need& need : out) {
      need.strength = std::min(1.0, need.strength);
    }
    return out;
  }

 private:
  const OfferBook& book_;
  std::map<std::string, Need> needs_;
};

/// All that the three kinds of prediction ask.
struct Asked {
  const OfferBook& book;
  const learn::ModelSet& models;
  const Visit& visit;
  RecommendRequest request;
  detail::Filter filter;
  Asked(const OfferBook& book_, const learn::ModelSet& models_, const Visit& visit_)
      : book(book_), models(models_), visit(visit_), filter(book_, &models_, visit_, request) {}

  std::vector<detail::Candidate> from(model::SceneSource source) const {
    model::SceneLane lane;
    lane.source = source;
    lane.kinds = {model::OfferKind::product};
    return detail::candidates_of(lane, book, &models, visit, request, filter);
  }
  bool has_of_category(OfferNo product) const {
    const std::uint32_t category = book.category(product);
    return category != 0 && std::any_of(visit.seen.begin(), visit.seen.end(), [&](const Seen& seen) {
             return seen.bought && book.category(seen.product) == category;
           });
  }
};

void by_rules(const Asked& asked, Needs& needs) {
  for (const detail::Candidate& one : asked.from(model::SceneSource::goes_with)) {
    const Evidence& rule = one.evidence;
    if (rule.kind != Evidence::Kind::rule || rule.both < kRuleOrdersLeast) continue;
    const double confidence = static_cast<double>(rule.both) / rule.left;
    const double lift = confidence * static_cast<double>(rule.baskets) / rule.right;
    if (lift < kLiftLeast) continue;
    Need need;
    need.strength = confidence;
    need.until = Instant{asked.visit.now.ms + kRuleDays * kDayMs};
    need.source = NeedSource::rule;
    need.evidence = fmt::format(
        "rule: of {} orders with '{}' {} held '{}' too, confidence {:.2f}, lift {:.2f}", rule.left,
        title_of(asked.book, rule.offer), rule.both, title_of(asked.book, one.offer), confidence, lift);
    needs.add(one.offer, std::move(need));
  }
}

void by_due(const Asked& asked, Needs& needs) {
  const learn::DueModel* model = detail::due_model(&asked.models);
  if (model == nullptr) return;
  std::vector<learn::Interaction> bought;
  for (const Seen& seen : asked.visit.seen) {
    if (seen.bought && seen.product < asked.models.items.size())
      bought.push_back({seen.product, 1, seen.time_ms});
  }
  for (const auto& due : model->due({bought, asked.visit.now.ms})) {
    if (due.item >= asked.book.products() || !asked.filter.allows(due.item)) continue;
    const auto interval = static_cast<std::int64_t>(due.interval_days * static_cast<double>(kDayMs));
    Need need;
    need.strength = due.score;
    need.until = Instant{std::max(due.last_ms + 2 * interval, asked.visit.now.ms + kDueDaysLeast * kDayMs)};
    need.source = NeedSource::due;
    need.evidence = fmt::format(
        "due: '{}' is bought again after {:.0f} days, the last {:.0f} days ago, probability {:.2f}",
        title_of(asked.book, due.item), due.interval_days,
        static_cast<double>(asked.visit.now.ms - due.last_ms) / static_cast<double>(kDayMs), due.score);
    needs.add(due.item, std::move(need));
  }
}

void by_taste(const Asked& asked, Needs& needs) {
  std::vector<OfferNo> bought;
  for (const Seen& seen : asked.visit.seen) {
    if (seen.bought && std::find(bought.begin(), bought.end(), seen.product) == bought.end())
      bought.push_back(seen.product);
  }
  if (bought.size() < kTasteSourcesLeast) return;
  const auto candidates = asked.from(model::SceneSource::like);
  std::map<std::uint32_t, double> strengths;
  double all = 0;
  for (const detail::Candidate& one : candidates) {
    strengths[asked.book.category(one.offer)] += one.strength;
    all += one.strength;
  }
  for (const detail::Candidate& one : candidates) {
    const std::uint32_t category = asked.book.category(one.offer);
    if (category == 0 || asked.has_of_category(one.offer)) continue;
    Need need;
    const double share = strengths[category] / all;
    need.strength = kTasteWeight * share;
    need.until = Instant{asked.visit.now.ms + kTasteDays * kDayMs};
    need.source = NeedSource::taste;
    need.evidence =
        fmt::format("taste: {:.0f} % of what customers take who took the same {} things, the best of it '{}'",
                    100 * share, bought.size(), title_of(asked.book, one.offer));
    needs.add(one.offer, std::move(need));
  }
}

}  // namespace

std::string_view need_source_name(NeedSource source) {
  constexpr std::string_view kNames[] = {"rule", "due", "taste"};
  return kNames[static_cast<std::size_t>(source)];
}

std::vector<Need> predict_needs(const OfferBook& book, const learn::ModelSet& models, const Visit& visit) {
  const Asked asked(book, models, visit);
  Needs needs(book);
  by_rules(asked, needs);
  by_due(asked, needs);
  by_taste(asked, needs);
  return std::move(needs).strongest();
}

bool meets_need(const OfferBook& book, OfferNo offer, std::string_view need, std::string_view form) {
  const model::Offer& what = book.offer(offer);
  if (what.category == need || what.goes_with == need) return true;
  if (!form.empty() && book.words(offer).find(form) != std::string::npos) return true;
  return std::any_of(what.products.begin(), what.products.end(), [&](const std::string& id) {
    const auto product = book.find(model::OfferKind::product, id);
    return product && book.offer(*product).category == need;
  });
}

}  // namespace rapport::decide
