#include <cstdio>
#include <iostream>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport assistant: talk to the shop's assistant; what it knows, and how sure it is.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, user, text, id, file, query, product;
  double precision = 0;
  bool json = false, write = false, on = false, off = false;
};

std::string word(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
}

/// One turn; the conversation's id, to go on with.
std::string turn(Session& session, const Asked& asked, const std::string& text, const std::string& contact) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("user_id", asked.user);
  json.field("text", text);
  if (!contact.empty()) json.field("contact_id", contact);
  if (!asked.product.empty()) json.field("product_id", asked.product);
  json.field("dry_run", !asked.write);
  json.end_object();
  const std::string answer = session.call({"POST", "/v1/assistant", body}).body;
  codec::JsonIndex index;
  if (!index.parse(answer).ok()) return contact;
  const codec::JsonValue root = index.root();
  if (asked.json) {
    std::printf("%s\n", answer.c_str());
  } else {
    std::printf("%s\n", word(root, "text").c_str());
    std::string choices;
    for (codec::JsonItems items(root.find("choices")); items.next();)
      choices += "  [" + items.value().text() + "]";
    if (!choices.empty()) std::printf("%s\n", choices.c_str());
  }
  std::fflush(stdout);
  return word(root, "contact_id");
}

void talk(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  if (!asked.text.empty()) return void(turn(session, asked, asked.text, ""));
  std::string contact;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty()) contact = turn(session, asked, line, contact);
  }
}

void show_share(codec::JsonValue root, std::string_view name) {
  const codec::JsonValue one = root.find(name);
  std::printf("%-10s precision %s at coverage %s (%s of %s, held out; least confidence %s)\n",
              std::string(name).c_str(), word(one, "precision").c_str(), word(one, "coverage").c_str(),
              word(one, "answered").c_str(), word(one, "asked").c_str(),
              word(one, "least_confidence").c_str());
}

/// By what became of its answers here.
void show_own(codec::JsonValue root, std::string_view name) {
  const codec::JsonValue one = root.find("own").find(name);
  std::printf("%-10s here: %s of %s right, %s to %s%s; answers from confidence %s%s\n",
              std::string(name).c_str(), word(one, "right").c_str(), word(one, "judged").c_str(),
              word(one, "low").c_str(), word(one, "high").c_str(),
              word(one, "standing") == "too_few" ? " (too few to tell)" : "",
              word(one, "least_confidence").c_str(), one.find("raised").is_true() ? ", raised" : "");
}

/// What it answers less of, and why.
void show_raised(codec::JsonValue root) {
  for (codec::JsonItems items(root.find("own").find("raised")); items.next();) {
    const codec::JsonValue one = items.value();
    std::printf("%-10s raised to %s: %s of %s were right\n", word(one, "intent").c_str(),
                word(one, "least_confidence").c_str(), word(one, "shipped_right").c_str(),
                word(one, "shipped_judged").c_str());
  }
}

void card(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const std::string body = session.call({"GET", "/v1/assistant/card", ""}).body;
  if (asked.json) return void(std::printf("%s\n", body.c_str()));
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  const codec::JsonValue root = index.root(), shop = root.find("shop");
  std::printf("%s, wants precision %s; %s phrases, %s answers\n", root.find("on").is_true() ? "on" : "off",
              word(root, "precision_wanted").c_str(), word(root, "phrases").c_str(),
              word(root, "answers").c_str());
  show_share(root, "intents");
  show_share(root, "knowledge");
  show_own(root, "intents");
  show_own(root, "knowledge");
  show_raised(root);
  std::printf(
      "%s conversations, %s turns: %s answered (%s helped, %s did not), %s not understood, %s handed over, "
      "%s done\n",
      word(shop, "conversations").c_str(), word(shop, "turns").c_str(), word(shop, "answered").c_str(),
      word(shop, "helped").c_str(), word(shop, "unhelped").c_str(), word(shop, "abstained").c_str(),
      word(shop, "handed_over").c_str(), word(shop, "done").c_str());
  for (codec::JsonItems items(root.find("not_understood")); items.next();)
    std::printf("%6s  %s\n", word(items.value(), "count").c_str(), word(items.value(), "text").c_str());
}

