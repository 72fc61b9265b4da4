#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "math/linear.h"
#include "study/expression.h"
#include "study/path_model.h"

/// Structural equation models by maximum likelihood on a covariance matrix (Bollen 1989, Structural Equations
/// with Latent Variables, chapters 4 and 8), with the conventions of lavaan 0.6.
namespace rapport::study {

/// Trap 1 of this method: the two conventions give different chi-squares. `normal` divides S by n and
/// multiplies the minimum by n (lavaan, Mplus); `wishart` divides by n - 1 and multiplies by n - 1 (AMOS,
/// EQS).
enum class Likelihood { normal, wishart };

struct SampleMoments {
  math::Matrix covariance;  ///< divided by n - 1, in the order of PathModel::observed
  std::int64_t n = 0;
};

struct SemOptions {
  Likelihood likelihood = Likelihood::normal;
  int iterations_max = 500;
};

/// The fit measures by lavaan's names; NaN where one is not defined (df = 0, or the log-likelihood under
/// Wishart).
struct FitMeasures {
  double npar, fmin, chisq, df, pvalue;
  double baseline_chisq, baseline_df, baseline_pvalue;
  double cfi, tli, nfi, rfi, ifi, rni, pnfi;
  double logl, unrestricted_logl, aic, bic, bic2;
  double rmsea, rmsea_ci_lower, rmsea_ci_upper, rmsea_pvalue;
  double rmr, srmr, crmr;
  double gfi, agfi, pgfi, mfi, ecvi, cn_05;
};

struct SemEstimate {
  std::string lhs, op, rhs, label;
  double est = 0, se = 0, z = 0, pvalue = 0, std = 0;  ///< fixed parameters: se 0, z and pvalue NaN
  bool free = false;
};

/// What is improper about a solution; each one is shown above the estimates, never hidden.
struct ImproperFinding {
  enum class Kind {
    negative_variance,
    latent_not_positive_definite,  ///< or singular to within 1 % of a unit variance
    residual_not_positive_definite,
    correlation_over_one,
    standardised_path_over_one,  ///< predictors that the data can hardly tell apart
  };
  Kind kind;
  std::string subject;  ///< "x1 ~~ x1", "Image, Satisfaction"
  double value = 0;     ///< the variance, smallest eigenvalue or correlation
};

struct SemFit {
  PathModel model;
  math::Vector theta;    ///< free parameters
  math::Matrix vcov;     ///< of theta, from the expected information
  math::Matrix implied;  ///< Sigma(theta), over model.observed
  math::Matrix full;     ///< covariance of all variables, observed then latent
  math::Matrix sample;   ///< the S that was fitted
  std::int64_t n = 0;
  Likelihood likelihood = Likelihood::normal;
  double fmin = 0;           ///< F = log|Sigma| + tr(S Sigma^-1) - log|S| - p
  double gradient_norm = 0;  ///< of F at theta
  int iterations = 0;
  FitMeasures fit{};
  std::vector<SemEstimate> estimates;  ///< in the order of the model, then the defined parameters
  std::vector<ImproperFinding> improper;
};

/// Errors: refused when S is singular, n is too small, the model has more parameters than moments, is not
/// identified (naming a parameter), or the search does not converge (naming the gradient norm).
Result<SemFit> fit_sem(const PathModel& model, const SampleMoments& sample, const SemOptions& options = {});

/// Only the estimates, from a start near the answer: what a bootstrap repeats. Errors: refused as above.
Result<math::Vector> refit_sem(const PathModel& model, const SampleMoments& sample, const math::Vector& start,
                               const SemOptions& options = {});

/// The score test of freeing one fixed parameter (Sörbom 1989): `mi` = expected drop of chi-square, `epc` the
/// value it would take.
struct ModificationIndex {
  std::string lhs, op, rhs;
  double mi = 0, epc = 0;
};

/// All loadings, error covariances, latent covariances and regressions among latent variables that the model
/// leaves out, from the largest mi down; those without information are left out.
std::vector<ModificationIndex> modification_indices(const SemFit& fit);

/// The defined parameters of a model, compiled once. Slots are the values of model.parameters, then the
/// definitions so far, so a definition may use those above it.
class Definitions {
 public:
  /// Errors: bad_input for bad syntax or a name that is no label.
  static Result<Definitions> compile(const PathModel& model);
  std::size_t size() const { return expressions_.size(); }
  /// Fills slots[parameters ...] from slots[0 ... parameters).
  void evaluate(std::span<double> slots) const;
  /// The gradient of each definition (row) with respect to the values of model.parameters; after evaluate().
  math::Matrix gradient(std::span<const double> slots) const;

 private:
  std::size_t parameters_ = 0;
  std::vector<Expression> expressions_;
};

/// The value of each parameter of the model: theta where it is free, fixed or the sample's elsewhere.
std::vector<double> parameter_values(const PathModel& model, const math::Vector& theta,
                                     const math::Matrix& sample);

}  // namespace rapport::study
