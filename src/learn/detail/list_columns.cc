#include "learn/detail/list_columns.h"

#include <algorithm>
#include <cmath>

#include "learn/metrics.h"
#include "math/resample.h"

namespace rapport::learn::detail {
namespace {

constexpr std::size_t kSlice = 64;  ///< cases worked on at a time
const double kNothing = std::nan("");

std::vector<std::uint32_t> had_by(std::span<const Interaction> history) {
  std::vector<std::uint32_t> had;
  for (const Interaction& event : history) had.push_back(event.item);
  std::sort(had.begin(), had.end());
  had.erase(std::unique(had.begin(), had.end()), had.end());
  return had;
}

}  // namespace

ListJudge::ListJudge(const Interactions& all, const Split& split)
    : all_(all), split_(split), popularity_(item_popularity(split.train)), takers_(all.items()) {
  std::size_t customers = 0;
  for (std::uint32_t customer = 0; customer < split.train.customers(); ++customer) {
    const auto events = split.train.of(customer);
    customers += events.empty() ? 0 : 1;
    for (const Interaction& event : events) {
      std::vector<std::uint32_t>& takers = takers_[event.item];
      if (takers.empty() || takers.back() != customer) takers.push_back(customer);
    }
  }
  for (const std::vector<std::uint32_t>& takers : takers_) {
    const double share =
        static_cast<double>(std::max<std::size_t>(1, takers.size())) / static_cast<double>(customers);
    surprise_.push_back(-std::log2(share));
  }
}

Lists ListJudge::rank(const Recommender& model, unsigned count, unsigned threads) const {
  Lists lists(split_.cases.size());
  const std::size_t slices = (lists.size() + kSlice - 1) / kSlice;
  math::parallel_for(slices, threads, [&](std::size_t slice) {
    std::vector<double> scores(all_.items());
    std::vector<std::uint8_t> leave_out(all_.items());
    for (std::size_t i = slice * kSlice; i < std::min(lists.size(), (slice + 1) * kSlice); ++i) {
      const Case& each = split_.cases[i];
      const auto history = all_.of(each.customer).first(each.shown);
      model.score({history, each.now_ms}, scores);
      for (std::size_t item = 0; item < leave_out.size(); ++item)
        leave_out[item] = takers_[item].empty() ? 1 : 0;
      if (split_.repeats == Repeats::no) {
        for (const Interaction& event : history) leave_out[event.item] = 1;
      }
      best_items(scores, popularity_.place, leave_out, count, lists[i]);
    }
  });
  return lists;
}

double ListJudge::distance(std::uint32_t a, std::uint32_t b) const {
  const std::vector<std::uint32_t>&left = takers_[a], &right = takers_[b];
  if (left.empty() || right.empty()) return 1;
  std::size_t both = 0;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    both += left[i] == right[j];
    const bool step_left = left[i] <= right[j], step_right = right[j] <= left[i];
    i += step_left;
    j += step_right;
  }
  return 1 - static_cast<double>(both) /
                 std::sqrt(static_cast<double>(left.size()) * static_cast<double>(right.size()));
}

void ListJudge::measure_case(std::size_t index, const std::vector<std::uint32_t>& list, unsigned k,
                             double* out) const {
  const Case& each = split_.cases[index];
  const std::span<const std::uint32_t> shown(list.data(), std::min<std::size_t>(k, list.size()));
  const ListQuality quality = measure_list(shown, each.relevant, k);
  out[kRecall] = quality.recall;
  out[kPrecision] = quality.precision;
  out[kNdcg] = quality.ndcg;
  out[kMap] = quality.average_precision;
  out[kMrr] = quality.reciprocal_rank;
  out[kHit] = quality.hit;
  const std::vector<std::uint32_t> had = had_by(all_.of(each.customer).first(each.shown));
  std::vector<std::uint32_t> again, fresh;
  for (const std::uint32_t item : each.relevant)
    (std::binary_search(had.begin(), had.end(), item) ? again : fresh).push_back(item);
  out[kRecallRepeat] = again.empty() ? kNothing : measure_list(shown, again, k).recall;
  out[kRecallExplore] = fresh.empty() ? kNothing : measure_list(shown, fresh, k).recall;
  double surprise = 0, apart = 0, repeats = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    surprise += surprise_[shown[i]];
    repeats += std::binary_search(had.begin(), had.end(), shown[i]);
    for (std::size_t j = i + 1; j < shown.size(); ++j) apart += distance(shown[i], shown[j]);
  }
  const auto n = static_cast<double>(shown.size());
  out[kNovelty] = shown.empty() ? kNothing : surprise / n;
  out[kRepeatShare] = shown.empty() ? kNothing : repeats / n;
  out[kDiversity] = shown.size() < 2 ? kNothing : apart / (n * (n - 1) / 2);
}

std::vector<double> ListJudge::measure(const Lists& lists, unsigned k, unsigned threads) const {
  std::vector<double> values(lists.size() * kColumns);
  const std::size_t slices = (lists.size() + kSlice - 1) / kSlice;
  math::parallel_for(slices, threads, [&](std::size_t slice) {
    for (std::size_t i = slice * kSlice; i < std::min(lists.size(), (slice + 1) * kSlice); ++i)
      measure_case(i, lists[i], k, values.data() + i * kColumns);
  });
  return values;
}

ListJudge::Spread ListJudge::spread(const Lists& lists, std::span<const std::uint32_t> cases,
                                    unsigned k) const {
  std::vector<std::uint64_t> shown(all_.items(), 0);
  for (const std::uint32_t index : cases) {
    for (std::size_t i = 0; i < std::min<std::size_t>(k, lists[index].size()); ++i) ++shown[lists[index][i]];
  }
  std::vector<std::uint64_t> of_known;
  std::size_t different = 0;
  for (std::size_t item = 0; item < shown.size(); ++item) {
    if (takers_[item].empty()) continue;
    of_known.push_back(shown[item]);
    different += shown[item] > 0;
  }
  return {static_cast<double>(different) / static_cast<double>(of_known.size()), gini(of_known)};
}

}  // namespace rapport::learn::detail
