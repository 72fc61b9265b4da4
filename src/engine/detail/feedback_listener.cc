#include "engine/detail/feedback_listener.h"

#include <malloc.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/courtesy.h"
#include "engine/detail/impl.h"
#include "engine/detail/log_reading.h"
#include "learn/intents.h"
#include "text/blame.h"
#include "text/slots.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::string_view kPosition = "feedback/upto";
constexpr std::string_view kCorrections = "feedback/corrected/";
constexpr std::size_t kEventsAtOnce = 500;
constexpr std::uint64_t kUnkeptMost = 10'000;
/// Trainings lie so far apart, so that a row of corrections costs one.
constexpr std::int64_t kLearnEveryNs = 5'000'000'000;
/// Of what is to be classified before it is published.
constexpr std::int64_t kPieceNs = 200'000'000;

std::string short_digest(std::string_view text) {
  return digest_hex(sha256(text)).substr(0, 16);
}

void write_place(codec::JsonWriter& json, const learn::ClauseFeedback& one) {
  json.field("from", one.place.from_character);
  json.field("to", one.place.to_character);
  json.key("confidence");
  json.thousandths(std::llround(one.confidence * 1000));
  json.field("urgency", one.urgent ? 1 : 0);
}

/// Now, but never before what it is about: the shop's clock was read before the batch that told of it. What
/// claims to be later by more than an hour is told now.
Instant told_at(Instant said, Instant now) {
  return said > now && said - now <= hours(1) ? said : now;
}

/// Whether someone is to see to it: blame, or something that presses.
const learn::ClauseFeedback* worst_of(const std::vector<learn::ClauseFeedback>& clauses) {
  const learn::ClauseFeedback* worst = nullptr;
  const auto rank = [](const learn::ClauseFeedback& one) {
    return (one.urgent ? 2.0 : 0.0) + one.confidence;
  };
  for (const learn::ClauseFeedback& one : clauses) {
    if (!one.about_something || !one.sure || (one.sentiment >= 0 && !one.urgent)) continue;
    if (worst == nullptr || rank(one) > rank(*worst)) worst = &one;
  }
  return worst;
}

/// A conversation that the assistant named: "A-" and 24 hex digits.
bool is_assistants(std::string_view contact) {
  return contact.size() == 26 && contact.starts_with("A-") &&
         contact.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

/// At the first word that is said, so that a shop in which nobody speaks starts sooner and holds no models;
/// where one speaks, questions follow. What training took goes back to the system.
void train_once() {
  [[maybe_unused]] static const bool kTrained = [] {
    learn::FeedbackModel::starter();
    learn::IntentModel::starter();
    ::malloc_trim(0);
    return true;
  }();
}

}  // namespace

std::string feedback_ticket_id(const FeedbackSource& source) {
  return "fb-" +
         short_digest(source.contact_id.empty() ? "about " + source.about : "contact " + source.contact_id);
}

std::string next_feedback_ticket_id(const FeedbackSource& source) {
  return "fb-" + short_digest("message " + source.message_id);
}

void FeedbackListener::start(bool simulated) {
  const std::lock_guard lock(mutex_);
  if (thread_.joinable() || stopping_) return;
  simulated_ = simulated;
  listening_ = true;
  thread_ = std::thread([this] {
    name_this_thread("feedback");
    run();
  });
}

void FeedbackListener::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FeedbackListener::notice() {
  if (!listening_) return;
  {
    const std::lock_guard lock(mutex_);
    noticed_ = true;
  }
  wake_.notify_one();
}

std::shared_ptr<const learn::FeedbackModel> FeedbackListener::model() const {
  {
    const std::lock_guard lock(mutex_);
    if (model_) return model_;
  }
  return {std::shared_ptr<void>(), &learn::FeedbackModel::starter()};
}

std::uint64_t FeedbackListener::behind() const {
  // What is on its way into the log counts: whoever wrote it and finds nothing behind knows that it was
  // heard.
  const std::uint64_t last = shop_.counters().stamped;
  return listening_ && last > read_ ? last - read_ : 0;
}

