#include "views/detail/fact_match.h"

#include <algorithm>

#include "base/assert.h"

namespace rapport::views::detail {
namespace {

using model::EventKind;
using model::PropertyType;

bool may_match(const Pick& pick, const FactsView& facts) {
  return std::any_of(pick.kinds.begin(), pick.kinds.end(),
                     [&](const KindPick& one) { return facts.may_have(one.kind); });
}

std::string_view nth_word(std::string_view words, std::uint8_t n) {
  for (; n > 0 && !words.empty(); --n) words.remove_prefix(std::min(words.find(' ') + 1, words.size()));
  return words.substr(0, std::min(words.find(' '), words.size()));
}

bool amount_holds(const FieldTest& test, std::int64_t value, Currency currency) {
  const auto of_currency = [&](const Amount& amount) {
    return !amount.is_money || amount.currency == currency;
  };
  if (test.compare == Compare::one_of) {
    return std::any_of(test.amounts.begin(), test.amounts.end(),
                       [&](const Amount& amount) { return of_currency(amount) && amount.value == value; });
  }
  return of_currency(test.amounts.front()) &&
         holds(test.compare, value, test.amounts.front().value, test.amounts.back().value);
}

bool test_holds(const FieldTest& test, const FactsView& facts, const Fact& fact) {
  if (is_text_type(test.field.type)) return holds(test.compare, text_of(test.field, facts, fact), test.texts);
  return amount_holds(test, amount_of(test.field, facts, fact), facts.currency(fact));
}

bool bucket_holds(const FieldTest& test, const FactBucket& bucket) {
  if (test.field.source == FieldSource::aux_word) {
    return holds(test.compare, nth_word(test.field.words, bucket.aux), test.texts);
  }
  return amount_holds(test, bucket.aux, Currency{});
}

bool bucket_matches(const KindPick& pick, const FactBucket& bucket) {
  if (bucket.kind != pick.kind.value || !pick.bucketed) return false;
  return std::all_of(pick.tests.begin(), pick.tests.end(),
                     [&](const FieldTest& test) { return bucket_holds(test, bucket); });
}

const KindPick* match(const Pick& pick, const FactsView& facts, const Fact& fact) {
  const EventKind kind = fact.kind();
  for (const KindPick& one : pick.kinds) {
    if (one.kind == kind && matches(one, facts, fact)) return &one;
  }
  return nullptr;
}

}  // namespace

bool holds(Compare compare, std::string_view value, const std::vector<std::string>& texts) {
  const bool found = std::find(texts.begin(), texts.end(), value) != texts.end();
  return compare == Compare::not_equal ? !found : found;
}

Pick make_pick(const EventPick& events, model::PropertyId measured) {
  Pick pick;
  for (const EventKind kind : events.kinds) {
    KindPick one;
    one.kind = stored_kind(kind);
    one.purchase = kind == rule_kind::purchase;
    for (const Condition& condition : events.where) {
      const std::optional<Field> field = field_of(kind, condition.property);
      ASSERT(field.has_value());
      one.tests.push_back({*field, condition.compare, condition.texts, condition.amounts});
      one.bucketed =
          one.bucketed && (field->source == FieldSource::aux || field->source == FieldSource::aux_word);
    }
    if (measured != model::PropertyId{0}) {
      const std::optional<Field> field = field_of(kind, measured);
      ASSERT(field.has_value());
      one.value = *field;
    }
    pick.kinds.push_back(std::move(one));
  }
  return pick;
}

std::int64_t amount_of(const Field& field, const FactsView& facts, const Fact& fact) {
  return field.source == FieldSource::value ? facts.value(fact) : fact.aux();
}

std::string_view text_of(const Field& field, const FactsView& facts, const Fact& fact) {
  const ShopTables& tables = facts.tables();
  switch (field.source) {
    case FieldSource::object:
      return facts.object_text(fact);
    case FieldSource::aux_word:
      return nth_word(field.words, fact.aux());
    case FieldSource::category:
      return tables.words().text(facts.product(fact.object()).category);
    case FieldSource::brand:
      return tables.words().text(facts.product(fact.object()).brand);
    case FieldSource::scene:
      return tables.words().text(facts.product(fact.object()).scene);
    case FieldSource::function:
      return tables.words().text(facts.product(fact.object()).function);
    case FieldSource::value:
    case FieldSource::aux:
      break;
  }
  return {};
}

bool matches(const KindPick& pick, const FactsView& facts, const Fact& fact) {
  if (fact.kind() != pick.kind) return false;
  for (const FieldTest& test : pick.tests) {
    if (!test_holds(test, facts, fact)) return false;
  }
  return !pick.purchase || facts.is_net_order(fact);
}

void collect(const Pick& pick, const FactsView& facts, std::int64_t after_ms, std::size_t most,
             Buckets buckets, std::vector<Hit>& out) {
  out.clear();
  if (!may_match(pick, facts)) return;
  const bool with_buckets = buckets == Buckets::count && !facts.buckets().empty();
  if (with_buckets) most = SIZE_MAX;
  const std::span<const Fact> all = facts.facts();
  for (std::size_t i = all.size(); i-- > 0 && out.size() < most;) {
    const std::int64_t time_ms = all[i].time().ms;
    if (time_ms <= after_ms) break;
    if (const KindPick* one = match(pick, facts, all[i])) out.push_back({time_ms, &all[i], nullptr, one});
  }
  if (!with_buckets) return;
  for (const FactBucket& bucket : facts.buckets()) {
    if (bucket.latest_ms <= after_ms || bucket.latest_ms > facts.at().ms) continue;
    for (const KindPick& one : pick.kinds) {
      if (!bucket_matches(one, bucket)) continue;
      out.push_back({bucket.latest_ms, nullptr, &bucket, &one});
      break;
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Hit& a, const Hit& b) { return a.time_ms > b.time_ms; });
}

Hit oldest(const Pick& pick, const FactsView& facts) {
  Hit first;
  if (!may_match(pick, facts)) return first;
  for (const Fact& fact : facts.facts()) {
    if (const KindPick* one = match(pick, facts, fact)) {
      first = {fact.time().ms, &fact, nullptr, one};
      break;
    }
  }
  for (const FactBucket& bucket : facts.buckets()) {
    if (bucket.latest_ms > facts.at().ms) continue;
    if (first.pick != nullptr && bucket.latest_ms >= first.time_ms) continue;
    for (const KindPick& one : pick.kinds) {
      if (bucket_matches(one, bucket)) first = {bucket.latest_ms, nullptr, &bucket, &one};
    }
  }
  return first;
}

}  // namespace rapport::views::detail
