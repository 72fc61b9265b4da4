#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/print.h"
#include "app/session.h"
#include "http/message.h"

// rapport customer, explain, erase: one person.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, at, segment, tag;
  std::uint64_t known_at = 0;
  bool json = false;
};

std::string target(const Asked& asked, const std::string& rest) {
  std::string out = "/v1/customers/" + http::percent_encode(asked.id) + rest;
  char separator = '?';
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    out += fmt::format("{}{}={}", separator, name, http::percent_encode(value));
    separator = '&';
  };
  add("segment", asked.segment);
  add("tag", asked.tag);
  add("at", asked.at);
  if (asked.known_at > 0) add("known_at", std::to_string(asked.known_at));
  return out;
}

void show(const Asked& asked, const std::string& rest) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", target(asked, rest)});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    std::printf("%s", pretty_json(reply.body).c_str());
  }
}

void add_common(CLI::App& command, const std::shared_ptr<Asked>& asked) {
  add_data_option(command, asked->data);
  add_shop_option(command, asked->shop);
  command.add_option("id", asked->id, "c_<n>, a user id, or kind:value")->required();
}

void add_moment(CLI::App& command, const std::shared_ptr<Asked>& asked) {
  command.add_option("--at", asked->at, "then, as it is known now (or at --known-at)");
  command.add_option("--known-at", asked->known_at, "what was believed at that position of the log");
  command.add_flag("--json", asked->json, "one JSON document on one line");
}

}  // namespace

void add_customer(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("customer", "Show what is known of one customer");
  add_common(*command, asked);
  add_moment(*command, asked);
  command->footer("Example: rapport customer --data ./data --shop main phone:13912345678 --json");
  command->callback([asked] { show(*asked, ""); });
}

void add_explain(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("explain", "Why a customer is, or is not, in a segment or has a tag");
  add_common(*command, asked);
  CLI::Option_group* about = command->add_option_group("about");
  about->add_option("--segment", asked->segment, "name of the segment");
  about->add_option("--tag", asked->tag, "name of the tag");
  about->require_option(1);
  add_moment(*command, asked);
  command->footer(
      "Example: rapport explain --data ./data --shop main c_12 --segment churn_risk --at 2026-10-01");
  command->callback([asked] { show(*asked, "/explain"); });
}

void add_erase(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("erase", "Erase a person: destroy the keys of everything personal");
  add_common(*command, asked);
  command->footer(
      "Example: rapport erase --data ./data --shop main email:li.na@example.com\n"
      "What is erased cannot be brought back; the person's later events are dropped.");
  command->callback([asked] {
    Session session = must(Session::open(asked->data, asked->shop));
    const auto reply = session.call({"DELETE", target(*asked, "")});
    std::printf("%s\n", reply.body.c_str());
  });
}

}  // namespace rapport::app
