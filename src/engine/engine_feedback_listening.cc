#include <cmath>

#include "codec/json_writer.h"
#include "engine/detail/feedback_reading.h"
#include "engine/engine_feedback.h"

// The model at work: it begins to listen, and says what it makes of a text that is tried on it.
namespace rapport::engine {
namespace {

constexpr std::size_t kTextMost = 1 << 20;

Result<std::string> classify(Inquiry& inquiry, const FeedbackTrial& trial) {
  const std::string& said = trial.text;
  if (trial.stars && !(*trial.stars >= 1 && *trial.stars <= 5))
    return Error{Errc::bad_input, "no such rating", "rating", "1 to 5"};
  if (said.size() > kTextMost)
    return Error{Errc::too_large, fmt::format("{} bytes", said.size()), "text", "at most 1 MB"};
  const auto model = inquiry.unit().feedback.model();
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("clauses");
  json.begin_array();
  for (const learn::ClauseFeedback& one : model->classify(said, trial.stars)) {
    json.begin_object();
    json.field("text", one.place.in(said));
    json.field("about_something", one.about_something);
    json.field("sure", one.sure);
    json.key("classes");
    json.begin_array();
    if (one.about_something) json.text(learn::kFeedbackClassNames[one.first]);
    for (std::size_t c = 0; c < learn::kFeedbackClasses; ++c) {
      if (one.about_something && c != one.first && (one.classes >> c & 1U) != 0)
        json.text(learn::kFeedbackClassNames[c]);
    }
    json.end_array();
    json.field("sentiment", static_cast<std::int64_t>(one.sentiment));
    json.field("aspect", one.aspect);
    json.field("urgency", one.urgent ? 1 : 0);
    json.key("confidence");
    json.thousandths(std::llround(one.confidence * 1'000));
    json.field("from", one.place.from_character);
    json.field("to", one.place.to_character);
    json.end_object();
  }
  json.end_array();
  write_feedback_model(json, inquiry.unit().feedback);
  json.end_object();
  return text;
}

}  // namespace

void listen_to_feedback(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  auto shared = std::make_shared<Reply<std::size_t>>(std::move(reply));
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        if (unit.feedback.listening()) return std::string("0");
        RAPPORT_TRY(const bool simulated,
                    ask_shop<bool>(unit, [&]() -> Result<bool> { return is_simulated(unit); }));
        unit.feedback.start(simulated);
        return std::string("1");
      },
      [shared](Result<std::string> answer) {
        if (!answer.ok()) return (*shared)(answer.error());
        (*shared)(*answer == "1" ? 1U : 0U);
      });
}

void classify_feedback(Engine& engine, ShopNo shop, FeedbackTrial trial, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [trial = std::move(trial)](Inquiry& inquiry) { return classify(inquiry, trial); },
      std::move(reply));
}

}  // namespace rapport::engine
