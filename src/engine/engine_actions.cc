#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/json_writer.h"
#include "engine/detail/action_noun.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/engine_study.h"
#include "engine/engine_worth.h"
#include "math/distributions.h"
#include "model/catalogue_ids.h"

// Studies as they were published, and what was done about them.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kIdMostBytes = 64;
constexpr std::size_t kFindingMostBytes = 4'000;
constexpr std::size_t kReportMostBytes = 256 * 1024;
constexpr std::array<std::string_view, 7> kActions{"launch", "grow",   "test", "retire",
                                                   "price",  "bundle", "mend"};

/// Options as POST /v1/studies/{method} takes them, as texts.
Result<std::vector<std::pair<std::string, std::string>>> read_options(const NounMembers& body) {
  std::vector<std::pair<std::string, std::string>> out;
  const codec::JsonValue options = body.find("options");
  if (!options.present()) return out;
  const Error wrong{Errc::bad_input, "the options are no object of values", "options", "{\"items\":\"a,b\"}"};
  if (!options.is(codec::JsonKind::object)) return wrong;
  for (codec::JsonMembers members(options); members.next();) {
    const codec::JsonValue value = members.value();
    std::string text(value.raw());
    if (value.is(codec::JsonKind::string))
      text = value.text();
    else if (value.is(codec::JsonKind::boolean))
      text = value.is_true() ? "" : "no";
    else if (!value.is(codec::JsonKind::number))
      return wrong;
    out.emplace_back(members.key(), std::move(text));
  }
  return out;
}

struct Publication {
  StudyQuery query;
  std::string id, service, benefit, options;
  std::string file;             ///< what the caller calls the file that the table was read from
  std::optional<double> worth;  ///< of one unit of the outcome; the benefit is then the study's effect
};

