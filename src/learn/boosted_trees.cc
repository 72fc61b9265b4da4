#include "learn/boosted_trees.h"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <limits>
#include <string>

namespace rapport::learn {
namespace {

Error refusal() {
  const char* why = XGBGetLastError();
  return Error{Errc::refused, fmt::format("the trees were not grown: {}", why == nullptr ? "" : why)};
}

/// The library's own copy of some rows.
class Rows {
 public:
  static Result<Rows> of(const FeatureRows& rows) {
    Rows out;
    if (XGDMatrixCreateFromMat(rows.cells.data(), rows.rows(), rows.columns,
                               std::numeric_limits<float>::quiet_NaN(), &out.handle_) != 0)
      return refusal();
    return out;
  }
  Rows(Rows&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Rows(const Rows&) = delete;
  ~Rows() {
    if (handle_ != nullptr) XGDMatrixFree(handle_);
  }
  DMatrixHandle get() const { return handle_; }

 private:
  Rows() = default;
  DMatrixHandle handle_ = nullptr;
};

Status check(const FeatureRows& rows, std::span<const float> outcome, const BoostedTreesOptions& options) {
  if (rows.columns == 0 || rows.cells.empty() || rows.cells.size() % rows.columns != 0 ||
      outcome.size() != rows.rows())
    return Error{Errc::bad_input, "rows and outcomes do not fit together", "rows",
                 "rows x columns cells and an outcome a row"};
  for (const float y : outcome) {
    if (y != 0 && y != 1) return Error{Errc::bad_input, "an outcome is not 0 or 1", "outcome", "0 or 1"};
  }
  if (options.rounds < 1 || options.rounds > 5'000 || options.depth < 1 || options.depth > 12 ||
      !(options.rate > 0) || options.rate > 1 || !(options.leaf_least >= 0) || !(options.ridge >= 0))
    return Error{Errc::bad_input, "no such trees", "options",
                 "1 to 5,000 rounds, depth 1 to 12, rate above 0 up to 1"};
  return {};
}

}  // namespace

struct BoostedTrees::Booster {
  BoosterHandle handle = nullptr;
  ~Booster() {
    if (handle != nullptr) XGBoosterFree(handle);
  }
};

Result<BoostedTrees> BoostedTrees::train(const FeatureRows& rows, std::span<const float> outcome,
                                         const BoostedTreesOptions& options) {
  RAPPORT_CHECK(check(rows, outcome, options));
  RAPPORT_TRY(const Rows data, Rows::of(rows));
  if (XGDMatrixSetFloatInfo(data.get(), "label", outcome.data(), outcome.size()) != 0) return refusal();
  const auto booster = std::make_shared<Booster>();
  DMatrixHandle handles[] = {data.get()};
  if (XGBoosterCreate(handles, 1, &booster->handle) != 0) return refusal();
  const std::pair<const char*, std::string> parameters[] = {
      {"objective", "binary:logistic"},
      {"tree_method", "hist"},
      {"nthread", "1"},
      {"seed", "1"},
      {"verbosity", "0"},
      {"max_depth", fmt::format("{}", options.depth)},
      {"eta", fmt::format("{}", options.rate)},
      {"min_child_weight", fmt::format("{}", options.leaf_least)},
      {"lambda", fmt::format("{}", options.ridge)},
  };
  for (const auto& [name, value] : parameters) {
    if (XGBoosterSetParam(booster->handle, name, value.c_str()) != 0) return refusal();
  }
  for (int round = 0; round < options.rounds; ++round) {
    if (XGBoosterUpdateOneIter(booster->handle, round, data.get()) != 0) return refusal();
  }
  BoostedTrees out;
  out.booster_ = booster;
  out.columns_ = rows.columns;
  out.rounds_ = options.rounds;
  return out;
}

namespace {

Result<std::vector<double>> ask(BoosterHandle booster, const FeatureRows& rows, int type, int rounds) {
  RAPPORT_TRY(const Rows data, Rows::of(rows));
  const std::string question = fmt::format(
      R"({{"type":{},"training":false,"iteration_begin":0,"iteration_end":{},"strict_shape":false}})", type,
      rounds);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  if (XGBoosterPredictFromDMatrix(booster, data.get(), question.c_str(), &shape, &dimensions, &values) != 0)
    return refusal();
  std::size_t size = 1;
  for (bst_ulong i = 0; i < dimensions; ++i) size *= shape[i];
  return std::vector<double>(values, values + size);
}

}  // namespace

Result<std::vector<double>> BoostedTrees::log_odds(const FeatureRows& rows, int rounds) const {
  constexpr int kMargin = 1;
  if (rows.columns != columns_ || rounds < 0 || rounds > rounds_)
    return Error{Errc::bad_input, "these rows are not like those that were learnt from", "rows",
                 fmt::format("{} columns, at most {} rounds", columns_, rounds_)};
  return ask(booster_->handle, rows, kMargin, rounds);
}

Result<std::vector<double>> BoostedTrees::contributions(const FeatureRows& rows) const {
  constexpr int kContributions = 2;
  if (rows.columns != columns_)
    return Error{Errc::bad_input, "these rows are not like those that were learnt from", "rows",
                 fmt::format("{} columns", columns_)};
  return ask(booster_->handle, rows, kContributions, 0);
}

}  // namespace rapport::learn
