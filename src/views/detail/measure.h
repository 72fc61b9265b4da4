#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "views/detail/fact_match.h"
#include "views/detail/windows.h"
#include "views/rule_eval.h"

/// Counts, sums and their kin over the facts of a window, against their thresholds.
namespace rapport::views::detail {

// 512 amounts of 9e15 minor units, and days of them, overflow 64 bits.
__extension__ typedef __int128 Wide;

struct MeasurePlan {
  const Measure* rule = nullptr;
  Pick pick;
  Field unit;
  bool texts = false;  ///< first, last or distinct of a text
  Buckets buckets = Buckets::ignore;
  std::vector<std::string> missing;  ///< by threshold: what to say when its value is not published
};

MeasurePlan make_measure(const Measure& rule);

/// Adds hits up, newest first, and says what the comparison comes to for those added so far.
class Tally {
 public:
  Tally(const MeasurePlan& plan, const FactsView& facts, const RuleContext& context);
  void clear();
  void add(const Hit& hit);
  Truth truth(std::string_view& reason) const;
  /// "3", "1234.50 CNY", "4.5", "\"gold\""; "nothing" for the mean, least, greatest, first or last of
  /// nothing.
  std::string text() const;

 private:
  struct Sum {
    Wide sum = 0;
    std::uint64_t count = 0;
    std::int64_t least = 0, greatest = 0, newest = 0, oldest = 0;
  };
  struct Bound {
    std::int64_t low = 0, high = 0;
    Currency currency;
    bool known = true;
  };
  std::size_t bound_of(Currency currency) const;
  void add_value(Sum& sum, std::int64_t value);
  Truth compare(const Sum& sum, const Bound& bound) const;
  Truth compare_texts() const;
  std::string sum_text(const Sum& sum, Currency currency) const;

  const MeasurePlan& plan_;
  const FactsView& facts_;
  std::size_t bounds_ = 0;
  std::array<Bound, RuleLimits::kThresholds> bound_;
  std::array<Sum, RuleLimits::kThresholds> sum_;
  std::uint64_t hits_ = 0, strangers_ = 0;  ///< hits, and those in a currency without a threshold
  std::size_t newest_bound_ = 0, oldest_bound_ = 0;
  std::string_view newest_text_, oldest_text_;
  std::vector<std::string_view> distinct_texts_;  ///< sorted
  std::vector<std::int64_t> distinct_values_;     ///< sorted
};

/// The measure at facts.at(). `hits` is scratch space and holds the facts in reach afterwards, newest first.
Answer eval_measure(const MeasurePlan& plan, const FactsView& facts, const RuleContext& context,
                    std::vector<Hit>& hits, std::string_view& reason);

}  // namespace rapport::views::detail
