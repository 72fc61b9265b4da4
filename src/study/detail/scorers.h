#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "math/linear.h"
#include "study/logistic.h"
#include "study/prediction.h"

/// The two ways to learn who will leave, behind one door.
namespace rapport::study::detail {

using RowNumbers = std::vector<std::size_t>;

class Scorer {
 public:
  virtual ~Scorer() = default;
  virtual Result<std::vector<double>> log_odds(const math::Matrix& x, const RowNumbers& rows) const = 0;
  /// rows x columns: what each feature moves a row's log odds away from the average learnt row's.
  virtual Result<math::Matrix> parts(const math::Matrix& x, const RowNumbers& rows) const = 0;
  /// Null when the learner is not the logistic regression.
  virtual const LogisticFit* regression() const { return nullptr; }
  /// 0 when the learner is not the trees.
  virtual int trees() const { return 0; }
};

/// Learns on these rows of known outcome. Errors: what the learner refuses.
Result<std::unique_ptr<Scorer>> learn_scorer(const PredictionData& data, const RowNumbers& rows,
                                             Learner learner);

}  // namespace rapport::study::detail
