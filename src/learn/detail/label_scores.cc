#include "learn/detail/label_scores.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "math/resample.h"

namespace rapport::learn {
namespace {

/// sqrt |ln(p / q)| a column: p and q are its shares of all that the label's texts hold and of all that the
/// others hold, one text added to each (the log-count ratio of Wang & Manning 2012, ACL, 90-94, damped).
std::vector<double> odds_stretches(const SparseRows& rows, std::size_t columns,
                                   std::span<const std::int8_t> sides) {
  std::vector<double> with[2] = {std::vector<double>(columns, 1.0), std::vector<double>(columns, 1.0)};
  double all[2] = {static_cast<double>(columns), static_cast<double>(columns)};
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::size_t side = sides[i] > 0 ? 1 : 0;
    for (const TextEntry& entry : rows.row(i)) {
      with[side][entry.column] += 1;
      all[side] += 1;
    }
  }
  std::vector<double> out(columns);
  for (std::size_t c = 0; c < columns; ++c)
    out[c] = std::sqrt(std::fabs(std::log((with[1][c] / all[1]) / (with[0][c] / all[0]))));
  return out;
}

SparseRows stretched(const SparseRows& rows, const std::vector<double>& stretches) {
  SparseRows out = rows;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double square = 0;
    for (std::size_t e = rows.begins[i]; e < rows.begins[i + 1]; ++e) {
      const double value = static_cast<double>(rows.entries[e].value) * stretches[rows.entries[e].column];
      square += value * value;
      out.entries[e].value = static_cast<float>(value);
    }
    if (square <= 0) continue;
    const auto length = static_cast<float>(std::sqrt(square));
    for (std::size_t e = rows.begins[i]; e < rows.begins[i + 1]; ++e) out.entries[e].value /= length;
  }
  return out;
}

}  // namespace

LabelScores LabelScores::train(const SparseRows& rows, std::size_t columns,
                               std::span<const std::uint32_t> labels, std::size_t count,
                               const LabelScoresOptions& options) {
  LabelScores out;
  out.labels_ = count;
  out.models_ = count == 2 ? 1 : count;
  out.weights_.assign(columns * out.models_, 0);
  if (options.odds) out.stretches_.assign(columns * out.models_, 0);
  out.biases_.assign(out.models_, 0);
  math::parallel_for(out.models_, options.threads, [&](std::size_t model) {
    // Of two labels the second is the side above 0.
    const std::uint32_t label = count == 2 ? 1 : static_cast<std::uint32_t>(model);
    std::vector<std::int8_t> sides(rows.rows());
    for (std::size_t i = 0; i < rows.rows(); ++i) sides[i] = labels[i] == label ? 1 : -1;
    const SvmOptions svm{.cost = options.cost, .seed = mix64(options.seed + model)};
    std::vector<double> stretches;
    if (options.odds) stretches = odds_stretches(rows, columns, sides);
    const std::vector<double> weights =
        options.odds ? train_linear_svm(stretched(rows, stretches), columns, sides, svm)
                     : train_linear_svm(rows, columns, sides, svm);
    for (std::size_t c = 0; c < columns; ++c) {
      const double stretch = options.odds ? stretches[c] : 1;
      out.weights_[c * out.models_ + model] = static_cast<float>(weights[c] * stretch);
      if (options.odds) out.stretches_[c * out.models_ + model] = static_cast<float>(stretch * stretch);
    }
    out.biases_[model] = weights.back();
  });
  return out;
}

std::vector<double> LabelScores::of(std::span<const TextEntry> row) const {
  std::vector<float> sums(models_, 0), squares(stretches_.empty() ? 0 : models_, 0);
  for (const TextEntry& entry : row) {
    const float* weights = weights_.data() + entry.column * models_;
    for (std::size_t m = 0; m < models_; ++m) sums[m] += entry.value * weights[m];
    if (squares.empty()) continue;
    const float square = entry.value * entry.value;
    const float* stretches = stretches_.data() + entry.column * models_;
    for (std::size_t m = 0; m < models_; ++m) squares[m] += square * stretches[m];
  }
  std::vector<double> scores(labels_);
  for (std::size_t m = 0; m < models_; ++m) {
    const double length = squares.empty() || squares[m] <= 0 ? 1 : std::sqrt(static_cast<double>(squares[m]));
    scores[models_ == 1 ? 1 : m] = static_cast<double>(sums[m]) / length + biases_[m];
  }
  if (models_ == 1) scores[0] = -scores[1];
  return scores;
}

}  // namespace rapport::learn
