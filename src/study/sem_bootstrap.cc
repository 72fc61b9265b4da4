#include "study/sem_bootstrap.h"

#include <atomic>
#include <cmath>

#include "study/detail/recursive_paths.h"
#include "study/detail/row_products.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

/// What one thread of the bootstrap needs again and again.
struct Scratch {
  std::vector<double> sums;
  Matrix s;
  Vector theta;
  std::vector<double> slots;
};

class Resampler {
 public:
  Resampler(const SemFit& fit, const Matrix& rows, Definitions definitions)
      : fit_(fit),
        products_(rows),
        definitions_(std::move(definitions)),
        recursive_(detail::RecursivePaths::of(fit.model)),
        ddof_(fit.likelihood == Likelihood::normal ? 0 : 1) {}

  bool estimate(std::span<const std::uint32_t> draw, std::span<double> out, bool& improper) const {
    thread_local Scratch scratch;
    const PathModel& model = fit_.model;
    const auto p = static_cast<Eigen::Index>(model.observed.size());
    scratch.s.resize(p, p);
    scratch.theta.resize(model.free_count);
    if (recursive_) {
      products_.covariance(draw, scratch.sums, ddof_, scratch.s);
      if (!recursive_->solve(scratch.s, {scratch.theta.data(), static_cast<std::size_t>(model.free_count)}))
        return false;
    } else {
      products_.covariance(draw, scratch.sums, 1, scratch.s);
      auto theta = refit_sem(model, {scratch.s, static_cast<std::int64_t>(draw.size())}, fit_.theta,
                             {.likelihood = fit_.likelihood, .iterations_max = 200});
      if (!theta.ok()) return false;
      scratch.theta = std::move(theta).value();
      if (ddof_ == 0) scratch.s *= 1 - 1 / static_cast<double>(draw.size());
    }
    const std::size_t q = model.parameters.size();
    scratch.slots.resize(q + definitions_.size());
    for (std::size_t i = 0; i < q; ++i) {
      const PathParameter& p_i = model.parameters[i];
      const double value = p_i.free >= 0     ? scratch.theta[p_i.free]
                           : p_i.from_sample ? scratch.s(p_i.row, p_i.column)
                                             : p_i.value;
      scratch.slots[i] = value;
      improper = improper || (p_i.free >= 0 && p_i.row == p_i.column && p_i.op == "~~" && value < 0);
    }
    definitions_.evaluate(scratch.slots);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!std::isfinite(scratch.slots[i])) return false;
      out[i] = scratch.slots[i];
    }
    return true;
  }

 private:
  const SemFit& fit_;
  detail::RowProducts products_;
  Definitions definitions_;
  std::optional<detail::RecursivePaths> recursive_;
  double ddof_;
};

}  // namespace

Result<SemBootstrap> bootstrap_sem(const SemFit& fit, const Matrix& rows,
                                   const SemBootstrapOptions& options) {
  RAPPORT_TRY(Definitions definitions, Definitions::compile(fit.model));
  const Resampler resampler(fit, rows, std::move(definitions));
  std::atomic<std::size_t> improper{0};
  const math::Statistic statistic = [&](std::span<const std::uint32_t> draw, std::span<double> out) {
    bool is_improper = false;
    const bool ok = resampler.estimate(draw, out, is_improper);
    if (ok && is_improper) improper.fetch_add(1, std::memory_order_relaxed);
    return ok;
  };
  RAPPORT_TRY(
      const math::Draws draws,
      math::bootstrap(static_cast<std::size_t>(rows.rows()), fit.estimates.size(), statistic,
                      {.replicates = options.replicates, .seed = options.seed, .threads = options.threads}));
  SemBootstrap result;
  result.replicates = draws.replicates();
  result.failed = draws.failed;
  result.improper = improper.load();
  if (2 * draws.failed > draws.replicates()) {
    return Error{Errc::refused,
                 fmt::format("{} of {} bootstrap draws gave no answer", draws.failed, draws.replicates()),
                 "bootstrap", "a model that converges on resampled rows"};
  }
  for (std::size_t i = 0; i < fit.estimates.size(); ++i) {
    const std::vector<double> sorted = draws.sorted(i);
    result.se.push_back(math::standard_deviation(sorted));
    result.intervals.push_back(
        options.bias_corrected ? math::bias_corrected_interval(sorted, fit.estimates[i].est, options.level)
                               : math::percentile_interval(sorted, options.level));
  }
  return result;
}

}  // namespace rapport::study
