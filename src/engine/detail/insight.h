#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/detail/census.h"
#include "engine/detail/name_index.h"
#include "engine/detail/shop.h"
#include "text/zone.h"

/// What one shop keeps for questions about all its customers: the last censuses and the names.
namespace rapport::engine {

class Insight {
 public:
  using Use = std::function<void(const std::shared_ptr<const Census>&)>;

  Insight(const store::Store& store, Shop& shop)
      : shop_(shop), names_(store, shop.info().shop, shop.keyring()) {}

  /// Calls `use` on the shop thread with a census of windows of `days`: one begun at or after `after` when
  /// that is given. Without it the last one serves while it is younger than ten times what it cost (at least
  /// a second), and after that too while a new one is taken, unless that takes no time worth mention. From
  /// any thread; false when too many reads wait.
  bool census(std::int32_t days, std::optional<EventSeq> after, Use use);

  /// Local days of the shop: the last `days` up to and with that of `as_of`. On the shop thread.
  std::vector<Instant> day_starts(Instant as_of, std::int32_t days);
  /// "2026-11-22", local. On the shop thread.
  std::string date_of(Instant moment);
  const text::Zone& zone();

  NameIndex& names() { return names_; }
  /// Long walks under way; more than kWalksMost are refused.
  std::atomic<int> walks{0};
  static constexpr int kWalksMost = 8;
  std::atomic<bool> reading_names{false};
  static constexpr std::int32_t kDaysMost = 92;

 private:
  struct Run {
    Run(const views::ShopState& state, CensusPlan plan)
        : begun(state.position()), taker(state, std::move(plan)) {}
    EventSeq begun;
    CensusTaker taker;
    std::vector<Use> waiting;
  };
  struct Slot {
    std::shared_ptr<const Census> last;
    std::shared_ptr<Run> run;
  };
  void ask(std::int32_t days, std::optional<EventSeq> after, Use use);
  void begin(std::int32_t days, Slot& slot);
  void end(std::int32_t days, const std::shared_ptr<Run>& run);
  bool is_fresh(const Census& census);

  Shop& shop_;
  NameIndex names_;
  std::optional<text::Zone> zone_;
  std::map<std::int32_t, Slot> slots_;  ///< by days; on the shop thread
};

/// A name, or the identifier by which a person would know her; masked without `reveal`. On the shop thread.
std::string label_of(Shop& shop, const NameIndex& names, CustomerId customer, bool reveal);
/// "138****5678", "a***@x.cn", "us***".
std::string masked(const model::Identifier& identifier);

}  // namespace rapport::engine
