#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "learn/recommender.h"
#include "learn/split.h"

namespace rapport::learn::detail {

/// What is measured of one list of k for one customer. NaN where it means nothing: recall of repeats for
/// somebody who repeated nothing, diversity of a single item.
enum Column : unsigned {
  kRecall,
  kPrecision,
  kNdcg,
  kMap,
  kMrr,
  kHit,
  kNovelty,
  kDiversity,
  kRecallRepeat,
  kRecallExplore,
  kRepeatShare,
  kColumns
};
inline constexpr std::array<std::string_view, kColumns> kColumnNames = {
    "recall",    "precision",     "ndcg",           "map",         "mrr", "hit_rate", "novelty",
    "diversity", "recall_repeat", "recall_explore", "repeat_share"};

using Lists = std::vector<std::vector<std::uint32_t>>;

/// The training data of a split as measures need them.
class ListJudge {
 public:
  ListJudge(const Interactions& all, const Split& split);

  /// The first `count` items for every case by the model; equal scores go to the more popular item.
  Lists rank(const Recommender& model, unsigned count, unsigned threads) const;
  /// kColumns values a case, one after the other, for lists cut to k.
  std::vector<double> measure(const Lists& lists, unsigned k, unsigned threads) const;
  /// Different items shown over items there are, and Gini's coefficient over these; `cases` picks lists, with
  /// repeats.
  struct Spread {
    double coverage = 0, gini = 0;
  };
  Spread spread(const Lists& lists, std::span<const std::uint32_t> cases, unsigned k) const;
  /// 1 - cosine of two items over the customers who took them.
  double distance(std::uint32_t a, std::uint32_t b) const;

 private:
  void measure_case(std::size_t index, const std::vector<std::uint32_t>& list, unsigned k, double* out) const;
  const Interactions& all_;
  const Split& split_;
  ItemPopularity popularity_;
  std::vector<std::vector<std::uint32_t>> takers_;  ///< customers of each item, ascending
  std::vector<double> surprise_;                    ///< -log2 of the share of customers who took an item
};

}  // namespace rapport::learn::detail
