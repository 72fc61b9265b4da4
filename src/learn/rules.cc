#include "learn/rules.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>

#include "base/assert.h"
#include "math/hypergeometric.h"
#include "math/resample.h"

namespace rapport::learn {

void measure_rule(Rule& rule, std::uint64_t baskets) {
  const auto n = static_cast<double>(baskets);
  const double xy = rule.both_count, x = rule.antecedent_count, y = rule.consequent_count;
  rule.support = xy / n;
  rule.confidence = xy / x;
  rule.lift = xy * n / (x * y);
  rule.leverage = (xy * n - x * y) / (n * n);
  rule.conviction = rule.both_count == rule.antecedent_count ? std::numeric_limits<double>::infinity()
                                                             : (n - y) / n * x / (x - xy);
}

std::uint32_t itemset_count_for(const RuleOptions& options) {
  if (options.support_of == SupportOf::rule) return options.smallest_count;
  const double exact = options.confidence * options.smallest_count;
  return static_cast<std::uint32_t>(std::max(1.0, std::ceil(exact - 1e-9 * exact)));
}

/// Walks the tree of itemsets. For each set it knows the nodes of the set without its first, second, ...
/// item: these are the antecedents. A child's are found beside it, because whatever extends a set extends its
/// subsets, so that one walk along sorted siblings meets them all.
class RuleMaker {
 public:
  RuleMaker(const Itemsets& itemsets, const RuleOptions& options)
      : nodes_(itemsets.nodes()), itemsets_(itemsets), options_(options) {}

  Result<Rules> make() {
    const ItemsetNode& root = nodes_[0];
    for (std::uint32_t i = 0; i < root.children && !over_; ++i) {
      path_.push_back(i);
      descend(1 + i, kOnlyRoot);
      path_.pop_back();
    }
    if (over_)
      return fail(Errc::too_large, "more than {} rules are that confident", options_.rules_most)
          .at("confidence");
    measure();
    control_false_discoveries();
    return std::move(made_);
  }

 private:
  struct Frame {
    std::vector<std::uint32_t> at;     ///< the next sibling to look at, of each shorter set
    std::vector<std::uint32_t> below;  ///< the shorter sets of the child in hand
  };
  inline static const std::vector<std::uint32_t> kOnlyRoot{0};

  // `without[i]` is the node of this node's set without its i-th item.
  void descend(std::uint32_t node, const std::vector<std::uint32_t>& without) {
    const ItemsetNode& here = nodes_[node];
    if (here.children == 0 || over_) return;
    if (frames_.size() < path_.size()) frames_.emplace_back();
    Frame& frame = frames_[path_.size() - 1];
    std::vector<std::uint32_t>&at = frame.at, &below = frame.below;
    at.resize(without.size());
    for (std::size_t i = 0; i < without.size(); ++i) at[i] = nodes_[without[i]].first_child;
    below.resize(without.size() + 1);
    for (std::uint32_t c = 0; c < here.children; ++c) {
      const std::uint32_t child = here.first_child + c;
      const std::uint32_t rank = nodes_[child].rank;
      for (std::size_t i = 0; i < without.size(); ++i) {
        const ItemsetNode& shorter = nodes_[without[i]];
        at[i] = seek(at[i], shorter.first_child + shorter.children, rank);
        below[i] = at[i];
      }
      below.back() = node;
      if (is_redundant(rank)) continue;  // and so is whatever extends it
      path_.push_back(rank);
      list(child, below);
      descend(child, below);
      path_.pop_back();
    }
  }

  /// Whether an item of that rank lies above one of the path, or below.
  bool is_redundant(std::uint32_t rank) const {
    if (options_.hierarchy == nullptr) return false;
    const std::uint32_t item = itemsets_.items()[rank];
    return std::any_of(path_.begin(), path_.end(), [&](std::uint32_t other) {
      return options_.hierarchy->related(item, itemsets_.items()[other]);
    });
  }

