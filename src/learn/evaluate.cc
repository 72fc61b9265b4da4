#include "learn/evaluate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "learn/detail/customer_pool.h"
#include "learn/detail/list_columns.h"
#include "math/resample.h"

namespace rapport::learn {
namespace {

using detail::CustomerPool;
using detail::kColumnNames;
using detail::kColumns;
using detail::ListJudge;
using detail::Lists;

constexpr std::size_t kSpreadDraws = 200;
constexpr std::size_t kSegments = 3;

Status check(const EvaluateOptions& options) {
  const auto in_range = [](unsigned k) { return k >= 1 && k <= EvaluateOptions::kMost; };
  if (options.k.empty() || !std::all_of(options.k.begin(), options.k.end(), in_range) ||
      !std::is_sorted(options.k.begin(), options.k.end()))
    return Error{Errc::bad_input, "list lengths out of range", "k", "1 .. 1000, ascending"};
  if (options.seeds < 1 || options.seeds > 100)
    return Error{Errc::bad_input, "seeds out of range", "seeds", "1 .. 100"};
  if (options.replicates < 20 || options.replicates > 100'000)
    return Error{Errc::bad_input, "replicates out of range", "replicates", "20 .. 100,000"};
  return {};
}

/// Popularity and personal frequency are the lines to beat, asked for or not.
std::vector<ModelSpec> with_baselines(std::vector<ModelSpec> models) {
  for (const char* name : {"personal", "popularity"}) {
    const bool there =
        std::any_of(models.begin(), models.end(), [&](const ModelSpec& spec) { return spec.name == name; });
    if (!there) models.insert(models.begin(), ModelSpec{name, {}});
  }
  return models;
}

/// The thirds of cases by how much is known of the customer.
struct Segments {
  std::size_t light_most = 0, medium_most = 0;
  explicit Segments(const std::vector<Case>& cases) {
    std::vector<std::size_t> sizes;
    for (const Case& each : cases) sizes.push_back(each.shown);
    std::sort(sizes.begin(), sizes.end());
    light_most = sizes[sizes.size() / kSegments];
    medium_most = sizes[sizes.size() * 2 / kSegments];
  }
  std::size_t of(const Case& each) const {
    return each.shown <= light_most ? 0 : each.shown <= medium_most ? 1 : 2;
  }
};

class Evaluator {
 public:
  Evaluator(const Interactions& all, const EvaluateOptions& options,
            const std::function<void(const std::string&)>& progress)
      : all_(all), options_(options), progress_(progress), models_(with_baselines(options.models)) {}

  Result<Evaluation> run() {
    if (!options_.against.empty() && std::none_of(models_.begin(), models_.end(), [&](const ModelSpec& spec) {
          return spec.name == options_.against;
        }))
      return Error{Errc::bad_input, "'" + options_.against + "' is not among the models", "against"};
    CustomerPool pool(all_.customers(), models_.size() * options_.k.size() * kColumns);
    made_.k = options_.k;
    made_.split = options_.split.by;
    made_.seeds = options_.seeds;
    made_.customers = all_.customers();
    made_.items = all_.items();
    made_.interactions = all_.size();
    made_.models.resize(models_.size());
    spreads_.assign(models_.size() * options_.k.size() * 2, {});
    for (unsigned seed = 1; seed <= options_.seeds; ++seed) RAPPORT_CHECK(run_seed(seed, pool));
    RAPPORT_CHECK(pool.resample(options_.replicates, options_.split.seed, options_.threads, options_.level));
    for (std::size_t m = 0; m < models_.size(); ++m) fill_metrics(m, pool);
    compare(pool);
    return std::move(made_);
  }

 private:
  std::size_t column(std::size_t model, std::size_t k_index, unsigned metric) const {
    return (model * options_.k.size() + k_index) * kColumns + metric;
  }

  Status run_seed(unsigned seed, CustomerPool& pool) {
    SplitOptions wanted = options_.split;
    wanted.seed = options_.split.seed + seed - 1;
    // Only the split of customers has chance in it: the others are made once.
    if (seed == 1 || wanted.by == SplitBy::customers) {
      RAPPORT_TRY(split_, make_split(all_, wanted));
      judge_ = std::make_unique<ListJudge>(all_, split_);
      if (seed == 1) {
        made_.repeats = split_.repeats;
        made_.cases = split_.cases.size();
        made_.cold = split_.cold;
        made_.unreachable = split_.unreachable;
      }
      lists_.assign(models_.size(), {});
    }
    for (std::size_t m = 0; m < models_.size(); ++m) {
      if (seed == 1 && options_.tune > 0) RAPPORT_CHECK(tune(m));
      const ModelKind* kind = find_model_kind(models_[m].name);
      if (lists_[m].empty() || (kind != nullptr && kind->seeded)) {
        progress_(fmt::format("seed {}: {}", seed, models_[m].text()));
        RAPPORT_TRY(const auto model, train(models_[m], split_.train, wanted.seed));
        lists_[m] = judge_->rank(*model, options_.k.back(), options_.threads);
      }
      if (options_.ranked) options_.ranked({seed, all_, split_, models_[m], lists_[m]});
      collect(m, seed, pool);
    }
    return {};
  }

  Result<std::unique_ptr<const Recommender>> train(const ModelSpec& spec, const Interactions& data,
                                                   std::uint64_t seed) {
    auto trained = train_model(
        spec, data, {.seed = seed, .threads = options_.threads, .attributes = options_.attributes});
    if (!trained.ok()) return std::move(trained).error().at(spec.name);
    return trained;
  }

  /// The best of the kind's settings on a split of the training data; the test data are not looked at.
  Status tune(std::size_t m) {
    const ModelKind* kind = find_model_kind(models_[m].name);
    if (kind == nullptr || kind->tries.size() < 2) return {};
    SplitOptions wanted = options_.split;
    wanted.repeats = split_.repeats;
    wanted.seed = mix64(wanted.seed);  // the same customers again would have no data left
    const Interactions& data = split_.train;
    RAPPORT_TRY(const Split inner, make_split(data, wanted));
    const ListJudge judge(data, inner);
    double best = -1;
    ModelSpec chosen = models_[m];
    for (std::size_t i = 0; i < std::min<std::size_t>(options_.tune, kind->tries.size()); ++i) {
      ModelSpec spec = models_[m];
      for (const auto& [name, value] : kind->tries[i]) spec.settings[name] = value;
      RAPPORT_TRY(const auto model, train(spec, inner.train, wanted.seed));
      const Lists lists = judge.rank(*model, options_.k.front(), options_.threads);
      const std::vector<double> values = judge.measure(lists, options_.k.front(), options_.threads);
      double ndcg = 0;
      for (std::size_t at = detail::kNdcg; at < values.size(); at += kColumns) ndcg += values[at];
      ndcg /= static_cast<double>(lists.size());
      progress_(fmt::format("tuning: {} ndcg@{} {:.5f}", spec.text(), options_.k.front(), ndcg));
      if (ndcg <= best) continue;
      best = ndcg;
      chosen = std::move(spec);
    }
    models_[m] = std::move(chosen);
    return {};
  }

  void collect(std::size_t m, unsigned seed, CustomerPool& pool) {
    std::vector<std::uint32_t> all_cases(lists_[m].size());
    std::iota(all_cases.begin(), all_cases.end(), 0u);
    for (std::size_t k = 0; k < options_.k.size(); ++k) {
      const std::vector<double> values = judge_->measure(lists_[m], options_.k[k], options_.threads);
      for (std::size_t i = 0; i < split_.cases.size(); ++i) {
        for (unsigned metric = 0; metric < kColumns; ++metric)
          pool.add(split_.cases[i].customer, column(m, k, metric), values[i * kColumns + metric]);
      }
      add_spread(m, k, seed, all_cases);
      if (seed == 1 && k == 0) fill_segments(m, values);
    }
  }

  void fill_segments(std::size_t m, const std::vector<double>& values) {
    const Segments segments(split_.cases);
    std::vector<SegmentRow> rows = {{"light"}, {"medium"}, {"heavy"}};
    for (std::size_t i = 0; i < split_.cases.size(); ++i) {
      SegmentRow& row = rows[segments.of(split_.cases[i])];
      ++row.customers;
      row.recall += values[i * kColumns + detail::kRecall];
      row.ndcg += values[i * kColumns + detail::kNdcg];
    }
    for (SegmentRow& row : rows) {
      if (row.customers == 0) continue;
      row.recall /= static_cast<double>(row.customers);
      row.ndcg /= static_cast<double>(row.customers);
    }
    std::erase_if(rows, [](const SegmentRow& row) { return row.customers == 0; });
    made_.models[m].segments = std::move(rows);
  }

  /// Coverage and Gini belong to all lists together. Fewer different customers show fewer items, so resampled
  /// values lie below the figure: the interval is their spread, moved to the figure.
  void add_spread(std::size_t m, std::size_t k, unsigned seed, const std::vector<std::uint32_t>& all_cases) {
    Estimate* both = spreads_.data() + (m * options_.k.size() + k) * 2;
    const auto whole = judge_->spread(lists_[m], all_cases, options_.k[k]);
    const double share = 1.0 / options_.seeds;
    both[0].mean += whole.coverage * share;
    both[1].mean += whole.gini * share;
    if (seed != 1) return;
    std::vector<double> coverages, ginis;
    std::vector<std::uint32_t> drawn(all_cases.size());
    for (std::size_t draw = 0; draw < kSpreadDraws; ++draw) {
      Random random(mix64(options_.split.seed) + draw);
      for (std::uint32_t& each : drawn) each = static_cast<std::uint32_t>(random.below(drawn.size()));
      const auto part = judge_->spread(lists_[m], drawn, options_.k[k]);
      coverages.push_back(part.coverage);
      ginis.push_back(part.gini);
    }
    std::size_t at = 0;
    for (std::vector<double>* draws : {&coverages, &ginis}) {
      std::sort(draws->begin(), draws->end());
      const double middle =
          std::accumulate(draws->begin(), draws->end(), 0.0) / static_cast<double>(draws->size());
      const math::Interval interval = math::percentile_interval(*draws, options_.level);
      both[at].low = interval.low - middle;
      both[at].high = interval.high - middle;
      ++at;
    }
  }

  void fill_metrics(std::size_t m, const CustomerPool& pool) {
    ModelOutcome& outcome = made_.models[m];
    outcome.spec = models_[m];
    for (std::size_t k = 0; k < options_.k.size(); ++k) {
      for (unsigned metric = 0; metric < kColumns; ++metric)
        outcome.metrics.push_back(
            {fmt::format("{}@{}", kColumnNames[metric], options_.k[k]), pool.estimate(column(m, k, metric))});
      const Estimate* both = spreads_.data() + (m * options_.k.size() + k) * 2;
      for (std::size_t i = 0; i < 2; ++i) {
        outcome.metrics.push_back({fmt::format("{}@{}", i == 0 ? "coverage" : "gini", options_.k[k]),
                                   {both[i].mean, both[i].mean + both[i].low, both[i].mean + both[i].high}});
      }
    }
  }

  void compare(const CustomerPool& pool) {
    std::size_t baseline = models_.size();
    double best = -1;
    for (std::size_t m = 0; m < models_.size(); ++m) {
      const bool wanted = options_.against.empty()
                              ? models_[m].name == "popularity" || models_[m].name == "personal"
                              : models_[m].name == options_.against;
      if (!wanted) continue;
      const double ndcg = pool.estimate(column(m, 0, detail::kNdcg)).mean;
      if (ndcg > best) baseline = m, best = ndcg;
    }
    for (std::size_t m = 0; m < models_.size(); ++m) {
      if (m == baseline) continue;
      for (std::size_t k = 0; k < options_.k.size(); ++k) {
        for (const unsigned metric : {detail::kRecall, detail::kNdcg, detail::kHit}) {
          const std::size_t ours = column(m, k, metric), theirs = column(baseline, k, metric);
          made_.models[m].comparisons.push_back({fmt::format("{}@{}", kColumnNames[metric], options_.k[k]),
                                                 models_[baseline].name, pool.difference(ours, theirs),
                                                 pool.paired_p(ours, theirs)});
        }
      }
    }
  }

  const Interactions& all_;
  const EvaluateOptions& options_;
  const std::function<void(const std::string&)>& progress_;
  std::vector<ModelSpec> models_;
  Split split_;
  std::unique_ptr<ListJudge> judge_;
  std::vector<Lists> lists_;       ///< by model, of the split in hand
  std::vector<Estimate> spreads_;  ///< coverage and Gini by model and k; low and high from the mean
  Evaluation made_;
};

}  // namespace

Result<Evaluation> evaluate(const Interactions& all, const EvaluateOptions& options,
                            const std::function<void(const std::string&)>& progress) {
  RAPPORT_CHECK(check(options));
  return Evaluator(all, options, progress).run();
}

}  // namespace rapport::learn