void FeedbackListener::run() {
  const auto kept = store_.get(store::Table::settings, shop_.info().shop, kPosition);
  if (kept.ok() && *kept) {
    ByteReader in(**kept);
    read_upto_ = kept_upto_ = EventSeq{in.u64()};
    read_ = read_upto_.value;
  }
  learn_corrections();
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const auto wanted = [&] { return noticed_ || stopping_; };
      unlearned_ ? void(wake_.wait_for(lock, std::chrono::seconds(1), wanted)) : wake_.wait(lock, wanted);
      if (stopping_) break;
      noticed_ = false;
    }
    const Status heard = listen();
    if (!heard.ok() && !shop_.stopping()) {
      log(LogLevel::warn, "feedback was not classified",
          {{"shop", shop_.info().name}, {"why", heard.error().message}});
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::seconds(2), [&] { return stopping_; });
      noticed_ = true;
    }
    if (unlearned_ && monotonic_ns() - learned_ns_ > kLearnEveryNs) learn_corrections();
  }
  keep_position();
}

Status FeedbackListener::listen() {
  for (bool whole = false; !whole;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return {};
    }
    heard_.clear();
    spoken_.clear();
    using Moment = std::pair<Instant, bool>;
    RAPPORT_TRY(const Moment moment, ask_shop<Moment>(shop_, [&]() -> Result<Moment> {
                  return Moment{shop_.now(), shop_.state().importing()};
                }));
    // An import is told of when it is whole: inside it customers' clocks follow their own events.
    if (moment.second) return {};
    now_ = moment.first;
    RAPPORT_TRY(whole, read_folded(store_, shop_, read_upto_, monotonic_ns() + kPieceNs,
                                   [&](const model::RecordView& record) { hear(record, now_); }));
    if (Status moved = move_tickets(); !moved.ok()) {
      read_upto_ = EventSeq{spoken_.front().seq.value - 1};
      if (!heard_.empty()) read_upto_ = std::min(read_upto_, EventSeq{heard_.front().source.seq.value - 1});
      return moved;
    }
    for (std::size_t begin = 0; begin < heard_.size(); begin += kEventsAtOnce) {
      const std::size_t end = std::min(heard_.size(), begin + kEventsAtOnce);
      const EventSeq upto = end == heard_.size() ? read_upto_ : heard_[end - 1].source.seq;
      if (Status published = publish(begin, end, upto); !published.ok()) {
        // What was not published is read again.
        read_upto_ = EventSeq{heard_[begin].source.seq.value - 1};
        return published;
      }
    }
    read_ = read_upto_.value;
    if (read_upto_.value > kept_upto_.value + kUnkeptMost) keep_position();
  }
  return {};
}

