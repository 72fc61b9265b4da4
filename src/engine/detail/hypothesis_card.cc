#include "engine/detail/hypothesis_card.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "codec/json_index.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kTextMostBytes = 2'000;

/// Members of one JSON object with errors that name them.
class Members {
 public:
  explicit Members(codec::JsonValue object, std::string prefix = "")
      : object_(object), prefix_(std::move(prefix)) {}

  bool has(std::string_view name) const { return find(name).present(); }
  codec::JsonValue find(std::string_view name) const {
    const codec::JsonValue value = object_.find(name);
    return value.present() && !value.is_null() ? value : codec::JsonValue();
  }
  Result<std::string> text(std::string_view name, bool needed) const {
    const codec::JsonValue value = find(name);
    if (!value.present() && !needed) return std::string();
    if (!value.present() || !value.is(codec::JsonKind::string)) return wrong(name, "a text");
    std::string text = value.text();
    if ((text.empty() && needed) || text.size() > kTextMostBytes)
      return wrong(name, fmt::format("1 to {} bytes of text", kTextMostBytes));
    return text;
  }
  Result<double> number(std::string_view name, std::optional<double> fallback, double low,
                        double high) const {
    const codec::JsonValue value = find(name);
    if (!value.present() && fallback) return *fallback;
    const std::string expected = fmt::format("a number from {} to {}", low, high);
    if (!value.present() || !value.is(codec::JsonKind::number)) return wrong(name, expected);
    const double number = std::strtod(std::string(value.raw()).c_str(), nullptr);
    if (!(number >= low && number <= high)) return wrong(name, expected);
    return number;
  }
  Result<std::int64_t> whole(std::string_view name, std::int64_t fallback, std::int64_t low,
                             std::int64_t high) const {
    const codec::JsonValue value = find(name);
    if (!value.present()) return fallback;
    const auto whole = value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
    if (!whole || *whole < low || *whole > high)
      return wrong(name, fmt::format("a whole number from {} to {}", low, high));
    return *whole;
  }
  Error wrong(std::string_view name, std::string expected) const {
    return {Errc::bad_input, fmt::format("{} is missing or wrong", name), prefix_ + std::string(name),
            std::move(expected)};
  }

 private:
  codec::JsonValue object_;
  std::string prefix_;
};

Status read_guardrail(const Members& card, HypothesisCard& out) {
  const codec::JsonValue value = card.find("guardrail");
  if (!value.present()) return {};
  if (!value.is(codec::JsonKind::object)) return card.wrong("guardrail", "{\"metric\",\"worse_by_most\"}");
  const Members guardrail(value, "guardrail.");
  RAPPORT_TRY(const std::string metric, guardrail.text("metric", true));
  RAPPORT_TRY(out.guardrail, find_hypothesis_metric(metric, "guardrail.metric"));
  RAPPORT_TRY(out.worse_by_most, guardrail.number("worse_by_most", 0.0, 0, 1e12));
  return {};
}

Status read_design(const Members& card, HypothesisCard& out) {
  RAPPORT_TRY(const std::string direction, card.text("direction", false));
  if (!direction.empty() && direction != "up" && direction != "down")
    return card.wrong("direction", "up or down");
  out.up = direction.empty() ? out.metric->up_is_better : direction == "up";
  RAPPORT_TRY(const std::string design, card.text("design", false));
  if (!design.empty() && design != "assignment" && design != "segment")
    return card.wrong("design", "assignment or segment");
  out.assigned = design != "segment";
  if (!out.assigned && out.segment.empty()) return card.wrong("segment", "the segment that is treated");
  RAPPORT_TRY(out.share, card.whole("share", 50, 1, 99));
  RAPPORT_TRY(out.alpha, card.number("alpha", 0.05, 1e-6, 0.5));
  RAPPORT_TRY(out.power, card.number("power", 0.8, 0.5, 0.999));
  if (out.power <= out.alpha) return card.wrong("power", "more than alpha");
  return {};
}

