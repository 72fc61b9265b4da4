#include "engine/engine_hypotheses.h"

#include <cmath>
#include <memory>

#include "codec/event_builder.h"
#include "codec/json_index.h"
#include "engine/detail/hypothesis_card.h"
#include "engine/detail/hypothesis_verdict.h"
#include "engine/detail/inquiry.h"
#include "model/catalogue_ids.h"
#include "study/power.h"

// Hypothesis cards: registered, assigned, judged on their date.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kChunk = 500;
constexpr std::int64_t kAssignMost = 200'000;
/// Baselines below so many customers say nothing.
constexpr double kUnitsLeast = 20;

struct Baseline {
  double n = 0, mean = 0, sd = 0;
  std::int64_t available = 0;
  bool given = false;  ///< by the card, for want of facts
};

/// The metric over the last window, of the segment or everybody.
Result<Baseline> measure_baseline(Inquiry& inquiry, const HypothesisCard& card) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  const MetricQuestion question{card.metric, card.service, card.window_days, inquiry.known_at()};
  RAPPORT_TRY(const model::Table table, inquiry.table(metric_sql(question, {"", now, card.segment})));
  Baseline out;
  out.n = cell(table, "n", 0);
  if (out.n > 0) out.mean = cell(table, "s", 0) / out.n;
  if (out.n > 1) {
    const double spread = cell(table, "q", 0) - out.n * out.mean * out.mean;
    out.sd = std::sqrt(std::max(0.0, spread / (out.n - 1)));
  }
  // A shop without such facts yet may plan by a figure of its own.
  if (out.n < kUnitsLeast && card.baseline != 0) {
    out.given = true;
    out.mean = card.baseline;
    out.sd = card.baseline_sd;
  }
  RAPPORT_TRY(out.available, ask_shop<std::int64_t>(inquiry.unit(), [&]() -> Result<std::int64_t> {
                const views::ShopState& state = inquiry.unit().shop.state();
                if (card.segment.empty()) return static_cast<std::int64_t>(state.customers());
                const auto segment = state.find_segment(card.segment);
                if (!segment)
                  return Error{Errc::not_found, "no such segment", "segment", "one of GET /v1/segments"};
                if (card.assigned) return static_cast<std::int64_t>(state.member_count(*segment));
                return static_cast<std::int64_t>(state.customers());
              }));
  return out;
}

/// Customers an arm, for arms of this share. Errors: refused when nothing is known to plan by.
Result<std::int64_t> plan(const HypothesisCard& card, const Baseline& base) {
  if (base.n < kUnitsLeast && !base.given)
    return Error{Errc::refused,
                 fmt::format("only {} customers tell a baseline of {} in {} days", base.n, card.metric->id,
                             card.window_days),
                 "metric", fmt::format("at least {}", kUnitsLeast)};
  double per_arm = 0;
  if (card.metric->is_share) {
    const double moved = base.mean + (card.up ? card.effect : -card.effect);
    if (base.mean <= 0 || base.mean >= 1 || moved <= 0 || moved >= 1)
      return Error{Errc::refused,
                   fmt::format("from {:.4f} by {} leads out of 0 to 1", base.mean, card.effect), "effect",
                   "an effect that the baseline leaves room for"};
    RAPPORT_TRY(per_arm, study::sample_size_proportions(base.mean, moved, card.power, card.alpha));
  } else {
    if (base.sd <= 0)
      return Error{Errc::refused, "the metric does not vary between customers", "metric", "one that does"};
    RAPPORT_TRY(per_arm, study::sample_size_means(card.effect, base.sd, card.power, card.alpha));
  }
  // Unequal arms need more in all: the variance of the difference goes with 1/s + 1/(1-s).
  const double s = static_cast<double>(card.share) / 100;
  const double total = 2 * per_arm / (4 * s * (1 - s));
  return static_cast<std::int64_t>(std::ceil(total / 2));
}

Result<HypothesisCard> registered(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(const std::string noun, inquiry.noun(k::hypothesis_published, id));
  if (noun.empty()) return Error{Errc::not_found, "no such hypothesis", "id", "one of GET /v1/hypotheses"};
  RAPPORT_TRY(HypothesisCard card, parse_hypothesis(noun));
  card.id = id;
  return card;
}

std::string verdict_key(const std::string& id) {
  return "hypothesis:" + id;
}

