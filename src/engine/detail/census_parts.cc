#include "engine/detail/census_parts.h"

#include <algorithm>
#include <bit>

#include "engine/detail/census.h"
#include "model/catalogue.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
using views::Fact;
using views::FactBucket;
using Step = JourneyStepKind;

constexpr std::uint8_t kSignedFor = 5;  // place in the word list of `node`

constexpr JourneyStepInfo kSteps[kJourneySteps] = {
    {"pre_sale", "visit", true, "page | screen | Product List Viewed"},
    {"pre_sale", "search", false, "Products Searched"},
    {"pre_sale", "view", true, "Product Viewed"},
    {"pre_sale", "compare", false, "Product Compared"},
    {"pre_sale", "cart", true, "Product Added"},
    {"sale", "checkout", true, "Checkout Started | Form Page Viewed"},
    {"sale", "order", true, "Purchase"},
    {"after_sale", "signed", true, "Shipment Updated where node = \"signed\""},
    {"after_sale", "contact", false, "Contact Started"},
    {"after_sale", "return", false, "Return Requested"},
    {"after_sale", "review", false, "Review Posted"},
    {"after_sale", "repurchase", true, ""},
};

constexpr model::EventKind kActive[] = {
    k::user_registered,
    k::user_verified,
    k::referral_made,
    k::page,
    k::screen,
    k::area_engaged,
    k::product_list_viewed,
    k::product_viewed,
    k::products_searched,
    k::product_compared,
    k::product_added,
    k::product_removed,
    k::product_liked,
    k::product_shared,
    k::product_added_to_wishlist,
    k::content_viewed,
    k::checkout_started,
    k::form_page_viewed,
    k::payment_failed,
    k::order_completed,
    k::return_requested,
    k::contact_started,
    k::review_posted,
    k::review_followed_up,
    k::survey_answered,
    k::recommendation_clicked,
};

constexpr std::uint8_t kNoStep = 0xff;
struct KindTable {
  std::array<bool, 128> is_active{};
  std::array<std::uint8_t, 128> step{};
};
constexpr KindTable make_kinds() {
  KindTable table;
  for (const model::EventKind kind : kActive) table.is_active[kind.value] = true;
  for (std::uint8_t& step : table.step) step = kNoStep;
  const auto set = [&](model::EventKind kind, Step step) {
    table.step[kind.value] = static_cast<std::uint8_t>(step);
  };
  set(k::page, Step::visit), set(k::screen, Step::visit), set(k::product_list_viewed, Step::visit);
  set(k::products_searched, Step::search), set(k::product_viewed, Step::view);
  set(k::product_compared, Step::compare), set(k::product_added, Step::cart);
  set(k::checkout_started, Step::checkout), set(k::form_page_viewed, Step::checkout);
  set(k::order_completed, Step::order), set(k::shipment_updated, Step::signed_for);
  set(k::contact_started, Step::contact), set(k::return_requested, Step::return_requested);
  set(k::review_posted, Step::review);
  return table;
}
constexpr KindTable kKinds = make_kinds();

std::string joined_active(std::string_view between, std::string_view quote) {
  std::string out;
  for (const model::EventKind kind : kActive) {
    if (!out.empty()) out += between;
    out.append(quote).append(model::find_event(kind)->name).append(quote);
  }
  return out;
}

}  // namespace

const JourneyStepInfo& journey_step_info(JourneyStepKind step) {
  return kSteps[static_cast<std::size_t>(step)];
}

const std::string& active_events_rule() {
  static const std::string text = joined_active(" | ", "");
  return text;
}
const std::string& active_events_sql() {
  static const std::string text = joined_active(", ", "'");
  return text;
}

