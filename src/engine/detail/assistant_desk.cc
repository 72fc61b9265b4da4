#include "engine/detail/assistant_desk.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <tuple>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "codec/properties.h"
#include "engine/detail/impl.h"
#include "engine/detail/log_reading.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

std::string member(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
}
bool flag(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  return value.present() && value.is_true();
}
std::uint32_t whole(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  const auto number = value.present() ? value.integer() : std::nullopt;
  return number && *number > 0 ? static_cast<std::uint32_t>(*number) : 0;
}

std::int32_t thousandths(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  if (!value.present()) return -1;
  const std::string_view raw = value.raw();
  double number = -1;
  std::from_chars(raw.data(), raw.data() + raw.size(), number);
  return static_cast<std::int32_t>(std::llround(number * 1000));
}

/// Right answers that have nothing to show, or say no: whoever asks for a person after them was understood.
bool shows_nothing(std::string_view act) {
  constexpr std::string_view kActs[] = {"no_orders", "not_yours",      "no_returns",    "no_coupons",
                                        "dropped",   "refuse_return",  "refuse_cancel", "refuse_address",
                                        "what_else", "no_appointments"};
  return std::find(std::begin(kActs), std::end(kActs), act) != std::end(kActs);
}

}  // namespace

std::optional<TalkMessage> talk_message(Keyring& keyring, const model::RecordView& record,
                                        std::string_view contact) {
  if (record.type != model::RecordType::event || record.kind != k::message_posted || record.nodes.empty())
    return std::nullopt;
  TalkMessage out;
  std::string of;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::from) out.from = property.bytes;
    if (property.id == p::contact_id) of = property.bytes;
  }
  if (!contact.empty() && of != contact) return std::nullopt;
  const auto personal = keyring.open(SealedAs::personal, record.nodes.front().node, record.personal);
  codec::JsonIndex index;
  if (!personal || !index.parse(*personal).ok()) return std::nullopt;
  codec::JsonValue properties = index.root().find("properties");
  if (!properties.present()) properties = index.root();
  out.text = member(properties, "text");
  if (const codec::JsonValue note = properties.find("assistant"); note.present()) out.note = note.raw();
  out.seq = record.seq;
  out.at = record.event_time;
  return out;
}

std::string state_json(const decide::AssistantState& state) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("turn", state.turn);
  json.field("tongue", decide::kTongues[static_cast<std::size_t>(state.tongue)]);
  json.field("confirming", state.confirming);
  json.field("handed_over", state.handed_over);
  json.field("misses", state.misses);
  json.field("booking_turn", state.booking_turn);
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"task", &state.task},         {"order", &state.order},
      {"reason", &state.reason},     {"address", &state.address},
      {"question", &state.question}, {"last_order", &state.last_order},
      {"phone", &state.phone},       {"last_product", &state.last_product},
      {"wanted", &state.wanted},     {"service", &state.service},
      {"offered", &state.offered},   {"last_service", &state.last_service},
      {"slot", &state.slot},         {"held", &state.held},
      {"day", &state.day},           {"hours", &state.hours},
      {"part", &state.part}};
  for (const auto& [name, text] : texts) {
    if (!text->empty()) json.field(name, *text);
  }
  json.key("tried");
  json.begin_array();
  for (const std::string& act : state.tried) json.text(act);
  json.end_array();
  json.end_object();
  return out;
}

decide::AssistantState state_of_json(std::string_view text) {
  decide::AssistantState out;
  codec::JsonIndex index;
  if (!index.parse(text).ok()) return out;
  const codec::JsonValue root = index.root();
  out.turn = whole(root, "turn");
  out.tongue = decide::tongue_of(member(root, "tongue"));
  out.confirming = flag(root, "confirming");
  out.handed_over = flag(root, "handed_over");
  out.misses = whole(root, "misses");
  out.booking_turn = whole(root, "booking_turn");
  const std::pair<std::string_view, std::string*> texts[] = {
      {"task", &out.task},         {"order", &out.order},
      {"reason", &out.reason},     {"address", &out.address},
      {"question", &out.question}, {"last_order", &out.last_order},
      {"phone", &out.phone},       {"last_product", &out.last_product},
      {"wanted", &out.wanted},     {"service", &out.service},
      {"offered", &out.offered},   {"last_service", &out.last_service},
      {"slot", &out.slot},         {"held", &out.held},
      {"day", &out.day},           {"hours", &out.hours},
      {"part", &out.part}};
  for (const auto& [name, into] : texts) *into = member(root, name);
  if (const codec::JsonValue tried = root.find("tried"); tried.present()) {
    for (codec::JsonItems items(tried); items.next();) out.tried.push_back(items.value().text());
  }
  return out;
}

