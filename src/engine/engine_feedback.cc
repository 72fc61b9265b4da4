#include "engine/engine_feedback.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/feedback_letters.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "learn/pains.h"
#include "model/catalogue_ids.h"
#include "text/han.h"
#include "text/normalise.h"
#include "views/service_levels.h"

// Feedback, as it is asked for: lists, corrections, pains, answers to reviews.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr Duration kReadBudget = seconds(5);
constexpr std::size_t kPainTextsMost = 20'000;
constexpr std::size_t kTextMost = 1 << 20;
constexpr std::size_t kPhraseMost = 120, kPhraseSlice = 500, kPhraseReadMost = 10'000;
constexpr std::size_t kClausesMost = 200, kAspectMost = 60, kReplyMost = 4'000;

Status await(ShopUnit& unit, const std::optional<EventSeq>& after) {
  if (!after) return {};
  RAPPORT_CHECK(position_is_there(unit, after));
  auto folded = std::make_shared<std::promise<void>>();
  auto done = folded->get_future();
  if (!unit.shop.read(after, [folded] { folded->set_value(); }))
    return Error{Errc::overloaded, "too many reads wait for this shop", "", "again in a second"};
  done.wait();
  return {};
}

Status one_of(std::string_view value, std::string_view where, std::initializer_list<std::string_view> words) {
  if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return {};
  std::string all;
  for (const std::string_view word : words) all += (all.empty() ? "" : " ") + std::string(word);
  return Error{Errc::bad_input, fmt::format("'{}' is none of them", value.substr(0, 60)), std::string(where),
               all};
}

Status check_class(std::string_view value, std::string_view where) {
  return one_of(value, where, {"product", "service", "logistics", "price", "payment", "experience"});
}

/// What entries say, opened.
struct Opened {
  std::map<std::uint64_t, std::string> texts;    ///< by position of what was said
  std::map<std::uint64_t, HeardFeedback> heard;  ///< by position of what was told
};
Result<Opened> open_entries(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries) {
  std::vector<EventSeq> seqs;
  for (const FeedbackEntry& entry : entries) {
    seqs.push_back(entry.source.seq);
    seqs.push_back(entry.told);
  }
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  Opened out;
  Keyring& keyring = inquiry.unit().shop.keyring();
  RAPPORT_CHECK(inquiry.store().read_records(
      inquiry.unit().shop.info().shop, seqs, [&](const model::RecordView& record) {
        if (record.kind == k::feedback_classified || record.kind == k::feedback_corrected) {
          out.heard[record.seq.value] = heard_whole(keyring, record);
        } else {
          out.texts[record.seq.value] = feedback_text(keyring, record);
        }
      }));
  return out;
}

using Customers = std::vector<CustomerId>;
Result<Customers> customers_of(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries) {
  return ask_shop<Customers>(inquiry.unit(), [&]() -> Result<Customers> {
    Customers out;
    for (const FeedbackEntry& entry : entries)
      out.push_back(inquiry.unit().shop.state().customer_of(entry.source.node));
    return out;
  });
}

void write_clause(codec::JsonWriter& json, const HeardClause& clause, std::string_view text, bool reveal) {
  json.begin_object();
  json.field("class", clause.klass);
  json.key("sentiment");
  json.thousandths(clause.sentiment);
  json.field("aspect", clause.aspect);
  json.field("urgency", clause.urgent ? 1 : 0);
  json.key("confidence");
  json.thousandths(clause.confidence);
  json.field("from", clause.from);
  json.field("to", clause.to);
  if (reveal) json.field("text", characters_of(text, clause.from, clause.to));
  json.end_object();
}

void write_clauses(codec::JsonWriter& json, std::string_view name, const std::vector<HeardClause>& clauses,
                   std::string_view text, bool reveal) {
  json.key(name);
  json.begin_array();
  for (const HeardClause& clause : clauses) write_clause(json, clause, text, reveal);
  json.end_array();
}

/// Which department has a class, as the service levels name it.
using Departments = std::map<std::string, std::string, std::less<>>;

