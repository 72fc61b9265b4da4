#include "app/commands/tickets_desk.h"

#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/session.h"
#include "base/hash.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport tickets refund, coupon, appointment, approve, refuse, macros, hand-over, call-backs, answer: the
// desk's doors in the terminal.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, action, file, key, reason, agent, role, order, amount, value, coupon, service,
      time, wanted, note;
  std::vector<std::string> tried;
  std::int64_t expect = -1, most = 50;
  bool json = false, satisfied = false, unsatisfied = false;
};

std::string path_of(const std::string& id, const std::string& rest) {
  return "/v1/tickets/" + http::percent_encode(id) + rest;
}

std::string get(const Asked& asked, const std::string& path) {
  Session session = must(Session::open(asked.data, asked.shop));
  return session.call({"GET", path}).body;
}

/// The members that are not empty.
using Members = std::initializer_list<std::pair<std::string_view, const std::string&>>;
void write_members(codec::JsonWriter& json, Members members) {
  for (const auto& [name, value] : members) {
    if (!value.empty()) json.field(name, value);
  }
}

std::string post(const Asked& asked, const std::string& path, const std::string& body) {
  Session session = must(Session::open(asked.data, asked.shop));
  return session.call({"POST", path, body}).body;
}

void print_action(codec::JsonValue action) {
  const auto word = [&](std::string_view name) { return text_of(action.find(name)); };
  const std::string of = word("order_id") != "-"     ? word("order_id")
                         : word("coupon_id") != "-"  ? word("coupon_id")
                         : word("service_id") != "-" ? word("service_id")
                                                     : "-";
  std::printf("%-20s  %-20s  %-12s  %-9s  %-20s  %-14s  %-12s  %s\n", word("asked").substr(0, 20).c_str(),
              word("ticket_id").c_str(), word("action").c_str(), word("state").c_str(), of.c_str(),
              (word("amount") == "-" ? word("for") : word("amount") + " " + word("currency")).c_str(),
              word("asked_by").c_str(), word("action_id").c_str());
}

/// What waits for a second person, or what was done and waits on one ticket.
void actions(const Asked& asked) {
  const std::string body = get(asked, asked.id.empty() ? "/v1/desk/actions" : path_of(asked.id, "/actions"));
  codec::JsonIndex json;
  if (asked.json || !json.parse(body).ok()) return show_answer(asked.json, body);
  std::size_t shown = 0;
  for (codec::JsonItems items(json.root().find("actions")); items.next(); ++shown)
    print_action(items.value());
  std::printf("%zu %s\n", shown, asked.id.empty() ? "wait for a second person" : "on this ticket");
}

void tell_action(const Asked& asked, const std::string& body) {
  codec::JsonIndex json;
  if (asked.json || !json.parse(body).ok()) return show_answer(asked.json, body);
  const codec::JsonValue action = json.root().find("action");
  std::printf("%s %s is %s%s at %s\n", text_of(action.find("action")).c_str(),
              text_of(action.find("action_id")).c_str(), text_of(action.find("state")).c_str(),
              json.root().find("repeated").is_true() ? " (it was asked for before under this key)" : "",
              text_of(json.root().find("offset")).c_str());
}

/// Without --key the same words are the same action, so a command that is given twice does it once.
std::string key_of(const Asked& asked, const std::string& action) {
  if (!asked.key.empty()) return asked.key;
  const std::string said =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", asked.id, action, asked.order, asked.amount,
                  asked.value, asked.coupon, asked.service, asked.time, asked.reason);
  return "cli-" + digest_hex(sha256(said)).substr(0, 24);
}

void act(const Asked& asked, const std::string& action) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  write_members(json, {{"action", action},
                       {"key", key_of(asked, action)},
                       {"reason", asked.reason},
                       {"order_id", asked.order},
                       {"amount", asked.amount},
                       {"value", asked.value},
                       {"coupon_id", asked.coupon},
                       {"service_id", asked.service},
                       {"for", asked.time},
                       {"agent", asked.agent},
                       {"role", asked.role}});
  json.end_object();
  tell_action(asked, post(asked, path_of(asked.id, "/actions"), body));
}
void refund(const Asked& asked) {
  act(asked, "refund");
}
void coupon(const Asked& asked) {
  act(asked, "coupon");
}
void appointment(const Asked& asked) {
  act(asked, "appointment");
}

void decide(const Asked& asked, bool approve) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("approve", approve);
  write_members(json, {{"reason", asked.reason}, {"agent", asked.agent}, {"role", asked.role}});
  json.end_object();
  const std::string path = path_of(asked.id, "/actions/" + http::percent_encode(asked.action) + "/decide");
  tell_action(asked, post(asked, path, body));
}
void approve(const Asked& asked) {
  decide(asked, true);
}
void refuse(const Asked& asked) {
  decide(asked, false);
}

void policy(const Asked& asked) {
  show_or_publish({asked.data, asked.shop, asked.file, asked.json}, "/v1/desk/policy");
}

