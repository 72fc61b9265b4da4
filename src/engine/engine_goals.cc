#include "engine/detail/goal_nouns.h"
#include "engine/detail/ingest_one.h"
#include "engine/detail/noun_event.h"
#include "engine/detail/tiles.h"
#include "engine/detail/with_census.h"

// The programme: goals with what has become of them.
namespace rapport::engine {
namespace {

constexpr std::int32_t kWindow = 30;
constexpr std::int32_t kMonths = 12;

/// First days of the last twelve local months and the moment after the last counted hour, ascending.
std::vector<Instant> month_starts(Insight& insight, Instant as_of) {
  CivilTime local = insight.zone().to_local(as_of);
  local.day = 1;
  local.hour = local.minute = local.second = local.millisecond = 0;
  std::vector<Instant> starts(kMonths);
  for (std::int32_t i = kMonths; i-- > 0;) {
    starts[static_cast<std::size_t>(i)] = insight.zone().to_utc(local);
    if (--local.month == 0) {
      local.month = 12;
      --local.year;
    }
  }
  return starts;
}

class GoalReader {
 public:
  GoalReader(ShopUnit& unit, const Census& census)
      : state_(unit.shop.state()), insight_(unit.insight), census_(census) {
    const auto currency = Currency::parse(unit.shop.founding().currency);
    if (currency.ok()) currency_ = *currency;
    days_ = day_sums(state_, insight_.day_starts(census.plan.as_of, kWindow), census.plan.as_of);
    months_ = day_sums(state_, month_starts(insight_, census.plan.as_of), census.plan.as_of);
  }

  model::Goal goal(const GoalNoun& noun) const {
    model::Goal out;
    out.id = noun.id;
    out.body = noun.body;
    out.metric = noun.metric;
    const Metric* metric = find_metric(noun.metric);
    if (metric == nullptr) {
      out.reason = "no such metric is counted";
      return out;
    }
    const Measured now = metric->is_census ? measure(*metric, census_, false)
                                           : measure(*metric, state_, days_, currency_, 0, days_.days.size());
    out.actual = now.value;
    if (!now.value) out.reason = metric->reason;
    if (metric->is_census) return out;
    for (std::size_t month = 0; month < months_.days.size(); ++month) {
      out.series.push_back({months_.starts[month], insight_.date_of(months_.starts[month]),
                            measure(*metric, state_, months_, currency_, month, month + 1).value});
    }
    return out;
  }

 private:
  const views::ShopState& state_;
  Insight& insight_;
  const Census& census_;
  Currency currency_{{'C', 'N', 'Y'}};
  DaySums days_, months_;
};

}  // namespace

void Engine::goals(ShopNo shop, std::optional<EventSeq> after, Reply<model::Goals> reply) {
  with_census<model::Goals>(impl_->unit(shop), kWindow, after, std::move(reply),
                            [](ShopUnit& unit, const Census& census) -> Result<model::Goals> {
                              const GoalReader reader(unit, census);
                              model::Goals out;
                              for (const GoalNoun& noun : goal_nouns(unit.shop.state()))
                                out.goals.push_back(reader.goal(noun));
                              for (const Metric& metric : engine::metrics())
                                out.metrics.emplace_back(metric.id);
                              out.as_of = census.plan.as_of;
                              out.known_at = unit.shop.state().position();
                              return out;
                            });
}

void Engine::publish_goal(ShopNo shop, std::string id, std::string body, Reply<EventSeq> reply) {
  Result<model::Event> event = noun_event({"Goal Published", "goal_id", id, body}, currency_of(shop));
  if (!event.ok()) return reply(event.error());
  ingest_one(*this, shop, std::move(event).value(), std::move(reply));
}

}  // namespace rapport::engine