Result<AssistantDesk::Talk> AssistantDesk::take(const std::string& contact, const std::string& owner) {
  const std::lock_guard lock(mutex_);
  const auto at = talks_.find(contact);
  if (at == talks_.end() || at->second.talk.owner != owner)
    return Error{Errc::not_found, "no such conversation of this visitor", "contact_id",
                 "leave it out to begin one"};
  if (at->second.busy)
    return Error{Errc::overloaded, "the turn before is not answered yet", "contact_id", "one turn at a time"};
  at->second.busy = true;
  return at->second.talk;
}

void AssistantDesk::give(const std::string& contact, Talk talk) {
  const std::lock_guard lock(mutex_);
  talks_[contact] = {std::move(talk), false, ++uses_};
  if (talks_.size() <= kTalksKept) return;
  // The tenth that was used longest ago goes; the log keeps them.
  std::vector<std::uint64_t> used;
  for (const auto& [id, held] : talks_) used.push_back(held.used);
  std::nth_element(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(used.size() / 10), used.end());
  const std::uint64_t least = used[used.size() / 10];
  std::erase_if(talks_, [&](const auto& one) { return one.second.used < least && !one.second.busy; });
}

void AssistantDesk::let_go(const std::string& contact) {
  const std::lock_guard lock(mutex_);
  const auto at = talks_.find(contact);
  if (at != talks_.end()) at->second.busy = false;
}

void AssistantDesk::take_record(const model::RecordView& record) {
  if (record.type != model::RecordType::event) return;
  std::string contact, about;
  codec::Property property;
  if (record.kind == k::feedback_corrected) {
    bool stands = true;
    for (codec::PropertyReader in(record.clear); in.next(property);) {
      if (property.id == p::about) about = property.bytes;
      if (property.id == p::reason) stands = property.bytes != kMarkTakenBack;
    }
    if (about.starts_with(kAssistantMessage)) take_mark(about, stands);
    return;
  }
  if (record.kind != k::message_posted) return;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::contact_id) contact = property.bytes;
  }
  // The assistant names its conversations so; of others nothing is opened.
  if (!contact.starts_with("A-")) return;
  const auto message = talk_message(shop_.keyring(), record, {});
  if (!message) return;
  if (followed_.size() > kTalksKept) followed_.clear();
  if (message->from == "customer") {
    followed_[contact].question = message->seq;
    return;
  }
  codec::JsonIndex index;
  if (message->from != "bot" || message->note.empty() || !index.parse(message->note).ok()) return;
  take_answer(record, followed_[contact], index.root());
}

void AssistantDesk::take_answer(const model::RecordView& record, Followed& talk, codec::JsonValue note) {
  const std::string act = member(note, "act");
  if (whole(note, "turn") == 1) ++outcomes_.conversations;
  ++outcomes_.turns;
  ++outcomes_.intents[member(note, "intent")];
  const bool abstained = flag(note, "abstained");
  const bool refuses = act == "hand_over" || act == "not_it";
  // What was not understood after an answer does not tell how the answer was.
  if (talk.answered) {
    const bool told = talk.answer.tells && (refuses || !abstained);
    judge(std::move(talk.answer), told ? std::optional(!refuses) : std::nullopt);
  }
  talk.answered = false;
  if (act == "hand_over") ++outcomes_.handed_over;
  if (act.starts_with("do_")) ++outcomes_.done;
  if (abstained) {
    ++outcomes_.abstained;
    if (talk.question.value != 0) outcomes_.not_understood.push_back(talk.question);
    if (outcomes_.not_understood.size() > kQuestionsKept)
      outcomes_.not_understood.erase(outcomes_.not_understood.begin());
  } else if (act != "hand_over" && act != "greeting" && act != "thanks") {
    ++outcomes_.answered;
    talk.answered = true;
    const std::string basis = member(note, "basis");
    Judged answer;
    answer.id = record.message_id;
    answer.is_match = basis == "knowledge";
    answer.sure = basis.empty() ? -1 : thousandths(note, "sure");
    answer.intent = member(note, "intent");
    answer.who = record.nodes.front().node.value;
    answer.at = record.event_time;
    answer.tells = !shows_nothing(act);
    talk.answer = std::move(answer);
  }
}

