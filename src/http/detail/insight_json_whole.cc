#include "codec/json_index.h"
#include "http/detail/insight_json.h"
#include "http/message.h"
#include "model/identifier.h"

// The overview, the services, the journey and the goals as JSON.
namespace rapport::http::detail {
namespace {

using codec::JsonWriter;

template <class Whole>
void whole_or_null(JsonWriter& json, std::string_view name, const std::optional<Whole>& value) {
  if (value) return json.field(name, *value);
  json.key(name);
  json.null();
}

void write_series(JsonWriter& json, const std::vector<model::DayValue>& series) {
  json.key("series");
  json.begin_array();
  for (const model::DayValue& day : series) {
    json.begin_object();
    json.field("day", day.date);
    number_or_null(json, "value", day.value);
    json.end_object();
  }
  json.end_array();
}

void write_tile(JsonWriter& json, const model::Tile& tile) {
  json.begin_object();
  json.field("id", tile.id);
  number_or_null(json, "value", tile.value);
  if (!tile.value) json.field("reason", tile.reason);
  json.field("unit", tile.unit);
  number_or_null(json, "previous", tile.previous);
  number_or_null(json, "target", tile.target);
  json.field("better", tile.up_is_better ? "up" : "down");
  whole_or_null(json, "n", tile.n);
  json.field("definition", tile.definition);
  write_series(json, tile.series);
  write_drill(json, "drill", tile.drill);
  json.end_object();
}

void write_funnel(JsonWriter& json, const std::vector<model::FunnelStep>& funnel) {
  json.key("funnel");
  json.begin_array();
  for (const model::FunnelStep& step : funnel) {
    json.begin_object();
    json.field("step", step.step);
    json.field("customers", step.customers);
    write_drill(json, "drill", step.drill);
    json.end_object();
  }
  json.end_array();
  // Where most were lost, as a share of those who had come so far.
  std::size_t worst = 0;
  double rate = -1;
  for (std::size_t i = 0; i + 1 < funnel.size(); ++i) {
    if (funnel[i].customers == 0) continue;
    const double lost =
        1 - static_cast<double>(funnel[i + 1].customers) / static_cast<double>(funnel[i].customers);
    if (lost > rate) {
      rate = lost;
      worst = i;
    }
  }
  json.key("biggest_drop");
  if (rate < 0) return json.null();
  json.begin_object();
  json.field("from", funnel[worst].step);
  json.field("to", funnel[worst + 1].step);
  json.key("rate");
  json.real(rate);
  json.end_object();
}

void write_attention(JsonWriter& json, const model::Overview& overview) {
  json.key("attention");
  json.begin_array();
  for (const model::AttentionItem& item : overview.attention) {
    json.begin_object();
    json.field("kind", item.kind);
    json.field("id", item.id);
    json.field("customer", model::format_customer_id(item.customer));
    json.field("since", item.since);
    json.field("text_key", item.text_key);
    json.field("drill", "/customers/" + model::format_customer_id(item.customer));
    json.end_object();
  }
  json.end_array();
  json.key("attention_totals");
  json.begin_object();
  for (const auto& [kind, total] : overview.attention_totals) json.field(kind, total);
  json.end_object();
}

void write_changes(JsonWriter& json, const std::vector<model::TileChange>& changes) {
  json.key("changes");
  json.begin_array();
  for (const model::TileChange& change : changes) {
    json.begin_object();
    json.field("tile", change.tile);
    json.key("value");
    json.real(change.value);
    json.key("previous");
    json.real(change.previous);
    json.key("change");
    json.real(change.change);
    json.key("evidence");
    json.begin_object();
    json.field("day", change.day);
    json.field("days_compared", change.days);
    json.key("low");
    json.real(change.low);
    json.key("high");
    json.real(change.high);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

/// A member of a published noun, whatever its type; null when it is not there.
void noun_member(JsonWriter& json, std::string_view name, codec::JsonValue noun, std::string_view member) {
  const codec::JsonValue value = noun.find(member);
  json.key(name);
  if (value.present()) {
    json.raw(value.raw());
  } else {
    json.null();
  }
}

bool noun_has(codec::JsonValue noun, std::string_view member) {
  return noun.present() && noun.find(member).present();
}

/// The ways in which a service is classified (a service's own members).
constexpr std::string_view kKinds[] = {"type",  "purpose",       "charging", "stage",
                                       "place", "participation", "provider"};

void write_satisfaction(JsonWriter& json, const model::ServiceCard& card) {
  json.key("satisfaction");
  if (!card.difference) {
    json.null();
    return json.field("satisfaction_reason", card.satisfaction_reason);
  }
  json.begin_object();
  for (const auto& [name, group] :
       {std::pair{"users", &card.users}, std::pair{"non_users", &card.non_users}}) {
    json.key(name);
    json.begin_object();
    json.key("mean");
    json.real(group->mean);
    json.field("n", group->n);
    json.end_object();
  }
  number_or_null(json, "difference", card.difference);
  number_or_null(json, "ci_low", card.ci_low);
  number_or_null(json, "ci_high", card.ci_high);
  json.field("warning", "not_an_effect");
  json.end_object();
}

void write_service(JsonWriter& json, const model::ServiceCard& card) {
  codec::JsonIndex index;
  const bool is_published = !card.body.empty() && index.parse(card.body).ok();
  const codec::JsonValue noun = is_published ? index.root() : codec::JsonValue();
  const auto member = [&](std::string_view name, std::string_view of) {
    if (is_published) return noun_member(json, name, noun, of);
    json.key(name);
    json.null();
  };
  json.begin_object();
  json.field("service_id", card.service_id);
  member("name", noun_has(noun, "title") ? "title" : "name");
  member("name_en", noun_has(noun, "title_en") ? "title_en" : "name_en");
  for (const std::string_view name :
       {"layer", "price", "currency", "cost", "owner", "description", "description_en", "standard_hours"}) {
    member(name, name);
  }
  json.key("kinds");
  json.begin_object();
  for (const std::string_view kind : kKinds) {
    if (noun_has(noun, kind)) noun_member(json, kind, noun, kind);
  }
  json.end_object();
  for (const auto& [stage, customers] : card.stages) json.field(stage, customers);
  json.field("late", card.late);
  json.field("errors", card.errors);
  json.field("customers", card.customers);
  number_or_null(json, "attach_rate", card.attach_rate);
  number_or_null(json, "mean_rating", card.mean_rating);
  json.field("ratings", card.ratings);
  write_satisfaction(json, card);
  json.end_object();
}

}  // namespace

void write_json(JsonWriter& json, const model::Overview& overview) {
  json.begin_object();
  json.field("as_of", overview.as_of);
  json.field("known_at", overview.known_at);
  json.field("shop", overview.shop);
  json.field("simulated", overview.simulated);
  json.field("days", overview.days);
  json.field("zone", overview.zone);
  json.key("tiles");
  json.begin_array();
  for (const model::Tile& tile : overview.tiles) write_tile(json, tile);
  json.end_array();
  write_funnel(json, overview.funnel);
  write_attention(json, overview);
  write_changes(json, overview.changes);
  json.end_object();
}

void write_json(JsonWriter& json, const model::ServiceBoard& board) {
  json.begin_object();
  json.key("services");
  json.begin_array();
  for (const model::ServiceCard& card : board.services) write_service(json, card);
  json.end_array();
  json.field("base", board.base);
  json.field("customers", board.customers);
  json.field("as_of", board.as_of);
  json.field("known_at", board.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::Journey& journey) {
  json.begin_object();
  json.key("phases");
  json.begin_array();
  for (std::size_t i = 0; i < journey.steps.size();) {
    const std::string& phase = journey.steps[i].phase;
    json.begin_object();
    json.field("phase", phase);
    json.key("steps");
    json.begin_array();
    for (; i < journey.steps.size() && journey.steps[i].phase == phase; ++i) {
      const model::JourneyStep& step = journey.steps[i];
      json.begin_object();
      json.field("step", step.step);
      json.field("customers", step.customers);
      json.field("events", step.events);
      whole_or_null(json, "median_seconds_to_next", step.median_seconds_to_next);
      whole_or_null(json, "left", step.left);
      std::optional<double> rate;
      if (step.left && step.customers > 0)
        rate = static_cast<double>(*step.left) / static_cast<double>(step.customers);
      number_or_null(json, "left_rate", rate);
      write_drill(json, "drill", step.drill);
      write_drill(json, "left_drill", step.left_drill);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("friction");
  json.begin_array();
  for (const model::Friction& friction : journey.friction) {
    json.begin_object();
    json.field("kind", friction.kind);
    json.field("where", friction.where);
    json.field("count", friction.count);
    write_drill(json, "drill", friction.drill);
    json.end_object();
  }
  json.end_array();
  json.field("days", journey.days);
  json.field("as_of", journey.as_of);
  json.field("known_at", journey.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::PageAreas& areas) {
  json.begin_object();
  json.key("pages");
  json.begin_array();
  for (const auto& [page, count] : areas.pages) {
    json.begin_object();
    json.field("page", page);
    json.field("count", count);
    json.end_object();
  }
  json.end_array();
  json.field("page", areas.page);
  json.key("areas");
  json.begin_array();
  for (const model::PageAreas::Area& area : areas.areas) {
    json.begin_object();
    json.field("area", area.area);
    json.field("dwell_ms", area.dwell_ms);
    json.field("count", area.count);
    json.end_object();
  }
  json.end_array();
  json.field("since", areas.since);
  json.field("known_at", areas.known_at);
  json.end_object();
}

void write_json(JsonWriter& json, const model::Goals& goals) {
  json.begin_object();
  json.key("goals");
  json.begin_array();
  for (const model::Goal& goal : goals.goals) {
    codec::JsonIndex index;
    json.begin_object();
    json.field("id", goal.id);
    const bool is_readable = index.parse(goal.body).ok();
    for (const std::string_view name :
         {"name", "department", "owner", "baseline", "target", "due", "unit", "reviews"}) {
      if (is_readable) noun_member(json, name, index.root(), name);
    }
    json.field("metric", goal.metric);
    number_or_null(json, "actual", goal.actual);
    if (!goal.actual) json.field("reason", goal.reason);
    write_series(json, goal.series);
    json.end_object();
  }
  json.end_array();
  json.key("metrics");
  json.begin_array();
  for (const std::string& metric : goals.metrics) json.text(metric);
  json.end_array();
  json.field("as_of", goals.as_of);
  json.field("known_at", goals.known_at);
  json.end_object();
}

}  // namespace rapport::http::detail
