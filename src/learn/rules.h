#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "learn/hierarchy.h"
#include "learn/itemsets.h"

namespace rapport::learn {

/// Antecedent => one consequent item. Counts are baskets; every measure follows from the four counts.
/// With n baskets, x and y those that hold the antecedent and the consequent, xy both:
struct Rule {
  std::uint32_t antecedent_begin = 0;  ///< into Rules::antecedent()'s pool
  std::uint32_t antecedent_size = 0;
  std::uint32_t consequent = 0;        ///< item number of the baskets
  std::uint32_t both_count = 0;        ///< xy
  std::uint32_t antecedent_count = 0;  ///< x
  std::uint32_t consequent_count = 0;  ///< y
  double support = 0;                  ///< xy / n: of the whole rule
  double confidence = 0;               ///< xy / x
  double lift = 0;                     ///< xy n / (x y)
  double leverage = 0;                 ///< xy / n - x y / n^2 (Piatetsky-Shapiro 1991)
  double conviction = 0;  ///< (1 - y / n) / (1 - confidence), infinite at confidence 1 (Brin et al. 1997)
  double fisher_p = 0;    ///< P(at least xy baskets with both | x, y, n): Fisher's exact test, one-sided
  double fdr_q = 0;       ///< the smallest false discovery rate at which the rule stands
};

/// Which baskets the threshold of support counts.
enum class SupportOf : std::uint8_t {
  rule,        ///< those that hold antecedent and consequent, as in Agrawal & Srikant (1994)
  antecedent,  ///< those to which the rule applies, as in Borgelt's programs
};

struct RuleOptions {
  double confidence = 0.5;  ///< at least, in [0, 1]; above 0 when the support is the antecedent's
  SupportOf support_of = SupportOf::rule;
  std::uint32_t smallest_count = 1;  ///< baskets, of what `support_of` says
  std::size_t rules_most = 50'000'000;
  unsigned threads = 1;  ///< 1 .. 64; the answer is the same for any number
  /// An item with what lies above it says nothing (its support is the item's): no such set makes a rule or
  /// counts as tested (Srikant & Agrawal 1995, VLDB, section 3.2, optimisation 3). Null: there are no
  /// categories.
  const Hierarchy* hierarchy = nullptr;
};

/// An immutable value; const access from any thread.
class Rules {
 public:
  std::span<const Rule> all() const { return rules_; }
  /// The items of a rule's antecedent, most frequent first.
  std::span<const std::uint32_t> antecedent(const Rule& rule) const {
    return {pool_.data() + rule.antecedent_begin, rule.antecedent_size};
  }
  /// Rules that could have been listed: every frequent itemset of two items or more, with each of its items
  /// as the consequent. The false discovery rate is over these, because the listed ones were picked by
  /// looking.
  std::uint64_t tests() const { return tests_; }

 private:
  friend class RuleMaker;
  std::vector<Rule> rules_;
  std::vector<std::uint32_t> pool_;
  std::uint64_t tests_ = 0;
};

/// All rules over `itemsets` with non-empty antecedent and one consequent, in the order of the tree. `q`
/// after Benjamini & Hochberg (1995, JRSS B 57:289-300) with the unlisted candidates counted as tests that
/// failed. Itemsets must reach down to itemset_count_for(options). Errors: bad_input for options out of range
/// or itemsets that do not reach far enough; too_large over `rules_most`.
Result<Rules> make_rules(const Itemsets& itemsets, const RuleOptions& options);

/// The count at which itemsets must be mined so that no rule is missed: the smallest count itself, or, when
/// the support is the antecedent's, ceil(confidence x smallest count).
std::uint32_t itemset_count_for(const RuleOptions& options);

/// The measures of one rule from its counts; `fdr_q` is left 0.
void measure_rule(Rule& rule, std::uint64_t baskets);

}  // namespace rapport::learn
