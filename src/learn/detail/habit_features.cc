#include "learn/detail/habit_features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "learn/detail/decay.h"

namespace rapport::learn::detail {
namespace {

constexpr double kShortBaskets = 4, kLongBaskets = 20, kDays = 30;  ///< half-lives
constexpr double kLittle = 0.01;                                    ///< beside a share, under a logarithm
constexpr double kMoment = 0.02;  ///< days added to a time since, so that none is zero

/// Powers of one half by whole steps, so that a long history costs no exponential.
class Fading {
 public:
  explicit Fading(double halflife) {
    for (std::size_t i = 0; i < table_.size(); ++i)
      table_[i] = half_to_the(static_cast<double>(i) / halflife);
  }
  double operator()(double steps) const {
    return table_[std::min(table_.size() - 1, static_cast<std::size_t>(std::max(0.0, steps)))];
  }

 private:
  std::array<double, 1024> table_{};
};

const Fading& fading_short() {
  static const Fading fading(kShortBaskets);
  return fading;
}
const Fading& fading_long() {
  static const Fading fading(kLongBaskets);
  return fading;
}
const Fading& fading_days() {
  static const Fading fading(kDays);
  return fading;
}

double days_between(std::int64_t from_ms, std::int64_t to_ms) {
  return static_cast<double>(to_ms - from_ms) / kDayMs;
}

/// Logarithms of small whole numbers, which most are.
double log_of_count(double count) {
  static const std::array<double, 1024> table = [] {
    std::array<double, 1024> logs{};
    for (std::size_t i = 1; i < logs.size(); ++i) logs[i] = log_of(static_cast<double>(i));
    return logs;
  }();
  return count < 1024 ? table[static_cast<std::size_t>(count)] : log_of(count);
}

}  // namespace

double log_of(double x) {
  constexpr double kRootHalf = 0.70710678118654752, kLog2 = 0.69314718055994531;
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1, kHalf = std::uint64_t{1022} << 52;
  constexpr double kOdd[] = {1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0};
  // x = part 2^exponent, part in [1/2, 1); a number so small that its exponent is 0 counts as the smallest.
  const auto bits = std::bit_cast<std::uint64_t>(std::max(x, 0x1p-1022));
  auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1022);
  double part = std::bit_cast<double>((bits & kMantissa) | kHalf);
  if (part < kRootHalf) {
    part *= 2;
    exponent -= 1;
  }
  // log(part) = 2 artanh(s), |s| < 0.172
  const double s = (part - 1) / (part + 1), square = s * s;
  double sum = kOdd[0];
  for (std::size_t i = 1; i < std::size(kOdd); ++i) sum = sum * square + kOdd[i];
  return 2 * s * sum + exponent * kLog2;
}

void HabitFeatures::sort_events(const History& history) {
  const auto events = history.events;
  ago_.resize(events.size());
  sorted_.resize(events.size());
  sum_short_ = sum_long_ = sum_days_ = 0;
  std::uint32_t now = 0;
  for (std::size_t i = events.size(); i-- > 0;) {
    sorted_[i] = static_cast<std::uint64_t>(events[i].item) << 32 | i;
    const bool fresh = i + 1 == events.size() || events[i].time_ms != events[i + 1].time_ms;
    if (fresh && i + 1 < events.size()) ++now;
    ago_[i] = now;
    if (!fresh) continue;
    sum_short_ += fading_short()(now);
    sum_long_ += fading_long()(now);
    sum_days_ += fading_days()(days_between(events[i].time_ms, history.now_ms));
  }
  log_baskets_ = log_of_count(now + 1.0);
  const double span = days_between(events.front().time_ms, events.back().time_ms);
  horizon_days_ = now > 0 ? std::max(span / now, 0.01) : 7;
  std::sort(sorted_.begin(), sorted_.end());
}

HabitFeatures::Own HabitFeatures::describe_known(const History& history, std::size_t begin,
                                                 std::size_t end) const {
  const auto place = [&](std::size_t at) { return static_cast<std::uint32_t>(sorted_[at]); };
  double times = 0, brief = 0, steady = 0, lately = 0;
  for (std::size_t at = begin; at < end; ++at) {
    const std::uint32_t ago = ago_[place(at)];
    if (at > begin && ago == ago_[place(at - 1)]) continue;
    times += 1;
    brief += fading_short()(ago);
    steady += fading_long()(ago);
    lately += fading_days()(days_between(history.events[place(at)].time_ms, history.now_ms));
  }
  const std::int64_t first_ms = history.events[place(begin)].time_ms,
                     last_ms = history.events[place(end - 1)].time_ms;
  const std::uint32_t ago = ago_[place(end - 1)];
  const Habits::Item& prior = facts_.items[static_cast<std::size_t>(sorted_[begin] >> 32)];
  const double elapsed = days_between(last_ms, history.now_ms) + kMoment;
  const double median = (days_between(first_ms, last_ms) + facts_.strength * prior.interval_days) /
                        (times - 1 + facts_.strength);
  // S(t) = 1 / (1 + (t / median)^2)
  const double now = elapsed / median, then = (elapsed + horizon_days_) / median;
  const double due = 1 - (1 + now * now) / (1 + then * then), late = log_of(now);
  const double many = log_of_count(times);
  const Habits::Features row = {many,
                                many * log_baskets_,
                                log_of(kLittle + brief / sum_short_),
                                log_of(kLittle + steady / sum_long_),
                                log_of(kLittle + lately / std::max(sum_days_, 1e-9)),
                                many - log_baskets_,
                                log_of_count(1.0 + ago),
                                ago == 0 ? 1.0 : 0.0,
                                log_of(elapsed),
                                log_of(kLittle + due),
                                late,
                                late * late,
                                prior.again,
                                prior.trend,
                                times == 1 ? 1.0 : 0.0,
                                0,
                                0,
                                0};
  return {row, last_ms, median};
}

Habits::Features HabitFeatures::describe_new(std::uint32_t item) const {
  Habits::Features row{};
  row[15] = 1;
  row[16] = facts_.items[item].trend;
  row[17] = log_baskets_;
  return row;
}

}  // namespace rapport::learn::detail