Result<Departments> departments_of(Inquiry& inquiry) {
  RAPPORT_TRY(const std::string noun, inquiry.noun(model::kind::service_level_published, "main"));
  RAPPORT_TRY(
      const views::ServiceLevels levels,
      views::ServiceLevels::parse(noun.empty() ? std::string(views::shipped_service_levels()) : noun));
  Departments out;
  for (std::size_t c = 0; c < learn::kFeedbackClasses; ++c)
    out.emplace(learn::kFeedbackClassNames[c], levels.departments[c]);
  return out;
}

/// The classes of a department, for a filter. Errors: bad_input for a name that none has.
Result<std::vector<std::string>> classes_of(const Departments& departments, const std::string& name) {
  std::vector<std::string> classes, names;
  for (const auto& [klass, department] : departments) {
    if (department == name) classes.push_back(klass);
    if (std::find(names.begin(), names.end(), department) == names.end()) names.push_back(department);
  }
  if (name.empty() || !classes.empty()) return name.empty() ? std::vector<std::string>() : classes;
  return Error{Errc::bad_input, fmt::format("no department '{}'", name.substr(0, 40)), "department",
               fmt::format("{}", fmt::join(names, ", "))};
}

/// The department whose business it is first: of what is blamed, else of what is told first.
std::string_view department_of(const HeardFeedback& heard, const Departments& departments) {
  const HeardClause* first = nullptr;
  for (const HeardClause& clause : heard.clauses) {
    if (first == nullptr || (clause.sentiment < 0 && first->sentiment >= 0)) first = &clause;
  }
  const auto found = first == nullptr ? departments.end() : departments.find(first->klass);
  return found == departments.end() ? std::string_view() : std::string_view(found->second);
}

void write_entry(codec::JsonWriter& json, const FeedbackEntry& entry, CustomerId customer, Opened& opened,
                 const Departments& departments, bool reveal) {
  const std::string& text = opened.texts[entry.source.seq.value];
  HeardFeedback& heard = opened.heard[entry.told.value];
  json.begin_object();
  json.field("id", entry.source.about);
  json.field("kind", feedback_kind_name(entry.source.kind));
  json.field("at", entry.source.at);
  json.field("seq", entry.source.seq);
  json.field("customer", fmt::format("c_{}", customer.value));
  json.field("product_id", entry.source.product_id);
  json.field("order_id", entry.source.order_id);
  json.field("contact_id", entry.source.contact_id);
  json.key("rating");
  entry.source.rating < 0 ? json.null() : json.thousandths(entry.source.rating);
  json.field("state", entry.state());
  json.field("department", department_of(heard, departments));
  json.key("sentiment");
  json.thousandths(entry.sentiment());
  json.field("replied", entry.replied);
  json.key("ticket");
  if (entry.ticket.empty()) {
    json.null();
  } else {
    json.begin_object();
    json.field("ticket_id", entry.ticket);
    json.field("state", entry.ticket_state);
    json.end_object();
  }
  write_clauses(json, "clauses", heard.clauses, text, reveal);
  write_clauses(json, "unsure", heard.unsure, text, reveal);
  if (reveal) json.field("text", text);
  json.end_object();
}

void write_counts(codec::JsonWriter& json, const FeedbackBoard::Counts& counts) {
  json.key("counts");
  json.begin_object();
  json.field("all", counts.all);
  json.field("negative", counts.negative);
  json.field("unsure", counts.unsure);
  json.field("corrected", counts.corrected);
  for (const auto& [name, map] : {std::pair{"classes", &counts.classes}, {"aspects", &counts.aspects}}) {
    json.key(name);
    json.begin_object();
    for (const auto& [word, count] : *map) {
      json.escaped_key(word);
      json.unsigned_integer(count);
    }
    json.end_object();
  }
  json.end_object();
}

void write_model(codec::JsonWriter& json, const FeedbackListener& listener) {
  const auto model = listener.model();
  json.key("model");
  json.begin_object();
  json.field("version", model->version());
  json.field("examples", model->examples());
  json.key("threshold");
  json.real(model->card().threshold);
  json.field("listening", listener.listening());
  json.field("behind", listener.behind());
  json.end_object();
}

std::string compared(std::string_view text) {
  return text::simplified_characters(text::comparison_form(text));
}

/// A page of the list, and where the next one begins; none when this was the last.
struct Page {
  std::vector<FeedbackEntry> entries;
  Opened opened;
  std::optional<std::uint64_t> next;
};