void answers(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const std::string body =
      session.call({"GET", "/v1/knowledge?query=" + http::percent_encode(asked.query), ""}).body;
  if (asked.json) return void(std::printf("%s\n", body.c_str()));
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  for (codec::JsonItems items(index.root().find("answers")); items.next();) {
    const codec::JsonValue one = items.value();
    std::string question;
    codec::JsonItems questions(one.find("questions"));
    if (questions.next()) question = questions.value().text();
    std::printf("%-24s %-9s %-10s %s\n", word(one, "id").c_str(), word(one, "state").c_str(),
                word(one, "product_id").c_str(), question.c_str());
  }
}

void contradictions(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const std::string body = session.call({"GET", "/v1/knowledge/contradictions", ""}).body;
  if (asked.json) return void(std::printf("%s\n", body.c_str()));
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  std::size_t count = 0;
  for (codec::JsonItems items(index.root().find("contradictions")); items.next(); ++count) {
    const codec::JsonValue one = items.value();
    std::printf("%-24s %-14s %-12s says %s against %s %s\n", word(one, "answer").c_str(),
                word(one, "kind").c_str(), word(one, "other").c_str(), word(one, "stated").c_str(),
                word(one, "against").c_str(), word(one, "parameter").c_str());
  }
  std::printf("%zu contradictions in %s answers and %s products\n", count,
              word(index.root(), "answers").c_str(), word(index.root(), "products").c_str());
}

/// One answer, or a list of them that name themselves by "id".
void publish(const Asked& asked) {
  const std::string body = read_text_file(asked.file);
  codec::JsonIndex index;
  if (const Status good = index.parse(body); !good.ok()) give_up(good.error());
  Session session = must(Session::open(asked.data, asked.shop));
  const auto put = [&](const std::string& id, std::string_view answer) {
    const auto reply =
        session.call({"PUT", "/v1/knowledge/" + http::percent_encode(id), std::string(answer)});
    std::printf("%s\n", reply.body.c_str());
  };
  if (!asked.id.empty()) return put(asked.id, body);
  if (!index.root().is(codec::JsonKind::array))
    give_up(
        {Errc::bad_input, "no list of answers", "--file", "a list, or the answer's id beside one answer"});
  for (codec::JsonItems items(index.root()); items.next();)
    put(word(items.value(), "id"), items.value().raw());
}

void set(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (asked.on || asked.off) json.field("on", asked.on);
  if (asked.precision > 0) {
    json.key("precision");
    json.real(asked.precision);
  }
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  std::printf("%s\n", session.call({"PUT", "/v1/assistant", body}).body.c_str());
}

}  // namespace

namespace {

CLI::App* part(CLI::App& command, const std::shared_ptr<Asked>& asked, const char* name, const char* what,
               void (*run)(const Asked&)) {
  CLI::App* sub = command.add_subcommand(name, what);
  add_data_option(*sub, asked->data);
  add_shop_option(*sub, asked->shop);
  sub->add_flag("--json", asked->json, "one JSON document on one line");
  sub->callback([asked, run] { run(*asked); });
  return sub;
}

}  // namespace

void add_assistant(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("assistant", "Talk to the shop's assistant; what it knows, how sure it is");
  command->require_subcommand(1);
  CLI::App* talking = part(*command, asked, "talk",
                           "A line a turn, as that customer; nothing is written without --write", talk);
  talking->add_option("--user", asked->user, "the customer's user id")->required();
  talking->add_option("--text", asked->text, "one turn, instead of lines from the input");
  talking->add_option("--product", asked->product, "in view");
  talking->add_flag("--write", asked->write, "the conversation is recorded, and what is confirmed is done");
  part(*command, asked, "card", "Precision at coverage, and what was not understood", card);
  part(*command, asked, "answers", "What people wrote", answers)
      ->add_option("query", asked->query, "part of a wording");
  part(*command, asked, "contradictions", "What cannot both be so", contradictions);
  CLI::App* one = part(*command, asked, "publish", "Publishes answers from a file", publish);
  one->add_option("id", asked->id, "of the one answer that the file holds; without it the file is a list");
  one->add_option("--file", asked->file, "JSON (docs/knowledge.md)")->required();
  CLI::App* policy = part(*command, asked, "set", "On or off, and the precision that is wanted", set);
  CLI::Option* on = policy->add_flag("--on", asked->on, "answers visitors");
  policy->add_flag("--off", asked->off, "answers nobody")->excludes(on);
  policy->add_option("--precision", asked->precision, "0.5 to 0.999");
  command->footer(
      "Example: rapport assistant talk --data ./data --shop main --user ada --text '我的快递到哪了'");
}

}  // namespace rapport::app
