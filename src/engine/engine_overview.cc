#include "engine/detail/goal_nouns.h"
#include "engine/detail/tiles.h"
#include "engine/detail/with_census.h"

// The first screen: tiles, funnel, what needs a person, what was unlike the days before.
namespace rapport::engine {
namespace {

constexpr std::string_view kShown[] = {"customers_active",
                                       "new_customers",
                                       "orders",
                                       "revenue",
                                       "average_order_value",
                                       "return_rate",
                                       "complaint_rate",
                                       "csat",
                                       "nps",
                                       "open_tickets",
                                       "resolution_hours",
                                       "recommendation_click_rate",
                                       "repurchase_rate"};
constexpr JourneyStepKind kFunnel[] = {JourneyStepKind::visit, JourneyStepKind::view, JourneyStepKind::cart,
                                       JourneyStepKind::checkout, JourneyStepKind::order};
constexpr std::size_t kDaysForChanges = 9;

/// One overview under construction, on the shop thread.
class OverviewMaker {
 public:
  OverviewMaker(ShopUnit& unit, const Census& census)
      : state_(unit.shop.state()), insight_(unit.insight), census_(census), shop_(unit.shop.info().name) {
    const auto currency = Currency::parse(unit.shop.founding().currency);
    if (currency.ok()) currency_ = *currency;
    out_.shop = shop_;
    out_.simulated = is_simulated(unit);
    out_.as_of = census.plan.as_of;
    out_.known_at = state_.position();
    out_.days = census.plan.days;
    out_.zone = insight_.zone().name();
    window_ = static_cast<std::size_t>(census.plan.days);
    const std::size_t back = std::max(2 * window_, kDaysForChanges);
    sums_ = day_sums(state_, insight_.day_starts(out_.as_of, static_cast<std::int32_t>(back)), out_.as_of);
    for (const Instant start : sums_.starts) dates_.push_back(insight_.date_of(start));
    goals_ = goal_nouns(state_);
  }

  model::Overview make() {
    for (const std::string_view id : kShown) tile(*find_metric(id));
    funnel();
    attention();
    return std::move(out_);
  }

 private:
  void tile(const Metric& metric) {
    model::Tile tile;
    tile.id = metric.id;
    tile.unit = metric.unit == "money" ? std::string(currency_.text()) : std::string(metric.unit);
    tile.definition = metric.definition;
    tile.up_is_better = metric.up_is_better;
    tile.target = target_of(goals_, metric.id, out_.as_of);
    const std::size_t end = sums_.days.size(), begin = end - window_;
    if (metric.is_census) {
      const Measured now = measure(metric, census_, false);
      tile.value = now.value;
      tile.n = now.n;
      tile.previous = measure(metric, census_, true).value;
      const Instant to = out_.as_of + milliseconds(1);
      tile.drill = drill_of(metric, currency_, to - days(out_.days), to, out_.days);
      if (metric.id == "customers_active" && tile.value) {
        for (std::size_t day = 0; day < census_.activity.by_day.size(); ++day) {
          tile.series.push_back({census_.plan.day_starts[day], dates_[begin + day],
                                 static_cast<double>(census_.activity.by_day[day])});
        }
      }
    } else {
      const Measured now = of_days(metric, begin, end);
      tile.value = now.value;
      tile.n = now.n;
      tile.previous = of_days(metric, begin - window_, begin).value;
      tile.drill = drill_of(metric, currency_, sums_.starts[begin], sums_.end, out_.days);
      series(metric, tile, begin);
    }
    if (!tile.value) tile.reason = metric.reason;
    out_.tiles.push_back(std::move(tile));
  }

  Measured of_days(const Metric& metric, std::size_t from, std::size_t to) const {
    return measure(metric, state_, sums_, currency_, from, to);
  }

  void series(const Metric& metric, model::Tile& tile, std::size_t begin) {
    const std::size_t end = sums_.days.size();
    // A comparison needs nine days, whatever window is shown.
    model::Tile long_tile;
    long_tile.id = tile.id;
    const std::size_t first = std::min(begin, end - kDaysForChanges);
    for (std::size_t day = first; day < end; ++day) {
      model::DayValue value{sums_.starts[day], dates_[day], of_days(metric, day, day + 1).value};
      if (day >= begin) tile.series.push_back(value);
      long_tile.series.push_back(std::move(value));
    }
    const bool is_count = metric.unit == "orders" || metric.unit == "customers" || metric.unit == "tickets";
    if (auto change = change_of(long_tile, is_count)) out_.changes.push_back(std::move(*change));
  }

  void funnel() {
    std::string later;
    for (std::size_t i = std::size(kFunnel); i-- > 0;) {
      const JourneyStepInfo& info = journey_step_info(kFunnel[i]);
      const std::string test = fmt::format("{} within {}d", info.events, out_.days);
      later = later.empty() ? after_order(test) : test + " or " + later;
      out_.funnel.insert(out_.funnel.begin(),
                         {std::string(info.name),
                          census_.journey.steps[static_cast<std::size_t>(kFunnel[i])].reached,
                          {model::Drill::Kind::condition, later}});
    }
  }

  /// A parcel signed for in the window tells of an order before it.
  std::string after_order(const std::string& test) const {
    return fmt::format("{} or {} within {}d", test, journey_step_info(JourneyStepKind::signed_for).events,
                       out_.days);
  }

  void attention() {
    const views::ShopTables& tables = state_.tables();
    for (const Problem& problem : census_.problems) {
      using enum views::DictionaryKind;
      const views::DictionaryKind dictionary = problem.kind == ProblemKind::ticket_open      ? tickets
                                               : problem.kind == ProblemKind::return_waiting ? returns
                                                                                             : contacts;
      const std::string kind(problem_name(problem.kind));
      out_.attention.push_back({kind, std::string(tables.dictionary(dictionary).text(problem.number)),
                                problem.customer, problem.since, "attention." + kind});
    }
    for (std::size_t kind = 0; kind < kProblemKinds; ++kind) {
      out_.attention_totals.emplace_back(problem_name(static_cast<ProblemKind>(kind)),
                                         census_.problem_totals[kind]);
    }
  }

  const views::ShopState& state_;
  Insight& insight_;
  const Census& census_;
  std::string shop_;
  Currency currency_{{'C', 'N', 'Y'}};
  std::size_t window_ = 30;
  DaySums sums_;
  std::vector<std::string> dates_;
  std::vector<GoalNoun> goals_;
  model::Overview out_;
};

}  // namespace

void Engine::overview(ShopNo shop, std::int32_t days, std::optional<EventSeq> after,
                      Reply<model::Overview> reply) {
  with_census<model::Overview>(impl_->unit(shop), days, after, std::move(reply),
                               [](ShopUnit& unit, const Census& census) -> Result<model::Overview> {
                                 return OverviewMaker(unit, census).make();
                               });
}

}  // namespace rapport::engine
