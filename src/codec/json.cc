#include "codec/json.h"

#include "codec/json_writer.h"

namespace rapport::codec {
namespace {

void write_tags(JsonWriter& json, std::string_view layer, const std::vector<model::TagAnswer>& tags) {
  json.key(layer);
  json.begin_array();
  for (const model::TagAnswer& tag : tags) {
    json.begin_object();
    json.field("name", tag.name);
    json.field("value", tag.value);
    json.key("strength");
    json.thousandths(tag.strength);
    json.field("since", tag.since);
    json.field("until", tag.until);
    json.field("source", tag.source);
    json.end_object();
  }
  json.end_array();
}

void write_identities(JsonWriter& json, const model::CustomerAnswer& answer) {
  json.key("identities");
  json.begin_array();
  for (const model::IdentityAnswer& identity : answer.identities) {
    json.begin_object();
    json.field("kind", model::identifier_kind_name(identity.kind));
    if (identity.value) {
      json.field("value", *identity.value);
    } else {
      json.key("value");
      json.null();
    }
    json.field("node", identity.node.value);
    if (identity.shared) json.field("shared", true);
    json.end_object();
  }
  json.end_array();
}

void write_classes(JsonWriter& json, const model::CustomerAnswer& answer) {
  json.key("segments");
  json.begin_array();
  for (const model::SegmentMembership& segment : answer.segments) {
    json.begin_object();
    json.field("name", segment.name);
    json.field("since", segment.since);
    json.end_object();
  }
  json.end_array();
  json.key("primary");
  if (answer.primary.empty()) {
    json.null();
  } else {
    json.text(answer.primary);
  }
  json.key("undetermined");
  json.begin_array();
  for (const model::UndeterminedClass& none : answer.undetermined) {
    json.begin_object();
    json.field("class", none.name);
    json.field("reason", none.reason);
    json.end_object();
  }
  json.end_array();
  json.key("scores");
  json.begin_object();
  json.field("value", answer.value_score);
  json.field("urgency", answer.urgency_score);
  json.end_object();
}

void write_services(JsonWriter& json, const std::vector<model::ServiceLifeAnswer>& services) {
  json.key("services");
  json.begin_array();
  for (const model::ServiceLifeAnswer& service : services) {
    json.begin_object();
    json.field("service_id", service.service_id);
    json.field("stage", service.stage);
    json.field("since", service.since);
    json.key("counts");
    json.begin_object();
    for (const auto& [stage, count] : service.counts) {
      json.escaped_key(stage);
      json.unsigned_integer(count);
    }
    json.end_object();
    json.field("late", service.late);
    json.field("errors", service.errors);
    json.end_object();
  }
  json.end_array();
}

void write_orders(JsonWriter& json, const model::CustomerAnswer& answer) {
  json.field("orders_total", answer.orders_total);
  json.key("orders");
  json.begin_array();
  for (const model::OrderAnswer& order : answer.orders) {
    json.begin_object();
    json.field("order_id", order.order_id);
    json.field("placed", order.placed);
    json.field("state", order.state);
    json.field("total", order.total);
    json.field("currency", order.currency);
    json.key("lines");
    json.begin_array();
    for (const auto& [product, quantity] : order.lines) {
      json.begin_object();
      json.field("product_id", product);
      json.field("quantity", quantity);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void write_consent_and_problems(JsonWriter& json, const model::CustomerAnswer& answer) {
  json.key("consent");
  json.begin_array();
  for (const model::ConsentAnswer& consent : answer.consent) {
    json.begin_object();
    json.field("purpose", consent.purpose);
    json.field("channel", consent.channel);
    json.field("granted", consent.granted);
    json.field("at", consent.at);
    json.end_object();
  }
  json.end_array();
  json.key("open_problems");
  json.begin_array();
  for (const model::OpenProblemAnswer& problem : answer.open_problems) {
    json.begin_object();
    json.field("kind", problem.kind);
    json.field("id", problem.id);
    json.field("state", problem.state);
    json.field("since", problem.since);
    json.end_object();
  }
  json.end_array();
}

struct SqlValueWriter {
  JsonWriter& json;
  void operator()(std::monostate) const { json.null(); }
  void operator()(bool value) const { json.boolean(value); }
  void operator()(std::int64_t value) const { json.integer(value); }
  void operator()(double value) const { json.real(value); }
  void operator()(const std::string& value) const { json.text(value); }
};

}  // namespace

void write_json(JsonWriter& json, const model::CustomerAnswer& answer) {
  json.begin_object();
  json.field("id", model::format_customer_id(answer.id));
  write_identities(json, answer);
  json.key("traits");
  json.begin_object();
  for (const auto& [name, value] : answer.traits) {
    json.escaped_key(name);
    json.text(value);
  }
  json.end_object();
  json.key("tags");
  json.begin_object();
  write_tags(json, "base", answer.base);
  write_tags(json, "behaviour", answer.behaviour);
  write_tags(json, "need", answer.need);
  json.end_object();
  write_classes(json, answer);
  write_consent_and_problems(json, answer);
  write_services(json, answer.services);
  write_orders(json, answer);
  json.field("facts", answer.facts);
  json.field("first_seen", answer.first_seen);
  json.field("last_seen", answer.last_seen);
  json.field("valid_at", answer.valid_at);
  json.field("known_at", answer.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::ExplainAnswer& answer) {
  json.begin_object();
  json.field("about", answer.about);
  json.field("answer", answer.answer);
  json.field("valid_at", answer.valid_at);
  json.field("known_at", answer.known_at);
  json.field("until", answer.until);
  json.key("steps");
  json.begin_array();
  for (const model::ExplainStep& step : answer.steps) {
    json.begin_object();
    json.field("rule", step.rule);
    json.field("value", step.value);
    json.field("depth", step.depth);
    json.key("events");
    json.begin_array();
    for (const EventSeq event : step.events) json.unsigned_integer(event.value);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_json(JsonWriter& json, const model::TimelineEntry& entry) {
  json.begin_object();
  json.field("seq", entry.seq);
  json.field("event_time", entry.event_time);
  json.field("received_at", entry.received);
  json.field("type", entry.type);
  json.field("event", entry.event);
  json.field("message_id", entry.message_id);
  json.field("node", entry.node.value);
  if (entry.from_page) json.field("from_page", true);
  json.key("properties");
  json.raw(entry.properties_json.empty() ? "{}" : entry.properties_json);
  if (!entry.personal_json.empty()) {
    json.key("personal");
    json.raw(entry.personal_json);
  }
  json.end_object();
}

void write_json(JsonWriter& json, const model::IngestAnswer& answer) {
  json.begin_object();
  json.field("success", true);
  json.field("accepted", answer.accepted);
  json.field("duplicate", answer.duplicate);
  json.field("suppressed", answer.suppressed);
  json.field("rejected", answer.rejected);
  // Whoever sent them finds the reason of each there.
  if (answer.rejected > 0) json.field("dead_letters", "/v1/dead-letters");
  json.field("offset", answer.offset);
  json.end_object();
}

void write_json(JsonWriter& json, const model::DeadLetterAnswer& letter) {
  json.begin_object();
  json.field("id", letter.id);
  json.field("received_at", Instant{letter.received_ms});
  json.field("code", letter.code);
  json.field("message", letter.message);
  json.field("where", letter.where);
  json.field("expected", letter.expected);
  if (!letter.raw.empty()) json.field("raw", letter.raw);
  json.end_object();
}

void write_json(JsonWriter& json, const model::SegmentSummary& segment) {
  json.begin_object();
  json.field("name", segment.name);
  json.field("rule", segment.rule);
  json.field("shipped", segment.shipped);
  json.field("members", segment.members);
  if (!segment.undetermined.empty()) json.field("undetermined", segment.undetermined);
  json.field("since", segment.since);
  json.end_object();
}

void write_json(JsonWriter& json, const model::SegmentPage& page) {
  json.begin_object();
  json.field("name", page.name);
  json.key("customers");
  json.begin_array();
  for (const auto& [customer, since] : page.members) {
    json.begin_object();
    json.field("id", model::format_customer_id(customer));
    json.field("since", since);
    json.end_object();
  }
  json.end_array();
  json.key("next_cursor");
  if (page.next_cursor.empty()) {
    json.null();
  } else {
    json.text(page.next_cursor);
  }
  json.field("total", page.total);
  json.field("known_at", page.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::FlipAnswer& flip) {
  json.begin_object();
  json.field("id", flip.id);
  json.field("customer", model::format_customer_id(flip.customer));
  json.field("segment", flip.segment);
  json.field("change", flip.entered ? "entered" : "left");
  json.field("corrected", flip.corrected);
  json.field("valid_at", flip.valid_time);
  json.field("cause", flip.cause);
  json.end_object();
}

void write_json(JsonWriter& json, const model::ShopSummary& shop) {
  json.begin_object();
  json.field("name", shop.name);
  json.field("position", shop.position);
  json.field("customers", shop.customers);
  json.field("driven", shop.driven);
  json.field("simulated", shop.simulated);
  json.field("now", shop.now);
  json.end_object();
}

void write_json(JsonWriter& json, const model::KeyAnswer& key) {
  json.begin_object();
  json.field("id", key.id);
  json.field("shop", key.shop);
  json.field("role", key.role);
  json.field("label", key.label);
  json.field("created", key.created);
  json.end_object();
}

void write_json(JsonWriter& json, const model::WebhookAnswer& webhook) {
  json.begin_object();
  json.field("id", webhook.id);
  json.field("url", webhook.url);
  json.key("events");
  json.begin_array();
  for (const std::string& event : webhook.events) json.text(event);
  json.end_array();
  json.field("delivered", webhook.delivered);
  json.field("pending", webhook.pending);
  json.field("dead", webhook.dead);
  json.end_object();
}

void write_json(JsonWriter& json, const model::VerifyAnswer& answer) {
  json.begin_object();
  json.key("shops");
  json.begin_array();
  for (const auto& shop : answer.shops) {
    json.begin_object();
    json.field("name", shop.name);
    json.field("state", shop.state);
    json.field("seq", shop.seq);
    json.end_object();
  }
  json.end_array();
  json.field("state", answer.state);
  json.field("seq", answer.seq);
  json.key("events_per_second");
  json.real(answer.events_per_second);
  json.end_object();
}

void write_json(JsonWriter& json, const model::SqlAnswer& answer) {
  json.begin_object();
  json.key("columns");
  json.begin_array();
  for (std::size_t i = 0; i < answer.names.size(); ++i) {
    json.begin_object();
    json.field("name", answer.names[i]);
    if (i < answer.types.size()) json.field("type", answer.types[i]);
    json.end_object();
  }
  json.end_array();
  json.key("rows");
  json.begin_array();
  for (const auto& row : answer.rows) {
    json.begin_array();
    for (std::size_t i = 0; i < row.size(); ++i) {
      // A decimal's text is a JSON number, exact and with its places.
      const auto* text = std::get_if<std::string>(&row[i]);
      if (text != nullptr && i < answer.types.size() && answer.types[i].starts_with("DECIMAL")) {
        json.raw(*text);
      } else {
        std::visit(SqlValueWriter{json}, row[i]);
      }
    }
    json.end_array();
  }
  json.end_array();
  json.field("truncated", answer.truncated);
  json.field("known_at", answer.known_at);
  json.key("seconds");
  json.real(answer.seconds);
  json.end_object();
}

template <class Answer>
std::string to_json(const Answer& answer) {
  constexpr std::size_t kUsual = 4 * 1024;  // of a customer; growing up to it would copy it several times
  std::string out;
  if constexpr (std::is_same_v<Answer, model::CustomerAnswer>) out.reserve(kUsual);
  JsonWriter json(out);
  write_json(json, answer);
  return out;
}
template std::string to_json(const model::CustomerAnswer&);
template std::string to_json(const model::ExplainAnswer&);
template std::string to_json(const model::TimelineEntry&);
template std::string to_json(const model::IngestAnswer&);
template std::string to_json(const model::SegmentPage&);
template std::string to_json(const model::FlipAnswer&);
template std::string to_json(const model::VerifyAnswer&);
template std::string to_json(const model::SqlAnswer&);

}  // namespace rapport::codec