std::string_view friction_name(FrictionKind kind) {
  constexpr std::string_view kNames[kFrictionKinds] = {
      "payment_failed", "form_abandoned", "term_then_contact", "contact_again", "late_parcel", "cart_left"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string friction_rule(FrictionKind kind, std::string_view where, std::int32_t window) {
  std::string text = "\"";
  for (const char c : where) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
  switch (kind) {
    case FrictionKind::payment_failed:
      return fmt::format("Payment Code where code = {} within {}d", text, window);
    case FrictionKind::form_abandoned:
      return fmt::format("count(Form Page Viewed where form = {}) >= 3 in {}d and no Purchase for {}d", text,
                         window, window);
    case FrictionKind::term_then_contact:
      return fmt::format("Term Met where term = {} then Contact Started within 24h in {}d", text, window);
    case FrictionKind::contact_again:
      return fmt::format("Contact Started then Contact Started within 3d in {}d", window);
    case FrictionKind::late_parcel:
      return fmt::format("Shipment Updated where delivered_late = true within {}d", window);
    case FrictionKind::cart_left:
      return fmt::format("Product Added then not Purchase within 24h in {}d", window);
  }
  return "false";
}

std::string_view problem_name(ProblemKind kind) {
  constexpr std::string_view kNames[kProblemKinds] = {"ticket_open", "return_waiting", "contact_waiting"};
  return kNames[static_cast<std::size_t>(kind)];
}

// --- spans

std::size_t SpanHistogram::bucket_of(std::uint64_t seconds) {
  if (seconds < kParts) return seconds;
  const auto octave = static_cast<std::size_t>(std::bit_width(seconds)) - 5;  // 16..31 is octave 0
  return (octave + 1) * kParts + ((seconds >> octave) - kParts);
}

void SpanHistogram::add(std::int64_t seconds) {
  if (buckets_.empty()) buckets_.assign(kBuckets, 0);
  ++buckets_[std::min(kBuckets - 1,
                      bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds))))];
  ++count_;
}

std::int64_t SpanHistogram::median() const {
  std::uint64_t before = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    before += buckets_[bucket];
    if (2 * before < count_) continue;
    if (bucket < kParts) return static_cast<std::int64_t>(bucket);
    const std::size_t octave = bucket / kParts - 1;
    const std::uint64_t low = (kParts + bucket % kParts) << octave;
    return static_cast<std::int64_t>(low + ((std::uint64_t{1} << octave) >> 1));
  }
  return 0;
}

// --- one customer after the other

LifeCounter::LifeCounter(const views::ShopState& state, Census& census)
    : state_(state), census_(census), as_of_(census.plan.as_of), window_(days(census.plan.days)) {}

void LifeCounter::visit(CustomerId customer, const views::FactsView& facts, std::uint32_t& orders) {
  acts(facts);
  steps(facts);
  frictions(facts);
  purchases(customer, orders);
  services(customer);
  problems(customer);
}

/// Facts and older days (each as one moment, as rules read them) in the order of time.
template <class Visit>
static void each_moment(const views::FactsView& facts, Instant from, Visit visit) {
  for (const FactBucket& bucket : facts.buckets()) {
    if (Instant{bucket.latest_ms} >= from)
      visit(model::EventKind{bucket.kind}, Instant{bucket.latest_ms}, bucket.count, bucket.aux, nullptr);
  }
  const std::span<const Fact> all = facts.facts();
  const auto first =
      std::partition_point(all.begin(), all.end(), [from](const Fact& fact) { return fact.time() < from; });
  for (auto at = first; at != all.end(); ++at) visit(at->kind(), at->time(), 1U, at->aux(), &*at);
}

void LifeCounter::acts(const views::FactsView& facts) {
  Activity& activity = census_.activity;
  const std::vector<Instant>& starts = census_.plan.day_starts;
  day_seen_.assign(starts.size(), 0);
  bool now = false, before = false;
  const Instant oldest = std::min(as_of_ - window_ * 2, starts.empty() ? as_of_ : starts.front());
  each_moment(facts, oldest,
              [&](model::EventKind kind, Instant at, std::uint32_t, std::uint8_t, const Fact*) {
                if (kind.value >= 128 || !kKinds.is_active[kind.value]) return;
                now = now || within(at);
                before = before || (as_of_ - at >= window_ && as_of_ - at < window_ * 2);
                const auto day = std::upper_bound(starts.begin(), starts.end(), at) - starts.begin();
                if (day > 0) day_seen_[static_cast<std::size_t>(day - 1)] = 1;
              });
  activity.now += now ? 1 : 0;
  activity.before += before ? 1 : 0;
  for (std::size_t day = 0; day < day_seen_.size(); ++day) activity.by_day[day] += day_seen_[day];
}