void FeedbackListener::hear(const model::RecordView& record, Instant now) {
  if (record.type != model::RecordType::event) return;
  if (record.kind == k::feedback_corrected) return hear_correction(record);
  auto source = feedback_source(record);
  if (!source || source->at < now - kLookBack) return;
  const std::string text = feedback_text(shop_.keyring(), record);
  if (text.empty()) return;
  train_once();
  const auto model = this->model();
  const auto stars =
      source->rating < 0 ? std::nullopt : std::optional<double>(static_cast<double>(source->rating) / 1'000);
  std::vector<learn::ClauseFeedback> clauses = model->classify(text, stars);
  std::erase_if(clauses, [](const learn::ClauseFeedback& one) { return !one.about_something; });
  const ToAssistant said = said_to_assistant(shop_.keyring(), record);
  const bool to_assistant = said != ToAssistant::no;
  // Also once a person has the conversation: it is the same box, and the assistant answers on.
  if (to_assistant || is_assistants(source->contact_id)) keep_complaints(said, text, clauses);
  // An import's messages are history: what became of them is told in it, too. And a question to the assistant
  // is no word about a ticket.
  const bool moves = to_assistant ? !clauses.empty() : !is_courtesy(text);
  if (!source->contact_id.empty() && !record.from_import && moves) spoken_.push_back(*source);
  if (!clauses.empty()) heard_.push_back({std::move(*source), std::move(clauses), model});
}

void FeedbackListener::keep_complaints(ToAssistant said, std::string_view text,
                                       std::vector<learn::ClauseFeedback>& clauses) {
  if (said == ToAssistant::as_an_answer || is_courtesy(text) || text::assent_of(text) != text::Assent::none)
    return clauses.clear();
  std::erase_if(clauses, [&](const learn::ClauseFeedback& one) {
    const std::string_view clause = characters_of(text, one.place.from_character, one.place.to_character);
    // The model learned from reviews: a matter alone (保修, 噪音多大) it takes for blame or praise by chance.
    return !one.sure || one.sentiment >= 0 || is_request(clause) || !text::states_fault(clause);
  });
}

void FeedbackListener::hear_correction(const model::RecordView& record) {
  const HeardFeedback said = heard_whole(shop_.keyring(), record);
  if (said.source == 0) return;
  std::string row;
  ByteWriter out(row);
  out.u64(record.seq.value);
  out.u64(said.source);
  const Status kept = store_.put(store::Table::settings, shop_.info().shop,
                                 fmt::format("{}{}", kCorrections, short_digest(said.about)), row);
  unlearned_ = unlearned_ || kept.ok();
}

std::vector<FeedbackListener::Known> FeedbackListener::ask_about(std::size_t begin, std::size_t end) {
  auto known = ask_shop<std::vector<Known>>(shop_, [&]() -> Result<std::vector<Known>> {
    std::vector<Known> out;
    const views::ShopState& state = shop_.state();
    const auto& tables = state.tables();
    for (std::size_t i = begin; i < end; ++i) {
      const FeedbackSource& source = heard_[i].source;
      Known& one = out.emplace_back();
      const auto value = shop_.texts().find(source.node);
      const auto kind = state.kind_of(source.node);
      if (!value || !kind) continue;
      one.author = model::Identifier{*kind, std::string(*value)};
      const auto& ids = tables.dictionary(views::DictionaryKind::tickets);
      const auto is_old = [&](std::uint32_t ticket) {
        const views::TicketStanding standing = state.case_clocks().standing(ticket);
        return standing.done() && source.at > standing.since + kReopens;
      };
      const auto count = [&](std::uint32_t ticket) {
        is_old(ticket) ? one.again = true : one.has_ticket = true;
      };
      if (const std::uint32_t own = ids.find(feedback_ticket_id(source)); own != 0) count(own);
      one.has_ticket = one.has_ticket || ids.find(next_feedback_ticket_id(source)) != 0;
      if (source.contact_id.empty() || one.has_ticket) continue;
      const std::uint32_t contact =
          tables.dictionary(views::DictionaryKind::contacts).find(source.contact_id);
      for (const std::uint32_t ticket : state.tickets_of(state.customer_of(source.node))) {
        if (contact != 0 && state.ticket(ticket)->contact == contact) count(ticket);
      }
    }
    return out;
  });
  return known.ok() ? std::move(*known) : std::vector<Known>(end - begin);
}

std::optional<model::Event> FeedbackListener::classified_event(const Heard& heard, const Known& known) const {
  const std::string message_id = "feedback-" + short_digest(heard.source.message_id);
  std::vector<codec::ClauseInput> clauses;
  std::string spans, unsure;
  codec::JsonWriter sure_json(spans), unsure_json(unsure);
  sure_json.begin_array();
  unsure_json.begin_array();
  for (const learn::ClauseFeedback& one : heard.clauses) {
    codec::JsonWriter& json = one.sure ? sure_json : unsure_json;
    json.begin_object();
    if (one.sure) {
      clauses.push_back(
          {learn::kFeedbackClassNames[one.first], static_cast<double>(one.sentiment), one.aspect});
    } else {
      json.field("class", learn::kFeedbackClassNames[one.first]);
      json.field("aspect", one.aspect);
      json.field("sentiment", static_cast<std::int64_t>(one.sentiment));
    }
    write_place(json, one);
    json.end_object();
    // Of several classes each has its own line, at the same place.
    for (std::size_t c = 0; one.sure && c < learn::kFeedbackClasses; ++c) {
      if (c == one.first || (one.classes >> c & 1U) == 0) continue;
      clauses.push_back({learn::kFeedbackClassNames[c], static_cast<double>(one.sentiment), {}});
      json.begin_object();
      write_place(json, one);
      json.end_object();
    }
  }
  sure_json.end_array();
  unsure_json.end_array();
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Feedback Classified";
  input.message_id = message_id;
  input.timestamp = heard.source.at > now_ - hours(1) ? told_at(heard.source.at, now_) : heard.source.at;
  input.identifiers = {{known.author->kind, known.author->value}};
  input.properties = {{"about", std::string_view(heard.source.about)},
                      {"clauses", std::move(clauses)},
                      {"spans", codec::RawJson{spans}},
                      {"unsure", codec::RawJson{unsure}},
                      {"source", static_cast<std::int64_t>(heard.source.seq.value)},
                      {"model", std::string_view(heard.model->version())}};
  auto event = codec::build_event(input);
  if (event.ok()) return std::move(event).value();
  log(LogLevel::warn, "feedback cannot be told", {{"why", event.error().describe()}});
  return std::nullopt;
}

std::optional<model::Event> FeedbackListener::ticket_event(const Heard& heard, const Known& known) const {
  const FeedbackSource& source = heard.source;
  if (known.has_ticket || source.at < now_ - kFresh || (simulated_ && !source.contact_id.empty())) return {};
  const learn::ClauseFeedback* worst = worst_of(heard.clauses);
  if (worst == nullptr) return {};
  const std::string ticket = known.again ? next_feedback_ticket_id(source) : feedback_ticket_id(source),
                    message_id = "ticket-" + ticket;
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Ticket Opened";
  input.message_id = message_id;
  input.timestamp = told_at(source.at, now_);
  input.identifiers = {{known.author->kind, known.author->value}};
  input.properties = {{"ticket_id", std::string_view(ticket)},
                      {"class", learn::kFeedbackClassNames[worst->first]},
                      {"priority", std::string_view(worst->urgent ? "urgent" : "normal")},
                      {"about", std::string_view(source.about)}};
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) input.properties.push_back({name, std::string_view(value)});
  };
  add("contact_id", source.contact_id);
  add("product_id", source.product_id);
  add("order_id", source.order_id);
  auto event = codec::build_event(input);
  if (event.ok()) return std::move(event).value();
  return std::nullopt;
}

