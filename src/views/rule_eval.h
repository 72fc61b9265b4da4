#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "views/fact.h"
#include "views/rule.h"

/// What a rule means: its answer at a moment, and until when that answer holds if nothing further happens.
/// Meaning of every form: docs/formats/rules.md.
namespace rapport::views {

/// Kleene's three values.
enum class Truth : std::uint8_t { no, yes, undetermined };
/// "false", "true", "undetermined"
std::string_view truth_name(Truth truth);

struct Outcome {
  Truth value = Truth::no;
  /// The answer is the same at every moment in [at, until) if no fact is added. Never earlier than at + 1 ms;
  /// Instant::never() when time alone cannot change it. Facts later than `at`, which a FactsView hides, are
  /// the caller's: it must not trust an answer past the first of them.
  Instant until = Instant::never();
  /// Why it is undetermined; lives as long as the rule set.
  std::string_view reason;
};

/// Kinds of facts a shop ever had, by number.
using KindSet = std::bitset<4096>;

/// Values published to rules by name (a quantile, a season): whole numbers; money in minor units, decimals in
/// thousandths.
using PublishedValues = std::map<std::string, std::int64_t, std::less<>>;

/// What is true of the shop rather than of the customer.
struct RuleContext {
  const KindSet* shop_kinds = nullptr;         ///< null: `seen`
  const PublishedValues* published = nullptr;  ///< null: none
  /// Two words, a bit a kind by FactsView::mask_bit; null: ShopTables::seen of the facts' tables.
  const std::uint64_t* seen = nullptr;
};

/// One step of a reason: a part of the rule, what it came to, and the facts it rests on.
struct RuleStep {
  std::string rule;  ///< the part, printed
  Truth value = Truth::no;
  std::string detail;  ///< what was measured: "3", "1234.50 CNY", "2026-11-22T03:04:05Z"; the reason when
                       ///< undetermined
  Instant until;
  std::int32_t depth = 0;
  std::vector<std::uint32_t> facts;  ///< places in FactsView::facts(), ascending
};

struct RuleExplanation {
  Outcome outcome;
  std::vector<RuleStep> steps;  ///< the whole rule first, then its parts, depth first
};

namespace detail {
struct RulePlan;
}

/// The rules of a shop, ready to be evaluated together. Immutable; any thread.
class RuleSet {
 public:
  RuleSet();
  ~RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;

  /// Errors: bad_input for a circle, an unknown segment, a name that is there twice or is no name; too_large.
  static Result<RuleSet> make(std::vector<NamedRule> rules);

  std::size_t size() const;
  const NamedRule& rule(std::size_t i) const;
  std::optional<std::size_t> find(std::string_view name) const;

  /// Rules whose answer can change when a fact of `kind` is added, their own or through the segments they ask
  /// about; ascending. Rules that read tags are touched by every kind.
  std::span<const std::uint16_t> touched_by(model::EventKind kind) const;
  /// All rules, 0..size()-1.
  std::span<const std::uint16_t> all() const;

  /// Answers `which` (and whatever they ask about) at facts.at(): out[i] for rule i; out.size() == size().
  /// Other places of `out` may be written too.
  void eval(std::span<const std::uint16_t> which, const FactsView& facts, const RuleContext& context,
            std::span<Outcome> out) const;
  Outcome eval_one(std::size_t i, const FactsView& facts, const RuleContext& context) const;

  /// The same answer with its steps. Segments asked about are explained in place.
  RuleExplanation explain(std::size_t i, const FactsView& facts, const RuleContext& context) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

/// One rule alone; `in segment` is undetermined ("no such segment").
Outcome eval(const Rule& rule, const FactsView& facts, const RuleContext& context = {});

}  // namespace rapport::views
