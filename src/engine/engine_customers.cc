#include <charconv>

#include "engine/detail/customer_walk.h"
#include "engine/detail/slices.h"

// Lists of customers, and rules tried on all of them.
namespace rapport::engine {
namespace {

constexpr std::int32_t kListDays = 30;
constexpr std::int64_t kTrialNs = 2'000'000'000;
constexpr std::size_t kExamplesMost = 50;
constexpr std::int64_t kNamesNs = 200'000'000;  // read in one go, so that lists get their turn

/// One of the shop's walks, as long as it lives; none when too many are under way.
class WalkPlace {
 public:
  static std::shared_ptr<WalkPlace> take(Insight& insight) {
    if (insight.walks.fetch_add(1) < Insight::kWalksMost) return std::make_shared<WalkPlace>(insight);
    insight.walks.fetch_sub(1);
    return nullptr;
  }
  explicit WalkPlace(Insight& insight) : insight_(insight) {}
  ~WalkPlace() { insight_.walks.fetch_sub(1); }

 private:
  Insight& insight_;
};

Error too_many_walks() {
  return {Errc::overloaded, "too many questions about all customers are under way", "", "again in a second"};
}

/// "line 3, column 7" -> the two numbers.
void read_place(std::string_view where, model::RuleTrial& trial) {
  const auto number_after = [&](std::string_view word) {
    std::int64_t number = 0;
    const std::size_t at = where.find(word);
    if (at != std::string_view::npos)
      std::from_chars(where.data() + at + word.size(), where.data() + where.size(), number);
    return number;
  };
  trial.line = number_after("line ");
  trial.column = number_after("column ");
}

/// A rule under way over all customers.
struct Trial {
  std::shared_ptr<WalkPlace> place;
  std::shared_ptr<const TriedRule> rule;
  std::size_t examples = 5;
  bool reveal = false;
  CustomerId at;
  std::int64_t give_up_ns = 0;
  views::FactsBuffer buffer;
  model::RuleTrial answer;

  bool step(ShopUnit& unit, std::int64_t deadline_ns) {
    const views::ShopState& state = unit.shop.state();
    const Instant now = std::max(unit.shop.now(), state.now());
    bool more = false;
    state.for_each_customer(at, [&](CustomerId customer) {
      at = customer;
      const views::Outcome outcome =
          rule->ask(state.facts(customer, now, buffer), state.kinds_seen(), state.rule_context().published);
      if (outcome.value == views::Truth::yes) {
        ++answer.count;
        if (answer.examples.size() < examples)
          answer.examples.emplace_back(customer, label_of(unit.shop, unit.insight.names(), customer, reveal));
      } else if (outcome.value == views::Truth::undetermined) {
        if (answer.undetermined++ == 0) answer.reason = std::string(outcome.reason);
      }
      more = ++answer.scanned % 16 == 0 && monotonic_ns() > deadline_ns;
      return !more;
    });
    if (!more) return false;
    answer.complete = monotonic_ns() < give_up_ns;
    return answer.complete;
  }
};

}  // namespace

void Engine::Impl::read_names(ShopUnit& unit) {
  if (unit.insight.reading_names.exchange(true)) return;
  const bool runs = readers->run([this, &unit] {
    const bool complete = unit.insight.names().catch_up(monotonic_ns() + kNamesNs);
    unit.insight.reading_names = false;
    if (!complete) read_names(unit);
  });
  if (!runs) unit.insight.reading_names = false;
}

void Engine::customers(ShopNo shop, CustomersQuery query, Reply<model::CustomerList> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  const auto place = WalkPlace::take(unit->insight);
  if (!place) return reply(too_many_walks());
  const auto after = query.after_offset;
  auto walk = std::make_shared<CustomerWalk>(*unit, std::move(query));
  auto shared = std::make_shared<Reply<model::CustomerList>>(std::move(reply));
  const auto walk_on = [unit, walk, place, shared] {
    unit->shop.post([unit, walk, place, shared] {
      walk->begin();
      run_in_slices(unit->shop, [walk, place, shared](std::int64_t deadline_ns) {
        if (walk->step(deadline_ns)) return true;
        (*shared)(walk->finish());
        return false;
      });
    });
  };
  const bool taken = unit->shop.read(after, [this, unit, after, walk, place, shared, walk_on] {
    if (const Status good = walk->prepare(); !good.ok()) return (*shared)(good.error());
    const bool asked = unit->insight.census(
        kListDays, after, [this, unit, walk, shared, walk_on](const std::shared_ptr<const Census>& census) {
          const bool runs = impl_->readers->run([this, unit, walk, census, walk_on] {
            walk->sort(census);
            if (!walk->names_complete()) impl_->read_names(*unit);
            walk_on();
          });
          if (!runs) (*shared)(too_many_walks());
        });
    if (!asked) (*shared)(too_many_walks());
  });
  if (!taken) (*shared)(too_many_walks());
}

void Engine::try_rule(ShopNo shop, std::string text, std::size_t examples, bool reveal,
                      Reply<model::RuleTrial> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  auto trial = std::make_shared<Trial>();
  trial->place = WalkPlace::take(unit->insight);
  if (!trial->place) return reply(too_many_walks());
  trial->examples = std::min(examples, kExamplesMost);
  trial->reveal = reveal;
  auto shared = std::make_shared<Reply<model::RuleTrial>>(std::move(reply));
  const bool taken = unit->shop.read(std::nullopt, [unit, trial, shared, text = std::move(text)] {
    auto rule = TriedRule::make(unit->shop.state(), text);
    if (!rule.ok()) {
      trial->answer.parses = false;
      trial->answer.message = rule.error().message;
      trial->answer.expected = rule.error().expected;
      read_place(rule.error().where, trial->answer);
      return (*shared)(trial->answer);
    }
    trial->rule = std::move(rule).value();
    trial->give_up_ns = monotonic_ns() + kTrialNs;
    run_in_slices(unit->shop, [unit, trial, shared](std::int64_t deadline_ns) {
      if (trial->step(*unit, deadline_ns)) return true;
      trial->answer.customers = unit->shop.state().customers();
      trial->answer.known_at = unit->shop.state().position();
      (*shared)(trial->answer);
      return false;
    });
  });
  if (!taken) (*shared)(too_many_walks());
}

}  // namespace rapport::engine
