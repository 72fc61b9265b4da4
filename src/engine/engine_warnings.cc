#include <algorithm>
#include <cmath>

#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/action_noun.h"
#include "engine/detail/noun_members.h"
#include "engine/engine_worth.h"
#include "model/catalogue_ids.h"

// Customers whom a published churn study warns of: a predicted need each, a segment, and an action on it.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::string_view kNeed = "churn_warned";
constexpr std::string_view kSegment = "churn_warned";
constexpr std::string_view kRule = "tag need = \"churn_warned\"";

struct Warned {
  std::string customer;  ///< c_<n>
  double probability = 0;
};

/// Rows of the table warned_customers of the stored report. Errors: refused when the study warns of nobody.
Result<std::vector<Warned>> warned_of(const NounMembers& study) {
  const Error none{Errc::refused, "this study warns of nobody", "id",
                   "a published study by the method churn"};
  if (study.text("method") != "churn") return none;
  const auto report = NounMembers::parse(study.raw("report"));
  if (!report.ok()) return none;
  std::vector<Warned> out;
  const codec::JsonValue tables = (*report)->find("tables");
  for (codec::JsonItems list(tables); tables.present() && list.next();) {
    if (list.value().find("key").text() != "warned_customers") continue;
    for (codec::JsonItems rows(list.value().find("rows")); rows.next();) {
      codec::JsonItems cells(rows.value());
      Warned one;
      if (cells.next() && cells.value().is(codec::JsonKind::string)) one.customer = cells.value().text();
      if (cells.next()) one.probability = std::strtod(std::string(cells.value().raw()).c_str(), nullptr);
      if (!one.customer.empty()) out.push_back(std::move(one));
    }
  }
  if (out.empty()) return none;
  return out;
}

struct Decided {
  std::vector<model::Event> events;
  std::uint64_t unknown = 0, denied = 0;
  bool has_segment = false;
};

/// Whether she withdrew her consent to be profiled, anywhere.
bool is_denied(const views::ShopState& state, CustomerId customer) {
  const views::Dictionary& words = state.tables().words();
  const auto consents = state.consent(customer);
  return std::any_of(consents.begin(), consents.end(), [&](const views::ConsentState& one) {
    return !one.granted && words.text(one.purpose_word) == "personalisation";
  });
}

/// The node by which an event can name her: a user id before others.
std::optional<model::Identifier> identifier_of(ShopUnit& unit, CustomerId customer) {
  std::optional<model::Identifier> best;
  for (const NodeId node : unit.shop.state().nodes_of(customer)) {
    const auto value = unit.shop.texts().find(node);
    const auto kind = unit.shop.state().kind_of(node);
    if (!value || !kind) continue;
    if (!best || *kind == model::IdentifierKind::user_id)
      best = model::Identifier{*kind, std::string(*value)};
    if (*kind == model::IdentifierKind::user_id) break;
  }
  return best;
}

Result<model::Event> warning_event(const model::Identifier& who, const std::string& study,
                                   const Warned& warned, Instant now, Instant until) {
  const std::string message_id = fmt::format("warned-{}-{}-{}", study, warned.customer, until.ms);
  const std::string evidence = "study:" + study;
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Need Predicted";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{who.kind, who.value}};
  input.properties = {{"need", kNeed},
                      {"strength", std::clamp(warned.probability, 0.0, 1.0)},
                      {"until", until},
                      {"evidence", std::string_view(evidence)}};
  return codec::build_event(input);
}

/// On the shop thread.
Result<Decided> decide(ShopUnit& unit, const std::string& study, const std::vector<Warned>& all,
                       Instant until) {
  Decided out;
  out.has_segment = unit.shop.state().find_segment(kSegment).has_value();
  const Instant now = unit.shop.now();
  for (const Warned& one : all) {
    const Result<CustomerId> customer = resolve(unit, one.customer);
    const auto who = customer.ok() ? identifier_of(unit, *customer) : std::nullopt;
    if (!who) {
      ++out.unknown;
    } else if (is_denied(unit.shop.state(), *customer)) {
      ++out.denied;
    } else {
      RAPPORT_TRY(model::Event event, warning_event(*who, study, one, now, until));
      out.events.push_back(std::move(event));
    }
  }
  return out;
}

Result<model::Event> segment_event(Currency currency, Instant now) {
  const std::string message_id = fmt::format("rule-{}-{}", kSegment, now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Rule Published";
  input.message_id = message_id;
  input.shop_currency = currency;
  input.properties = {{"rule_id", kSegment}, {"text", kRule}};
  return codec::build_event(input);
}

/// The action as POST /v1/actions takes it, about this study.
std::string with_study(const NounMembers& body, const std::string& study) {
  const auto action = NounMembers::parse(body.raw("action"));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("study_id", study);
  if (action.ok()) {
    for (const std::string_view name :
         {"action", "finding", "expected_value", "currency", "guardrail", "remeasure_at", "service_id"}) {
      if ((*action)->raw(name).empty()) continue;
      json.key(name);
      json.raw((*action)->raw(name));
    }
  }
  json.end_object();
  return text;
}

Result<std::string> warn(Inquiry& inquiry, const std::string& id, const std::string& text) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  RAPPORT_TRY(const std::string noun, inquiry.noun(k::study_published, id));
  if (noun.empty())
    return Error{Errc::not_found, "no such published study", "id", "one of GET /v1/published-studies"};
  RAPPORT_TRY(const auto study, NounMembers::parse(noun));
  RAPPORT_TRY(const std::vector<Warned> all, warned_of(*study));
  RAPPORT_TRY(const Instant now, inquiry.now());
  RAPPORT_TRY(const std::string action, action_noun(inquiry, with_study(*body, id), now));
  RAPPORT_TRY(const auto taken, NounMembers::parse(action));
  // The warning ends when the action is measured again.
  const Instant until = taken->time("remeasure_at").value_or(now);
  RAPPORT_TRY(Decided decided,
              ask_shop<Decided>(inquiry.unit(), [&] { return decide(inquiry.unit(), id, all, until); }));
  const std::size_t warned = decided.events.size();
  if (!decided.has_segment) {
    RAPPORT_TRY(model::Event rule, segment_event(inquiry.currency(), now));
    // First, so that whoever is warned of enters with her own event.
    decided.events.insert(decided.events.begin(), std::move(rule));
  }
  const std::string action_id = fresh_action_id();
  RAPPORT_TRY(model::Event act,
              noun_event({"Action Taken", "action_id", action_id, action}, inquiry.currency()));
  decided.events.push_back(std::move(act));
  RAPPORT_TRY(const EventSeq offset, inquiry.publish(std::move(decided.events)));
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("segment", kSegment);
  json.field("warned", warned);
  json.field("denied", decided.denied);
  json.field("unknown", decided.unknown);
  json.field("until", until);
  json.field("action_id", action_id);
  json.field("offset", offset);
  json.end_object();
  return out;
}

}  // namespace

void warn_of_churn(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) { return warn(inquiry, id, body); },
      std::move(reply));
}

}  // namespace rapport::engine