/// Either the benefit itself, or what one unit of the study's outcome is worth.
Status read_benefit(const NounMembers& body, Publication& out) {
  if (!body.find("benefit").present()) return {};
  const auto benefit = NounMembers::parse(body.raw("benefit"));
  const Error wrong{
      Errc::bad_input, "benefit is wrong", "benefit",
      "{\"amount\":1200,\"se\":300,\"cost\"?,\"cost_se\"?}, or {\"worth\":1} with the study's own "
      "effect, and a service_id"};
  if (!benefit.ok() || out.service.empty()) return wrong;
  for (const std::string_view name : {"se", "cost", "cost_se"}) {
    if ((*benefit)->number(name).value_or(0) < 0) return wrong;
  }
  if (const codec::JsonValue days = (*benefit)->find("days"); days.present()) {
    const double span = (*benefit)->number("days").value_or(0);
    if (!(span >= 1 && span <= 3'650))
      return Error{Errc::bad_input, "no such number of days", "benefit.days",
                   "1 to 3650: what the outcome, amount and cost span; 30 when left out"};
  }
  out.worth = (*benefit)->number("worth");
  if (out.worth.has_value() == (*benefit)->number("amount").has_value()) return wrong;
  out.benefit = body.raw("benefit");
  return {};
}

Result<Publication> read_publication(std::string id, std::string_view text) {
  if (id.empty() || id.size() > kIdMostBytes || id.find_first_of("\"'/") != std::string::npos)
    return Error{Errc::bad_input, "this cannot name a study", "id", "1 to 64 bytes without / and quotes"};
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  Publication out;
  out.id = std::move(id);
  RAPPORT_TRY(out.query.method, body->need_text("method", kIdMostBytes));
  out.query.sql = body->text("sql");
  out.query.survey = body->text("survey");
  out.query.table = body->text("table");
  if (!out.query.table.empty()) {
    RAPPORT_TRY(out.file, body->need_text("file", kFindingMostBytes));
  }
  RAPPORT_TRY(out.query.options, read_options(*body));
  out.query.format = StudyFormat::parts;
  out.service = body->text("service_id");
  out.options = body->raw("options");
  RAPPORT_CHECK(read_benefit(*body, out));
  return out;
}

/// The benefit as it is published: what was given, or the study's own effect in money. Errors: refused when
/// the study tells no effect of a service, or failed a check.
Result<std::string> benefit_json(const Publication& study, const std::string& parts) {
  if (!study.worth) return study.benefit;
  RAPPORT_TRY(const auto report, NounMembers::parse(parts));
  std::map<std::string, double> figures;
  const codec::JsonValue all = report->find("figures");
  for (codec::JsonItems list(all); all.present() && list.next();) {
    const auto one = NounMembers::parse(list.value().raw());
    if (!one.ok() || !(*one)->number("value")) continue;
    const std::string group = (*one)->text("group");
    if (group.empty() || group == "hidden") figures[group + (*one)->text("name")] = *(*one)->number("value");
  }
  for (const std::string_view needed : {"effect", "se", "treated"}) {
    if (!figures.contains(std::string(needed)))
      return Error{Errc::refused, fmt::format("{} tells no effect of a service", study.query.method),
                   "benefit.worth", "a study by the method causal, or benefit.amount"};
  }
  const codec::JsonValue checks = report->find("checks");
  for (codec::JsonItems list(checks); checks.present() && list.next();) {
    if (list.value().find("status").text() != "failed") continue;
    return Error{Errc::refused, fmt::format("the check '{}' failed", list.value().find("name").text()),
                 "benefit.worth", "an effect that stands, or benefit.amount on your own word"};
  }
  std::string text;
  codec::JsonWriter json(text);
  const auto real = [&](std::string_view name, double value) {
    json.key(name);
    json.real(value);
  };
  const double each = *study.worth * figures["treated"];
  json.begin_object();
  real("amount", figures["effect"] * each);
  // What a hidden cause as strong as everything logged could move it by belongs to its doubt.
  const double hidden = figures["hiddenbias"];
  real("se", (figures["se"] + hidden / math::normal_quantile(0.975)) * std::fabs(each));
  if (hidden > 0) real("hidden_bias", hidden);
  real("worth", *study.worth);
  real("effect", figures["effect"]);
  real("customers", figures["treated"]);
  RAPPORT_TRY(const auto given, NounMembers::parse(study.benefit));
  for (const std::string_view name : {"cost", "cost_se", "days"}) {
    if (const auto value = given->number(name)) real(name, *value);
  }
  json.end_object();
  return text;
}

std::string publication_json(const Publication& study, const std::string& parts, const std::string& benefit,
                             Instant now) {
  const auto report = NounMembers::parse(parts);
  std::string text;
  codec::JsonWriter json(text);
  const auto copy = [&](std::string_view name) {
    json.key(name);
    report.ok() && !(*report)->raw(name).empty() ? json.raw((*report)->raw(name)) : json.null();
  };
  json.begin_object();
  json.field("method", study.query.method);
  if (!study.query.sql.empty()) json.field("sql", study.query.sql);
  if (!study.query.survey.empty()) json.field("survey", study.query.survey);
  if (!study.file.empty()) json.field("file", study.file);
  if (!study.options.empty()) {
    json.key("options");
    json.raw(study.options);
  }
  if (!study.service.empty()) json.field("service_id", study.service);
  if (!benefit.empty()) {
    json.key("benefit");
    json.raw(benefit);
  }
  copy("title");
  copy("reading");
  copy("n");
  json.field("published_at", now);
  json.field("digest", digest_hex(sha256(parts)));
  if (parts.size() <= kReportMostBytes && report.ok()) {
    json.key("report");
    json.raw(std::string_view(parts).substr(0, parts.find_last_of('}') + 1));
  }
  json.end_object();
  return text;
}

/// The study's noun without its report.
void write_study(codec::JsonWriter& json, const std::string& id, const NounMembers& noun) {
  json.field("study_id", id);
  for (const std::string_view name : {"method", "sql", "survey", "file", "options", "service_id", "benefit",
                                      "title", "reading", "n", "published_at", "digest"}) {
    if (noun.raw(name).empty()) continue;
    json.key(name);
    json.raw(noun.raw(name));
  }
}

void write_action(codec::JsonWriter& json, const std::string& id, const NounMembers& noun, Instant now) {
  json.begin_object();
  json.field("action_id", id);
  for (const std::string_view name : {"action", "study_id", "finding", "service_id", "expected_value",
                                      "currency", "guardrail", "remeasure_at", "taken_at"}) {
    if (noun.raw(name).empty()) continue;
    json.key(name);
    json.raw(noun.raw(name));
  }
  const auto again = noun.time("remeasure_at");
  json.field("due", again && *again <= now);
  json.end_object();
}

/// Actions as published; of one study when it is named.
Status write_actions(codec::JsonWriter& json, Inquiry& inquiry, const std::string& study_id, Instant now) {
  RAPPORT_TRY(const auto nouns, inquiry.nouns(k::action_taken));
  json.key("actions");
  json.begin_array();
  for (const auto& [id, text] : nouns) {
    const auto noun = NounMembers::parse(text);
    if (noun.ok() && (study_id.empty() || (*noun)->text("study_id") == study_id))
      write_action(json, id, **noun, now);
  }
  json.end_array();
  return {};
}

Result<std::string> studies_json(Inquiry& inquiry) {
  RAPPORT_TRY(const auto studies, inquiry.nouns(k::study_published));
  RAPPORT_TRY(const auto taken, inquiry.nouns(k::action_taken));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("studies");
  json.begin_array();
  for (const auto& [id, body] : studies) {
    const auto noun = NounMembers::parse(body);
    if (!noun.ok()) continue;
    const auto count = std::count_if(taken.begin(), taken.end(), [&](const auto& action) {
      const auto one = NounMembers::parse(action.second);
      return one.ok() && (*one)->text("study_id") == id;
    });
    json.begin_object();
    write_study(json, id, **noun);
    json.field("actions", static_cast<std::int64_t>(count));
    json.end_object();
  }
  json.end_array();
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

}  // namespace

Result<std::string> action_noun(Inquiry& inquiry, const std::string& text, Instant now) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  RAPPORT_TRY(const std::string action, body->need_text("action", kIdMostBytes));
  if (std::find(kActions.begin(), kActions.end(), action) == kActions.end())
    return Error{Errc::bad_input, "no such action", "action", "launch grow test retire price bundle mend"};
  RAPPORT_TRY(const std::string study, body->need_text("study_id", 2 * kIdMostBytes));
  RAPPORT_TRY(const std::string published, inquiry.noun(k::study_published, study));
  RAPPORT_TRY(const std::string judged, inquiry.noun(k::verdict_reached, study));
  if (published.empty() && judged.empty())
    return Error{Errc::not_found, "no such published study", "study_id",
                 "one of GET /v1/published-studies, or hypothesis:ID of a verdict"};
  RAPPORT_TRY(const std::string finding, body->need_text("finding", kFindingMostBytes));
  RAPPORT_TRY(const double expected, body->need_number("expected_value"));
  const auto guardrail = NounMembers::parse(body->raw("guardrail"));
  if (!guardrail.ok() || (*guardrail)->text("metric").empty() || !(*guardrail)->number("bound"))
    return Error{Errc::bad_input, "guardrail is missing or wrong", "guardrail",
                 "{\"metric\":\"complaint_rate\",\"bound\":0.02}"};
  const auto again = body->time("remeasure_at");
  if (!again || *again <= now)
    return Error{Errc::bad_input, "remeasure_at is missing or past", "remeasure_at", "a moment to come"};
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("action", action);
  json.field("study_id", study);
  json.field("finding", finding);
  if (const std::string service = body->text("service_id"); !service.empty())
    json.field("service_id", service);
  json.key("expected_value");
  json.real(expected);
  const std::string currency = body->text("currency");
  json.field("currency", currency.empty() ? std::string(inquiry.currency().text()) : currency);
  json.key("guardrail");
  json.raw(body->raw("guardrail"));
  json.field("remeasure_at", *again);
  json.field("taken_at", now);
  json.end_object();
  return out;
}

std::string fresh_action_id() {
  std::array<std::uint8_t, 5> random{};
  secure_random(random);
  return "A-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

void publish_study(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  Result<Publication> read = read_publication(std::move(id), body);
  if (!read.ok()) return reply(read.error());
  auto study = std::make_shared<Publication>(std::move(read).value());
  // First the study, on its own turn; what it says is then published.
  engine.study(shop, study->query,
               [&engine, shop, study, reply = std::move(reply)](Result<std::string> parts) {
                 if (!parts.ok()) return reply(parts.error());
                 engine.inquire(
                     shop,
                     [study, report = std::move(parts).value()](Inquiry& inquiry) -> Result<std::string> {
                       RAPPORT_TRY(const Instant now, inquiry.now());
                       RAPPORT_TRY(const std::string benefit, benefit_json(*study, report));
                       const std::string noun = publication_json(*study, report, benefit, now);
                       RAPPORT_TRY(const EventSeq offset,
                                   inquiry.publish({"Study Published", "study_id", study->id, noun}));
                       return fmt::format("{{\"study_id\":\"{}\",\"offset\":{}}}", study->id, offset.value);
                     },
                     reply);
               });
}

void published_studies(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(shop, studies_json, std::move(reply));
}

void published_study(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string body, inquiry.noun(k::study_published, id));
        if (body.empty())
          return Error{Errc::not_found, "no such published study", "id", "one of GET /v1/published-studies"};
        RAPPORT_TRY(const auto noun, NounMembers::parse(body));
        RAPPORT_TRY(const Instant now, inquiry.now());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("study");
        json.begin_object();
        write_study(json, id, *noun);
        json.end_object();
        json.key("report");
        noun->raw("report").empty() ? json.null() : json.raw(noun->raw("report"));
        RAPPORT_CHECK(write_actions(json, inquiry, id, now));
        json.end_object();
        return text;
      },
      std::move(reply));
}

void take_action(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const Instant now, inquiry.now());
        RAPPORT_TRY(const std::string noun, action_noun(inquiry, body, now));
        const std::string id = fresh_action_id();
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Action Taken", "action_id", id, noun}));
        return fmt::format("{{\"action_id\":\"{}\",\"offset\":{}}}", id, offset.value);
      },
      std::move(reply));
}

void actions(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const Instant now, inquiry.now());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        RAPPORT_CHECK(write_actions(json, inquiry, "", now));
        json.field("known_at", inquiry.known_at());
        json.end_object();
        return text;
      },
      std::move(reply));
}

}  // namespace rapport::engine
