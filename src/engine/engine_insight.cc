#include "engine/detail/rule_trial.h"
#include "engine/detail/with_census.h"

// The shop as a whole: its classes, its services, its journey.
namespace rapport::engine {
namespace {

constexpr std::int32_t kUsualDays = 30;  // the window of lists, services, and of what names none

model::SegmentMatrix matrix_of(const views::ShopState& state, const Census& census) {
  model::SegmentMatrix out;
  out.as_of = census.plan.as_of;
  out.known_at = census.known_at;
  out.flow_days = census.plan.days;
  out.customers = census.rows.size();
  for (const ClassCount& counted : census.classes) {
    out.classes.push_back({counted.name, counted.members, counted.primary, counted.value_sum,
                           counted.urgency_sum, undetermined_of(state, counted.name)});
  }
  for (std::int32_t value = 0; value < 10; ++value) {
    for (std::int32_t urgency = 0; urgency < 10; ++urgency) {
      const std::vector<std::uint64_t>& counts =
          census.bins[static_cast<std::size_t>(value)][static_cast<std::size_t>(urgency)];
      model::MatrixBin bin{value, urgency, 0, {}};
      for (std::size_t i = 0; i < counts.size(); ++i) {
        bin.customers += counts[i];
        if (counts[i] > 0) bin.classes.emplace_back(census.classes[i].name, counts[i]);
      }
      if (bin.customers > 0) out.bins.push_back(std::move(bin));
    }
  }
  for (std::size_t from = 0; from < census.flows.size(); ++from) {
    for (std::size_t to = 0; to < census.flows[from].size(); ++to) {
      if (census.flows[from][to] == 0) continue;
      out.flows.push_back({from < census.classes.size() ? census.classes[from].name : "absent",
                           census.classes[to].name, census.flows[from][to]});
    }
  }
  return out;
}

}  // namespace

void Engine::warm() {
  constexpr std::uint64_t kCustomersMost = 1'000'000;
  const std::shared_lock lock(impl_->shops_mutex);
  for (const auto& unit : impl_->shops) {
    if (unit->shop.counters().customers.load() > kCustomersMost) continue;
    unit->insight.census(kUsualDays, std::nullopt, [](const std::shared_ptr<const Census>&) {});
  }
}

void Engine::segment_matrix(ShopNo shop, std::int32_t days, std::optional<EventSeq> after,
                            Reply<model::SegmentMatrix> reply) {
  with_census<model::SegmentMatrix>(impl_->unit(shop), days, after, std::move(reply),
                                    [](ShopUnit& unit, const Census& census) -> Result<model::SegmentMatrix> {
                                      return matrix_of(unit.shop.state(), census);
                                    });
}

}  // namespace rapport::engine