void LifeCounter::steps(const views::FactsView& facts) {
  std::array<std::uint64_t, kJourneySteps> events{};
  std::array<Instant, kJourneySteps> first;
  first.fill(Instant::never());
  std::array<bool, kJourneySteps> went_on{};
  JourneyCounts& journey = census_.journey;
  const auto take = [&](std::size_t step, Instant at, std::uint32_t count) {
    events[step] += count;
    if (!kSteps[step].on_path) return;
    for (std::size_t earlier = 0; earlier < step; ++earlier) {
      if (!kSteps[earlier].on_path || went_on[earlier] || first[earlier] > at) continue;
      went_on[earlier] = true;
      journey.steps[earlier].to_next.add((at - first[earlier]).ms / 1000);
    }
    first[step] = std::min(first[step], at);
  };
  each_moment(
      facts, as_of_ - window_ + milliseconds(1),
      [&](model::EventKind kind, Instant at, std::uint32_t count, std::uint8_t aux, const Fact* fact) {
        if (kind.value >= 128 || kKinds.step[kind.value] == kNoStep || at > as_of_) return;
        const auto step = static_cast<Step>(kKinds.step[kind.value]);
        if (step == Step::signed_for && aux != kSignedFor) return;
        if (step != Step::order) return take(static_cast<std::size_t>(step), at, count);
        if (fact != nullptr && !facts.is_net_order(*fact)) return;
        const bool again = events[static_cast<std::size_t>(Step::order)] > 0;
        take(static_cast<std::size_t>(Step::order), at, count);
        const std::uint32_t more = again ? count : count - 1;
        if (more > 0) take(static_cast<std::size_t>(Step::repurchase), at, more);
      });
  std::size_t furthest = kJourneySteps;
  for (std::size_t step = kJourneySteps; step-- > 0;) {
    JourneyCounts::Step& counts = journey.steps[step];
    counts.events += events[step];
    if (events[step] > 0) ++counts.customers;
    if (!kSteps[step].on_path) continue;
    if (furthest == kJourneySteps && events[step] > 0) {
      furthest = step;
      ++counts.left;
    }
    if (furthest != kJourneySteps) ++counts.reached;
  }
}

void LifeCounter::frictions(const views::FactsView& facts) {
  std::map<std::pair<FrictionKind, std::uint32_t>, std::uint64_t> found;  // how often, by kind and word
  const std::span<const Fact> all = facts.facts();
  Instant contact = Instant::min(), cart = Instant::min(), purchase = Instant::min();
  std::map<std::uint32_t, Instant> terms;
  for (const Fact& fact : all) {
    const Instant at = fact.time();
    const model::EventKind kind = fact.kind();
    if (kind == k::order_completed) {
      if (facts.is_net_order(fact)) purchase = at;
      continue;
    }
    if (kind == views::fact_kind::term_met) terms[fact.object()] = at;
    if (kind == k::product_added && as_of_ - at >= hours(24)) cart = at;
    if (kind == k::contact_started) {
      if (within(at)) {
        for (const auto& [term, met] : terms) {
          if (at - met < hours(24)) ++found[{FrictionKind::term_then_contact, term}];
        }
        if (contact != Instant::min() && at - contact < days(3)) ++found[{FrictionKind::contact_again, 0}];
      }
      contact = at;
    }
    if (!within(at)) continue;
    if (kind == views::fact_kind::payment_code && fact.object() != 0)
      ++found[{FrictionKind::payment_failed, fact.object()}];
    if (kind == k::form_page_viewed) ++found[{FrictionKind::form_abandoned, fact.object()}];
    if (kind == k::shipment_updated && facts.value(fact) != 0) ++found[{FrictionKind::late_parcel, 0}];
  }
  if (cart != Instant::min() && within(cart) && purchase < cart) ++found[{FrictionKind::cart_left, 0}];
  for (const auto& [key, count] : found) {
    const bool is_form = key.first == FrictionKind::form_abandoned;
    if (is_form && (count < 3 || within(purchase))) continue;
    ++census_.friction[key];
  }
}