/// The verdict as published, or made now: on its date and once for ever.
Result<std::string> verdict_of(Inquiry& inquiry, const HypothesisCard& card) {
  RAPPORT_TRY(const std::string standing, inquiry.noun(k::verdict_reached, verdict_key(card.id)));
  if (!standing.empty()) return standing;
  RAPPORT_TRY(const Instant now, inquiry.now());
  if (now < card.by)
    return Error{Errc::conflict, "the date of this hypothesis has not come", "by", format_instant(card.by)};
  const HypothesisUnits units{card.id, card.by, ""};
  MetricQuestion question{card.metric, card.service, card.window_days, inquiry.known_at()};
  RAPPORT_TRY(const model::Table main, inquiry.table(metric_sql(question, units)));
  model::Table guardrail;
  if (card.guardrail != nullptr) {
    question.metric = card.guardrail;
    RAPPORT_TRY(guardrail, inquiry.table(metric_sql(question, units)));
  }
  RAPPORT_TRY(const model::Table assigned, inquiry.table(assigned_sql(card.id, inquiry.known_at())));
  const std::string body = verdict_json(card, main, guardrail, assigned, {now, inquiry.known_at()});
  const auto done = inquiry.publish(
      {"Verdict Reached", "study_id", verdict_key(card.id), body, "verdict-hypothesis-" + card.id});
  if (!done.ok() && done.error().code != Errc::conflict) return done.error();
  // Whoever came first has spoken.
  return inquiry.noun(k::verdict_reached, verdict_key(card.id));
}

void write_assigned(codec::JsonWriter& json, const model::Table& table) {
  json.key("assigned");
  json.begin_object();
  for (const std::string_view arm : {"control", "treatment", "crossed"})
    json.field(arm, static_cast<std::int64_t>(cell(table, "n", row_of(table, "arm", arm))));
  json.end_object();
}

Status write_status(codec::JsonWriter& json, Inquiry& inquiry, const HypothesisCard& card, Instant now) {
  RAPPORT_TRY(const std::string verdict, inquiry.noun(k::verdict_reached, verdict_key(card.id)));
  RAPPORT_TRY(const model::Table assigned, inquiry.table(assigned_sql(card.id, inquiry.known_at())));
  json.begin_object();
  write_hypothesis(json, card);
  json.field("enough", card.available >= 2 * card.per_arm);
  json.field("status", !verdict.empty() ? "decided" : now >= card.by ? "due" : "running");
  write_assigned(json, assigned);
  json.key("verdict");
  verdict.empty() ? json.null() : json.raw(verdict);
  json.end_object();
  return {};
}

/// What one chunk of assigning did.
struct Chunk {
  std::vector<model::Event> events;
  std::int64_t control = 0, treatment = 0, already = 0;
  CustomerId after;
  bool ended = false;
  std::string arm;  ///< of the last one
};

/// On the shop thread.
class Assigning {
 public:
  Assigning(ShopUnit& unit, const HypothesisCard& card)
      : unit_(unit), state_(unit.shop.state()), card_(card) {}

  Status one(const std::string& ref, Chunk& chunk) {
    RAPPORT_TRY(const CustomerId customer, resolve(unit_, ref));
    RAPPORT_TRY(const auto segment, segment_of());
    if (card_.assigned && segment && !is_member(customer, *segment))
      return Error{Errc::refused, fmt::format("the customer is not in '{}'", card_.segment), "customer",
                   "a member of the segment that was registered"};
    return add(customer, segment, chunk);
  }

  Status next(CustomerId after, std::size_t most, Chunk& chunk) {
    RAPPORT_TRY(const auto segment, segment_of());
    std::vector<CustomerId> people;
    if (card_.assigned && segment) {
      people = state_.members(*segment, after, most);
    } else {
      state_.for_each_customer(after, [&](CustomerId id) {
        people.push_back(id);
        return people.size() < most;
      });
    }
    chunk.ended = people.size() < most;
    for (const CustomerId id : people) {
      RAPPORT_CHECK(add(id, segment, chunk));
      chunk.after = id;
    }
    return {};
  }

 private:
  Result<std::optional<views::SegmentNo>> segment_of() const {
    if (card_.segment.empty()) return std::optional<views::SegmentNo>();
    const auto segment = state_.find_segment(card_.segment);
    if (!segment) return Error{Errc::not_found, "the segment is gone", "segment", card_.segment};
    return segment;
  }

  bool is_member(CustomerId customer, views::SegmentNo segment) const {
    for (const views::Membership& in : state_.memberships(customer)) {
      if (in.segment == segment) return true;
    }
    return false;
  }

