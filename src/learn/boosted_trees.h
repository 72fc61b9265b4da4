#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

/// Gradient boosted trees for an outcome of 0 and 1 (Chen & Guestrin 2016, KDD, 785-794), grown by XGBoost.
namespace rapport::learn {

/// Rows of features, one row after the other; NaN is "not known" and finds its own way through a tree.
struct FeatureRows {
  std::span<const float> cells;
  std::size_t columns = 0;
  std::size_t rows() const { return columns == 0 ? 0 : cells.size() / columns; }
};

struct BoostedTreesOptions {
  int rounds = 100;        ///< trees, 1 .. 5,000
  int depth = 3;           ///< of each, 1 .. 12
  double rate = 0.1;       ///< how much of each tree is taken, (0, 1]
  double leaf_least = 20;  ///< sum of the second derivatives in a leaf: about four times as many rows
  double ridge = 1;        ///< on the leaves' values
};

/// A trained value. Its questions may be asked from one thread at a time; copies share the trees.
class BoostedTrees {
 public:
  /// One thread whatever the machine has: the same rows and options give the same trees. Errors: bad_input
  /// for shapes, options or an outcome other than 0 and 1; refused by the library, in its words.
  static Result<BoostedTrees> train(const FeatureRows& rows, std::span<const float> outcome,
                                    const BoostedTreesOptions& options = {});

  /// The outcome's log odds, a row; from the first `rounds` trees, 0 = all.
  Result<std::vector<double>> log_odds(const FeatureRows& rows, int rounds = 0) const;
  /// What each feature adds to a row's log odds (Shapley values over the trees; Lundberg, Erion & Lee 2018,
  /// arXiv:1802.03888): rows x (columns + 1), the last one the mean row's; they sum to log_odds.
  Result<std::vector<double>> contributions(const FeatureRows& rows) const;
  int rounds() const { return rounds_; }

 private:
  struct Booster;
  std::shared_ptr<const Booster> booster_;
  std::size_t columns_ = 0;
  int rounds_ = 0;
};

}  // namespace rapport::learn