void LifeCounter::purchases(CustomerId customer, std::uint32_t& orders) {
  Activity& activity = census_.activity;
  std::uint32_t now = 0, before = 0, earlier = 0;
  for (const std::uint32_t number : state_.orders_of(customer)) {
    const views::Order* order = state_.order(number);
    if (order == nullptr || order->cancelled != Instant::min() || order->placed > as_of_) continue;
    const Duration age = as_of_ - order->placed;
    ++(age < window_ ? now : age < window_ * 2 ? before : earlier);
  }
  orders = now + before + earlier;
  if (orders > 0) ++activity.ever_ordered;
  if (now > 0) ++activity.buyers;
  if (now > 0 && orders > 1) ++activity.returning;
  if (before > 0) ++activity.buyers_before;
  if (before > 0 && before + earlier > 1) ++activity.returning_before;
}

void LifeCounter::services(CustomerId customer) {
  const views::CsatSum csat = state_.csat(customer);
  const std::int64_t mean = csat.answers == 0 ? 0 : csat.thousandths / csat.answers;
  if (csat.answers > 0) census_.satisfaction.add(mean);
  const std::vector<views::ServiceStep> steps = state_.services(customer);
  for (std::size_t i = 0; i < steps.size();) {
    ServiceCounts& counts = census_.services[steps[i].service];
    bool holds = false, had = false;
    for (const std::uint32_t service = steps[i].service; i < steps.size() && steps[i].service == service;
         ++i) {
      using enum views::ServiceStage;
      const views::ServiceStep& step = steps[i];
      if (step.stage == booking_cancelled) continue;
      ++counts.customers[static_cast<std::size_t>(step.stage)];
      holds = holds || step.stage == bought || step.stage == entitled;
      had = had || step.stage == bought || step.stage == entitled || step.stage == delivered ||
            step.stage == used;
      if (step.stage == delivered) {
        counts.late += step.count - std::min(step.count, step.on_time);
        counts.errors += step.errors;
      }
      if (step.stage == rated) {
        counts.ratings += step.count;
        counts.rating_thousandths += step.sum;
      }
    }
    if (holds) ++counts.holders;
    if (had && csat.answers > 0) counts.users.add(mean);
  }
}

void LifeCounter::note(Problem problem) {
  ++census_.problem_totals[static_cast<std::size_t>(problem.kind)];
  // The oldest of each kind are kept.
  std::size_t kept = 0;
  Problem* newest = nullptr;
  for (Problem& other : census_.problems) {
    if (other.kind != problem.kind) continue;
    ++kept;
    if (newest == nullptr || other.since > newest->since) newest = &other;
  }
  if (kept < kProblemsKept) {
    census_.problems.push_back(problem);
  } else if (problem.since < newest->since) {
    *newest = problem;
  }
}

// Cases of the last 90 days; what a history left open long before is no news to anybody.
void LifeCounter::problems(CustomerId customer) {
  const auto recent = [this](Instant at) { return at <= as_of_ && as_of_ - at < days(90); };
  const auto hers = [&](NodeId node) { return state_.customer_of(node) == customer; };
  for (const std::uint32_t number : state_.tickets_of(customer)) {
    const views::Ticket* ticket = state_.ticket(number);
    if (ticket == nullptr || !recent(ticket->opened) || !hers(ticket->node)) continue;
    if (state_.case_clocks().standing(number).done()) continue;
    note({ProblemKind::ticket_open, number, customer, ticket->opened});
  }
  for (const std::uint32_t number : state_.returns_of(customer)) {
    const views::Return* item = state_.return_of(number);
    // Requested and not decided: state 0 is under_review.
    if (item == nullptr || !recent(item->requested) || item->state != 0 || !hers(item->node)) continue;
    note({ProblemKind::return_waiting, number, customer, item->requested});
  }
  for (const std::uint32_t number : state_.contacts_of(customer)) {
    const views::Contact* contact = state_.contact(number);
    if (contact == nullptr || !recent(contact->started) || contact->ended != Instant::min()) continue;
    if ((contact->last_message != Instant::min() && contact->last_from != 0) || !hers(contact->node))
      continue;
    note({ProblemKind::contact_waiting, number, customer, std::max(contact->started, contact->last_message)});
  }
}

}  // namespace rapport::engine
