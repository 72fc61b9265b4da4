#include <algorithm>
#include <array>
#include <cmath>

#include "codec/json_writer.h"
#include "decide/own_precision.h"
#include "engine/detail/assistant_desk.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/wait_until_folded.h"
#include "engine/engine_assistant.h"
#include "learn/intents.h"
#include "learn/retrieval.h"

// What the assistant can tell of itself: how sure it is, on phrases held out and by what became of its
// answers.
namespace rapport::engine {
namespace {

constexpr Duration kCardBudget = seconds(5);
constexpr std::size_t kClustersMost = 30;
constexpr double kAlike = 0.45;

void write_kept(codec::JsonWriter& json, std::string_view name, double least, std::size_t asked,
                std::size_t answered, std::size_t right) {
  json.key(name);
  json.begin_object();
  json.key("least_confidence");
  json.thousandths(std::llround(std::min(least, 1.0) * 1000));
  json.field("asked", asked);
  json.field("answered", answered);
  json.field("right", right);
  const auto share = [&](std::string_view of, std::size_t part, std::size_t whole) {
    json.key(of);
    if (whole == 0) {
      json.null();
    } else {
      json.thousandths(static_cast<std::int64_t>(
          std::llround(1000.0 * static_cast<double>(part) / static_cast<double>(whole))));
    }
  };
  share("coverage", answered, asked);
  share("precision", right, answered);
  json.end_object();
}

/// The members of one; the caller opens and closes the object.
void write_own_members(codec::JsonWriter& json, const decide::OwnPrecision& own) {
  json.key("least_confidence");
  json.thousandths(std::llround(std::min(own.least, 1.0) * 1000));
  json.field("raised", own.raised);
  json.field("standing", decide::kStandingNames[static_cast<std::size_t>(own.standing)]);
  json.field("judged", own.judged);
  json.field("right", own.right);
  json.key("precision");
  if (own.judged == 0) {
    json.null();
  } else {
    json.thousandths(std::llround(1000.0 * static_cast<double>(own.right) / static_cast<double>(own.judged)));
  }
  json.key("low");
  json.thousandths(std::llround(own.low * 1000));
  json.key("high");
  json.thousandths(std::llround(own.high * 1000));
  // Why it was raised: what became of everything at the confidence that is shipped.
  json.field("shipped_judged", own.shipped_judged);
  json.field("shipped_right", own.shipped_right);
}

/// By what became of its answers in this shop.
void write_own(codec::JsonWriter& json, std::string_view name, const decide::OwnPrecision& own) {
  json.key(name);
  json.begin_object();
  write_own_members(json, own);
  json.end_object();
}

using ByIntent = std::map<std::string, decide::OwnPrecision, std::less<>>;

/// Of all intents together; where one was raised it is told under its own name.
decide::OwnPrecision over_all(double least, double precision, const ByIntent& own,
                              const std::vector<decide::JudgedAnswer>& judged) {
  // With a most of 0 nothing is raised.
  decide::OwnPrecision all = decide::own_precision(least, precision, judged, 0);
  all.raised = std::any_of(own.begin(), own.end(), [](const auto& one) { return one.second.raised; });
  return all;
}

void write_raised(codec::JsonWriter& json, const ByIntent& own) {
  json.key("raised");
  json.begin_array();
  for (const auto& [intent, its] : own) {
    if (!its.raised) continue;
    json.begin_object();
    json.field("intent", intent);
    write_own_members(json, its);
    json.end_object();
  }
  json.end_array();
}

struct Cluster {
  std::string text;
  std::size_t count = 0;
  EventSeq seq;
};

/// Alike questions together, by their wording; the greatest first.
std::vector<Cluster> clusters_of(const std::vector<std::pair<EventSeq, std::string>>& questions) {
  std::vector<Cluster> out;
  std::vector<learn::WordingIndex::Wording> wordings;
  for (std::uint32_t i = 0; i < questions.size(); ++i) wordings.push_back({questions[i].second, i});
  const learn::WordingIndex index = learn::WordingIndex::build(wordings);
  std::vector<bool> taken(questions.size(), false);
  for (std::size_t i = questions.size(); i-- > 0;) {
    if (taken[i]) continue;
    Cluster cluster{questions[i].second, 1, questions[i].first};
    taken[i] = true;
    for (const auto& found : index.find(questions[i].second, questions.size())) {
      if (found.match < kAlike || taken[found.of]) continue;
      taken[found.of] = true;
      ++cluster.count;
    }
    out.push_back(std::move(cluster));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Cluster& a, const Cluster& b) { return a.count > b.count; });
  if (out.size() > kClustersMost) out.resize(kClustersMost);
  return out;
}

Result<std::vector<Cluster>> not_understood(Inquiry& inquiry, std::vector<EventSeq> seqs) {
  std::sort(seqs.begin(), seqs.end());
  std::vector<std::pair<EventSeq, std::string>> questions;
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(
      inquiry.store().read_records(unit.shop.info().shop, seqs, [&](const model::RecordView& record) {
        const auto message = talk_message(unit.shop.keyring(), record, {});
        if (message && !message->text.empty()) questions.emplace_back(record.seq, message->text);
      }));
  return clusters_of(questions);
}

void write_outcomes(codec::JsonWriter& json, const AssistantDesk::Outcomes& told) {
  json.key("shop");
  json.begin_object();
  json.field("conversations", told.conversations);
  json.field("turns", told.turns);
  json.field("answered", told.answered);
  json.field("abstained", told.abstained);
  json.field("handed_over", told.handed_over);
  json.field("done", told.done);
  json.field("helped", told.helped);
  json.field("unhelped", told.unhelped);
  json.field("marked_wrong", told.marked);
  json.field("complete", told.complete);
  json.key("intents");
  json.begin_object();
  for (const auto& [intent, count] : told.intents) {
    if (intent.empty()) continue;
    json.escaped_key(intent);
    json.unsigned_integer(count);
  }
  json.end_object();
  json.end_object();
}

Result<std::string> card_of(Inquiry& inquiry, bool reveal) {
  RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
  const learn::IntentModel& intents = learn::IntentModel::starter();
  const double least = intents.threshold(known->policy.precision);
  const auto held_out = intents.held_out(least);
  RAPPORT_TRY(const Instant now, inquiry.now());
  RAPPORT_TRY(const AssistantDesk::Outcomes outcomes, inquiry.unit().assistant.outcomes(now, kCardBudget));
  std::size_t found = 0, right = 0;
  for (const auto& one : known->book->judged()) {
    if (one.match < known->match_least) continue;
    ++found;
    right += one.right ? 1 : 0;
  }
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("on", known->policy.on);
  json.key("precision_wanted");
  json.thousandths(std::llround(known->policy.precision * 1000));
  json.field("phrases", intents.phrases());
  json.field("answers", known->book->answers().size());
  write_kept(json, "intents", least, held_out.texts, held_out.answered, held_out.right);
  write_kept(json, "knowledge", known->match_least, known->book->judged().size(), found, right);
  json.key("own");
  json.begin_object();
  const double wanted = known->policy.precision;
  const ByIntent own = decide::own_by_intent(least, wanted, outcomes.intents_judged);
  write_own(json, "intents", over_all(least, wanted, own, outcomes.intents_judged));
  write_own(json, "knowledge",
            decide::own_precision(known->match_least, wanted, outcomes.matches_judged, decide::kMatchMost));
  write_raised(json, own);
  json.end_object();
  write_outcomes(json, outcomes);
  RAPPORT_TRY(const std::vector<Cluster> clusters, not_understood(inquiry, outcomes.not_understood));
  json.key("not_understood");
  json.begin_array();
  for (const Cluster& cluster : clusters) {
    json.begin_object();
    json.field("count", cluster.count);
    json.field("seq", cluster.seq);
    if (reveal) json.field("text", cluster.text);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

/// An answer of the assistant: the id of its message, and whom it was said to.
struct Said {
  std::string message;
  NodeId to;
};
Result<Said> answer_at(Inquiry& inquiry, EventSeq seq) {
  ShopUnit& unit = inquiry.unit();
  const Error none{Errc::not_found, "no answer of the assistant stands there", "seq",
                   "the position of one of its messages in a conversation"};
  if (seq.value == 0 || seq > inquiry.known_at()) return none;
  Said said;
  const std::array<EventSeq, 1> there{seq};
  RAPPORT_CHECK(
      inquiry.store().read_records(unit.shop.info().shop, there, [&](const model::RecordView& record) {
        const auto message = talk_message(unit.shop.keyring(), record, {});
        if (!message || message->from != "bot" || message->note.empty()) return;
        if (!record.message_id.starts_with(kAssistantMessage)) return;
        said = {std::string(record.message_id), record.nodes.front().node};
      }));
  if (said.message.empty()) return none;
  return said;
}

/// Its id comes of the message's and of how often it was marked and taken back before, so that many marks at
/// once count once.
std::string mark_id(const std::string& message, std::uint32_t steps) {
  return steps == 0 ? "wrong-" + message : fmt::format("wrong-{}-{}", steps, message);
}

Result<std::string> mark(Inquiry& inquiry, const AnswerMark& asked) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const Said said, answer_at(inquiry, asked.seq));
  EventSeq offset = inquiry.known_at();
  RAPPORT_TRY(const AssistantDesk::Mark known, unit.assistant.mark_of(said.message, kCardBudget));
  if (known.stands != asked.wrong) {
    RAPPORT_TRY(
        model::Event event, ask_shop<model::Event>(unit, [&]() -> Result<model::Event> {
          DeskEvent step{"Feedback Corrected", mark_id(said.message, known.steps), {}, inquiry.currency()};
          step.properties = {{"about", std::string_view(said.message)},
                             {"clauses", std::vector<codec::ClauseInput>{}}};
          if (!asked.wrong) step.properties.push_back({"reason", kMarkTakenBack});
          if (!asked.agent.empty()) step.properties.push_back({"agent", std::string_view(asked.agent)});
          return customer_event(unit, said.to, step);
        }));
    std::vector<model::Event> events;
    events.push_back(std::move(event));
    const auto published = inquiry.publish(std::move(events));
    if (published.ok()) offset = *published;
    if (!published.ok() && published.error().code != Errc::conflict) return published.error();
  }
  return fmt::format(R"({{"seq":{},"marked":{},"offset":{}}})", asked.seq.value, asked.wrong, offset.value);
}

}  // namespace

void mark_answer(Engine& engine, ShopNo shop, AnswerMark asked, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [asked = std::move(asked)](Inquiry& inquiry) { return mark(inquiry, asked); }, std::move(reply));
}

void assistant_card(Engine& engine, ShopNo shop, bool reveal, std::optional<EventSeq> after,
                    Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [reveal, after](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(wait_until_folded(inquiry.unit(), after));
        return card_of(inquiry, reveal);
      },
      std::move(reply));
}

}  // namespace rapport::engine
