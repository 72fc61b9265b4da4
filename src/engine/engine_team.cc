#include "engine/engine_team.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <map>
#include <set>

#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/roster.h"
#include "study/scorecard.h"
#include "views/fact_table.h"

// The team's page: every figure is counted from the tickets that were opened in the window, open ones
// included; cards compare each agent with what everybody's cases of the same class, priority, channel and
// tier came to.
namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;
using study::Scorecard;
using study::ScoredCase;
using study::ScoreKind;

constexpr std::size_t kLookedMost = 100'000, kSlice = 200;

/// One ticket of the window.
struct Row {
  std::string id, agent, department, stratum;
  bool done = false, late = false;
  double hours = 0;                  ///< to its first solution, or until now
  std::optional<double> answered_s;  ///< from the contact's begin to the first message of a person
  std::optional<bool> satisfied;     ///< when called back
};

/// What any of her identifiers was told by then; "" = nothing. On the shop thread.
std::string_view tier_at(const views::ShopState& state, CustomerId customer, Instant at) {
  views::FactsBuffer buffer;
  const views::FactsView facts = state.facts(customer, at, buffer);
  std::pair<Instant, std::string_view> last{Instant::min(), {}};
  for (const views::TraitChange& change : facts.trait_changes()) {
    if (change.property != p::tier || change.at > at) continue;
    last = std::max(last, std::pair(change.at, state.tables().words().text(change.word)));
  }
  return last.second;
}

/// On the shop thread. Nothing for a ticket that is not of the window.
std::optional<Row> row_of(const views::ShopState& state, std::uint32_t number, Instant from, Instant now) {
  const views::Ticket* ticket = state.ticket(number);
  const views::TicketStanding standing = state.case_clocks().standing(number);
  if (ticket == nullptr || standing.opened < from || standing.opened > now) return std::nullopt;
  const views::ShopTables& tables = state.tables();
  const views::CaseRef ref{views::CaseKind::ticket, number};
  Row row;
  row.id = tables.dictionary(views::DictionaryKind::tickets).text(number);
  row.agent = tables.words().text(ticket->agent_word);
  row.department = state.case_clocks().department(ref, now);
  row.done = standing.done();
  const Instant end = ticket->solved == Instant::min() ? now : ticket->solved;
  row.hours = static_cast<double>((end - standing.opened).ms) / 3'600'000.0;
  for (const views::CaseClock& clock : state.clocks_of(ref, now)) {
    if (clock.kind == views::ClockKind::closed) row.late = clock.reading.breached != Instant::min();
  }
  const views::Contact* contact = ticket->contact == 0 ? nullptr : state.contact(ticket->contact);
  if (contact != nullptr && contact->first_human != Instant::min() && contact->started != Instant::min())
    row.answered_s = static_cast<double>((contact->first_human - contact->started).ms) / 1'000.0;
  // As it was when the ticket was opened: what came of the case has no part in what the case was.
  const std::string_view tier = ticket->node.value == 0
                                    ? std::string_view()
                                    : tier_at(state, state.customer_of(ticket->node), standing.opened);
  row.stratum = fmt::format(
      "{}/{}/{}/{}", views::word_at(p::feedback_class, standing.feedback_class),
      views::word_at(p::priority, standing.priority),
      contact == nullptr ? std::string_view("none") : tables.words().text(contact->channel_word), tier);
  return row;
}

Result<std::vector<Row>> rows_of(Inquiry& inquiry, Instant from, Instant now) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(unit.desk_book.refresh());
  const views::ShopState& state = unit.shop.state();
  RAPPORT_TRY(const std::uint32_t last, ask_shop<std::uint32_t>(unit, [&]() -> Result<std::uint32_t> {
                return state.tables().dictionary(views::DictionaryKind::tickets).size();
              }));
  std::vector<Row> rows;
  // Newest numbers first, in slices, so that folding goes on in between.
  const std::uint32_t first = last > kLookedMost ? last - static_cast<std::uint32_t>(kLookedMost) : 0;
  for (std::uint32_t end = last; end > first;) {
    const std::uint32_t begin = std::max<std::uint32_t>(first, end > kSlice ? end - kSlice : 0);
    RAPPORT_CHECK(ask_shop<bool>(unit, [&]() -> Result<bool> {
      for (std::uint32_t number = end; number > begin; --number) {
        if (auto row = row_of(state, number, from, now)) rows.push_back(std::move(*row));
      }
      return true;
    }));
    end = begin;
  }
  for (Row& row : rows) {
    if (const auto outcome = unit.desk_book.call_back(row.id)) row.satisfied = outcome->satisfied;
  }
  return rows;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void write_real(codec::JsonWriter& json, std::string_view name, double value) {
  json.key(name);
  json.real(std::round(value * 1e4) / 1e4);
}

/// Counts over some tickets: open ones count with their age so far.
void write_figures(codec::JsonWriter& json, const std::vector<const Row*>& rows) {
  std::size_t open = 0, late = 0, called = 0, satisfied = 0;
  double hours = 0;
  std::vector<double> answers;
  for (const Row* row : rows) {
    open += row->done ? 0 : 1;
    late += row->late ? 1 : 0;
    hours += row->hours;
    if (row->answered_s) answers.push_back(*row->answered_s);
    called += row->satisfied ? 1 : 0;
    satisfied += row->satisfied.value_or(false) ? 1 : 0;
  }
  json.field("tickets", rows.size());
  json.field("open", open);
  json.field("late", late);
  json.key("hours_mean");
  rows.empty() ? json.null() : json.real(std::round(hours / static_cast<double>(rows.size()) * 100) / 100);
  json.key("first_answer_s_median");
  answers.empty() ? json.null() : json.real(std::round(median(answers) * 10) / 10);
  json.field("called_back", called);
  json.field("satisfied", satisfied);
}