/// On the shop thread: of the tickets of this conversation (one without a conversation has one of its own
/// name). The event bears the message's moment, so that the clocks go on from there.
std::vector<model::Event> FeedbackListener::moves_of(const FeedbackSource& source) {
  std::vector<model::Event> moves;
  const views::ShopState& state = shop_.state();
  const auto& tables = state.tables();
  const auto value = shop_.texts().find(source.node);
  const auto kind = state.kind_of(source.node);
  if (!value || !kind) return moves;
  const std::uint32_t contact = tables.dictionary(views::DictionaryKind::contacts).find(source.contact_id);
  for (const std::uint32_t number : state.tickets_of(state.customer_of(source.node))) {
    const std::string_view id = tables.dictionary(views::DictionaryKind::tickets).text(number);
    if ((contact == 0 || state.ticket(number)->contact != contact) && id != source.contact_id) continue;
    // A browser that a page links to her does not speak for her.
    const views::Contact* talk = contact == 0 ? nullptr : state.contact(contact);
    const bool hers =
        state.ticket(number)->node == source.node || (talk != nullptr && talk->node == source.node);
    if (source.from_page && !hers) continue;
    // A simulated shop moves the tickets that it opened.
    if (simulated_ && !id.starts_with("fb-")) continue;
    constexpr std::uint8_t kWaiting = 2;
    const views::TicketStanding standing = state.case_clocks().standing(number);
    const bool waits = standing.state == kWaiting, reopens = standing.done();
    if ((!waits && !reopens) || source.at <= standing.since) continue;
    if (reopens && source.at > standing.since + kReopens) continue;
    const auto steps = state.case_clocks().steps(number);
    const bool located = std::any_of(steps.begin(), steps.end(),
                                     [](const views::TicketStep& step) { return step.state == 1; });
    const std::string message_id = fmt::format("follow-{}-{}", short_digest(source.message_id), id);
    codec::EventInput input;
    input.name = "Ticket Updated";
    input.message_id = message_id;
    input.timestamp = source.at;
    input.identifiers = {{*kind, *value}};
    input.properties = {{"ticket_id", id},
                        {"state", std::string_view(reopens   ? "reopened"
                                                   : located ? "located"
                                                             : "open")},
                        {"reason", std::string_view("the customer wrote")}};
    if (auto event = codec::build_event(input); event.ok()) moves.push_back(std::move(event).value());
  }
  return moves;
}

Status FeedbackListener::move_tickets() {
  if (spoken_.empty()) return {};
  using Events = std::vector<model::Event>;
  RAPPORT_TRY(Events events, ask_shop<Events>(shop_, [&]() -> Result<Events> {
                Events all;
                for (const FeedbackSource& source : spoken_) {
                  for (model::Event& event : moves_of(source)) all.push_back(std::move(event));
                }
                return all;
              }));
  if (events.empty()) return {};
  IngestRequest request;
  request.events = std::move(events);
  auto done = std::make_shared<std::promise<Status>>();
  auto durable = done->get_future();
  shop_.ingest_with(std::move(request), {}, [done](const Result<model::IngestAnswer>& answer) {
    done->set_value(answer.ok() ? Status() : Status(answer.error()));
  });
  return durable.get();
}

