#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

namespace rapport::learn {

/// What the regularisation of a row grows with.
enum class AlsRidge : std::uint8_t {
  frequency,  ///< how often the row occurs (Rendle et al. 2022)
  flat,       ///< nothing (Hu et al. 2008): lambda |x|^2 for every row; what other programs are compared at
};

/// Factors of items, and what it takes to place a customer among them.
struct AlsModel {
  std::size_t factors = 0;               ///< length of a row, a multiple of 8
  std::vector<float> items;              ///< items x factors, row-major
  std::vector<float> gram;               ///< items^T items
  float unobserved = 0;                  ///< alpha0: weight of a pair that was not seen
  float regularisation = 0;              ///< lambda
  AlsRidge ridge = AlsRidge::frequency;  ///< a model with a flat one is never stored
};

struct AlsOptions {
  std::size_t factors = 64;  ///< rounded up to a multiple of 8; 8 .. 1024
  unsigned sweeps = 12;
  unsigned gradient_steps = 3;    ///< of a solve while training; each starts from the last sweep's answer
  double unobserved = 0.1;        ///< alpha0 > 0
  double regularisation = 0.003;  ///< lambda > 0
  AlsRidge ridge = AlsRidge::frequency;
  double initial_spread = 0.1;  ///< standard deviation of the first rows x sqrt(factors)
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

/// Implicit alternating least squares (Hu, Koren & Volinsky 2008) in the form of Rendle, Krichene, Zhang &
/// Koren (2022, RecSys, "Revisiting the performance of iALS on item recommendation benchmarks", eq. 1-4):
///   sum over seen (x.y - 1)^2 + alpha0 sum over all (x.y)^2 + lambda sum (seen(u) + alpha0 items) |x_u|^2 +
///   the
/// same for items, so that the regularisation grows with how often a row occurs. Solved row by row by
/// conjugate gradients (Takács, Pilászy & Tikk 2011). The same bits for any number of threads. How often a
/// customer took an item does not count.
AlsModel train_als(const Interactions& interactions, const AlsOptions& options);

/// The loss above divided by the number of interactions, for training data whose customers are folded in;
/// what two solvers are compared at.
double als_loss(const AlsModel& model, const Interactions& interactions, unsigned threads);

class Als : public Recommender {
 public:
  explicit Als(AlsModel model) : model_(std::move(model)) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);
  /// The customer's row, solved to convergence; zero for an empty history.
  std::vector<float> fold_in(std::span<const Interaction> events) const;
  const AlsModel& model() const { return model_; }
  /// Of every item, for a customer who took `seen` (different items).
  std::vector<double> scores_of(std::span<const std::uint32_t> seen) const;
  /// What each thing she took adds to the scores of `items`, a row an item: with A = sum over seen of y y^T +
  /// alpha0 Y^T Y + ridge I the entry is y_item . A^-1 y_seen, and a row adds up to the score (Hu, Koren &
  /// Volinsky 2008, ICDM, section 5, eq. 7). Exact, by Cholesky in double precision.
  std::vector<double> contributions(std::span<const std::uint32_t> seen,
                                    std::span<const std::uint32_t> items) const;

 private:
  AlsModel model_;
};

Result<std::unique_ptr<const Recommender>> train_als_model(const ModelSpec& spec,
                                                           const Interactions& interactions,
                                                           const TrainContext& context);

}  // namespace rapport::learn
