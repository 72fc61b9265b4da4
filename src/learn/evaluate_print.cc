#include <cmath>

#include "codec/json_writer.h"
#include "learn/evaluate.h"

namespace rapport::learn {
namespace {

void write_number(codec::JsonWriter& json, std::string_view name, double value) {
  json.key(name);
  json.real(value);
}

void write_estimate(codec::JsonWriter& json, const Estimate& estimate) {
  write_number(json, "mean", estimate.mean);
  write_number(json, "low", estimate.low);
  write_number(json, "high", estimate.high);
}

void write_model(codec::JsonWriter& json, const ModelOutcome& model) {
  json.begin_object();
  json.field("name", model.spec.name);
  json.key("settings");
  json.begin_object();
  for (const auto& [name, value] : model.spec.settings) write_number(json, name, value);
  json.end_object();
  json.key("metrics");
  json.begin_object();
  for (const MetricRow& row : model.metrics) {
    json.key(row.name);
    json.begin_object();
    write_estimate(json, row.value);
    json.end_object();
  }
  json.end_object();
  json.key("against");
  json.begin_array();
  for (const Comparison& comparison : model.comparisons) {
    json.begin_object();
    json.field("metric", comparison.metric);
    json.field("baseline", comparison.baseline);
    write_estimate(json, comparison.difference);
    write_number(json, "p", comparison.p);
    json.end_object();
  }
  json.end_array();
  json.key("segments");
  json.begin_array();
  for (const SegmentRow& row : model.segments) {
    json.begin_object();
    json.field("name", row.name);
    json.field("customers", row.customers);
    write_number(json, "recall", row.recall);
    write_number(json, "ndcg", row.ndcg);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

const Estimate* metric_of(const ModelOutcome& model, const std::string& name) {
  for (const MetricRow& row : model.metrics) {
    if (row.name == name) return &row.value;
  }
  return nullptr;
}

}  // namespace

std::string evaluation_json(const Evaluation& evaluation) {
  std::string line;
  codec::JsonWriter json(line);
  json.begin_object();
  json.field("split", split_name(evaluation.split));
  json.field("repeats", evaluation.repeats == Repeats::yes);
  json.field("seeds", evaluation.seeds);
  json.field("customers", evaluation.customers);
  json.field("items", evaluation.items);
  json.field("interactions", evaluation.interactions);
  json.field("asked", evaluation.cases);
  json.field("cold", evaluation.cold);
  write_number(json, "unreachable", evaluation.unreachable);
  json.key("k");
  json.begin_array();
  for (const unsigned k : evaluation.k) json.unsigned_integer(k);
  json.end_array();
  json.key("models");
  json.begin_array();
  for (const ModelOutcome& model : evaluation.models) write_model(json, model);
  json.end_array();
  json.end_object();
  return line;
}

std::string evaluation_text(const Evaluation& evaluation) {
  std::string text = fmt::format(
      "split by {}, {} seeds; {} customers, {} items, {} interactions; {} customers asked about, {} cold "
      "left out; "
      "{}; {:.1f} % of what they took was unknown before\n\n",
      split_name(evaluation.split), evaluation.seeds, evaluation.customers, evaluation.items,
      evaluation.interactions, evaluation.cases, evaluation.cold,
      evaluation.repeats == Repeats::yes ? "items had before are candidates"
                                         : "items had before are no candidates",
      100 * evaluation.unreachable);
  for (const unsigned k : evaluation.k) {
    text += fmt::format("{:<34} {:>8} {:>19} {:>8} {:>19} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
                        fmt::format("first {}", k), "recall", "", "ndcg", "", "prec", "map", "mrr", "hit",
                        "coverage", "gini", "repeats");
    for (const ModelOutcome& model : evaluation.models) {
      const auto value = [&](const char* name) {
        const Estimate* found = metric_of(model, fmt::format("{}@{}", name, k));
        return found == nullptr ? Estimate{} : *found;
      };
      const Estimate recall = value("recall"), ndcg = value("ndcg");
      text += fmt::format(
          "{:<34} {:8.4f} [{:8.4f},{:8.4f}] {:8.4f} [{:8.4f},{:8.4f}] {:8.4f} {:8.4f} {:8.4f} {:8.4f} "
          "{:8.4f} {:8.4f} "
          "{:8.4f}\n",
          model.spec.text(), recall.mean, recall.low, recall.high, ndcg.mean, ndcg.low, ndcg.high,
          value("precision").mean, value("map").mean, value("mrr").mean, value("hit_rate").mean,
          value("coverage").mean, value("gini").mean, value("repeat_share").mean);
    }
    text += "\n";
  }
  for (const ModelOutcome& model : evaluation.models) {
    for (const Comparison& each : model.comparisons) {
      if (!each.metric.starts_with("ndcg")) continue;  // the others are in the JSON
      text += fmt::format("{:<34} {:>12} {:+.4f} [{:+.4f}, {:+.4f}] against {}, p {:.2g}\n",
                          model.spec.text(), each.metric, each.difference.mean, each.difference.low,
                          each.difference.high, each.baseline, each.p);
    }
  }
  return text;
}

}  // namespace rapport::learn
