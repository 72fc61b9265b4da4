#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport returns: what customers send back, decided and paid in the terminal; and the policy of deciding.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, file, queue = "waiting", decision, state, amount, reason, agent, role;
  std::int64_t most = 50;
  bool json = false;
};

void show(const Asked& asked, const std::string& body) {
  show_answer(asked.json, body);
}

std::string path_of(const Asked& asked, const std::string& rest = "") {
  return "/v1/returns/" + http::percent_encode(asked.id) + rest;
}

void list(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call(
      {"GET", fmt::format("/v1/returns?queue={}&limit={}", http::percent_encode(asked.queue), asked.most)});
  codec::JsonIndex json;
  if (asked.json || !json.parse(reply.body).ok()) return show(asked, reply.body);
  std::printf("%-20s  %-5s  %-20s  %-14s  %-20s  %-16s  %s\n", "due", "late", "return", "state", "order",
              "reason", "customer");
  std::size_t shown = 0;
  for (codec::JsonItems items(json.root().find("returns")); items.next(); ++shown) {
    const codec::JsonValue one = items.value();
    const auto get = [&](std::string_view name) { return text_of(one.find(name)); };
    std::printf("%-20s  %-5s  %-20s  %-14s  %-20s  %-16s  %s\n", get("due_at").substr(0, 20).c_str(),
                get("late") == "true" ? "late" : "", get("return_id").c_str(), get("state").c_str(),
                get("order_id").c_str(), get("reason").c_str(), get("customer").c_str());
  }
  std::printf("%zu of %s\n", shown, text_of(json.root().find("matching")).c_str());
}

void one(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", path_of(asked)}).body);
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
  const auto reply = session.call({"POST", path_of(asked, "/" + what), body});
  if (asked.json) return show(asked, reply.body);
  std::printf("%s is %s at %s\n", asked.id.c_str(), field(reply.body, "state").c_str(),
              field(reply.body, "offset").c_str());
}

void decide(const Asked& asked) {
  act(asked, "decide",
      {{"decision", asked.decision}, {"reason", asked.reason}, {"agent", asked.agent}, {"role", asked.role}});
}
void update(const Asked& asked) {
  act(asked, "update",
      {{"state", asked.state},
       {"amount", asked.amount},
       {"reason", asked.reason},
       {"agent", asked.agent},
       {"role", asked.role}});
}

void policy(const Asked& asked) {
  show_or_publish({asked.data, asked.shop, asked.file, asked.json}, "/v1/returns/policy");
}

void add_acting(CLI::App& part, const std::shared_ptr<Asked>& asked) {
  part.add_option("--agent", asked->agent, "for whom of the staff");
  part.add_option("--role", asked->role, "in what role: owner (default), logistics or agent");
}

}  // namespace

void add_returns(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* parent = app.add_subcommand("returns", "Returns: decided, picked up, inspected, paid back");
  parent->require_subcommand(1);
  CLI::App* part = add_part(*parent, asked, "list", "Returns by deadline", list);
  part->add_option("--queue", asked->queue, "waiting, open or done")->capture_default_str();
  part->add_option("--most", asked->most, "so many")->capture_default_str();
  part = add_part(*parent, asked, "show", "One return: what it may become, and every update", one);
  part->add_option("ID", asked->id, "the return")->required();
  part = add_part(*parent, asked, "decide", "A person's decision", decide);
  part->add_option("ID", asked->id, "the return")->required();
  part->add_option("DECISION", asked->decision, "approve or reject")->required();
  part->add_option("--reason", asked->reason, "what the customer is told; a rejection needs one");
  add_acting(*part, asked);
  part = add_part(*parent, asked, "update", "Moves it on", update);
  part->add_option("ID", asked->id, "the return")->required();
  part->add_option("--state", asked->state,
                   "pickup_booked, picked_up, inspected, refunding, refunded, closed, ...")
      ->required();
  part->add_option("--amount", asked->amount, "what was paid back; wanted for refunded");
  part->add_option("--reason", asked->reason, "why");
  add_acting(*part, asked);
  part = add_part(*parent, asked, "policy", "Which returns are decided by rule; with --file it is published",
                  policy);
  part->add_option("--file", asked->file, "JSON (docs/returns.md)");
}

}  // namespace rapport::app
