#include "learn/ease.h"

#include <algorithm>

#include "learn/detail/decay.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"
#include "math/linear.h"

namespace rapport::learn {
namespace {

constexpr std::uint32_t kNoRow = ~0u;
constexpr double kUnknown = -1e30;  ///< after every item that the model covers

/// X^T X over the items that have a row: how many customers took both.
math::Matrix co_occurrences(const Interactions& interactions, const std::vector<std::uint32_t>& rows,
                            std::size_t n) {
  math::Matrix gram = math::Matrix::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  std::vector<std::uint32_t> taken;
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    taken.clear();
    for (const Interaction& event : interactions.of(customer)) {
      if (rows[event.item] != kNoRow) taken.push_back(rows[event.item]);
    }
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    for (const std::uint32_t a : taken) {
      for (const std::uint32_t b : taken) gram(b, a) += 1;
    }
  }
  return gram;
}

}  // namespace

Ease::Ease(std::vector<std::uint32_t> items, std::vector<float> weights, double halflife)
    : items_(std::move(items)), weights_(std::move(weights)), halflife_(halflife) {
  for (std::uint32_t row = 0; row < items_.size(); ++row) {
    if (items_[row] >= rows_.size()) rows_.resize(items_[row] + 1, kNoRow);
    rows_[items_[row]] = row;
  }
}

std::uint32_t Ease::row_of(std::uint32_t item) const {
  return item < rows_.size() ? rows_[item] : kNoRow;
}

std::vector<double> Ease::scores_of(std::span<const std::uint32_t> seen,
                                    std::span<const double> weights) const {
  std::vector<double> scores(rows_.size(), 0);
  const std::size_t n = items_.size();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const std::uint32_t row = row_of(seen[i]);
    if (row == kNoRow) continue;
    for (std::size_t j = 0; j < n; ++j)
      scores[items_[j]] += weights[i] * static_cast<double>(weights_[row * n + j]);
  }
  return scores;
}

std::vector<double> Ease::contributions(std::span<const std::uint32_t> seen, std::span<const double> weights,
                                        std::span<const std::uint32_t> items) const {
  std::vector<double> parts(items.size() * seen.size(), 0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t column = row_of(items[i]);
    for (std::size_t j = 0; j < seen.size(); ++j) {
      const std::uint32_t row = row_of(seen[j]);
      if (row != kNoRow && column != kNoRow)
        parts[i * seen.size() + j] = weights[j] * static_cast<double>(weights_[row * items_.size() + column]);
    }
  }
  return parts;
}

bool Ease::save(ByteWriter& out) const {
  detail::put_double(out, halflife_);
  out.varint(items_.size());
  for (const std::uint32_t item : items_) out.varint(item);
  detail::put_floats(out, weights_);
  return true;
}

Result<std::unique_ptr<const Recommender>> Ease::load(ByteReader& in, std::size_t items) {
  RAPPORT_TRY(const double halflife, detail::get_double(in, 0, 1e6, "a half-life"));
  RAPPORT_TRY(const std::size_t rows, detail::get_count(in, 1, "rows"));
  std::vector<std::uint32_t> covered(rows);
  for (std::uint32_t& item : covered) {
    RAPPORT_TRY(item, detail::get_item(in, items, "an item"));
  }
  RAPPORT_TRY(std::vector<float> weights, detail::get_floats(in, "weights"));
  if (weights.size() != rows * rows) return detail::damaged("weights");
  return std::unique_ptr<const Recommender>(
      std::make_unique<Ease>(std::move(covered), std::move(weights), halflife));
}

void Ease::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), kUnknown);
  const std::size_t n = items_.size();
  std::vector<double> sums(n, 0);
  double ago = 0;
  for (std::size_t i = history.events.size(); i-- > 0;) {
    const Interaction& event = history.events[i];
    if (i + 1 < history.events.size() && event.time_ms != history.events[i + 1].time_ms) ago += 1;
    const std::uint32_t row = event.item < rows_.size() ? rows_[event.item] : kNoRow;
    if (row == kNoRow) continue;
    const double weight = halflife_ > 0 ? detail::half_to_the(ago / halflife_) : 1.0;
    const float* weights = weights_.data() + row * n;
    for (std::size_t j = 0; j < n; ++j) sums[j] += weight * static_cast<double>(weights[j]);
  }
  for (std::size_t j = 0; j < n; ++j) scores[items_[j]] = sums[j];
}

Result<std::unique_ptr<const Recommender>> train_ease(const ModelSpec& spec, const Interactions& interactions,
                                                      const TrainContext&) {
  RAPPORT_TRY(const double lambda, detail::setting(spec, "lambda", 200, 1e-6, 1e9));
  RAPPORT_TRY(const double most, detail::setting(spec, "items", 3000, 1, 20'000));
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 0, 0, 1e6));
  const ItemPopularity popularity = item_popularity(interactions);
  const std::size_t n = std::min(interactions.items(), static_cast<std::size_t>(most));
  std::vector<std::uint32_t> items(n), rows(interactions.items(), kNoRow);
  for (std::uint32_t item = 0; item < interactions.items(); ++item) {
    if (popularity.place[item] < n) items[popularity.place[item]] = item, rows[item] = popularity.place[item];
  }
  math::Matrix gram = co_occurrences(interactions, rows, n);
  gram.diagonal().array() += lambda;
  RAPPORT_TRY(const math::Cholesky factor, math::Cholesky::of(gram));
  const math::Matrix inverse = factor.inverse();
  std::vector<float> weights(n * n);
  for (std::size_t j = 0; j < n; ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    for (std::size_t i = 0; i < n; ++i) {
      const double value = -inverse(static_cast<Eigen::Index>(i), column) / inverse(column, column);
      weights[i * n + j] = i == j ? 0 : static_cast<float>(value);
    }
  }
  return std::unique_ptr<const Recommender>(
      std::make_unique<Ease>(std::move(items), std::move(weights), halflife));
}

}  // namespace rapport::learn
