#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/recommender.h"
#include "learn/split.h"

namespace rapport::learn {

/// What one model made of one split, as it is being judged. Borrowed for the call.
struct Ranked {
  unsigned seed = 1;
  const Interactions& all;
  const Split& split;
  const ModelSpec& spec;
  const std::vector<std::vector<std::uint32_t>>& lists;  ///< by case, best first, as long as the longest k
};

struct EvaluateOptions {
  SplitOptions split;
  std::vector<ModelSpec> models;       ///< popularity and personal are added in front when they are missing
  std::vector<unsigned> k = {10, 20};  ///< 1 .. kMost, ascending
  unsigned seeds = 5;             ///< 1 .. 100: splits of customers and models with chance in them, again
  unsigned threads = 1;           ///< the answer is the same for any number
  unsigned tune = 0;              ///< settings tried per model on a split of the training data; 0: as given
  std::string against;            ///< model that the others are compared to; the better baseline when empty
  std::size_t replicates = 1000;  ///< of the bootstrap over customers
  double level = 0.95;
  const std::vector<std::vector<std::uint32_t>>* attributes = nullptr;  ///< of items, as in TrainContext
  /// Told of every list that is judged: for programs that are held against ours on the same split.
  std::function<void(const Ranked&)> ranked{};
  static constexpr unsigned kMost = 1000;
};

struct Estimate {
  double mean = 0, low = 0, high = 0;
};

/// The measures of a list. Means are over customers who can be asked, each as often as there are seeds.
struct MetricRow {
  std::string name;  ///< "ndcg@10"
  Estimate value;
};

/// The difference to a line to beat on the same customers, resampled together.
struct Comparison {
  std::string metric, baseline;
  Estimate difference;
  double p = 1;  ///< two-sided, of a paired t over customers
};

struct SegmentRow {
  std::string name;  ///< by the number of events known of a customer: "light", "medium", "heavy"
  std::size_t customers = 0;
  double recall = 0, ndcg = 0;  ///< at the first k
};

struct ModelOutcome {
  ModelSpec spec;
  std::vector<MetricRow> metrics;
  std::vector<Comparison> comparisons;  ///< against `against`, else the better of popularity and
                                        ///< personal by NDCG at the first k
  std::vector<SegmentRow> segments;
};

struct Evaluation {
  SplitBy split = SplitBy::time;
  Repeats repeats = Repeats::yes;
  unsigned seeds = 0;
  std::size_t customers = 0, items = 0, interactions = 0;  ///< of all data
  std::size_t cases = 0, cold = 0;                         ///< of the first seed
  double unreachable = 0;
  std::vector<unsigned> k;
  std::vector<ModelOutcome> models;
};

/// Trains every model on what each split shows and ranks all items for every customer with something hidden.
/// The same input gives the same bits. `progress` is told what is being done. Errors: bad_input for options
/// out of range; those of make_split and train_model, naming the model.
Result<Evaluation> evaluate(const Interactions& all, const EvaluateOptions& options,
                            const std::function<void(const std::string&)>& progress);

/// One JSON document on one line.
std::string evaluation_json(const Evaluation& evaluation);
/// A table for a terminal.
std::string evaluation_text(const Evaluation& evaluation);

}  // namespace rapport::learn
