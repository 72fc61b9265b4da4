#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_writer.h"

// rapport value: a number that rules compare with.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, name, number, currency, quantile;
  std::uint32_t days = 365;
  bool thousandths = false, json = false;
};

void run(const Asked& asked) {
  std::string text;
  codec::JsonWriter body(text);
  body.begin_object();
  body.field("name", asked.name);
  if (!asked.quantile.empty()) {
    body.key("order_value_quantile");
    body.raw(asked.quantile);
    body.field("days", asked.days);
  } else {
    body.key("value");
    body.raw(asked.number);
    if (!asked.currency.empty()) body.field("currency", asked.currency);
    if (asked.thousandths) body.field("scale", "thousandths");
  }
  body.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", "/v1/values", text});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
    return;
  }
  std::printf("published %s = %s %s at %s\n", field(reply.body, "name").c_str(),
              field(reply.body, "value").c_str(), field(reply.body, "currency").c_str(),
              field(reply.body, "offset").c_str());
}

}  // namespace

void add_value(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("value", "Publish a number that rules compare with");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("--name", asked->name, "what rules call it: published NAME")->required();
  auto* set = command->add_option("--set", asked->number, "the number")->check(CLI::Number);
  auto* quantile =
      command
          ->add_option(
              "--order-value-quantile", asked->quantile,
              "the order value that so large a share does not pass: 0.9 = the bound of the top tenth")
          ->check(CLI::Range(0.0, 1.0));
  set->excludes(quantile);
  command->add_option("--currency", asked->currency, "of an amount given by --set");
  command->add_flag("--thousandths", asked->thousandths, "for what facts keep with decimals, as ratings");
  command->add_option("--days", asked->days, "orders of the last so many days")->capture_default_str();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->footer(
      "Example: rapport value --data ./data --shop main --name order_value_p90 --order-value-quantile 0.9");
  command->callback([asked, set, quantile] {
    if (set->empty() && quantile->empty())
      give_up({Errc::bad_input, "no number", "", "--set NUMBER or --order-value-quantile SHARE"});
    run(*asked);
  });
}

}  // namespace rapport::app