  /// The arm she has already; "" for none.
  std::string held_arm(CustomerId customer) {
    const views::FactsView facts = state_.facts(customer, Instant::never(), buffer_);
    const std::string prefix = card_.id + "=";
    if (!facts.may_have(k::experiment_assigned)) return "";
    for (const views::Fact& fact : facts.facts()) {
      if (fact.kind() != k::experiment_assigned) continue;
      const std::string_view text = facts.object_text(fact);
      if (text.starts_with(prefix)) return std::string(text.substr(prefix.size()));
    }
    return "";
  }

  Status add(CustomerId customer, const std::optional<views::SegmentNo>& segment, Chunk& chunk) {
    chunk.arm = held_arm(customer);
    if (!chunk.arm.empty()) {
      ++chunk.already;
      return {};
    }
    const bool treated =
        card_.assigned ? is_treated(card_, customer.value) : segment && is_member(customer, *segment);
    std::optional<NodeId> named;
    for (const NodeId node : state_.nodes_of(customer)) {
      if (!named && unit_.shop.texts().find(node)) named = node;
    }
    if (!named) return {};
    chunk.arm = treated ? "treatment" : "control";
    const std::string message_id = fmt::format("assign-{}-{}", card_.id, customer.value);
    codec::EventInput input;
    input.type = model::EventType::track;
    input.name = "Experiment Assigned";
    input.message_id = message_id;
    input.identifiers = {{*state_.kind_of(*named), *unit_.shop.texts().find(*named)}};
    input.properties = {{"experiment_id", std::string_view(card_.id)}, {"arm", std::string_view(chunk.arm)}};
    RAPPORT_TRY(model::Event event, codec::build_event(input));
    chunk.events.push_back(std::move(event));
    ++(treated ? chunk.treatment : chunk.control);
    return {};
  }

  ShopUnit& unit_;
  const views::ShopState& state_;
  const HypothesisCard& card_;
  views::FactsBuffer buffer_;
};

Result<Chunk> assign_chunk(Inquiry& inquiry, const HypothesisCard& card, const std::string& customer,
                           CustomerId after, std::size_t most) {
  RAPPORT_TRY(
      Chunk chunk, ask_shop<Chunk>(inquiry.unit(), [&]() -> Result<Chunk> {
        Chunk made;
        Assigning assigning(inquiry.unit(), card);
        RAPPORT_CHECK(customer.empty() ? assigning.next(after, most, made) : assigning.one(customer, made));
        return made;
      }));
  if (!chunk.events.empty()) {
    const auto done = inquiry.publish(std::move(chunk.events));
    if (!done.ok() && done.error().code != Errc::conflict) return done.error();
    chunk.events.clear();
  }
  return chunk;
}

Result<std::string> assign_all(Inquiry& inquiry, const HypothesisCard& card, const std::string& customer,
                               std::int64_t most) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  if (now >= card.by)
    return Error{Errc::conflict, "the date of this hypothesis is past: nobody new is assigned", "by",
                 format_instant(card.by)};
  std::int64_t control = 0, treatment = 0, already = 0;
  std::string arm;
  CustomerId after;
  while (true) {
    const auto room = static_cast<std::size_t>(std::min<std::int64_t>(kChunk, most - control - treatment));
    RAPPORT_TRY(const Chunk chunk, assign_chunk(inquiry, card, customer, after, room));
    control += chunk.control;
    treatment += chunk.treatment;
    already += chunk.already;
    after = chunk.after;
    arm = chunk.arm;
    if (!customer.empty() || chunk.ended || control + treatment >= most) break;
  }
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("control", control);
  json.field("treatment", treatment);
  json.field("assigned", control + treatment);
  json.field("already", already);
  if (!customer.empty()) json.field("arm", arm);
  json.end_object();
  return text;
}

}  // namespace

void hypotheses(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto cards, inquiry.nouns(k::hypothesis_published));
        RAPPORT_TRY(const Instant now, inquiry.now());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("metrics");
        json.begin_array();
        for (const HypothesisMetric& metric : hypothesis_metrics()) {
          json.begin_object();
          json.field("metric", metric.id);
          json.field("unit", metric.unit);
          json.field("better", metric.up_is_better ? "up" : "down");
          json.field("of_service", metric.of_service);
          json.field("definition", metric.doc);
          json.end_object();
        }
        json.end_array();
        json.key("hypotheses");
        json.begin_array();
        for (const auto& [id, noun] : cards) {
          Result<HypothesisCard> card = parse_hypothesis(noun);
          if (!card.ok()) continue;  // published past the front door, and no card
          card->id = id;
          RAPPORT_CHECK(write_status(json, inquiry, *card, now));
        }
        json.end_array();
        json.field("known_at", inquiry.known_at());
        json.end_object();
        return text;
      },
      std::move(reply));
}

