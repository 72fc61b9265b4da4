#include <cmath>

#include "engine/detail/with_census.h"
#include "math/distributions.h"
#include "model/catalogue_ids.h"

// Services, journey and heat map.
namespace rapport::engine {
namespace {

constexpr std::size_t kFrictionsShown = 50;
constexpr std::size_t kPagesShown = 200;

struct Moments {
  double n = 0, mean = 0, variance = 0;  ///< of stars; the variance is unbiased
};
Moments moments_of(std::uint64_t n, std::int64_t sum, std::int64_t squares) {
  Moments out;
  out.n = static_cast<double>(n);
  if (n == 0) return out;
  out.mean = static_cast<double>(sum) / out.n / 1000;
  if (n < 2) return out;
  const double spread = static_cast<double>(squares) / 1e6 - out.n * out.mean * out.mean;
  out.variance = std::max(0.0, spread / (out.n - 1));
  return out;
}

/// Welch (1947): the difference of two means of unequal variance, with Satterthwaite's degrees of freedom.
void compare(const SatisfactionSums& users, const SatisfactionSums& all, model::ServiceCard& card) {
  const Moments a = moments_of(users.n, users.sum, users.squares);
  const Moments b = moments_of(all.n - users.n, all.sum - users.sum, all.squares - users.squares);
  card.users = {users.n, a.mean};
  card.non_users = {all.n - users.n, b.mean};
  if (a.n < 2 || b.n < 2) {
    card.satisfaction_reason = "fewer than two customers of a group have answered csat";
    return;
  }
  const double va = a.variance / a.n, vb = b.variance / b.n;
  card.difference = a.mean - b.mean;
  if (va + vb <= 0) {
    card.satisfaction_reason = "all answers of both groups are alike: no interval";
    return;
  }
  const double df = (va + vb) * (va + vb) / (va * va / (a.n - 1) + vb * vb / (b.n - 1));
  const double half = math::t_quantile(0.975, df) * std::sqrt(va + vb);
  card.ci_low = *card.difference - half;
  card.ci_high = *card.difference + half;
}

model::ServiceCard card_of(const views::ShopState& state, const Census& census, std::string_view id) {
  static const ServiceCounts kNone;
  const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::services).find(id);
  const auto found = census.services.find(number);
  const ServiceCounts& counts = number == 0 || found == census.services.end() ? kNone : found->second;
  model::ServiceCard card;
  card.service_id = id;
  card.body = state.noun(model::kind::service_published, id);
  for (std::size_t stage = 0; stage < views::kLifeStages; ++stage) {
    card.stages.emplace_back(views::stage_name(static_cast<views::ServiceStage>(stage)),
                             counts.customers[stage]);
  }
  card.late = counts.late;
  card.errors = counts.errors;
  card.customers = counts.holders;
  if (census.activity.ever_ordered > 0)
    card.attach_rate =
        static_cast<double>(counts.holders) / static_cast<double>(census.activity.ever_ordered);
  card.ratings = counts.ratings;
  if (counts.ratings > 0)
    card.mean_rating =
        static_cast<double>(counts.rating_thousandths) / 1000 / static_cast<double>(counts.ratings);
  compare(counts.users, census.satisfaction, card);
  return card;
}

model::ServiceBoard board_of(const views::ShopState& state, const Census& census) {
  model::ServiceBoard board;
  board.base = census.activity.ever_ordered;
  board.customers = census.rows.size();
  board.as_of = census.plan.as_of;
  board.known_at = census.known_at;
  std::vector<std::string_view> ids = state.noun_ids(model::kind::service_published);
  for (const auto& [number, counts] : census.services) {
    const std::string_view id = state.tables().dictionary(views::DictionaryKind::services).text(number);
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  for (const std::string_view id : ids) board.services.push_back(card_of(state, census, id));
  return board;
}

/// Who took a step in the window.
std::string step_rule(std::size_t step, std::int32_t window) {
  const auto kind = static_cast<JourneyStepKind>(step);
  if (kind == JourneyStepKind::repurchase) return fmt::format("count(Purchase) >= 2 in {}d", window);
  return fmt::format("{} within {}d", journey_step_info(kind).events, window);
}

/// Who took it and no later one of the path.
std::string left_rule(std::size_t step, std::int32_t window) {
  std::string rule = step_rule(step, window);
  for (std::size_t later = step + 1; later < kJourneySteps; ++later) {
    if (journey_step_info(static_cast<JourneyStepKind>(later)).on_path)
      rule += fmt::format(" and not {}", step_rule(later, window));
  }
  return rule;
}

model::Journey journey_of(const views::ShopState& state, const Census& census) {
  using enum model::Drill::Kind;
  model::Journey out;
  out.days = census.plan.days;
  out.as_of = census.plan.as_of;
  out.known_at = census.known_at;
  for (std::size_t i = 0; i < kJourneySteps; ++i) {
    const JourneyStepInfo& info = journey_step_info(static_cast<JourneyStepKind>(i));
    const JourneyCounts::Step& counts = census.journey.steps[i];
    model::JourneyStep step;
    step.phase = info.phase;
    step.step = info.name;
    step.customers = counts.customers;
    step.events = counts.events;
    step.drill = {condition, step_rule(i, out.days)};
    if (counts.to_next.count() > 0) step.median_seconds_to_next = counts.to_next.median();
    if (info.on_path) {
      // Whoever took the last step of the path did not leave it.
      if (i + 1 < kJourneySteps) {
        step.left = counts.left;
        step.left_drill = {condition, left_rule(i, out.days)};
      }
    }
    out.steps.push_back(std::move(step));
  }
  for (const auto& [key, count] : census.friction) {
    const std::string where(state.tables().words().text(key.second));
    out.friction.push_back({std::string(friction_name(key.first)),
                            where,
                            count,
                            {condition, friction_rule(key.first, where, out.days)}});
  }
  std::stable_sort(out.friction.begin(), out.friction.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  if (out.friction.size() > kFrictionsShown) out.friction.resize(kFrictionsShown);
  return out;
}

model::PageAreas areas_of(const views::ShopState& state, Instant now, const std::string& page) {
  model::PageAreas out;
  out.known_at = state.position();
  const auto period = static_cast<std::int32_t>(day_number(now) / 28);
  const std::vector<views::AreaCount> all = state.area_counts(period - 1);
  out.since = Instant{std::int64_t{period - 1} * 28 * days(1).ms};
  const views::Dictionary& words = state.tables().words();
  std::map<std::uint32_t, std::uint64_t> pages;
  for (const views::AreaCount& count : all) {
    pages[count.page_word] += count.count;
  }
  for (const auto& [word, count] : pages) out.pages.emplace_back(words.text(word), count);
  std::stable_sort(out.pages.begin(), out.pages.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.pages.size() > kPagesShown) out.pages.resize(kPagesShown);
  out.page = page.empty() && !out.pages.empty() ? out.pages.front().first : page;
  const std::uint32_t asked = words.find(out.page);
  std::map<std::uint32_t, model::PageAreas::Area> areas;
  for (const views::AreaCount& count : all) {
    if (asked == 0 || count.page_word != asked) continue;
    model::PageAreas::Area& area = areas[count.area_word];
    area.area = words.text(count.area_word);
    area.dwell_ms += count.dwell_ms;
    area.count += count.count;
  }
  for (auto& [word, area] : areas) out.areas.push_back(std::move(area));
  std::stable_sort(out.areas.begin(), out.areas.end(),
                   [](const auto& a, const auto& b) { return a.dwell_ms > b.dwell_ms; });
  return out;
}

}  // namespace

void Engine::services(ShopNo shop, std::optional<EventSeq> after, Reply<model::ServiceBoard> reply) {
  with_census<model::ServiceBoard>(impl_->unit(shop), 30, after, std::move(reply),
                                   [](ShopUnit& unit, const Census& census) -> Result<model::ServiceBoard> {
                                     return board_of(unit.shop.state(), census);
                                   });
}

void Engine::journey(ShopNo shop, std::int32_t days, std::optional<EventSeq> after,
                     Reply<model::Journey> reply) {
  with_census<model::Journey>(impl_->unit(shop), days, after, std::move(reply),
                              [](ShopUnit& unit, const Census& census) -> Result<model::Journey> {
                                return journey_of(unit.shop.state(), census);
                              });
}

void Engine::page_areas(ShopNo shop, std::string page, std::optional<EventSeq> after,
                        Reply<model::PageAreas> reply) {
  impl_->on_shop<model::PageAreas>(shop, after, std::move(reply),
                                   [page = std::move(page)](ShopUnit& unit) -> Result<model::PageAreas> {
                                     const Instant now = std::max(unit.shop.now(), unit.shop.state().now());
                                     return areas_of(unit.shop.state(), now, page);
                                   });
}

}  // namespace rapport::engine
