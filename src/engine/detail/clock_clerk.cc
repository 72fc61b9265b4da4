#include "engine/detail/clock_clerk.h"

#include "base/hash.h"
#include "base/log.h"
#include "codec/json_writer.h"
#include "engine/detail/told_event.h"
#include "model/answers/customer.h"
#include "views/fact_table.h"

namespace rapport::engine {
namespace {

using views::CaseKind;
using views::ClockStep;

constexpr std::uint64_t kFailed = ~std::uint64_t{0};
constexpr std::uint64_t kNothing = kFailed - 1;  // all of it was there before, or suppressed
constexpr std::int64_t kAssignAgainNs = 1'000'000'000;
/// Later than that a step bears the moment at which it was done.
constexpr Duration kPrompt = minutes(1);

std::string message_id(std::string_view what) {
  return fmt::format("care-{}", digest_hex(sha256(what)).substr(0, 32));
}

std::string_view step_name(std::uint8_t step) {
  return step == ClockStep::kWarn  ? "clock.warned"
         : step == ClockStep::kDue ? "clock.due"
                                   : "clock.escalated";
}

}  // namespace

std::string_view ClockClerk::case_id(views::CaseRef ref) const {
  return shop_.state().tables().dictionary(views::dictionary_of(ref.kind)).text(ref.number);
}

void ClockClerk::look() {
  const views::ShopState& state = shop_.state();
  if (waiting_) {
    const std::uint64_t answered = answered_->load();
    if (answered == 0) return;
    if (answered < kNothing && state.position().value < answered) return;
    waiting_ = false;
  }
  if (state.importing() || shop_.stopping()) return;
  Doing doing;
  if (state.case_clocks().ripe_cases() > 0) {
    for (const ClockStep& step : state.ripe_steps(kAtOnce + refused_.size())) tell(step, doing);
  }
  if (!state.case_clocks().unassigned().empty()) assign(doing);
  if (!doing.events.empty()) send(std::move(doing));
}

bool ClockClerk::add_event(NodeId node, std::string_view name, const std::string& id, Instant at,
                           std::vector<codec::PropertyInput> properties, Doing& doing) {
  auto event = told_event(shop_, {node, name, id, at, std::move(properties)});
  if (!event) return false;
  doing.events.push_back(std::move(*event));
  return true;
}

void ClockClerk::tell(const ClockStep& step, Doing& doing) {
  const std::string_view about = case_id(step.ref);
  const std::string id =
      message_id(fmt::format("clock {} {} {} {} {}", views::case_name(step.ref.kind), about,
                             views::clock_name(step.clock), step.started.ms, step.step));
  if (refused_.contains(id)) return;
  const Instant now = shop_.state().now();
  const Instant at = now - step.moment <= kPrompt ? step.moment : now;
  std::vector<codec::PropertyInput> properties = {{"about", about},
                                                  {"case", views::case_name(step.ref.kind)},
                                                  {"clock", views::clock_name(step.clock)},
                                                  {"step", std::int64_t{step.step}},
                                                  {"due", step.moment}};
  if (!step.agent.empty()) properties.push_back({"agent", std::string_view(step.agent)});
  if (!add_event(step.node, "Clock Reached", id, at, std::move(properties), doing)) {
    refused_.insert(id);
    return;
  }
  doing.ids.push_back(id);
  if (step.step >= ClockStep::kLadder && step.ref.kind == CaseKind::ticket) escalate(step, id, at, doing);
  call(step, id, at, doing);
}

void ClockClerk::escalate(const ClockStep& step, const std::string& id, Instant at, Doing& doing) {
  const std::string_view ticket = case_id(step.ref);
  const std::string reason = fmt::format("{} late", views::clock_name(step.clock));
  constexpr std::uint8_t kEscalated = 6;
  const views::TicketStanding standing = shop_.state().case_clocks().standing(step.ref.number);
  if (!standing.done() && standing.state != kEscalated) {
    add_event(step.node, "Ticket Updated", id + "-escalated", at,
              {{"ticket_id", ticket},
               {"state", std::string_view("escalated")},
               {"reason", std::string_view(reason)}},
              doing);
  }
  add_event(
      step.node, "Ticket Assigned", id + "-assigned", at,
      {{"ticket_id", ticket}, {"agent", std::string_view(step.agent)}, {"reason", std::string_view(reason)}},
      doing);
}

/// Webhooks hear of it in the batch that says it, so that a crash neither loses nor doubles a call.
void ClockClerk::call(const ClockStep& step, const std::string& id, Instant at, Doing& doing) {
  if (shop_.driven()) return;
  const std::string_view type = step_name(step.step);
  const std::vector<std::uint64_t> hooks = outbox_.listeners(type, views::clock_name(step.clock));
  if (hooks.empty()) return;
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("type", type);
  json.field("timestamp", at);
  json.key("data");
  json.begin_object();
  json.field("id", id);
  json.field("case", views::case_name(step.ref.kind));
  json.field("case_id", case_id(step.ref));
  json.field("clock", views::clock_name(step.clock));
  json.field("step", std::int64_t{step.step});
  json.field("moment", step.moment);
  json.field("department", step.department);
  if (!step.agent.empty()) json.field("agent", step.agent);
  json.field("customer", model::format_customer_id(shop_.state().customer_of(step.node)));
  json.end_object();
  json.end_object();
  tell_webhooks(hooks, id, body, at, doing.calls);
}

std::vector<decide::CareAgent> ClockClerk::staff(Instant now) {
  const views::ShopState& state = shop_.state();
  const std::string_view text = state.noun(model::kind::roster_published, "main");
  if (text != roster_text_) {
    roster_text_ = text;
    roster_ = Roster::parse(text).value_or({});
  }
  std::vector<decide::CareAgent> agents;
  for (const RosterAgent& each : roster_.agents) {
    const auto load = state.case_clocks().loads().find(state.tables().words().find(each.agent));
    agents.push_back({each.agent, each.departments, each.skills, each.capacity,
                      load == state.case_clocks().loads().end() ? 0 : load->second,
                      works_from(each, state.case_clocks().calendars(), now)});
  }
  return agents;
}

void ClockClerk::assign(Doing& doing) {
  const std::int64_t clock_ns = monotonic_ns();
  if (clock_ns < assign_not_before_ns_) return;
  const views::ShopState& state = shop_.state();
  const Instant now = state.now();
  std::vector<decide::CareAgent> agents = staff(now);
  std::size_t assigned = 0;
  for (const std::uint32_t number : state.case_clocks().unassigned()) {
    if (agents.empty() || assigned == kAtOnce) break;
    const views::CaseRef ref{CaseKind::ticket, number};
    const views::Ticket* ticket = state.ticket(number);
    const std::string id = message_id(fmt::format("assign {}", case_id(ref)));
    if (ticket == nullptr || ticket->node.value == 0 || refused_.contains(id)) continue;
    decide::CareTask task;
    task.department = state.case_clocks().department(ref, now);
    task.skills = {std::string(views::word_at(model::property::feedback_class, ticket->feedback_class))};
    for (const views::CaseClock& clock : state.clocks_of(ref, now)) {
      if (clock.kind == views::ClockKind::closed) task.due = clock.reading.due_at;
    }
    const auto choice = decide::choose_agent(task, agents, now);
    if (!choice) continue;
    decide::CareAgent& agent = agents[choice->agent];
    const std::string reason = fmt::format("{}", fmt::join(choice->reasons, "; "));
    if (!add_event(ticket->node, "Ticket Assigned", id, now,
                   {{"ticket_id", case_id(ref)},
                    {"agent", std::string_view(agent.name)},
                    {"reason", std::string_view(reason)}},
                   doing)) {
      refused_.insert(id);
      continue;
    }
    doing.ids.push_back(id);
    ++agent.load;
    ++assigned;
  }
  // Where there is nobody for the rest, looking again with every batch would find nobody again.
  if (assigned == 0) assign_not_before_ns_ = clock_ns + kAssignAgainNs;
}

void ClockClerk::send(Doing doing) {
  waiting_ = true;
  answered_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  IngestRequest request;
  request.events = std::move(doing.events);
  auto all = std::make_shared<Doing>(std::move(doing));
  shop_.ingest_with(std::move(request), Outbox::rows(all->calls),
                    [this, all, answered = answered_](Result<model::IngestAnswer> answer) {
                      if (answer.ok() && answer->accepted > 0) {
                        answered->store(answer->offset.value);
                        outbox_.take(std::move(all->calls));
                        return;
                      }
                      answered->store(answer.ok() ? kNothing : kFailed);
                      if (!answer.ok()) return;
                      shop_.post([this, all] { refused_.insert(all->ids.begin(), all->ids.end()); });
                    });
}

}  // namespace rapport::engine
