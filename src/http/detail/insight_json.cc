#include "http/detail/insight_json.h"

#include "http/message.h"
#include "model/identifier.h"

namespace rapport::http::detail {
namespace {

using codec::JsonWriter;

/// The mean of whole points, two decimals.
void mean(JsonWriter& json, std::string_view name, std::int64_t sum, std::uint64_t n) {
  std::optional<double> value;
  if (n > 0) value = static_cast<double>(sum * 100 / static_cast<std::int64_t>(n)) / 100;
  number_or_null(json, name, value);
}

}  // namespace

void number_or_null(JsonWriter& json, std::string_view name, const std::optional<double>& value) {
  json.key(name);
  if (value) {
    json.real(*value);
  } else {
    json.null();
  }
}

void write_drill(JsonWriter& json, std::string_view name, const model::Drill& drill) {
  json.key(name);
  switch (drill.kind) {
    case model::Drill::Kind::none:
      return json.null();
    case model::Drill::Kind::condition:
      return json.text("/customers?condition=" + percent_encode(drill.text));
    case model::Drill::Kind::sql:
      return json.text("/data/sql?query=" + percent_encode(drill.text));
    case model::Drill::Kind::path:
      return json.text(drill.text);
  }
}

void write_json(JsonWriter& json, const model::CustomerList& list) {
  json.begin_object();
  json.key("customers");
  json.begin_array();
  for (const model::CustomerRow& row : list.customers) {
    json.begin_object();
    json.field("id", model::format_customer_id(row.id));
    json.field("label", row.label);
    json.field("primary", row.primary);
    json.key("segments");
    json.begin_array();
    for (const std::string& segment : row.segments) json.text(segment);
    json.end_array();
    json.field("value", row.value);
    json.field("urgency", row.urgency);
    json.field("last_seen", row.last_seen);
    json.field("orders", row.orders);
    if (!row.city.empty()) json.field("city", row.city);
    json.end_object();
  }
  json.end_array();
  json.key("total");
  if (list.total) {
    json.unsigned_integer(*list.total);
  } else {
    json.null();
  }
  json.field("next_cursor", list.next_cursor);
  json.field("complete", list.complete);
  json.field("names_complete", list.names_complete);
  json.field("as_of", list.as_of);
  json.field("known_at", list.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::SegmentMatrix& matrix) {
  json.begin_object();
  json.key("classes");
  json.begin_array();
  for (const model::ClassSummary& summary : matrix.classes) {
    json.begin_object();
    json.field("name", summary.name);
    json.field("members", summary.members);
    json.field("primary", summary.primary);
    mean(json, "mean_value", summary.value_sum, summary.members);
    mean(json, "mean_urgency", summary.urgency_sum, summary.members);
    json.field("undetermined", summary.undetermined);
    json.end_object();
  }
  json.end_array();
  json.key("bins");
  json.begin_array();
  for (const model::MatrixBin& bin : matrix.bins) {
    json.begin_object();
    json.field("value", bin.value);
    json.field("urgency", bin.urgency);
    json.field("customers", bin.customers);
    json.key("class");
    json.begin_object();
    for (const auto& [name, count] : bin.classes) json.field(name, count);
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.key("flows");
  json.begin_array();
  for (const model::ClassFlow& flow : matrix.flows) {
    json.begin_object();
    json.field("from", flow.from);
    json.field("to", flow.to);
    json.field("customers", flow.customers);
    json.end_object();
  }
  json.end_array();
  json.field("flow_days", matrix.flow_days);
  json.field("customers", matrix.customers);
  json.field("as_of", matrix.as_of);
  json.field("known_at", matrix.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::RuleTrial& trial) {
  json.begin_object();
  json.field("ok", trial.parses);
  if (!trial.parses) {
    json.field("line", trial.line);
    json.field("column", trial.column);
    json.field("message", trial.message);
    json.field("expected", trial.expected);
    return json.end_object();
  }
  json.field("count", trial.count);
  json.field("undetermined", trial.undetermined);
  if (trial.undetermined > 0) json.field("reason", trial.reason);
  json.key("examples");
  json.begin_array();
  for (const auto& [id, label] : trial.examples) {
    json.begin_object();
    json.field("id", model::format_customer_id(id));
    json.field("label", label);
    json.end_object();
  }
  json.end_array();
  json.field("scanned", trial.scanned);
  json.field("customers", trial.customers);
  json.field("complete", trial.complete);
  json.field("known_at", trial.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::ImportPreview& preview) {
  const auto texts = [&json](std::string_view name, const std::vector<std::string>& list) {
    json.key(name);
    json.begin_array();
    for (const std::string& text : list) json.text(text);
    json.end_array();
  };
  json.begin_object();
  json.field("format", preview.format);
  json.field("encoding", preview.encoding);
  json.key("columns");
  json.begin_array();
  for (const model::ImportColumn& column : preview.columns) {
    json.begin_object();
    json.field("name", column.name);
    json.field("type", column.type);
    texts("examples", column.examples);
    json.key("guess");
    if (column.property.empty()) {
      json.null();
    } else {
      json.begin_object();
      json.field("property", column.property);
      json.key("confidence");
      json.real(column.confidence / 100.0);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
  json.field("rows", preview.rows);
  texts("problems", preview.problems);
  json.key("guess");
  if (preview.event.empty()) {
    json.null();
  } else {
    json.begin_object();
    json.field("event", preview.event);
    json.end_object();
  }
  json.field("recipe", preview.recipe);
  json.key("trial");
  json.begin_object();
  json.field("events", preview.events);
  json.field("rejected", preview.rejected);
  texts("problems", preview.refused);
  json.end_object();
  json.end_object();
}

}  // namespace rapport::http::detail