/// Numbers for texts, as the study wants them.
class Numbers {
 public:
  std::uint32_t of(const std::string& text) {
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

using Value = std::function<std::optional<double>(const Row&)>;
/// Cards by name. `name` = the agent or the team of a ticket; "" = nobody's.
std::map<std::string, Scorecard> cards_of(const std::vector<Row>& rows, const std::string Row::*name,
                                          ScoreKind kind, const Value& value) {
  Numbers who, strata;
  std::vector<ScoredCase> cases;
  std::map<std::uint32_t, std::string> names;
  for (const Row& row : rows) {
    const auto held = value(row);
    if ((row.*name).empty() || !held) continue;
    const std::uint32_t number = who.of(row.*name);
    names[number] = row.*name;
    cases.push_back({number, strata.of(row.stratum), *held});
  }
  std::map<std::string, Scorecard> cards;
  for (const Scorecard& card : study::scorecards(cases, kind)) cards.emplace(names.at(card.agent), card);
  return cards;
}

void write_card(codec::JsonWriter& json, std::string_view name, const std::map<std::string, Scorecard>& cards,
                const std::string& whose) {
  json.key(name);
  const auto found = cards.find(whose);
  if (found == cards.end()) return json.null();
  const Scorecard& card = found->second;
  json.begin_object();
  json.field("comparable", card.comparable);
  json.field("told", card.told);
  if (card.comparable > 0) {
    write_real(json, "mean", card.mean);
    write_real(json, "expected", card.expected);
    write_real(json, "difference", card.difference);
  }
  if (card.told) {
    write_real(json, "low", card.low);
    write_real(json, "high", card.high);
  }
  json.end_object();
}

/// Cards by agent or by department.
void write_cards(codec::JsonWriter& json, std::string_view title, std::string_view id,
                 const std::vector<Row>& rows, const std::string Row::*name,
                 const std::map<std::string, std::uint32_t>& loads) {
  const auto late =
      cards_of(rows, name, ScoreKind::share, [](const Row& row) { return row.late ? 1.0 : 0.0; });
  const auto hours = cards_of(rows, name, ScoreKind::amount, [](const Row& row) { return row.hours; });
  const auto satisfied = cards_of(rows, name, ScoreKind::share, [](const Row& row) -> std::optional<double> {
    if (!row.satisfied) return std::nullopt;
    return *row.satisfied ? 1.0 : 0.0;
  });
  std::map<std::string, std::vector<const Row*>> by_name;
  for (const Row& row : rows) {
    if (!(row.*name).empty()) by_name[row.*name].push_back(&row);
  }
  json.key(title);
  json.begin_array();
  for (const auto& [whose, own] : by_name) {
    json.begin_object();
    json.field(id, whose);
    const auto load = loads.find(whose);
    json.field("load", load == loads.end() ? 0U : load->second);
    write_figures(json, own);
    json.key("card");
    json.begin_object();
    write_card(json, "late", late, whose);
    write_card(json, "hours", hours, whose);
    write_card(json, "satisfied", satisfied, whose);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

Result<std::string> answer(Inquiry& inquiry, const TeamQuery& query) {
  if (query.days < 7 || query.days > 365) return Error{Errc::bad_input, "no such window", "days", "7 to 365"};
  ShopUnit& unit = inquiry.unit();
  if (query.after_offset) {
    RAPPORT_CHECK(position_is_there(unit, query.after_offset));
    std::promise<void> folded;
    if (unit.shop.read(query.after_offset, [&folded] { folded.set_value(); })) folded.get_future().wait();
  }
  RAPPORT_TRY(const Instant now, inquiry.now());
  RAPPORT_TRY(const std::vector<Row> rows, rows_of(inquiry, now - days(query.days), now));
  using Loads = std::map<std::string, std::uint32_t>;
  RAPPORT_TRY(const Loads loads, ask_shop<Loads>(unit, [&]() -> Result<Loads> {
                Loads all;
                for (const auto& [word, load] : unit.shop.state().case_clocks().loads())
                  all.emplace(unit.shop.state().tables().words().text(word), load);
                return all;
              }));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("now", now);
  json.field("days", query.days);
  std::vector<const Row*> all;
  for (const Row& row : rows) all.push_back(&row);
  json.key("whole");
  json.begin_object();
  write_figures(json, all);
  const auto nobody = loads.find("");
  json.field("unassigned", nobody == loads.end() ? 0U : nobody->second);
  json.end_object();
  write_cards(json, "agents", "agent", rows, &Row::agent, loads);
  write_cards(json, "teams", "department", rows, &Row::department, {});
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

}  // namespace

void team(Engine& engine, ShopNo shop, TeamQuery query, Reply<std::string> reply) {
  engine.inquire(
      shop, [query](Inquiry& inquiry) { return answer(inquiry, query); }, std::move(reply));
}

}  // namespace rapport::engine
