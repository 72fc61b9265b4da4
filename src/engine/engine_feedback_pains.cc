#include <algorithm>
#include <cmath>
#include <set>

#include "codec/json_writer.h"
#include "engine/detail/feedback_reading.h"
#include "engine/detail/wait_until_folded.h"
#include "engine/engine_feedback.h"
#include "learn/pains.h"

// Phrases that stand out in what customers blame.
namespace rapport::engine {
namespace {

constexpr std::size_t kPainTextsMost = 20'000;

/// Clauses of the last days with their texts; `entries[clause.source]` is where each stands.
std::vector<learn::SaidClause> said_clauses(const std::vector<FeedbackEntry>& entries, OpenedFeedback& opened,
                                            const FeedbackCustomers& customers, const std::string& klass) {
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
                const FeedbackCustomers& customers, OpenedFeedback& opened, bool reveal) {
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
  RAPPORT_CHECK(check_feedback_class(query.klass, "class"));
  if (query.days < 8 || query.days > 180) return Error{Errc::bad_input, "that many days", "days", "8 to 180"};
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(wait_until_folded(unit, query.after));
  RAPPORT_TRY(const bool whole, unit.feedback_board.refresh(kFeedbackReadBudget));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const auto entries = unit.feedback_board.since(now - hours(24 * query.days), kPainTextsMost);
  RAPPORT_TRY(OpenedFeedback opened, open_feedback(inquiry, entries));
  RAPPORT_TRY(const FeedbackCustomers customers, authors_as_customers(inquiry, entries));
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

}  // namespace

void feedback_pains(Engine& engine, ShopNo shop, PainsQuery query, Reply<std::string> reply) {
  engine.inquire(
      shop, [query = std::move(query)](Inquiry& inquiry) { return pains(inquiry, query); }, std::move(reply));
}

}  // namespace rapport::engine