void hypothesis(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const HypothesisCard card, registered(inquiry, id));
        RAPPORT_TRY(const Instant now, inquiry.now());
        // Looked at after its date, it is judged.
        if (now >= card.by) {
          RAPPORT_TRY([[maybe_unused]] const std::string verdict, verdict_of(inquiry, card));
        }
        std::string text;
        codec::JsonWriter json(text);
        RAPPORT_CHECK(write_status(json, inquiry, card, now));
        return text;
      },
      std::move(reply));
}

void hypothesis_power(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const Instant now, inquiry.now());
        RAPPORT_TRY(const HypothesisCard card, parse_hypothesis(power_question(body, now + days(30))));
        RAPPORT_TRY(const Baseline base, measure_baseline(inquiry, card));
        RAPPORT_TRY(const std::int64_t per_arm, plan(card, base));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("metric", card.metric->id);
        json.key("baseline");
        json.real(base.mean);
        json.key("sd");
        json.real(base.sd);
        json.field("n", static_cast<std::int64_t>(base.n));
        json.field("window_days", card.window_days);
        json.field("per_arm", per_arm);
        json.field("available", base.available);
        json.field("enough", base.available >= 2 * per_arm);
        json.end_object();
        return text;
      },
      std::move(reply));
}

void register_hypothesis(Engine& engine, ShopNo shop, std::string id, std::string body,
                         Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        if (id.empty() || id.size() > 64 || id.find_first_of("=/'\"") != std::string::npos)
          return Error{Errc::bad_input, "this cannot name a hypothesis", "id",
                       "1 to 64 bytes without = / and quotes"};
        RAPPORT_TRY(HypothesisCard card, parse_hypothesis(body));
        card.id = id;
        RAPPORT_TRY(const std::string standing, inquiry.noun(k::hypothesis_published, id));
        if (!standing.empty())
          return Error{Errc::conflict, "a registered hypothesis does not change", "id", "another id"};
        RAPPORT_TRY(card.registered_at, inquiry.now());
        if (card.by <= card.registered_at + days(card.window_days))
          return Error{Errc::bad_input, "the date comes before the first customer's window ends", "by",
                       fmt::format("after {}", format_instant(card.registered_at + days(card.window_days)))};
        RAPPORT_TRY(const Baseline base, measure_baseline(inquiry, card));
        RAPPORT_TRY(card.per_arm, plan(card, base));
        card.baseline = base.mean;
        card.baseline_sd = base.sd;
        card.available = base.available;
        const std::string noun = hypothesis_json(card);
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Hypothesis Published", "hypothesis_id", id, noun, "hypothesis-" + id}));
        return fmt::format("{{\"offset\":{}}}", offset.value);
      },
      std::move(reply));
}

void assign_hypothesis(Engine& engine, ShopNo shop, std::string id, std::string customer, std::int64_t most,
                       Reply<std::string> reply) {
  if (most < 1 || most > kAssignMost)
    return reply(Error{Errc::bad_input, fmt::format("{} customers", most), "most",
                       fmt::format("1 to {}", kAssignMost)});
  engine.inquire(
      shop,
      [id = std::move(id), customer = std::move(customer), most](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const HypothesisCard card, registered(inquiry, id));
        return assign_all(inquiry, card, customer, most);
      },
      std::move(reply));
}

void hypothesis_verdict(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const HypothesisCard card, registered(inquiry, id));
        return verdict_of(inquiry, card);
      },
      std::move(reply));
}

void judge_due_hypotheses(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  auto judged = std::make_shared<std::size_t>(0);
  engine.inquire(
      shop,
      [judged](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto cards, inquiry.nouns(k::hypothesis_published));
        if (cards.empty()) return std::string();
        RAPPORT_TRY(const Instant now, inquiry.now());
        for (const auto& [id, noun] : cards) {
          Result<HypothesisCard> card = parse_hypothesis(noun);
          if (!card.ok() || now < card->by) continue;
          RAPPORT_TRY(const std::string standing, inquiry.noun(k::verdict_reached, verdict_key(id)));
          if (!standing.empty()) continue;
          card->id = id;
          RAPPORT_TRY([[maybe_unused]] const std::string verdict, verdict_of(inquiry, *card));
          ++*judged;
        }
        return std::string();
      },
      [judged, reply = std::move(reply)](const Result<std::string>& done) {
        done.ok() ? reply(*judged) : reply(done.error());
      });
}

}  // namespace rapport::engine
