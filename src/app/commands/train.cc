#include <cstdio>
#include <cstdlib>
#include <memory>

#include "app/command.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"

// rapport train: models out of a shop's own orders and views.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop;
  std::vector<std::string> models;
  bool json = false, list = false, judge = false;
};

void print_models(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  const codec::JsonValue root = index.root();
  for (codec::JsonItems items(root.find("models")); items.next();) {
    const codec::JsonValue one = items.value();
    std::printf("  %-14s from %-10s %s%s\n", one.find("model").text().c_str(),
                one.find("learned_from").text().c_str(), one.find("what").text().c_str(),
                one.find("serves_like").is_true() ? " (serves \"like yours\")" : "");
  }
  if (const codec::JsonValue judged = root.find("judged"); judged.present()) {
    for (codec::JsonItems items(judged); items.next();) {
      const auto number = [&](const char* member) {
        return std::strtod(std::string(items.value().find(member).raw()).c_str(), nullptr);
      };
      std::printf("  %-14s NDCG@10 %.4f [%.4f, %.4f]\n", items.value().find("model").text().c_str(),
                  number("ndcg_10"), number("low"), number("high"));
    }
  }
  for (codec::JsonItems items(root.find("left_out")); items.next();)
    std::printf("  %-14s left out: %s\n", items.value().find("model").text().c_str(),
                items.value().find("why").text().c_str());
}

void run(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  if (asked.list) {
    const auto reply = session.call({"GET", "/v1/models", ""});
    std::printf("%s", asked.json ? (reply.body + "\n").c_str() : pretty_json(reply.body).c_str());
    return;
  }
  std::string text;
  codec::JsonWriter body(text);
  body.begin_object();
  if (!asked.models.empty()) {
    body.key("models");
    body.begin_array();
    for (const std::string& model : asked.models) body.text(model);
    body.end_array();
  }
  if (asked.judge) body.field("judge", true);
  body.end_object();
  const auto reply = session.call({"POST", "/v1/models/train", text});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
    return;
  }
  std::printf("trained in %s s on %s orders and %s views of %s customers, %s products\n",
              field(reply.body, "seconds").c_str(), field(reply.body, "baskets").c_str(),
              field(reply.body, "views").c_str(), field(reply.body, "customers").c_str(),
              field(reply.body, "items").c_str());
  print_models(reply.body);
}

}  // namespace

void add_train(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("train", "Train recommenders on a shop's own orders and views");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command
      ->add_option("--models", asked->models,
                   "names with settings, comma between; the shipped list when absent")
      ->delimiter(',');
  command->add_flag(
      "--judge", asked->judge,
      "hold item-*, als and ease against each other on everybody's last basket; the best serves");
  command->add_flag("--list", asked->list, "only tell what serves now, and what became of the last training");
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->footer(
      "What serves is swapped when the training is done; a training that fails leaves it as it is.\n"
      "Of item-*, als and ease the first one named serves \"like yours\", or with --judge the best.\n"
      "Example: rapport train --data ./data --shop main");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
