#include "history.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "shop_oracle.h"

// Random histories, in whatever order and way they arrive, against the clean fold of the set of their events.
// The number of histories is RAPPORT_SIM_HISTORIES (a release check runs 100,000), the first seed
// RAPPORT_SIM_SEED.
namespace rapport::sim {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const std::uint64_t kHistories = from_environment("RAPPORT_SIM_HISTORIES", 300);
const std::uint64_t kFirstSeed = from_environment("RAPPORT_SIM_SEED", 1);

views::ShopOptions options_of(const Arrival& arrival) {
  views::ShopOptions options;
  std::vector<views::RuleText> rules = all_rules();
  rules.resize(arrival.rules_at_start);
  options.rules = std::move(rules);
  return options;
}

/// The flips told so far add up to a set of memberships, and no two that may be sent have one id.
class Ledger final : public views::FlipSink {
 public:
  void flip(const views::Flip& flip) override {
    if (flip.may_send()) {
      ids_.insert(flip.id);
      ++flips_;
    }
    const std::pair key(flip.customer.value, flip.segment.value);
    if (flip.entered) {
      in.insert(key);
    } else {
      in.erase(key);
    }
  }
  bool ids_differ() const { return ids_.size() == flips_; }
  std::set<std::pair<std::uint32_t, std::uint16_t>> in;

 private:
  std::set<Hash128> ids_;
  std::size_t flips_ = 0;
};

/// Without what rule publications leave behind, and without clocks, which have oracles of their own
/// (views/case_clocks_test.cc).
std::string without_publications(const std::string& text) {
  std::string out;
  bool in_clocks = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::string line = text.substr(at, end - at);
    at = end;
    const bool is_published_day = line.starts_with("day ") && (line.find(" 79 ") != std::string::npos ||
                                                               line.find(" 88 ") != std::string::npos);
    in_clocks = line.starts_with("clocks ") || (in_clocks && line.starts_with("  "));
    if (!in_clocks && !line.starts_with("noun ") && !is_published_day) out += line;
  }
  return out;
}

void expect_ledger_agrees(views::ShopState& state, const Ledger& ledger) {
  std::set<std::pair<std::uint32_t, std::uint16_t>> believed, listed;
  state.for_each_customer(CustomerId{}, [&](CustomerId id) {
    for (const views::Membership& in : state.memberships(id)) believed.emplace(id.value, in.segment.value);
    return true;
  });
  for (const views::RuleInfo& rule : state.rules()) {
    for (const CustomerId id : state.members(rule.segment, CustomerId{}, 1000)) {
      listed.emplace(id.value, rule.segment.value);
    }
  }
  EXPECT_EQ(ledger.in, believed);
  EXPECT_EQ(listed, believed);
  EXPECT_TRUE(ledger.ids_differ());
}

Arrival random_arrival(Random& random) {
  Arrival arrival;
  arrival.way = static_cast<Arrival::Way>(random.below(3));
  arrival.latest_days = static_cast<int>(random.below(3)) * 6;
  arrival.rules_at_start = random.below(3) == 0 ? random.below(all_rules().size()) : all_rules().size();
  return arrival;
}

TEST(History, AnyArrivalEqualsTheCleanFold) {
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kHistories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const History history = random_history(random);
    const std::string expected = oracle_state(history);
    for (int way = 0; way < 2; ++way) {
      const Arrival arrival = random_arrival(random);
      const views::SampleLog log = arrive(history, arrival, random);
      views::ShopState state(options_of(arrival));
      Ledger ledger;
      model::RecordView record;
      for (std::size_t i = 0; i < log.size(); ++i) {
        log.view(i, record);
        state.fold(record, ledger);
        if (random.below(4) == 0) state.sweep(random.below(4), ledger);
      }
      ASSERT_EQ(without_publications(state.canonical_state(log.names())), expected)
          << "way " << static_cast<int>(arrival.way) << ", late " << arrival.latest_days << ", rules "
          << arrival.rules_at_start;
      state.sweep(1000, ledger);
      expect_ledger_agrees(state, ledger);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(History, SlicesAndCheckpointsDoNotChangeTheHash) {
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kHistories / 3 + 1; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const History history = random_history(random);
    Arrival arrival = random_arrival(random);
    const views::SampleLog log = arrive(history, arrival, random);
    views::ShopState plain(options_of(arrival)), sliced(options_of(arrival));
    views::FlipList plain_flips, sliced_flips;
    model::RecordView record;
    for (std::size_t i = 0; i < log.size(); ++i) {
      log.view(i, record);
      plain.fold(record, plain_flips);
      // Time may be driven before the record that brings it, as a batch does.
      if (random.below(3) == 0) sliced.advance(record.received, record.seq, sliced_flips);
      sliced.fold(record, sliced_flips);
      if (random.below(3) == 0) sliced.sweep(random.below(5), sliced_flips);
      if (random.below(12) == 0) {
        std::string bytes;
        sliced.save([&bytes](std::string_view piece) { bytes += piece; });
        Result<views::ShopState> loaded = views::ShopState::load(bytes, options_of(arrival));
        ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
        sliced = std::move(*loaded);
      }
      if (random.below(6) == 0) {
        ASSERT_EQ(digest_hex(plain.state_hash()), digest_hex(sliced.state_hash())) << "after " << i;
      }
    }
    ASSERT_EQ(digest_hex(plain.state_hash()), digest_hex(sliced.state_hash()));
  }
}

}  // namespace
}  // namespace rapport::sim
