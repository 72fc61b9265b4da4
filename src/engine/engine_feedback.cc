#include "engine/engine_feedback.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "codec/json_writer.h"
#include "engine/detail/feedback_reading.h"
#include "engine/detail/wait_until_folded.h"
#include "model/catalogue_ids.h"
#include "views/service_levels.h"

// The list of what customers said, with filters and counts.
namespace rapport::engine {
namespace {

constexpr std::size_t kPhraseMost = 120, kPhraseSlice = 500, kPhraseReadMost = 10'000;

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

void write_entry(codec::JsonWriter& json, const FeedbackEntry& entry, CustomerId customer,
                 OpenedFeedback& opened, const Departments& departments, bool reveal) {
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
/// A page of the list, and where the next one begins; none when this was the last.
struct Page {
  std::vector<FeedbackEntry> entries;
  OpenedFeedback opened;
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
    RAPPORT_TRY(OpenedFeedback opened, open_feedback(inquiry, slice));
    for (FeedbackEntry& entry : slice) {
      std::string& text = opened.texts[entry.source.seq.value];
      if (phrase_form(text).find(phrase) == std::string::npos) continue;
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
    return page_with_phrase(inquiry, std::move(filter), phrase_form(query.phrase));
  }
  Page page;
  page.entries = inquiry.unit().feedback_board.list(filter);
  RAPPORT_TRY(page.opened, open_feedback(inquiry, page.entries));
  if (page.entries.size() == query.most) page.next = page.entries.back().order.value;
  return page;
}

Result<std::string> list(Inquiry& inquiry, const FeedbackQuery& query) {
  RAPPORT_CHECK(check_feedback_class(query.klass, "class"));
  RAPPORT_CHECK(check_one_of(query.sentiment, "sentiment", {"negative", "neutral", "positive"}));
  RAPPORT_CHECK(check_one_of(query.kind, "kind", {"review", "follow_up", "message", "survey"}));
  RAPPORT_CHECK(check_one_of(query.state, "state",
                             {"classified", "unsure", "corrected", "open", "located", "waiting", "solved",
                              "called_back", "reopened", "escalated", "closed"}));
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(wait_until_folded(unit, query.after));
  RAPPORT_TRY(const bool whole, unit.feedback_board.refresh(kFeedbackReadBudget));
  RAPPORT_TRY(const Departments departments, departments_of(inquiry));
  RAPPORT_TRY(std::vector<std::string> classes, classes_of(departments, query.department));
  FeedbackFilter filter{query.klass, query.sentiment,    query.aspect,           query.state, query.product,
                        query.kind,  std::move(classes), EventSeq{query.before}, query.most};
  RAPPORT_TRY(Page page, page_of(inquiry, std::move(filter), query));
  const std::vector<FeedbackEntry>& entries = page.entries;
  RAPPORT_TRY(const FeedbackCustomers customers, authors_as_customers(inquiry, entries));
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
  write_feedback_model(json, unit.feedback);
  json.field("complete", whole);
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

}  // namespace

void feedback(Engine& engine, ShopNo shop, FeedbackQuery query, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [query = std::move(query)](Inquiry& inquiry) { return list(inquiry, query); }, std::move(reply));
}

}  // namespace rapport::engine
