#include "engine/detail/model_notes.h"

#include <algorithm>

#include "base/log.h"
#include "codec/json_writer.h"

namespace rapport::engine {
namespace {

void write_estimate(codec::JsonWriter& json, const learn::Estimate& value) {
  for (const auto& [name, number] :
       {std::pair<std::string_view, double>{"mean", value.mean}, {"low", value.low}, {"high", value.high}}) {
    json.key(name);
    json.real(number);
  }
}

void begin_note(codec::JsonWriter& json, std::string_view kind, Instant at) {
  json.begin_object();
  json.field("kind", kind);
  json.field("at", at);
}

void write_outcome(codec::JsonWriter& json, const learn::ModelOutcome& model, const std::string& suffix) {
  json.begin_object();
  json.field("model", model.spec.text());
  json.key("metrics");
  json.begin_object();
  for (const learn::MetricRow& row : model.metrics) {
    if (!row.name.ends_with(suffix)) continue;
    json.escaped_key(row.name.substr(0, row.name.size() - suffix.size()));
    json.begin_object();
    write_estimate(json, row.value);
    json.end_object();
  }
  json.end_object();
  json.key("against");
  json.begin_array();
  for (const learn::Comparison& one : model.comparisons) {
    if (!one.metric.ends_with(suffix)) continue;
    json.begin_object();
    json.field("metric", one.metric.substr(0, one.metric.size() - suffix.size()));
    json.field("baseline", one.baseline);
    write_estimate(json, one.difference);
    json.key("p");
    json.real(one.p);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

TimeSpan purchases_span(const TakenByAll& taken) {
  TimeSpan span;
  for (const Taken& one : taken.taken) {
    if (one.as != TakenAs::bought) continue;
    const Instant at{one.time_ms};
    if (!span) span.emplace(at, at);
    span->first = std::min(span->first, at);
    span->second = std::max(span->second, at);
  }
  return span;
}

void write_trained_on(codec::JsonWriter& json, const Shelf::Models& models) {
  const learn::ModelSet& set = models.set;
  json.field("position", set.position);
  json.field("customers", set.customers);
  json.field("items", set.items.size());
  json.field("purchases", set.purchases);
  json.field("views", set.views);
  json.field("baskets", set.baskets);
  json.field("bytes", models.bytes);
  json.field("digest", digest_hex(models.digest));
}

void write_left_out(codec::JsonWriter& json, const Shelf::Models& models) {
  json.key("left_out");
  json.begin_array();
  for (const auto& [name, why] : models.left_out) {
    json.begin_object();
    json.field("model", name);
    json.field("why", why);
    json.end_object();
  }
  json.end_array();
}

std::string training_note(const Shelf::Models& models, Instant at, const TimeSpan& span,
                          std::int64_t took_ms) {
  const learn::ModelSet& set = models.set;
  std::string text;
  codec::JsonWriter json(text);
  begin_note(json, "trained", at);
  write_trained_on(json, models);
  if (span) {
    json.field("first", span->first);
    json.field("last", span->second);
  }
  json.key("models");
  json.begin_array();
  for (const learn::KeptModel& kept : set.models) json.text(kept.spec);
  json.end_array();
  write_left_out(json, models);
  json.key("seconds");
  json.thousandths(took_ms);
  json.end_object();
  return text;
}

std::string failure_note(Instant at, const Error& why) {
  std::string text;
  codec::JsonWriter json(text);
  begin_note(json, "failed", at);
  json.field("why", why.describe());
  json.end_object();
  return text;
}

std::string judgement_note(const learn::Evaluation& evaluation, const TakenByAll& taken,
                           std::int64_t took_ms) {
  std::string text;
  codec::JsonWriter json(text);
  begin_note(json, "judged", taken.now);
  json.field("position", taken.position);
  json.field("split", learn::split_name(evaluation.split));
  json.field("k", evaluation.k.front());
  json.field("seeds", evaluation.seeds);
  json.field("customers", evaluation.customers);
  json.field("items", evaluation.items);
  json.field("interactions", evaluation.interactions);
  json.field("asked", evaluation.cases);
  json.field("cold", evaluation.cold);
  json.key("models");
  json.begin_array();
  const std::string suffix = fmt::format("@{}", evaluation.k.front());
  for (const learn::ModelOutcome& model : evaluation.models) write_outcome(json, model, suffix);
  json.end_array();
  json.key("seconds");
  json.thousandths(took_ms);
  json.end_object();
  return text;
}

void keep_note(Shelf& shelf, const std::string& note) {
  const Status kept = shelf.note(note);
  if (!kept.ok())
    log(LogLevel::warn, "a training or judgement could not be noted", {{"why", kept.error().message}});
}

}  // namespace rapport::engine