Status FeedbackListener::publish(std::size_t begin, std::size_t end, EventSeq upto) {
  std::vector<Known> known = ask_about(begin, end);
  IngestRequest request;
  std::uint64_t classified = 0, tickets = 0;
  std::vector<std::string> opened;  // Two messages of one conversation open one ticket.
  for (std::size_t i = begin; i < end; ++i) {
    Known& one = known[i - begin];
    if (!one.author) continue;
    auto event = classified_event(heard_[i], one);
    if (!event) continue;
    request.events.push_back(std::move(*event));
    ++classified;
    const std::string id =
        one.again ? next_feedback_ticket_id(heard_[i].source) : feedback_ticket_id(heard_[i].source);
    one.has_ticket = one.has_ticket || std::find(opened.begin(), opened.end(), id) != opened.end();
    auto ticket = ticket_event(heard_[i], one);
    if (!ticket) continue;
    opened.push_back(id);
    request.events.push_back(std::move(*ticket));
    ++tickets;
  }
  if (request.events.empty()) return {};
  std::string row;
  ByteWriter(row).u64(upto.value);
  auto done = std::make_shared<std::promise<Status>>();
  auto durable = done->get_future();
  shop_.ingest_with(std::move(request), {{store::Table::settings, std::string(kPosition), row}},
                    [done](const Result<model::IngestAnswer>& answer) {
                      done->set_value(answer.ok() ? Status() : Status(answer.error()));
                    });
  RAPPORT_CHECK(durable.get());
  kept_upto_ = upto;
  classified_ += classified;
  tickets_ += tickets;
  return {};
}

/// What was read and held nothing: lost in a crash, it is read again.
void FeedbackListener::keep_position() {
  if (read_upto_ == kept_upto_) return;
  std::string row;
  ByteWriter(row).u64(read_upto_.value);
  if (store_.put(store::Table::settings, shop_.info().shop, kPosition, row, store::Sync::no).ok())
    kept_upto_ = read_upto_;
}

/// The shipped examples and what people corrected, as far as it can still be opened.
void FeedbackListener::learn_corrections() {
  unlearned_ = false;
  learned_ns_ = monotonic_ns();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> corrected;  ///< the correction, what it is about
  std::vector<EventSeq> seqs;
  const Status read = store_.scan(store::Table::settings, shop_.info().shop, kCorrections,
                                  [&](std::string_view, std::string_view row) {
                                    ByteReader in(row);
                                    const std::uint64_t correction = in.u64(), source = in.u64();
                                    if (in.ok()) corrected.emplace_back(correction, source);
                                    return store::Walk::on;
                                  });
  if (!read.ok() || corrected.empty()) return;
  for (const auto& [correction, source] : corrected) {
    seqs.emplace_back(correction);
    seqs.emplace_back(source);
  }
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  std::map<std::uint64_t, HeardFeedback> said;
  std::map<std::uint64_t, std::string> texts;
  const Status opened = store_.read_records(shop_.info().shop, seqs, [&](const model::RecordView& record) {
    if (record.kind == k::feedback_corrected) {
      said[record.seq.value] = heard_whole(shop_.keyring(), record);
    } else {
      texts[record.seq.value] = feedback_text(shop_.keyring(), record);
    }
  });
  if (!opened.ok()) return;
  std::vector<learn::FeedbackExample> examples = learn::starter_feedback_examples();
  std::uint32_t group = 1U << 30;
  for (const auto& [correction, source] : corrected) {
    for (const HeardClause& clause : said[correction].clauses) {
      const std::size_t klass = learn::feedback_class_of(clause.klass);
      const std::string text(characters_of(texts[source], clause.from, clause.to));
      if (text.empty() || klass == learn::kFeedbackClasses) continue;
      learn::FeedbackExample example;
      example.text = text;
      example.classes = static_cast<std::uint8_t>(1U << klass);
      example.aspect = clause.aspect;
      example.sentiment = static_cast<std::int8_t>(clause.sentiment > 300    ? 1
                                                   : clause.sentiment < -300 ? -1
                                                                             : 0);
      example.urgent = clause.urgent;
      example.group = group++;
      // Twice: what only one text has is no feature, and people are right more often than phrases.
      examples.push_back(example);
      examples.push_back(std::move(example));
    }
  }
  auto trained = learn::FeedbackModel::train(examples);
  if (!trained.ok()) {
    log(LogLevel::warn, "corrections were not learned",
        {{"shop", shop_.info().name}, {"why", trained.error().describe()}});
    return;
  }
  const std::lock_guard lock(mutex_);
  model_ = std::make_shared<const learn::FeedbackModel>(std::move(trained).value());
}

}  // namespace rapport::engine