/// What registration found; absent in a card that is being sent.
Status read_found(const Members& card, HypothesisCard& out) {
  RAPPORT_TRY(const std::string at, card.text("registered_at", false));
  if (!at.empty()) {
    RAPPORT_TRY(out.registered_at, parse_instant(at));
  }
  RAPPORT_TRY(out.baseline, card.number("baseline", 0.0, -1e15, 1e15));
  RAPPORT_TRY(out.baseline_sd, card.number("baseline_sd", 0.0, 0, 1e15));
  RAPPORT_TRY(out.per_arm, card.whole("per_arm", 0, 0, std::int64_t{1} << 50));
  RAPPORT_TRY(out.available, card.whole("available", 0, 0, std::int64_t{1} << 50));
  return {};
}

}  // namespace

Result<HypothesisCard> parse_hypothesis(std::string_view json) {
  codec::JsonIndex index;
  const std::string body(json);
  RAPPORT_CHECK(index.parse(body));
  if (!index.root().is(codec::JsonKind::object))
    return Error{Errc::bad_input, "the card is no object", "",
                 "{\"if\",\"then\",\"by\",\"metric\",\"effect\"}"};
  const Members card(index.root());
  HypothesisCard out;
  RAPPORT_TRY(out.id, card.text("hypothesis_id", false));
  RAPPORT_TRY(out.if_text, card.text("if", true));
  RAPPORT_TRY(out.then_text, card.text("then", true));
  RAPPORT_TRY(const std::string by, card.text("by", true));
  auto moment = parse_instant(by);
  if (!moment.ok()) return std::move(moment).error().at("by");
  out.by = *moment;
  RAPPORT_TRY(const std::string metric, card.text("metric", true));
  RAPPORT_TRY(out.metric, find_hypothesis_metric(metric, "metric"));
  RAPPORT_TRY(out.effect, card.number("effect", std::nullopt, 1e-9, 1e12));
  RAPPORT_TRY(out.window_days, card.whole("window_days", 30, 1, 365));
  RAPPORT_TRY(out.segment, card.text("segment", false));
  RAPPORT_TRY(out.service, card.text("service_id", false));
  if (card.has("worth")) {
    RAPPORT_TRY(out.worth, card.number("worth", std::nullopt, 0, 1e12));
  }
  RAPPORT_CHECK(read_guardrail(card, out));
  const bool needs_service =
      out.metric->of_service || (out.guardrail != nullptr && out.guardrail->of_service);
  if (needs_service && out.service.empty())
    return card.wrong("service_id", "the service that the metric is about");
  RAPPORT_CHECK(read_design(card, out));
  RAPPORT_CHECK(read_found(card, out));
  return out;
}

void write_hypothesis(codec::JsonWriter& json, const HypothesisCard& card) {
  const auto real = [&json](std::string_view name, double value) {
    json.key(name);
    json.real(value);
  };
  json.field("hypothesis_id", card.id);
  json.field("if", card.if_text);
  json.field("then", card.then_text);
  json.field("by", card.by);
  json.field("metric", card.metric->id);
  json.field("direction", card.up ? "up" : "down");
  real("effect", card.effect);
  json.field("window_days", card.window_days);
  if (!card.segment.empty()) json.field("segment", card.segment);
  if (!card.service.empty()) json.field("service_id", card.service);
  if (card.worth) real("worth", *card.worth);
  if (card.guardrail != nullptr) {
    json.key("guardrail");
    json.begin_object();
    json.field("metric", card.guardrail->id);
    real("worse_by_most", card.worse_by_most);
    json.end_object();
  }
  json.field("design", card.assigned ? "assignment" : "segment");
  json.field("share", card.share);
  real("alpha", card.alpha);
  real("power", card.power);
  json.field("registered_at", card.registered_at);
  real("baseline", card.baseline);
  real("baseline_sd", card.baseline_sd);
  json.field("per_arm", card.per_arm);
  json.field("available", card.available);
}

std::string hypothesis_json(const HypothesisCard& card) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  write_hypothesis(json, card);
  json.end_object();
  return text;
}

bool is_treated(const HypothesisCard& card, std::uint32_t node) {
  const Digest digest = sha256(fmt::format("{}/{}/{}", card.id, card.registered_at.ms, node));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | digest[i];
  return static_cast<std::int64_t>(bits % 100) < card.share;
}

}  // namespace rapport::engine
