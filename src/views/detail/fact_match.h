#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "views/detail/rule_fields.h"
#include "views/fact.h"
#include "views/rule.h"

/// A rule's picks made ready: which facts they mean, newest first.
namespace rapport::views::detail {

/// One condition for one kind: where to read and what to accept.
struct FieldTest {
  Field field;
  Compare compare = Compare::equal;
  std::vector<std::string> texts;
  std::vector<Amount> amounts;
};

struct KindPick {
  model::EventKind kind;  ///< as stored
  bool purchase = false;  ///< only orders that count
  std::vector<FieldTest> tests;
  bool bucketed = true;  ///< every test can be made on a day's bucket
  Field value;           ///< what a measure reads; property 0 when it only counts
};

struct Pick {
  std::vector<KindPick> kinds;
};

Pick make_pick(const EventPick& events, model::PropertyId measured = model::PropertyId{0});

/// A fact that matches, or a day's bucket of older ones.
struct Hit {
  std::int64_t time_ms = 0;
  const Fact* fact = nullptr;  ///< null for a bucket
  const FactBucket* bucket = nullptr;
  const KindPick* pick = nullptr;
};

/// Whether this fact of the view is meant.
bool matches(const KindPick& pick, const FactsView& facts, const Fact& fact);

/// The value of a field of an amount type; the text of one of a text type.
std::int64_t amount_of(const Field& field, const FactsView& facts, const Fact& fact);
std::string_view text_of(const Field& field, const FactsView& facts, const Fact& fact);

enum class Buckets : std::uint8_t { count, ignore };

/// Matching facts and buckets with time > after_ms, newest first, at most `most` exact ones.
void collect(const Pick& pick, const FactsView& facts, std::int64_t after_ms, std::size_t most,
             Buckets buckets, std::vector<Hit>& out);
/// The oldest of all; nullptr fact and bucket when there is none.
Hit oldest(const Pick& pick, const FactsView& facts);

template <class Number>
bool holds(Compare compare, Number value, Number low, Number high) {
  switch (compare) {
    case Compare::equal:
      return value == low;
    case Compare::not_equal:
      return value != low;
    case Compare::less:
      return value < low;
    case Compare::less_equal:
      return value <= low;
    case Compare::greater:
      return value > low;
    case Compare::greater_equal:
      return value >= low;
    case Compare::between:
      return value >= low && value <= high;
    case Compare::one_of:
      return value == low;
  }
  return false;
}
bool holds(Compare compare, std::string_view value, const std::vector<std::string>& texts);

}  // namespace rapport::views::detail