/// Those in whose words the phrase stands; texts are sealed, so each is opened and looked at.
Result<Page> page_with_phrase(Inquiry& inquiry, FeedbackFilter filter, const std::string& phrase) {
  const std::size_t wanted = filter.most;
  filter.most = kPhraseSlice;
  Page page;
  for (std::size_t read = 0; page.entries.size() < wanted && read < kPhraseReadMost; read += kPhraseSlice) {
    std::vector<FeedbackEntry> slice = inquiry.unit().feedback_board.list(filter);
    page.next.reset();
    if (slice.size() == kPhraseSlice) page.next = slice.back().order.value;
    RAPPORT_TRY(Opened opened, open_entries(inquiry, slice));
    for (FeedbackEntry& entry : slice) {
      std::string& text = opened.texts[entry.source.seq.value];
      if (compared(text).find(phrase) == std::string::npos) continue;
      if (page.entries.size() == wanted) {
        page.next = page.entries.back().order.value;
        return page;
      }
      page.opened.texts[entry.source.seq.value] = std::move(text);
      page.opened.heard[entry.told.value] = std::move(opened.heard[entry.told.value]);
      page.entries.push_back(std::move(entry));
    }
    if (!page.next) return page;
    filter.before = EventSeq{*page.next};
  }
  return page;
}

Result<Page> page_of(Inquiry& inquiry, FeedbackFilter filter, const FeedbackQuery& query) {
  if (!query.phrase.empty()) {
    if (!query.reveal)
      return Error{Errc::forbidden, "what customers said is not for this reader", "phrase",
                   "a role that may reveal"};
    if (query.phrase.size() > kPhraseMost)
      return Error{Errc::too_large, "a phrase too long", "phrase",
                   fmt::format("at most {} bytes", kPhraseMost)};
    return page_with_phrase(inquiry, std::move(filter), compared(query.phrase));
  }
  Page page;
  page.entries = inquiry.unit().feedback_board.list(filter);
  RAPPORT_TRY(page.opened, open_entries(inquiry, page.entries));
  if (page.entries.size() == query.most) page.next = page.entries.back().order.value;
  return page;
}