  /// The sibling of that rank in [from, end), which is there; steps double, then halve.
  std::uint32_t seek(std::uint32_t from, std::uint32_t end, std::uint32_t rank) const {
    std::uint32_t step = 1;
    while (from + step < end && nodes_[from + step].rank <= rank) {
      from += step;
      step *= 2;
    }
    for (; step > 0; step /= 2) {
      if (from + step < end && nodes_[from + step].rank <= rank) from += step;
    }
    ASSERT(nodes_[from].rank == rank);
    return from;
  }

  void list(std::uint32_t node, const std::vector<std::uint32_t>& without) {
    const std::uint32_t both = nodes_[node].count;
    for (std::size_t i = 0; i < without.size(); ++i) {
      const std::uint32_t antecedent = nodes_[without[i]].count;
      if (options_.support_of == SupportOf::antecedent && antecedent < options_.smallest_count) continue;
      ++made_.tests_;
      // xy / x >= c without a division's rounding deciding at the edge.
      if (static_cast<double>(both) < options_.confidence * antecedent * (1 - 1e-12)) continue;
      if (made_.rules_.size() >= options_.rules_most) {
        over_ = true;
        return;
      }
      Rule rule;
      rule.antecedent_begin = static_cast<std::uint32_t>(made_.pool_.size());
      rule.antecedent_size = static_cast<std::uint32_t>(path_.size() - 1);
      for (std::size_t k = path_.size(); k-- > 0;) {
        if (k != i) made_.pool_.push_back(itemsets_.items()[path_[k]]);
      }
      rule.consequent = itemsets_.items()[path_[i]];
      rule.both_count = both;
      rule.antecedent_count = antecedent;
      rule.consequent_count = nodes_[1 + path_[i]].count;
      made_.rules_.push_back(rule);
    }
  }

  void measure() {
    const math::Hypergeometric law(itemsets_.baskets());
    constexpr std::size_t kSlice = 4'096;
    const std::size_t slices = (made_.rules_.size() + kSlice - 1) / kSlice;
    math::parallel_for(slices, options_.threads, [&](std::size_t slice) {
      const std::size_t end = std::min(made_.rules_.size(), (slice + 1) * kSlice);
      for (std::size_t i = slice * kSlice; i < end; ++i) {
        Rule& rule = made_.rules_[i];
        measure_rule(rule, itemsets_.baskets());
        rule.fisher_p = law.upper_tail(rule.both_count, rule.consequent_count, rule.antecedent_count);
      }
    });
  }

  void control_false_discoveries() {
    std::vector<Rule>& rules = made_.rules_;
    std::vector<std::pair<double, std::uint32_t>> by_p(rules.size());
    for (std::uint32_t i = 0; i < rules.size(); ++i) by_p[i] = {rules[i].fisher_p, i};
    std::sort(by_p.begin(), by_p.end());
    const auto tests = static_cast<double>(made_.tests_);
    double q = 1;
    for (std::size_t place = by_p.size(); place-- > 0;) {
      q = std::min(q, by_p[place].first * tests / static_cast<double>(place + 1));
      rules[by_p[place].second].fdr_q = q;
    }
  }

  std::span<const ItemsetNode> nodes_;
  const Itemsets& itemsets_;
  const RuleOptions& options_;
  std::vector<std::uint32_t> path_;  ///< ranks from the root
  std::deque<Frame> frames_;  ///< by depth; a deque, because deeper ones come while shallower are in use
  Rules made_;
  bool over_ = false;
};

Result<Rules> make_rules(const Itemsets& itemsets, const RuleOptions& options) {
  if (!(options.confidence >= 0 && options.confidence <= 1))
    return fail(Errc::bad_input, "confidence {} is no share", options.confidence).at("confidence");
  if (options.support_of == SupportOf::antecedent && options.confidence == 0)
    return Error{Errc::bad_input, "with the support of the antecedent every pair would be a rule",
                 "confidence", "above 0"};
  if (options.threads < 1 || options.threads > math::BootstrapOptions::kThreadsMax)
    return fail(Errc::bad_input, "{} threads", options.threads).at("threads");
  if (itemsets.smallest_count() > itemset_count_for(options))
    return fail(Errc::bad_input, "the itemsets reach down to {} baskets, the rules need {}",
                itemsets.smallest_count(), itemset_count_for(options));
  return RuleMaker(itemsets, options).make();
}

}  // namespace rapport::learn
