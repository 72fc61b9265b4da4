#include "views/node_state.h"

#include <algorithm>
#include <map>

#include "base/random.h"
#include "model/catalogue_ids.h"
#include "views/identity.h"

namespace rapport::views {
namespace {

constexpr Currency kYuan{{'C', 'N', 'Y'}};
const Instant kBegin = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});

TEST(Fact, KeepsWhatItWasMadeOfInSixteenBytes) {
  ShopTables tables(kYuan);
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-5}, std::int64_t{2147483647}, std::int64_t{-2147483647} + (1 << 20),
        std::int64_t{-2147483648}, std::int64_t{1} << 50, -(std::int64_t{1} << 62)}) {
    const Fact fact(kBegin, fact_kind::order_line, 7, 4'000'000'000U, tables.wide.store(value));
    EXPECT_EQ(fact.time(), kBegin);
    EXPECT_EQ(fact.kind(), fact_kind::order_line);
    EXPECT_EQ(fact.aux(), 7);
    EXPECT_EQ(fact.object(), 4'000'000'000U);
    EXPECT_EQ(tables.wide.value(fact.stored_value()), value);
  }
  EXPECT_EQ(tables.wide.size(), 3u);
  EXPECT_EQ(Fact(Instant::min(), {}, 0, 0, 0).time(), Instant{Fact::kEpochMs});
  EXPECT_EQ(civil_from_instant(Fact(Instant::max(), {}, 0, 0, 0).time()).year, 2357);
}

TEST(Dictionary, GivesNumbersInOrderOfFirstSight) {
  Dictionary words;
  Random random(3);
  std::map<std::string, std::uint32_t> known;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = "w" + std::to_string(random.below(5000)) + std::string(random.below(30), 'x');
    const auto [at, is_new] = known.try_emplace(text, static_cast<std::uint32_t>(known.size() + 1));
    ASSERT_EQ(words.find(text), is_new ? 0 : at->second);
    ASSERT_EQ(words.intern(text), at->second);
    ASSERT_EQ(words.text(at->second), text);
  }
  std::string bytes;
  ByteWriter out(bytes);
  words.save(out);
  Dictionary copy;
  ByteReader in(bytes);
  ASSERT_TRUE(copy.load(in));
  EXPECT_EQ(copy.size(), words.size());
  EXPECT_EQ(copy.find(known.begin()->first), known.begin()->second);
  EXPECT_EQ(words.intern(""), 0u);
  const std::uint32_t cut = words.intern(std::string(600, 'a'));
  EXPECT_EQ(words.text(cut), std::string(512, 'a'));
}

/// Newest 512 facts by the canonical order, the rest in buckets: the obvious way.
struct Obvious {
  std::vector<Fact> kept;
  std::map<std::tuple<std::int64_t, int, int>, std::tuple<int, std::int64_t, std::int64_t>> buckets;
};

Obvious obvious(const ShopTables& tables, std::vector<Fact> facts) {
  Obvious state;
  std::sort(facts.begin(), facts.end(),
            [&](const Fact& a, const Fact& b) { return fact_before(tables, a, b); });
  const std::size_t old = facts.size() > kFactsKept ? facts.size() - kFactsKept : 0;
  for (std::size_t i = 0; i < old; ++i) {
    auto& [count, sum, latest] =
        state.buckets[{day_number(facts[i].time()), facts[i].kind().value, facts[i].aux()}];
    latest = count == 0 ? facts[i].time().ms : std::max(latest, facts[i].time().ms);
    ++count;
    sum += tables.wide.value(facts[i].stored_value());
  }
  state.kept.assign(facts.begin() + static_cast<std::ptrdiff_t>(old), facts.end());
  return state;
}

TEST(NodeState, KeepsTheNewestAndBucketsTheRestInAnyOrder) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    ShopTables tables(kYuan);
    std::vector<Fact> facts;
    for (int i = 0; i < 900; ++i) {
      const Instant at =
          kBegin + minutes(static_cast<std::int64_t>(random.below(seed % 2 == 0 ? 300 : 40'000)));
      const auto object =
          tables.dictionary(DictionaryKind::products).intern("P" + std::to_string(random.below(9)));
      const std::int64_t value = random.below(9) == 0 ? std::int64_t{1} << 40 : random.between(-9, 9);
      facts.emplace_back(at, random.below(2) == 0 ? model::kind::product_viewed : fact_kind::order_line,
                         static_cast<std::uint8_t>(random.below(1)), object, tables.wide.store(value));
    }
    const Obvious expected = obvious(tables, facts);
    for (int order = 0; order < 3; ++order) {
      for (std::size_t i = facts.size(); order > 0 && i > 1; --i)
        std::swap(facts[i - 1], facts[random.below(i)]);
      NodeState node;
      for (const Fact& fact : facts) node.add_fact(tables, fact);
      ASSERT_TRUE(
          std::equal(node.facts.begin(), node.facts.end(), expected.kept.begin(), expected.kept.end()));
      std::size_t found = 0;
      for (const FactBucket& bucket : node.extra->buckets) {
        const auto at = expected.buckets.find({bucket.day, bucket.kind, bucket.aux});
        ASSERT_NE(at, expected.buckets.end());
        ASSERT_EQ(at->second, std::tuple(static_cast<int>(bucket.count), bucket.sum, bucket.latest_ms));
        ++found;
      }
      ASSERT_EQ(found, expected.buckets.size());
    }
  }
}

class Silent final : public IdentityListener {
 public:
  void merged(Customer&, Customer&&) override { ++merges; }
  void split(Customer&, const std::vector<std::uint32_t>& parts) override { splits += parts.size(); }
  std::size_t merges = 0, splits = 0;
};

TEST(Identity, RefusesToGrowACustomerPastItsNamedLimit) {
  Identity::Limits limits{};
  limits.fill(1);
  Identity identity(limits);
  Silent silent;
  model::RecordView record;
  record.event_time = kBegin;
  for (std::uint32_t n = 2; n <= Identity::kNodesMax + 20; ++n) {
    record.nodes = {{NodeId{1}, model::IdentifierKind::user_id, false, {}},
                    {NodeId{n}, model::IdentifierKind::anonymous_id, false, {}}};
    for (const model::NodeRef& ref : record.nodes) identity.ensure(ref);
    identity.assert_links(record, silent);
  }
  EXPECT_EQ(identity.customer_of(1)->nodes.size(), Identity::kNodesMax);
  EXPECT_EQ(identity.refused(), 20u);
  EXPECT_EQ(identity.customers(), 21u);
  // Once there is room, the next assertion is taken.
  const std::vector<NodeId> from = {NodeId{1}};
  identity.unlink(2, from, kBegin + hours(1), silent);
  record.event_time = kBegin + hours(2);
  identity.assert_links(record, silent);
  EXPECT_EQ(identity.customer_of(Identity::kNodesMax + 20)->root, 1u);
}

}  // namespace
}  // namespace rapport::views