Result<std::string> list(Inquiry& inquiry, const FeedbackQuery& query) {
  RAPPORT_CHECK(check_class(query.klass, "class"));
  RAPPORT_CHECK(one_of(query.sentiment, "sentiment", {"negative", "neutral", "positive"}));
  RAPPORT_CHECK(one_of(query.kind, "kind", {"review", "follow_up", "message", "survey"}));
  RAPPORT_CHECK(one_of(query.state, "state",
                       {"classified", "unsure", "corrected", "open", "located", "waiting", "solved",
                        "called_back", "reopened", "escalated", "closed"}));
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(await(unit, query.after));
  RAPPORT_TRY(const bool whole, unit.feedback_board.refresh(kReadBudget));
  RAPPORT_TRY(const Departments departments, departments_of(inquiry));
  RAPPORT_TRY(std::vector<std::string> classes, classes_of(departments, query.department));
  FeedbackFilter filter{query.klass, query.sentiment,    query.aspect,           query.state, query.product,
                        query.kind,  std::move(classes), EventSeq{query.before}, query.most};
  RAPPORT_TRY(Page page, page_of(inquiry, std::move(filter), query));
  const std::vector<FeedbackEntry>& entries = page.entries;
  RAPPORT_TRY(const Customers customers, customers_of(inquiry, entries));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("feedback");
  json.begin_array();
  for (std::size_t i = 0; i < entries.size(); ++i)
    write_entry(json, entries[i], customers[i], page.opened, departments, query.reveal);
  json.end_array();
  json.key("next");
  page.next ? json.unsigned_integer(*page.next) : json.null();
  json.key("departments");
  json.begin_object();
  for (const auto& [klass, department] : departments) json.field(klass, department);
  json.end_object();
  write_counts(json, unit.feedback_board.counts());
  write_model(json, unit.feedback);
  json.field("complete", whole);
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

/// On the shop's thread: how the author of an entry is named.
Result<model::Identifier> author_of(Inquiry& inquiry, const FeedbackEntry& entry) {
  return ask_shop<model::Identifier>(inquiry.unit(), [&]() -> Result<model::Identifier> {
    Shop& shop = inquiry.unit().shop;
    const auto value = shop.texts().find(entry.source.node);
    const auto kind = shop.state().kind_of(entry.source.node);
    if (!value || !kind) return Error{Errc::not_found, "its author was erased", "id"};
    return model::Identifier{*kind, std::string(*value)};
  });
}

/// Clauses as a person says them.
Result<std::vector<HeardClause>> clauses_of(const NounMembers& body, std::size_t characters) {
  const codec::JsonValue list = body.find("clauses");
  if (!list.present() || !list.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "no list of clauses", "clauses",
                 R"([{"class":"logistics","sentiment":-1}])"};
  std::vector<HeardClause> out;
  for (codec::JsonItems items(list); items.next();) {
    const std::string where = fmt::format("clauses[{}]", out.size());
    if (out.size() == kClausesMost)
      return Error{Errc::too_large, "too many clauses", "clauses", fmt::format("at most {}", kClausesMost)};
    const codec::JsonValue item = items.value();
    const auto word = [&](std::string_view name) {
      const codec::JsonValue value = item.find(name);
      return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
    };
    const auto number = [&](std::string_view name, std::int64_t fallback) -> std::optional<std::int64_t> {
      const codec::JsonValue value = item.find(name);
      return value.present() ? value.scaled(3) : fallback;
    };
    HeardClause clause;
    clause.klass = word("class");
    if (clause.klass.empty() || !check_class(clause.klass, "").ok())
      return check_class(clause.klass.empty() ? "nothing" : clause.klass, where + ".class").error();
    const auto sentiment = number("sentiment", 5'000);
    if (!sentiment || *sentiment < -1'000 || *sentiment > 1'000)
      return Error{Errc::bad_input, "no sentiment", where + ".sentiment", "a number from -1 to 1"};
    clause.sentiment = *sentiment;
    clause.aspect = word("aspect");
    if (clause.aspect.size() > kAspectMost)
      return Error{Errc::bad_input, "an aspect so long", where + ".aspect", "a short word"};
    const auto from = number("from", 0), to = number("to", static_cast<std::int64_t>(characters) * 1'000);
    if (!from || !to || *from < 0 || *to <= *from || *to > static_cast<std::int64_t>(characters) * 1'000)
      return Error{Errc::bad_input, "no such place in the text", where + ".from",
                   fmt::format("characters 0 up to {}", characters)};
    clause.from = static_cast<std::size_t>(*from / 1'000);
    clause.to = static_cast<std::size_t>(*to / 1'000);
    clause.urgent = number("urgency", 0).value_or(0) > 0;
    out.push_back(std::move(clause));
  }
  return out;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// Hands on where it was published.
Reply<std::string> as_position(Reply<EventSeq> reply) {
  return [reply = std::move(reply)](const Result<std::string>& answer) {
    if (!answer.ok()) return reply(answer.error());
    reply(EventSeq{std::strtoull(answer->c_str(), nullptr, 10)});
  };
}

/// Where it is found now, as text.
Result<std::string> published(Inquiry& inquiry, model::Event event) {
  std::vector<model::Event> events;
  events.push_back(std::move(event));
  RAPPORT_TRY(const EventSeq seq, inquiry.publish(std::move(events)));
  return std::to_string(seq.value);
}

Result<FeedbackEntry> found(Inquiry& inquiry, const std::string& id) {
  RAPPORT_CHECK(inquiry.unit().feedback_board.refresh(kReadBudget));
  return inquiry.unit().feedback_board.find(id);
}

Result<std::string> correct(Inquiry& inquiry, const FeedbackCorrection& correction) {
  RAPPORT_TRY(const FeedbackEntry entry, found(inquiry, correction.id));
  RAPPORT_TRY(const auto body, NounMembers::parse(correction.body));
  RAPPORT_TRY(const model::Identifier author, author_of(inquiry, entry));
  RAPPORT_TRY(Opened opened, open_entries(inquiry, {entry}));
  RAPPORT_TRY(const auto said, clauses_of(*body, characters_in(opened.texts[entry.source.seq.value])));
  std::vector<codec::ClauseInput> clauses;
  std::string spans;
  codec::JsonWriter json(spans);
  json.begin_array();
  for (const HeardClause& clause : said) {
    clauses.push_back({clause.klass, static_cast<double>(clause.sentiment) / 1'000, clause.aspect});
    json.begin_object();
    json.field("from", clause.from);
    json.field("to", clause.to);
    json.field("urgency", clause.urgent ? 1 : 0);
    json.end_object();
  }
  json.end_array();
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string message_id =
      fmt::format("corrected-{}-{}", digest_hex(sha256(correction.id)).substr(0, 16), now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Feedback Corrected";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{author.kind, author.value}};
  input.properties = {{"about", std::string_view(entry.source.about)},
                      {"clauses", std::move(clauses)},
                      {"agent", std::string_view(correction.agent)},
                      {"spans", codec::RawJson{spans}},
                      {"source", static_cast<std::int64_t>(entry.source.seq.value)}};
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  return published(inquiry, std::move(event));
}

/// Clauses of the last days with their texts; `entries[clause.source]` is where each stands.
std::vector<learn::SaidClause> said_clauses(const std::vector<FeedbackEntry>& entries, Opened& opened,
                                            const Customers& customers, const std::string& klass) {
  std::vector<learn::SaidClause> out;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const std::string& text = opened.texts[entries[i].source.seq.value];
    const HeardFeedback& heard = opened.heard[entries[i].told.value];
    std::set<std::pair<std::size_t, std::size_t>> places;
    for (const auto* list : {&heard.clauses, &heard.unsure}) {
      for (const HeardClause& clause : *list) {
        if (!klass.empty() && clause.klass != klass) continue;
        // Of several classes a clause is said once.
        if (!places.emplace(clause.from, clause.to).second) continue;
        out.push_back({std::string(characters_of(text, clause.from, clause.to)), entries[i].source.at.ms,
                       customers[i].value, i, clause.sentiment < 0});
      }
    }
  }
  return out;
}

void write_pain(codec::JsonWriter& json, const learn::Pain& pain, const std::vector<FeedbackEntry>& entries,
                const Customers& customers, Opened& opened, bool reveal) {
  json.begin_object();
  json.field("phrase", pain.phrase);
  json.field("n", pain.blamed);
  json.field("others", pain.others);
  json.field("customers", pain.customers);
  json.field("recent", pain.recent);
  const std::pair<std::string_view, double> figures[] = {
      {"expected", pain.expected}, {"odds", pain.odds}, {"rise", pain.rise}};
  for (const auto& [name, value] : figures) {
    json.key(name);
    json.real(std::round(value * 100) / 100);
  }
  json.field("burst", pain.burst);
  json.key("examples");
  json.begin_array();
  for (const std::uint32_t source : pain.sources) {
    json.begin_object();
    json.field("id", entries[source].source.about);
    json.field("at", entries[source].source.at);
    json.field("customer", fmt::format("c_{}", customers[source].value));
    json.field("product_id", entries[source].source.product_id);
    if (reveal) json.field("text", opened.texts[entries[source].source.seq.value]);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

Result<std::string> pains(Inquiry& inquiry, const PainsQuery& query) {
  RAPPORT_CHECK(check_class(query.klass, "class"));
  if (query.days < 8 || query.days > 180) return Error{Errc::bad_input, "that many days", "days", "8 to 180"};
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(await(unit, query.after));
  RAPPORT_TRY(const bool whole, unit.feedback_board.refresh(kReadBudget));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const auto entries = unit.feedback_board.since(now - hours(24 * query.days), kPainTextsMost);
  RAPPORT_TRY(Opened opened, open_entries(inquiry, entries));
  RAPPORT_TRY(const Customers customers, customers_of(inquiry, entries));
  learn::PainOptions options;
  options.now_ms = now.ms;
  options.since_ms = (now - hours(24 * query.days)).ms;
  options.most = query.most;
  options.rising_first = query.rising;
  const auto clauses = said_clauses(entries, opened, customers, query.klass);
  const std::vector<learn::Pain> found = learn::find_pains(clauses, options);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("pains");
  json.begin_array();
  for (const learn::Pain& pain : found) write_pain(json, pain, entries, customers, opened, query.reveal);
  json.end_array();
  json.field("days", query.days);
  json.field("recent_days", 7);
  json.field("clauses", clauses.size());
  json.field("blamed", static_cast<std::size_t>(std::count_if(clauses.begin(), clauses.end(),
                                                              [](const auto& one) { return one.blame; })));
  json.field("complete", whole && entries.size() < kPainTextsMost);
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

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
  write_model(json, inquiry.unit().feedback);
  json.end_object();
  return text;
}

Result<FeedbackEntry> found_review(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(FeedbackEntry entry, found(inquiry, id));
  if (entry.source.kind != k::review_posted)
    return Error{Errc::bad_input, "this is no review", "id",
                 "the id of a review; conversations are answered there"};
  return entry;
}

Result<std::string> draft(Inquiry& inquiry, const std::string& id, const std::string& language) {
  RAPPORT_CHECK(one_of(language, "language", {"zh-Hans", "zh-Hant", "en"}));
  RAPPORT_TRY(const FeedbackEntry entry, found_review(inquiry, id));
  RAPPORT_TRY(Opened opened, open_entries(inquiry, {entry}));
  RAPPORT_TRY(const std::string noun, inquiry.noun(k::product_published, entry.source.product_id));
  ReplyFacts facts;
  facts.text = opened.texts[entry.source.seq.value];
  facts.clauses = opened.heard[entry.told.value].clauses;
  facts.product = noun;
  facts.ticket_state = entry.ticket_state;
  facts.language = language;
  const ReplyDraft reply = draft_reply(facts);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("id", id);
  json.field("language", reply.language);
  json.field("draft", reply.text);
  json.key("facts");
  json.begin_array();
  for (const std::string& fact : reply.facts) json.text(fact);
  json.end_array();
  json.field("replied", entry.replied);
  json.end_object();
  return text;
}

Result<std::string> reply_to(Inquiry& inquiry, const std::string& id, const std::string& text,
                             const std::string& agent) {
  if (text.empty() || text.size() > kReplyMost)
    return Error{Errc::bad_input, "no answer of that length", "text",
                 fmt::format("1 to {} bytes", kReplyMost)};
  RAPPORT_TRY(const FeedbackEntry entry, found_review(inquiry, id));
  RAPPORT_TRY(const model::Identifier author, author_of(inquiry, entry));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string message_id = fmt::format("reply-{}-{}", digest_hex(sha256(id)).substr(0, 16), now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Review Replied";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{author.kind, author.value}};
  input.properties = {{"review_id", std::string_view(id)},
                      {"text", std::string_view(text)},
                      {"agent", std::string_view(agent)}};
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  return published(inquiry, std::move(event));
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

void feedback(Engine& engine, ShopNo shop, FeedbackQuery query, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [query = std::move(query)](Inquiry& inquiry) { return list(inquiry, query); }, std::move(reply));
}

void correct_feedback(Engine& engine, ShopNo shop, FeedbackCorrection correction, Reply<EventSeq> reply) {
  engine.inquire_quickly(
      shop, [correction = std::move(correction)](Inquiry& inquiry) { return correct(inquiry, correction); },
      as_position(std::move(reply)));
}

void feedback_pains(Engine& engine, ShopNo shop, PainsQuery query, Reply<std::string> reply) {
  engine.inquire(
      shop, [query = std::move(query)](Inquiry& inquiry) { return pains(inquiry, query); }, std::move(reply));
}

void classify_feedback(Engine& engine, ShopNo shop, FeedbackTrial trial, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [trial = std::move(trial)](Inquiry& inquiry) { return classify(inquiry, trial); },
      std::move(reply));
}

void feedback_reply_draft(Engine& engine, ShopNo shop, std::string id, std::string language,
                          Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), language = std::move(language)](Inquiry& inquiry) {
        return draft(inquiry, id, language);
      },
      std::move(reply));
}

void reply_to_feedback(Engine& engine, ShopNo shop, std::string id, std::string text, std::string agent,
                       Reply<EventSeq> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), text = std::move(text), agent = std::move(agent)](Inquiry& inquiry) {
        return reply_to(inquiry, id, text, agent);
      },
      as_position(std::move(reply)));
}

}  // namespace rapport::engine
