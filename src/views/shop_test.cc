#include "views/detail/sample_log.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;

const Instant kStart = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
constexpr Currency kYuan{{'C', 'N', 'Y'}};

Who user(const std::string& id) {
  return {{IdentifierKind::user_id, id}};
}
Who anon(const std::string& id) {
  return {{IdentifierKind::anonymous_id, id}};
}

/// A shop with the rules of a test, written to as time goes on.
class Shop {
 public:
  explicit Shop(std::vector<RuleText> rules) : options_(with(std::move(rules))), state(options_) {}

  void event(Instant at, model::EventKind kind, Who who, std::string clear = "", Duration late = {}) {
    SampleEvent event;
    event.at = at;
    event.kind = kind;
    event.who = std::move(who);
    event.clear = std::move(clear);
    add(event, at + late);
  }
  void record(model::RecordType type, Instant at, Who who = {}) {
    SampleEvent event;
    event.type = type;
    event.at = at;
    event.who = std::move(who);
    add(event, at);
  }
  void tick(Instant at) { record(model::RecordType::tick, at); }
  void add(const SampleEvent& event, Instant received) {
    now_ = std::max(now_, received);
    log.add(event, now_, importing);
    flips.flips.clear();
    log.fold_into(state, flips);
  }
  CustomerId customer(IdentifierKind kind, const std::string& value) {
    return state.customer_of(log.node(kind, value));
  }
  CustomerId user_customer(const std::string& id) { return customer(IdentifierKind::user_id, id); }
  /// "new since 2026-01-01, ..." of a user.
  std::string segments(const std::string& id) {
    std::string text;
    for (const Membership& in : state.memberships(user_customer(id))) {
      if (!text.empty()) text += ", ";
      text += state.rules()[in.segment.value].name + " since " + format_instant(in.since);
    }
    return text;
  }
  /// "+new 2026-01-01T00:00:00Z event" for each flip of the last record.
  std::string told() const {
    static const char* const kOrigins[] = {"event", "time", "imported", "correction", "backfill"};
    std::string text;
    for (const Flip& flip : flips.flips) {
      if (!text.empty()) text += "; ";
      text += (flip.entered ? "+" : "-") + state.rules()[flip.segment.value].name + " c_" +
              std::to_string(flip.customer.value) + " " + format_instant(flip.valid_time) + " " +
              kOrigins[static_cast<int>(flip.origin)];
    }
    return text;
  }

  ShopOptions options_;
  SampleLog log;
  ShopState state;
  FlipList flips;
  bool importing = false;

 private:
  static ShopOptions with(std::vector<RuleText> rules) {
    ShopOptions options;
    options.rules = std::move(rules);
    return options;
  }
  Instant now_ = Instant::min();
};

std::string order(const std::string& id, std::int64_t total) {
  return Properties()
      .text(p::order_id, id)
      .number(p::total, total)
      .text(p::currency, "CNY")
      .lines({{"P1", 2, total / 2}});
}

const std::vector<RuleText> kRules = {{"fresh", "User Registered within 7d and never Purchase"},
                                      {"away", "ever Purchase and no Purchase for 30d"},
                                      {"keen", "count(Product Viewed) >= 3 in 2d"}};

TEST(ShopState, TimeAloneMovesPeopleBetweenSegments) {
  Shop shop(kRules);
  shop.event(kStart, k::user_registered, user("ada"));
  EXPECT_EQ(shop.segments("ada"), "fresh since 2026-01-01T00:00:00Z");
  EXPECT_EQ(shop.state.next_due(), kStart + days(7));
  shop.tick(kStart + days(8));
  EXPECT_EQ(shop.told(), "-fresh c_1 2026-01-08T00:00:00Z time");
  EXPECT_EQ(shop.segments("ada"), "");
  shop.event(kStart + days(9), k::order_completed, user("ada"), order("O1", 5000));
  shop.tick(kStart + days(40));
  EXPECT_EQ(shop.told(), "+away c_1 2026-02-09T00:00:00Z time");
  EXPECT_EQ(shop.state.member_count(*shop.state.find_segment("away")), 1u);
}

