#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport hypothesis: cards that are registered, drawn and judged.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, file, customer;
  std::int64_t most = 1'000;
  bool json = false;
};

std::string card_path(const std::string& id, const std::string& rest = "") {
  return "/v1/hypotheses/" + http::percent_encode(id) + rest;
}

void show(const Asked& asked, const std::string& body) {
  std::printf("%s", asked.json ? (body + "\n").c_str() : pretty_json(body).c_str());
}

void list(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", asked.id.empty() ? "/v1/hypotheses" : card_path(asked.id)}).body);
}

void plan(const Asked& asked) {
  const std::string card = read_text_file(asked.file);
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"POST", "/v1/hypotheses/power", card}).body);
}

void enrol(const Asked& asked) {
  const std::string card = read_text_file(asked.file);
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"PUT", card_path(asked.id), card});
  if (asked.json) return show(asked, reply.body);
  std::printf("registered %s at %s\n", asked.id.c_str(), field(reply.body, "offset").c_str());
}

void assign(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (!asked.customer.empty()) json.field("customer", asked.customer);
  json.field("most", asked.most);
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", card_path(asked.id, "/assignments"), body});
  if (asked.json) return show(asked, reply.body);
  std::printf("control %s, treatment %s, had an arm already %s\n", field(reply.body, "control").c_str(),
              field(reply.body, "treatment").c_str(), field(reply.body, "already").c_str());
}

void verdict(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", card_path(asked.id, "/verdict")});
  if (asked.json) return show(asked, reply.body);
  std::printf("%s: %s\n%s\n", asked.id.c_str(), field(reply.body, "verdict").c_str(),
              field(reply.body, "reading.en").c_str());
}

}  // namespace

void add_hypothesis(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* parent =
      app.add_subcommand("hypothesis", "Cards: if ... then ... by ...; registered, drawn, judged");
  parent->require_subcommand(1);
  CLI::App* one = add_part(*parent, asked, "show", "All cards, or one", list);
  one->add_option("ID", asked->id, "the card");
  one = add_part(*parent, asked, "plan", "How many customers a card takes", plan);
  one->add_option("--file", asked->file, "JSON of the card (docs/hypotheses.md)")->required();
  one = add_part(*parent, asked, "register", "Registers a card; it never changes", enrol);
  one->add_option("ID", asked->id, "the card")->required();
  one->add_option("--file", asked->file, "JSON of the card (docs/hypotheses.md)")->required();
  one = add_part(*parent, asked, "assign", "Gives customers their arms", assign);
  one->add_option("ID", asked->id, "the card")->required();
  one->add_option("--customer", asked->customer, "this one only");
  one->add_option("--most", asked->most, "or the next so many who have none")->capture_default_str();
  one = add_part(*parent, asked, "verdict", "The verdict, on its date", verdict);
  one->add_option("ID", asked->id, "the card")->required();
}

}  // namespace rapport::app
