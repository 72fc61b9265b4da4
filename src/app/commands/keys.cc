#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_writer.h"

// rapport keys add|list|remove: the API keys of a shop. `add` makes the shop when it is not there.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, role = "ingest", label, clock = "wall", currency = "CNY", zone = "Asia/Shanghai";
  std::uint64_t id = 0;
  bool quiet = false;
};

void add(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop, NoFolder::make));
  std::string json;
  codec::JsonWriter body(json);
  body.begin_object();
  body.field("shop", asked.shop);
  body.field("role", asked.role);
  body.field("label", asked.label);
  body.field("clock", asked.clock);
  body.field("currency", asked.currency);
  body.field("zone", asked.zone);
  body.end_object();
  const auto reply = session.call({"POST", "/v1/keys", json});
  const std::string key = field(reply.body, "key");
  if (asked.quiet) {
    std::printf("%s\n", key.c_str());
    return;
  }
  std::printf("%s\n", key.c_str());
  std::fprintf(stderr, "role %s in shop %s; the key is shown this once\n", asked.role.c_str(),
               asked.shop.c_str());
}

}  // namespace

void add_keys(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("keys", "Make, list and remove API keys");
  command->require_subcommand(1);

  CLI::App* make = command->add_subcommand("add", "Make a key, and the shop when it is not there");
  add_data_option(*make, asked->data);
  add_shop_option(*make, asked->shop);
  make->add_option("--role", asked->role, "ingest, public, read or admin")
      ->check(CLI::IsMember({"ingest", "public", "read", "admin"}))
      ->capture_default_str();
  make->add_option("--label", asked->label, "what it is for");
  make->add_option("--clock", asked->clock,
                   "of a new shop: wall, or driven (simulated shops; sends nothing outside)")
      ->check(CLI::IsMember({"wall", "driven"}))
      ->capture_default_str();
  make->add_option("--currency", asked->currency, "of a new shop")->capture_default_str();
  make->add_option("--zone", asked->zone, "of a new shop")->capture_default_str();
  make->add_flag("--quiet", asked->quiet, "the key alone on standard output");
  make->footer("Example: rapport keys add --data ./data --shop main --role admin --quiet");
  make->callback([asked] { add(*asked); });

  CLI::App* list = command->add_subcommand("list", "List the keys of a shop, without the keys themselves");
  add_data_option(*list, asked->data);
  add_shop_option(*list, asked->shop);
  list->footer("Example: rapport keys list --data ./data --shop main");
  list->callback([asked] {
    Session session = must(Session::open(asked->data, asked->shop));
    std::printf("%s\n", session.call({"GET", "/v1/keys"}).body.c_str());
  });

  CLI::App* remove = command->add_subcommand("remove", "Remove a key; requests with it are refused at once");
  add_data_option(*remove, asked->data);
  add_shop_option(*remove, asked->shop);
  remove->add_option("id", asked->id, "as listed")->required();
  remove->footer("Example: rapport keys remove --data ./data --shop main 123456789");
  remove->callback([asked] {
    Session session = must(Session::open(asked->data, asked->shop));
    session.call({"DELETE", fmt::format("/v1/keys/{}", asked->id)});
  });
}

}  // namespace rapport::app
