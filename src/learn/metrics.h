#pragma once

#include <cstdint>
#include <span>

namespace rapport::learn {

/// How good the first k of a ranked list are for somebody who wanted `relevant` items (Järvelin & Kekäläinen
/// 2002 for NDCG with gains of 0 and 1; average precision at k divides by min(k, relevant)). All in [0, 1].
struct ListQuality {
  double recall = 0;     ///< hits / relevant
  double precision = 0;  ///< hits / k, also when the list is shorter
  double ndcg = 0;       ///< sum 1 / log2(place + 1) of hits over the same of a perfect list of k
  double average_precision = 0;
  double reciprocal_rank = 0;  ///< 1 / place of the first hit, 0 without one
  double hit = 0;              ///< 1 when there is one
};
/// `relevant` ascending, different and not empty; `ranked` without repeats; k >= 1.
ListQuality measure_list(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> relevant,
                         unsigned k);

/// Gini's coefficient of how often each of the items was shown: 0 all alike, towards 1 few items all the
/// time. NaN when nothing was shown.
double gini(std::span<const std::uint64_t> shown);

}  // namespace rapport::learn
