#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/commands/tickets_desk.h"
#include "app/parts.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport tickets: the service desk in the terminal, and its policies.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, file, queue = "open", department, agent, state, priority, reason, text, macro,
                                    language;
  std::int64_t most = 50;
  bool json = false;
};

std::string ticket_path(const Asked& asked, const std::string& rest = "") {
  return "/v1/tickets/" + http::percent_encode(asked.id) + rest;
}

void show(const Asked& asked, const std::string& body) {
  show_answer(asked.json, body);
}

void list(const Asked& asked) {
  std::string path =
      fmt::format("/v1/tickets?queue={}&limit={}", http::percent_encode(asked.queue), asked.most);
  for (const auto& [name, value] : {std::pair("department", asked.department),
                                    std::pair("agent", asked.agent), std::pair("state", asked.state)}) {
    if (!value.empty()) path += fmt::format("&{}={}", name, http::percent_encode(value));
  }
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", path});
  if (asked.json) return show(asked, reply.body);
  codec::JsonIndex json;
  if (!json.parse(reply.body).ok()) return show(asked, reply.body);
  std::printf("%-20s  %-5s  %-20s  %-10s  %-12s  %-12s  %s\n", "due", "late", "ticket", "state", "department",
              "agent", "customer");
  std::size_t shown = 0;
  for (codec::JsonItems items(json.root().find("tickets")); items.next(); ++shown) {
    const codec::JsonValue ticket = items.value();
    const auto get = [&](std::string_view name) { return text_of(ticket.find(name)); };
    std::printf("%-20s  %-5s  %-20s  %-10s  %-12s  %-12s  %s\n", get("due_at").substr(0, 20).c_str(),
                get("late") == "true" ? "late" : "", get("ticket_id").c_str(), get("state").c_str(),
                get("department").c_str(), get("agent").c_str(), get("customer").c_str());
  }
  const codec::JsonValue counts = json.root().find("counts");
  std::printf("%zu of %s; open %s, late %s, nobody's %s\n", shown,
              text_of(json.root().find("matching")).c_str(), text_of(counts.find("open")).c_str(),
              text_of(counts.find("late")).c_str(), text_of(counts.find("unassigned")).c_str());
}

void one(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", ticket_path(asked)}).body);
}

void act(const Asked& asked, const std::string& what,
         std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  for (const auto& [name, value] : members) {
    if (!value.empty()) json.field(name, value);
  }
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", ticket_path(asked, "/" + what), body});
  if (asked.json) return show(asked, reply.body);
  std::printf("%s at %s\n", asked.id.c_str(), field(reply.body, "offset").c_str());
}

void assign(const Asked& asked) {
  act(asked, "assign", {{"agent", asked.agent}, {"reason", asked.reason}});
}
void update(const Asked& asked) {
  act(asked, "update", {{"state", asked.state}, {"priority", asked.priority}, {"reason", asked.reason}});
}
void reply(const Asked& asked) {
  if (asked.text.empty() && asked.macro.empty())
    give_up({Errc::bad_input, "nothing to say", "--text", "one of --text and --macro, or both"});
  act(asked, "reply",
      {{"text", asked.text}, {"macro", asked.macro}, {"language", asked.language}, {"agent", asked.agent}});
}

void policy(const Asked& asked, const std::string& path) {
  show_or_publish({asked.data, asked.shop, asked.file, asked.json}, path);
}
void levels(const Asked& asked) {
  policy(asked, "/v1/service-levels");
}
void roster(const Asked& asked) {
  policy(asked, "/v1/roster");
}
void calendar(const Asked& asked) {
  policy(asked, asked.file.empty() ? "/v1/calendars" : "/v1/calendars/" + http::percent_encode(asked.id));
}

}  // namespace

void add_tickets(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* parent =
      app.add_subcommand("tickets", "The service desk: tickets by deadline, and what is promised");
  parent->require_subcommand(1);
  CLI::App* part = add_part(*parent, asked, "list", "Tickets by deadline", list);
  part->add_option("--queue", asked->queue, "open, late, unassigned, call_back or done")
      ->capture_default_str();
  part->add_option("--department", asked->department, "only of that department");
  part->add_option("--agent", asked->agent, "only of that agent; none = nobody's");
  part->add_option("--state", asked->state, "only in that state");
  part->add_option("--most", asked->most, "so many")->capture_default_str();
  part = add_part(*parent, asked, "show", "One ticket with its clocks and its history", one);
  part->add_option("ID", asked->id, "the ticket")->required();
  part = add_part(*parent, asked, "assign", "Gives it to an agent", assign);
  part->add_option("ID", asked->id, "the ticket")->required();
  part->add_option("--agent", asked->agent, "the agent")->required();
  part->add_option("--reason", asked->reason, "why");
  part = add_part(*parent, asked, "update", "Moves it on", update);
  part->add_option("ID", asked->id, "the ticket")->required();
  part->add_option("--state", asked->state,
                   "located, waiting, solved, called_back, reopened, escalated or closed")
      ->required();
  part->add_option("--priority", asked->priority, "low, normal, high or urgent");
  part->add_option("--reason", asked->reason, "why");
  part = add_part(*parent, asked, "reply", "Writes to the customer", reply);
  part->add_option("ID", asked->id, "the ticket")->required();
  part->add_option("--text", asked->text, "what is said; with a macro its own text when absent");
  part->add_option("--macro", asked->macro, "a written answer; its steps are done in the same write");
  part->add_option("--language", asked->language,
                   "of the macro: zh-Hans, zh-Hant, en; the customer's when absent");
  part->add_option("--agent", asked->agent, "who says it");
  part = add_part(*parent, asked, "levels", "What is promised by when; with --file it is published", levels);
  part->add_option("--file", asked->file, "JSON (docs/service-desk.md)");
  part = add_part(*parent, asked, "roster", "Who works for the shop; with --file it is published", roster);
  part->add_option("--file", asked->file, "JSON (docs/service-desk.md)");
  part =
      add_part(*parent, asked, "calendar", "The business calendars; with --file one is published", calendar);
  part->add_option("ID", asked->id, "the calendar")->capture_default_str();
  part->add_option("--file", asked->file, "JSON (docs/service-desk.md)");
  add_ticket_desk_parts(*parent);
  parent->footer(
      "Example: rapport tickets refund T-1 --amount 20 --reason 'arrived scratched' --data ./data --shop "
      "main");
}

}  // namespace rapport::app
