#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "learn/interactions.h"

namespace rapport::learn {

/// A trained model: an immutable value without rows of customers. A customer is folded in from her history
/// when she asks, so that her last click counts at once. Const access from any thread.
class Recommender {
 public:
  virtual ~Recommender() = default;
  /// Fills `scores`, one place an item of the training data; higher is better, 0 is no opinion. The same
  /// history gives the same bits on every processor.
  virtual void score(const History& history, std::span<double> scores) const = 0;
  /// Appends what ModelKind::load reads back. False, and nothing is appended, for a model that keeps rows of
  /// customers: those are never stored.
  virtual bool save(ByteWriter&) const { return false; }
};

/// A model by name with settings, as written "als:factors=64:sweeps=10".
struct ModelSpec {
  std::string name;
  std::map<std::string, double> settings;
  std::string text() const;
};
/// Errors: bad_input for a setting that is no number.
Result<ModelSpec> parse_model_spec(std::string_view text);

struct TrainContext {
  std::uint64_t seed = 1;
  unsigned threads = 1;
  /// Content of items for models that look at it: attribute numbers by item; empty when nothing is known.
  const std::vector<std::vector<std::uint32_t>>* attributes = nullptr;
};

/// What there is to train.
struct ModelKind {
  std::string_view name;
  std::string_view what;
  bool seeded = false;  ///< whether another seed gives another model
  Result<std::unique_ptr<const Recommender>> (*train)(const ModelSpec& spec, const Interactions& interactions,
                                                      const TrainContext& context) = nullptr;
  /// Settings that are tried by tuning, the default first.
  std::vector<std::map<std::string, double>> tries;
  std::vector<std::string_view> settings;  ///< names that it knows
  /// Reads what save() wrote, over a list of `items` items; null when it is never stored. Errors: corrupt.
  Result<std::unique_ptr<const Recommender>> (*load)(ByteReader& in, std::size_t items) = nullptr;
};
std::span<const ModelKind> model_kinds();

/// Errors: not_found for no such model, listing those there are; bad_input for a setting that it does not
/// know or that is out of range; refused when the data do not carry it.
Result<std::unique_ptr<const Recommender>> train_model(const ModelSpec& spec,
                                                       const Interactions& interactions,
                                                       const TrainContext& context);
const ModelKind* find_model_kind(std::string_view name);

/// The best `count` items by score; of equal scores the one with the lower `order` first. Items for which
/// `leave_out` is not 0 are no candidates. May give fewer.
void best_items(std::span<const double> scores, std::span<const std::uint32_t> order,
                std::span<const std::uint8_t> leave_out, std::size_t count, std::vector<std::uint32_t>& best);

/// How many different customers took each item, and the place of each item by that (0: most), ties by number.
struct ItemPopularity {
  std::vector<std::uint32_t> customers;
  std::vector<std::uint32_t> place;
};
ItemPopularity item_popularity(const Interactions& interactions);

}  // namespace rapport::learn