TEST(ShopState, TheFirstFactOfAGuardedKindSweepsEverybodyOutOfUndetermined) {
  Shop shop(
      {{"quiet", "no Purchase for 30d undetermined if no facts of Order Completed in the shop (\"none\")"},
       {"calm", "in segment quiet and not in segment new"},
       {"new", "User Registered within 7d"}});
  for (const char* name : {"ada", "bob"}) shop.event(kStart, k::page, user(name));
  EXPECT_EQ(shop.state.undetermined(shop.user_customer("ada")).size(), 2u);
  EXPECT_EQ(shop.segments("ada"), "");
  shop.event(kStart + days(1), k::order_completed, user("carl"), order("O1", 5000));
  EXPECT_TRUE(shop.state.sweep_pending());
  EXPECT_EQ(shop.segments("carl"), "");
  shop.flips.flips.clear();
  while (shop.state.sweep(1, shop.flips) > 0) {
  }
  EXPECT_EQ(shop.told(),
            "+quiet c_1 2026-01-01T00:00:00Z backfill; +calm c_1 2026-01-01T00:00:00Z backfill; "
            "+quiet c_2 2026-01-01T00:00:00Z backfill; +calm c_2 2026-01-01T00:00:00Z backfill");
  for (const Flip& flip : shop.flips.flips) EXPECT_EQ(flip.cause, EventSeq{3}) << "it says why";
  EXPECT_EQ(shop.state.member_count(*shop.state.find_segment("calm")), 2u);
  EXPECT_TRUE(shop.state.undetermined(shop.user_customer("ada")).empty());
  // The second one is no news to anybody.
  shop.event(kStart + days(2), k::order_completed, user("carl"), order("O2", 5000));
  EXPECT_FALSE(shop.state.sweep_pending());
}

TEST(ShopState, TheShopsWordMakesAnOrderSomebodysWhateverAPageSaidBefore) {
  Shop shop({});
  const auto told = [&](Instant at, bool from_page, const char* who, std::int64_t total) {
    SampleEvent event;
    event.at = at;
    event.kind = k::order_completed;
    event.who = user(who);
    event.clear = order("O1", total);
    event.from_page = from_page;
    shop.add(event, kStart + days(1));
  };
  const auto standing = [&]() -> const Order& {
    return *shop.state.order(shop.state.tables().dictionary(DictionaryKind::orders).find("O1"));
  };
  const auto of = [&](const char* who) { return shop.log.node(IdentifierKind::user_id, who); };
  told(kStart + hours(2), true, "mallory", 100);
  EXPECT_EQ(standing().node, of("mallory")) << "nobody else told of it yet";
  EXPECT_TRUE(standing().from_page);
  told(kStart + hours(1), true, "eve", 200);
  EXPECT_EQ(standing().node, of("eve")) << "of two pages the earlier";
  told(kStart + hours(3), false, "ada", 5000);
  EXPECT_EQ(standing().node, of("ada")) << "later, and the shop's own";
  EXPECT_EQ(standing().total_minor, 5000);
  EXPECT_EQ(standing().made_by, EventSeq{3});
  told(kStart, true, "mallory", 100);
  EXPECT_EQ(standing().node, of("ada"));
  EXPECT_EQ(shop.state.orders_made_by(of("ada")).size(), 1U);
  EXPECT_TRUE(shop.state.orders_made_by(of("mallory")).empty());
  // A checkpoint keeps it.
  std::string saved;
  shop.state.save([&saved](std::string_view piece) { saved += piece; });
  const Result<ShopState> loaded = ShopState::load(saved, shop.options_);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->canonical_state(shop.log.names()), shop.state.canonical_state(shop.log.names()));
  EXPECT_EQ(loaded->orders_made_by(of("ada")).size(), 1U);
}