void AssistantDesk::count(const Judged& one, std::int64_t by) {
  const auto add = [by](std::uint64_t& to) { to += static_cast<std::uint64_t>(by); };
  if (one.marked) add(outcomes_.marked);
  if (one.known()) add(one.right() ? outcomes_.helped : outcomes_.unhelped);
}

void AssistantDesk::judge(Judged answer, std::optional<bool> helped) {
  if (answer.marked) {
    // It stands among them since it was marked; what she says counts once the mark is taken back.
    const auto known = std::find_if(judged_.rbegin(), judged_.rend(),
                                    [&](const Judged& one) { return one.id == answer.id; });
    if (known != judged_.rend()) known->helped = helped;
    return;
  }
  answer.helped = helped;
  count(answer, 1);
  judged_.push_back(std::move(answer));
  if (judged_.size() > 2 * kJudgedKept) judged_.pop_front();
}

void AssistantDesk::take_mark(const std::string& answer, bool stands) {
  Mark& mark = marks_[answer];
  ++mark.steps;
  if (mark.stands == stands) return;
  mark.stands = stands;
  // One that nothing followed yet waits on, and is told apart by its mark.
  Judged* waits = nullptr;
  for (auto& [contact, talk] : followed_) {
    if (talk.answered && talk.answer.id == answer) waits = &talk.answer;
  }
  if (waits != nullptr) waits->marked = stands;
  const auto known =
      std::find_if(judged_.rbegin(), judged_.rend(), [&](const Judged& one) { return one.id == answer; });
  if (known != judged_.rend()) {
    count(*known, -1);
    known->marked = stands;
    count(*known, 1);
    // It waits on for what she says next.
    if (waits != nullptr && !known->known()) judged_.erase(std::next(known).base());
  } else if (waits != nullptr && stands) {
    count(*waits, 1);
    judged_.push_back(*waits);
    if (judged_.size() > 2 * kJudgedKept) judged_.pop_front();
  }
}

std::vector<decide::JudgedAnswer> AssistantDesk::judged(bool matches, Instant now) const {
  std::vector<decide::JudgedAnswer> out;
  std::set<std::tuple<std::uint64_t, std::int64_t, std::string_view>>
      told;  ///< who, the day, of which intent
  for (const Judged& one : judged_) {
    if (one.sure < 0 || one.is_match != matches || !one.known() || one.at < now - kRemembered) continue;
    const std::int64_t day = one.at.ms / days(1).ms;
    if (!one.marked && !told.emplace(one.who, day, one.intent).second) continue;
    out.push_back({one.sure, one.right(), one.intent});
  }
  if (out.size() > kJudgedKept) out.erase(out.begin(), out.end() - kJudgedKept);
  return out;
}

Result<AssistantDesk::Outcomes> AssistantDesk::outcomes(Instant now, Duration budget) {
  const std::lock_guard lock(reading_);
  RAPPORT_TRY(outcomes_.complete,
              read_folded(store_, shop_, read_upto_, monotonic_ns() + budget.ms * 1'000'000,
                          [&](const model::RecordView& record) { take_record(record); }));
  outcomes_.intents_judged = judged(false, now);
  outcomes_.matches_judged = judged(true, now);
  return outcomes_;
}

Result<AssistantDesk::Mark> AssistantDesk::mark_of(const std::string& answer, Duration budget) {
  const std::lock_guard lock(reading_);
  RAPPORT_TRY(outcomes_.complete,
              read_folded(store_, shop_, read_upto_, monotonic_ns() + budget.ms * 1'000'000,
                          [&](const model::RecordView& record) { take_record(record); }));
  if (!outcomes_.complete)
    return Error{Errc::unavailable, "the log is still being read", "", "again in a few seconds"};
  const auto found = marks_.find(answer);
  return found == marks_.end() ? Mark() : found->second;
}

Result<std::shared_ptr<const AssistantDesk::Learned>> AssistantDesk::learned(Instant now, Duration budget) {
  const std::lock_guard lock(reading_);
  if (learned_ != nullptr && monotonic_ns() < learned_until_ns_) return learned_;
  RAPPORT_TRY(outcomes_.complete,
              read_folded(store_, shop_, read_upto_, monotonic_ns() + budget.ms * 1'000'000,
                          [&](const model::RecordView& record) { take_record(record); }));
  auto learned = std::make_shared<Learned>();
  if (outcomes_.complete) *learned = {judged(false, now), judged(true, now)};
  learned_ = std::move(learned);
  learned_until_ns_ = monotonic_ns() + kLearnedRest.ms * 1'000'000;
  return learned_;
}

}  // namespace rapport::engine