/// All written answers; one; one published.
void macros(const Asked& asked) {
  if (!asked.id.empty())
    return show_or_publish({asked.data, asked.shop, asked.file, asked.json},
                           "/v1/macros/" + http::percent_encode(asked.id));
  if (!asked.file.empty())
    give_up({Errc::bad_input, "which macro is this?", "ID", "rapport tickets macros ID --file FILE"});
  const std::string body = get(asked, "/v1/macros");
  codec::JsonIndex json;
  if (asked.json || !json.parse(body).ok()) return show_answer(asked.json, body);
  for (codec::JsonItems items(json.root().find("macros")); items.next();) {
    const codec::JsonValue one = items.value();
    std::string languages;
    for (codec::JsonMembers texts(one.find("texts")); texts.next();)
      languages += (languages.empty() ? "" : ",") + std::string(texts.key());
    std::printf("%-24s  %-22s  %-10s  %-6s  %s\n", text_of(one.find("macro_id")).c_str(), languages.c_str(),
                text_of(one.find("state")).c_str(), one.find("closed").is_true() ? "closed" : "",
                text_of(one.find("title")).c_str());
  }
}

void tell_moved(const Asked& asked, const std::string& body, const char* what) {
  if (asked.json) return show_answer(true, body);
  std::printf("%s %s at %s\n", asked.id.c_str(), what, field(body, "offset").c_str());
}

void hand_over(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("agent", asked.agent);
  write_members(json, {{"reason", asked.reason}});
  json.key("packet");
  json.begin_object();
  json.field("wanted", asked.wanted);
  json.key("tried");
  json.begin_array();
  for (const std::string& one : asked.tried) json.text(one);
  json.end_array();
  json.end_object();
  json.end_object();
  tell_moved(asked, post(asked, path_of(asked.id, "/assign"), body), "is handed over");
}

/// Solved tickets by when their authors are to be called back.
void call_backs(const Asked& asked) {
  std::string path = fmt::format("/v1/tickets?queue=call_back&limit={}", asked.most);
  if (!asked.agent.empty()) path += "&agent=" + http::percent_encode(asked.agent);
  const std::string body = get(asked, path);
  codec::JsonIndex json;
  if (asked.json || !json.parse(body).ok()) return show_answer(asked.json, body);
  std::printf("%-20s  %-5s  %-20s  %-12s  %s\n", "due", "late", "ticket", "agent", "customer");
  std::size_t shown = 0;
  for (codec::JsonItems items(json.root().find("tickets")); items.next(); ++shown) {
    const auto word = [&](std::string_view name) { return text_of(items.value().find(name)); };
    std::printf("%-20s  %-5s  %-20s  %-12s  %s\n", word("due_at").substr(0, 20).c_str(),
                word("late") == "true" ? "late" : "", word("ticket_id").c_str(), word("agent").c_str(),
                word("customer").c_str());
  }
  std::printf("%zu of %s\n", shown, text_of(json.root().find("matching")).c_str());
}

void called_back(const Asked& asked) {
  if (asked.satisfied == asked.unsatisfied)
    give_up({Errc::bad_input, "was she satisfied?", "--satisfied", "one of --satisfied and --not-satisfied"});
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("satisfied", asked.satisfied);
  write_members(json, {{"note", asked.note}, {"agent", asked.agent}});
  json.end_object();
  tell_moved(asked, post(asked, path_of(asked.id, "/call-back"), body),
             asked.satisfied ? "is closed" : "is open again and escalated");
}

void case_link(const Asked& asked) {
  const std::string body = get(asked, path_of(asked.id, "/case-link"));
  if (asked.json) return show_answer(true, body);
  const std::string link = field(body, "link");
  std::printf("%s\n", (link.empty() || link == "null" ? field(body, "path") : link).c_str());
}

void answers(const Asked& asked) {
  const std::string body = get(asked, "/v1/feedback/answers");
  codec::JsonIndex json;
  if (asked.json || !json.parse(body).ok()) return show_answer(asked.json, body);
  for (codec::JsonItems items(json.root().find("answers")); items.next();)
    std::printf("%-32s  %s heard of it\n", text_of(items.value().find("answer_id")).c_str(),
                text_of(items.value().find("authors")).c_str());
}

/// Counts, or with --expect tells them.
void answer(const Asked& asked) {
  const std::string given = read_text_file(asked.file);
  codec::JsonIndex file;
  must(file.parse(given));
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("answer_id", asked.id);
  for (const std::string_view name : {"texts", "about"}) {
    if (!file.root().find(name).present()) continue;
    json.key(name);
    json.raw(file.root().find(name).raw());
  }
  if (asked.expect < 0) json.field("preview", true);
  if (asked.expect >= 0) json.field("expect", asked.expect);
  json.end_object();
  const std::string told = post(asked, "/v1/feedback/answers", body);
  if (asked.json) return show_answer(true, told);
  if (asked.expect >= 0) return void(std::printf("%s told\n", field(told, "told").c_str()));
  std::printf(
      "%s authors of %s pieces would hear of it, %s of them in the shop, %s by letter; %s heard before\n"
      "to tell them: --expect %s\n",
      field(told, "authors").c_str(), field(told, "pieces").c_str(), field(told, "in_shop").c_str(),
      field(told, "by_mail").c_str(), field(told, "told_before").c_str(), field(told, "authors").c_str());
}