TEST(ShopState, OfRefundsThatCannotBeCountedNothingIsLeft) {
  Shop shop({});
  const auto refund = [&](const char* of, std::optional<std::int64_t> amount, const char* currency) {
    Properties told;
    told.text(p::order_id, of);
    if (amount) told.number(p::amount, *amount);
    if (*currency != 0) told.text(p::currency, currency);
    shop.event(kStart + hours(1), k::order_refunded, user("ada"), told);
  };
  const auto paid_back = [&](const char* of) {
    return shop.state.order(shop.state.tables().dictionary(DictionaryKind::orders).find(of))->paid_back();
  };
  for (const char* id : {"O1", "O2", "O3", "O4"})
    shop.event(kStart, k::order_completed, user("ada"), order(id, 30'000));
  refund("O1", 100, "CNY");
  refund("O1", 50, "");
  EXPECT_EQ(paid_back("O1"), 150) << "what names no currency is in the order's";
  refund("O2", 100, "JPY");
  EXPECT_EQ(paid_back("O2"), 30'000) << "what 100 yen leave of it nobody knows";
  refund("O3", std::nullopt, "");
  EXPECT_EQ(paid_back("O3"), 30'000) << "no amount: all of it";
  refund("O4", 100, "CNY");
  refund("O4", 100, "USD");
  EXPECT_EQ(paid_back("O4"), 30'000);
}

TEST(ShopState, APublishedValueTakesEffectAtItsSeqForEverybody) {
  Shop shop(std::vector<RuleText>{{"rich", "mean(Purchase.total) >= published order_value_p90 CNY in 365d"}});
  const auto value = [&](Instant at, const std::string& number, Duration late = {}) {
    shop.event(at, k::value_published, {},
               Properties()
                   .text(p::value_id, "order_value_p90")
                   .text(p::noun_body,
                         "{\"value_id\":\"order_value_p90\",\"value\":" + number + ",\"currency\":\"CNY\"}"),
               late);
    shop.state.sweep(1000, shop.flips);
  };
  shop.event(kStart, k::order_completed, user("ada"), order("O1", 90'000));
  shop.event(kStart, k::order_completed, user("bob"), order("O2", 20'000));
  EXPECT_EQ(shop.state.undetermined(shop.user_customer("ada"))[0].reason,
            "the value 'order_value_p90' is not published");
  value(kStart + days(1), "500.00");
  EXPECT_EQ(shop.told(), "+rich c_1 2026-01-01T00:00:00Z backfill");
  value(kStart + days(2), "100");
  EXPECT_EQ(shop.told(), "+rich c_2 2026-01-01T00:00:00Z backfill");
  value(kStart + days(3), "\"a lot\"");
  EXPECT_EQ(shop.told(), "") << "what is no number changes nothing";
  value(kStart + days(4), "1000");
  EXPECT_EQ(shop.told(), "-rich c_1 2026-01-01T00:00:00Z backfill; -rich c_2 2026-01-01T00:00:00Z backfill");
  value(kStart + days(3), "1", days(2));
  EXPECT_EQ(shop.told(), "") << "the latest by event time holds";
  const RuleContext context = shop.state.rule_context();
  EXPECT_EQ(context.published->at("order_value_p90"), 100'000);
}

TEST(ShopState, ALateEventCorrectsWhatWasBelieved) {
  Shop shop(kRules);
  shop.event(kStart, k::user_registered, user("ada"));
  shop.event(kStart + days(5), k::page, user("ada"));
  shop.event(kStart + days(2), k::order_completed, user("ada"), order("O1", 5000), days(4));
  EXPECT_EQ(shop.told(), "-fresh c_1 2026-01-03T00:00:00Z correction");
  EXPECT_EQ(shop.segments("ada"), "");
  EXPECT_EQ(shop.state.memberships_at(shop.user_customer("ada"), kStart + days(1)).size(), 1u);
  shop.event(kStart + days(20), k::order_cancelled, user("ada"), Properties().text(p::order_id, "O1"));
  shop.tick(kStart + days(50));
  EXPECT_EQ(shop.segments("ada"), "");
}

TEST(ShopState, MergingJoinsHistoriesAndUnlinkingPartsThemExactly) {
  Shop shop(kRules);
  shop.event(kStart, k::product_viewed, anon("a1"), Properties().text(p::product_id, "P1"));
  shop.event(kStart + hours(1), k::product_viewed, anon("a1"), Properties().text(p::product_id, "P2"));
  shop.event(kStart + hours(2), k::product_viewed, user("ada"), Properties().text(p::product_id, "P3"));
  EXPECT_EQ(shop.segments("ada"), "");
  shop.event(kStart + hours(3), k::identify,
             {{IdentifierKind::user_id, "ada"}, {IdentifierKind::anonymous_id, "a1"}});
  EXPECT_EQ(shop.user_customer("ada"), CustomerId{1});
  EXPECT_EQ(shop.state.resolve(CustomerId{2}), CustomerId{1});
  EXPECT_EQ(shop.segments("ada"), "keen since 2026-01-01T02:00:00Z");
  shop.record(model::RecordType::unlinked, kStart + hours(4),
              {{IdentifierKind::anonymous_id, "a1"}, {IdentifierKind::user_id, "ada"}});
  EXPECT_EQ(shop.user_customer("ada"), CustomerId{2});
  EXPECT_EQ(shop.segments("ada"), "");
  EXPECT_EQ(shop.told(), "-keen c_1 2026-01-01T02:00:00Z correction");
  EXPECT_EQ(shop.state.customers(), 2u);
}

TEST(ShopState, AValueOfTwoUsersLinksNobodyUntilOneIsUnlinked) {
  Shop shop(kRules);
  shop.event(kStart, k::page, {{IdentifierKind::user_id, "ada"}, {IdentifierKind::device_id, "kiosk"}});
  EXPECT_EQ(shop.customer(IdentifierKind::device_id, "kiosk"), shop.user_customer("ada"));
  shop.event(kStart + hours(1), k::page,
             {{IdentifierKind::user_id, "bob"}, {IdentifierKind::device_id, "kiosk"}});
  const NodeId kiosk = shop.log.node(IdentifierKind::device_id, "kiosk");
  EXPECT_TRUE(shop.state.is_shared(kiosk));
  EXPECT_EQ(shop.state.customers(), 3u);
  shop.record(model::RecordType::unlinked, kStart + hours(2),
              {{IdentifierKind::device_id, "kiosk"}, {IdentifierKind::user_id, "ada"}});
  EXPECT_FALSE(shop.state.is_shared(kiosk));
  EXPECT_EQ(shop.state.customer_of(kiosk), shop.user_customer("bob"));
  // An alias counts whatever the limits.
  SampleEvent alias;
  alias.at = kStart + hours(3);
  alias.kind = k::alias;
  alias.alias = true;
  alias.who = {{IdentifierKind::user_id, "ada"}, {IdentifierKind::user_id, "bob"}};
  shop.add(alias, kStart + hours(3));
  EXPECT_EQ(shop.user_customer("ada"), shop.user_customer("bob"));
}

TEST(ShopState, AnImportFlipsAtTheHistoricalMomentsAndSettles) {
  Shop shop(kRules);
  const Instant now = kStart + days(400);
  shop.tick(now);
  shop.record(model::RecordType::import_started, now);
  shop.importing = true;
  SampleEvent event;
  event.at = kStart;
  event.kind = k::user_registered;
  event.who = user("ada");
  shop.add(event, now);
  EXPECT_EQ(shop.told(), "+fresh c_1 2026-01-01T00:00:00Z imported");
  event.at = kStart + days(10);
  event.kind = k::order_completed;
  event.clear = order("O1", 900);
  shop.add(event, now);
  EXPECT_EQ(shop.told(), "-fresh c_1 2026-01-08T00:00:00Z imported");
  EXPECT_EQ(shop.state.next_due(), Instant::never());
  shop.importing = false;
  shop.record(model::RecordType::import_ended, now);
  EXPECT_EQ(shop.told(), "+away c_1 2026-02-10T00:00:00Z imported");
  EXPECT_EQ(shop.segments("ada"), "away since 2026-02-10T00:00:00Z");
}

TEST(ShopState, APublishedRuleReachesEverybodyInSlices) {
  Shop shop(kRules);
  shop.event(kStart, k::user_registered, user("ada"));
  shop.event(kStart + hours(1), k::user_registered, user("bob"));
  SampleEvent publish;
  publish.at = kStart + hours(2);
  publish.kind = k::rule_published;
  publish.clear =
      Properties()
          .text(p::rule_id, "known")
          .text(p::noun_body, R"({"rule_id":"known","segment":"known","text":"ever User Registered"})");
  shop.add(publish, kStart + hours(2));
  EXPECT_EQ(shop.told(), "");
  EXPECT_EQ(shop.segments("bob"), "fresh since 2026-01-01T01:00:00Z, known since 2026-01-01T01:00:00Z");
  shop.flips.flips.clear();
  EXPECT_EQ(shop.state.sweep(1, shop.flips), 1u);
  EXPECT_EQ(shop.told(), "+known c_1 2026-01-01T00:00:00Z backfill");
  const Digest before = shop.state.state_hash();
  EXPECT_EQ(shop.state.sweep(10, shop.flips), 0u);
  EXPECT_EQ(shop.state.state_hash(), before);
  EXPECT_EQ(shop.state.member_count(*shop.state.find_segment("known")), 2u);
}

TEST(ShopState, AnErasedPersonIsGoneAndTheSumsStay) {
  Shop shop(kRules);
  shop.event(kStart, k::user_registered, user("ada"));
  shop.event(kStart + hours(1), k::order_completed, user("ada"), order("O1", 900));
  shop.event(kStart + hours(2), k::user_registered, user("bob"));
  shop.record(model::RecordType::erased, kStart + hours(3), user("bob"));
  EXPECT_EQ(shop.told(), "-fresh c_2 2026-01-01T02:00:00Z correction");
  EXPECT_EQ(shop.user_customer("bob"), CustomerId{});
  EXPECT_EQ(shop.state.customers(), 1u);
  shop.record(model::RecordType::erased, kStart + hours(4), user("ada"));
  EXPECT_EQ(shop.state.customers(), 0u);
  EXPECT_EQ(shop.state.order(1)->node, NodeId{});
  EXPECT_EQ(shop.state.order(1)->total_minor, 900);
  EXPECT_EQ(shop.state.day_counts().size(), 2u);
}

TEST(ShopState, ACheckpointGoesOnLikeTheOriginal) {
  Shop shop(kRules);
  shop.event(kStart, k::user_registered,
             {{IdentifierKind::user_id, "ada"}, {IdentifierKind::email, "a@b.cn"}});
  shop.event(kStart + hours(1), k::identify, user("ada"), Properties().text(model::trait::region, "浙江"));
  shop.event(kStart + hours(1), k::order_completed, user("ada"), order("O1", std::int64_t{1} << 40));
  std::string bytes;
  shop.state.save([&bytes](std::string_view piece) { bytes += piece; });
  Result<ShopState> loaded = ShopState::load(bytes, shop.options_);
  ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
  EXPECT_EQ(loaded->state_hash(), shop.state.state_hash());
  EXPECT_EQ(loaded->canonical_state(shop.log.names()), shop.state.canonical_state(shop.log.names()));
  shop.tick(kStart + days(60));
  FlipList flips;
  shop.log.fold_into(*loaded, flips);
  EXPECT_EQ(loaded->state_hash(), shop.state.state_hash());
  EXPECT_EQ(flips.flips.size(), shop.flips.flips.size());
  // Damage is refused, wherever it lies, and never crashes.
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    EXPECT_FALSE(ShopState::load(bytes.substr(0, cut), shop.options_).ok());
  }
  ShopOptions other = shop.options_;
  other.user_ids_max[3] = 2;
  EXPECT_EQ(ShopState::load(bytes, other).error().code, Errc::unsupported);
}

TEST(ShopState, TwoEventsOfOneMomentCountAsOne) {
  // The rule holds between the two events of 00:00 only in the order of arrival; in time it never did.
  Shop shop(std::vector<RuleText>{{"viewer", "ever Product Viewed and never Purchase"}});
  shop.event(kStart, k::page, user("ada"));
  shop.event(kStart + days(1), k::product_viewed, user("ada"), Properties().text(p::product_id, "P1"));
  EXPECT_EQ(shop.told(), "+viewer c_1 2026-01-02T00:00:00Z event");
  shop.event(kStart + days(1), k::order_completed, user("ada"), order("O1", 100));
  EXPECT_EQ(shop.told(), "-viewer c_1 2026-01-02T00:00:00Z correction");
  EXPECT_EQ(shop.segments("ada"), "");
}

TEST(ShopState, TheSixClassesShip) {
  ShopState state;
  ASSERT_EQ(state.rules().size(), 6u);
  SampleLog log;
  SampleEvent event;
  event.at = kStart;
  event.kind = k::user_registered;
  event.who = user("ada");
  log.add(event, kStart);
  FlipList flips;
  log.fold_into(state, flips);
  EXPECT_EQ(state.primary(CustomerId{1}), state.find_segment("new"));
  const std::vector<Undetermined> unknown = state.undetermined(CustomerId{1});
  ASSERT_EQ(unknown.size(), 5u);
  EXPECT_EQ(unknown[0].reason, "no product view facts");
}

}  // namespace
}  // namespace rapport::views
