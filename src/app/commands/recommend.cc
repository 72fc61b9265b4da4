#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"

// rapport recommend: what a shop would show a customer in a scene, and why.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, customer, scene, product, region;
  std::size_t count = 10;
  std::int64_t seed = -1;
  bool json = false;
};

double number(codec::JsonValue value) {
  return value.present() ? std::strtod(std::string(value.raw()).c_str(), nullptr) : 0;
}

void print_item(std::size_t place, codec::JsonValue item) {
  const std::string title = item.find("title").text();
  std::printf("%3zu. %-14s %-9s %s\n", place, item.find("item").text().c_str(),
              item.find("item_kind").text().c_str(), title.c_str());
  std::printf("     score %.4f, rung %s, probability here %.3f\n", number(item.find("score")),
              item.find("rung").text().c_str(), number(item.find("propensity")));
  for (codec::JsonItems reasons(item.find("reasons")); reasons.next();) {
    const codec::JsonValue reason = reasons.value();
    const codec::JsonValue lane = reason.find("lane");
    std::printf("     %+.4f %s%s%s\n", number(reason.find("points")), reason.find("evidence").text().c_str(),
                lane.present() ? " - " : "", lane.present() ? lane.text().c_str() : "");
  }
}

void print(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  const codec::JsonValue root = index.root();
  std::printf("scene %s, rung %s%s%s\n", root.find("scene").text().c_str(), root.find("rung").text().c_str(),
              root.find("models").is_null() ? ", no models trained" : "",
              root.find("held_out").is_true() ? ", held out: best-sellers" : "");
  std::size_t place = 0;
  for (codec::JsonItems items(root.find("items")); items.next();) print_item(++place, items.value());
  std::printf("decision %s\n", root.find("decision_id").text().c_str());
}

void run(const Asked& asked) {
  std::string text;
  codec::JsonWriter body(text);
  body.begin_object();
  if (!asked.customer.empty()) body.field("customer", asked.customer);
  if (!asked.scene.empty()) body.field("scene", asked.scene);
  if (!asked.product.empty()) body.field("product", asked.product);
  if (!asked.region.empty()) body.field("region", asked.region);
  body.field("n", asked.count);
  if (asked.seed >= 0) body.field("seed", asked.seed);
  body.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", "/v1/recommend", text});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    print(reply.body);
  }
}

}  // namespace

void add_recommend(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("recommend", "What a customer would be shown in a scene, and why");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("customer", asked->customer,
                      "c_<n>, a user id, or kind:value; nobody known when absent");
  command->add_option("--scene", asked->scene, "a scene; the first whose trigger holds when absent");
  command->add_option("--product", asked->product, "the product in view");
  command->add_option("--region", asked->region, "where nothing is known of the customer's own");
  command->add_option("-n", asked->count, "a list of so many")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--seed", asked->seed, "the same seed at the same position gives the same list");
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->footer("Example: rapport recommend --data ./data --shop main ada --scene home -n 5");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