CLI::App* with_ticket(CLI::App* part, const std::shared_ptr<Asked>& asked) {
  part->add_option("ID", asked->id, "the ticket")->required();
  return part;
}
void add_who(CLI::App& part, const std::shared_ptr<Asked>& asked) {
  part.add_option("--agent", asked->agent, "for whom of the staff");
  part.add_option("--role", asked->role, "in what role: owner (default), logistics or agent");
}
void add_reason(CLI::App& part, const std::shared_ptr<Asked>& asked) {
  part.add_option("--reason", asked->reason, "why; it is kept")->required();
  part.add_option("--key", asked->key, "the same key is the same action (default: made of what is asked)");
  add_who(part, asked);
}

void add_action_parts(CLI::App& tickets, const std::shared_ptr<Asked>& asked) {
  add_part(tickets, asked, "actions", "What waits for a second person; with a ticket all that is on it",
           actions)
      ->add_option("ID", asked->id, "the ticket");
  CLI::App* part = with_ticket(add_part(tickets, asked, "refund", "Pays back", refund), asked);
  part->add_option("--amount", asked->amount, "all that is left when absent");
  part->add_option("--order", asked->order, "the ticket's own when absent");
  add_reason(*part, asked);
  part = with_ticket(add_part(tickets, asked, "coupon", "Gives a coupon", coupon), asked);
  part->add_option("--value", asked->value, "in the shop's currency")->required();
  part->add_option("--coupon", asked->coupon, "its name; made when absent");
  add_reason(*part, asked);
  part = with_ticket(add_part(tickets, asked, "appointment", "Books a service", appointment), asked);
  part->add_option("--service", asked->service, "the service")->required();
  part->add_option("--for", asked->time, "when it begins: 2026-11-23T10:00:00+08:00")->required();
  add_reason(*part, asked);
  part = with_ticket(
      add_part(tickets, asked, "approve", "A second person lets a waiting action through", approve), asked);
  part->add_option("ACTION", asked->action, "as `actions` names it")->required();
  part->add_option("--reason", asked->reason, "why");
  add_who(*part, asked);
  part = with_ticket(add_part(tickets, asked, "refuse", "A second person refuses a waiting action", refuse),
                     asked);
  part->add_option("ACTION", asked->action, "as `actions` names it")->required();
  part->add_option("--reason", asked->reason, "why")->required();
  add_who(*part, asked);
  add_part(tickets, asked, "policy", "What agents may do alone; with --file it is published", policy)
      ->add_option("--file", asked->file, "JSON (docs/desk.md)");
}

}  // namespace

void add_ticket_desk_parts(CLI::App& tickets) {
  auto asked = std::make_shared<Asked>();
  add_action_parts(tickets, asked);
  CLI::App* part = add_part(tickets, asked, "macros",
                            "Written answers; with an ID one, with --file it is published", macros);
  part->add_option("ID", asked->id, "the macro");
  part->add_option("--file", asked->file, "JSON (docs/desk.md)");
  part = with_ticket(
      add_part(tickets, asked, "hand-over", "Gives it to an agent with all he has to know", hand_over),
      asked);
  part->add_option("--agent", asked->agent, "the agent")->required();
  part->add_option("--wanted", asked->wanted, "what the customer wants")->required();
  part->add_option("--tried", asked->tried, "what was tried; may be given again");
  part->add_option("--reason", asked->reason, "why");
  part =
      add_part(tickets, asked, "call-backs", "Solved tickets by when they are to be called back", call_backs);
  part->add_option("--agent", asked->agent, "only of that agent");
  part->add_option("--most", asked->most, "so many")->capture_default_str();
  part = with_ticket(
      add_part(tickets, asked, "called-back", "What she said when she was called back", called_back), asked);
  part->add_flag("--satisfied", asked->satisfied, "closes it");
  part->add_flag("--not-satisfied", asked->unsatisfied, "opens it again and escalates it");
  part->add_option("--note", asked->note, "sealed with her own words");
  part->add_option("--agent", asked->agent, "who called");
  with_ticket(
      add_part(tickets, asked, "case-link", "Where the customer sees the record of her case", case_link),
      asked);
  add_part(tickets, asked, "answers", "What authors of feedback were told was done", answers);
  part = add_part(tickets, asked, "answer",
                  "You said, we did: counts whom it would tell; with --expect tells them", answer);
  part->add_option("ID", asked->id, "name of this answer")->required();
  part->add_option("--file", asked->file, "JSON: texts, about (docs/desk.md)")->required();
  part->add_option("--expect", asked->expect, "the authors that the count gave")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace rapport::app
