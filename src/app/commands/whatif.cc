#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport whatif: what another policy would have earned in a scene, told from the shop's own log.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, scene, policy, file;
  std::vector<std::string> shares;
  std::int64_t days = 90, seed = 1;
  bool json = false;
};

double number(codec::JsonValue value) {
  return value.present() && !value.is_null() ? std::strtod(std::string(value.raw()).c_str(), nullptr) : 0;
}

std::string percent(codec::JsonValue estimate) {
  if (!estimate.present() || estimate.is_null()) return "-";
  const codec::JsonValue low = estimate.find("low");
  std::string text = fmt::format("{:.2f}", 100 * number(estimate.find("value")));
  if (!low.is_null())
    text += fmt::format(" [{:.2f}, {:.2f}]", 100 * number(low), 100 * number(estimate.find("high")));
  return text;
}

void print(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  const codec::JsonValue root = index.root(), left_out = root.find("left_out");
  std::printf("scene %s: %.0f impressions of %.0f customers that a lane filled, since %s\n",
              root.find("scene").text().c_str(), number(root.find("impressions")),
              number(root.find("customers")), root.find("since").text().c_str());
  std::printf(
      "left out: %.0f of the hold-out, %.0f that no lane filled, %.0f without shares, %.0f under other "
      "lanes\n",
      number(left_out.find("held_out")), number(left_out.find("without_lane")),
      number(left_out.find("without_shares")), number(left_out.find("other_lanes")));
  std::printf("taken as it was: %s %%\n\n", percent(root.find("logged")).c_str());
  std::printf("%-11s %-22s %-22s %-22s %-22s %8s %7s\n", "policy", "IPS %", "SNIPS %", "doubly robust %",
              "more than as it was", "ESS", "weight");
  std::string refusals;
  for (codec::JsonItems items(root.find("policies")); items.next();) {
    const codec::JsonValue one = items.value(), refused = one.find("refused");
    const std::string name = one.find("name").text() + (one.find("serves_now").is_true() ? "*" : "");
    std::printf("%-11s %-22s %-22s %-22s %-22s %8.0f %7.1f\n", name.c_str(), percent(one.find("ips")).c_str(),
                percent(one.find("snips")).c_str(), percent(one.find("doubly_robust")).c_str(),
                percent(one.find("difference")).c_str(), number(one.find("effective_sample_size")),
                number(one.find("largest_weight")));
    if (!refused.is_null())
      refusals += fmt::format("{}: refused ({}): {}\n", one.find("name").text(), refused.find("check").text(),
                              refused.find("why").text());
  }
  std::printf("\n%s* serves now. ESS: effective impressions (Kish); weight: the largest of one impression.\n",
              refusals.c_str());
}

/// "again=40" as a member.
void write_shares(codec::JsonWriter& body, const std::vector<std::string>& shares) {
  body.key("shares");
  body.begin_object();
  for (const std::string& share : shares) {
    const std::size_t equals = share.rfind('=');
    const std::string value = equals == std::string::npos ? "" : share.substr(equals + 1);
    const bool whole =
        !value.empty() && value.size() <= 3 && value.find_first_not_of("0123456789") == std::string::npos;
    if (!whole)
      must(
          Status(Error{Errc::bad_input, fmt::format("'{}' is no share", share), "--shares", "lane=percent"}));
    body.escaped_key(share.substr(0, equals));
    body.integer(std::atoll(value.c_str()));
  }
  body.end_object();
}

void run(const Asked& asked) {
  std::string text;
  codec::JsonWriter body(text);
  body.begin_object();
  if (!asked.policy.empty()) body.field("policy", asked.policy);
  if (!asked.shares.empty()) write_shares(body, asked.shares);
  if (!asked.file.empty()) {
    std::ifstream in(asked.file);
    std::stringstream whole;
    whole << in.rdbuf();
    codec::JsonIndex index;
    const std::string scene = whole.str();
    if (!in || !index.parse(scene).ok())
      must(Status(Error{Errc::bad_input, "this is no JSON file", "--scene-file", asked.file}));
    body.key("scene");
    body.raw(scene);
  }
  body.field("days", asked.days);
  body.field("seed", asked.seed);
  body.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply =
      session.call({"POST", fmt::format("/v1/scenes/{}/whatif", http::percent_encode(asked.scene)), text});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    print(reply.body);
  }
}

}  // namespace

void add_whatif(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "whatif", "What another policy would have earned in a scene, from the shop's own log");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("scene", asked->scene, "the scene")->required();
  command->add_option("--policy", asked->policy, "all four when neither this, shares nor a file is given")
      ->check(CLI::IsMember({"fixed", "literal", "calibrated", "thompson"}));
  command
      ->add_option("--shares", asked->shares, "fixed shares: lane=percent, comma between, adding up to 100")
      ->delimiter(',');
  command->add_option("--scene-file", asked->file, "a whole other scene as JSON")->check(CLI::ExistingFile);
  command->add_option("--days", asked->days, "the past that is looked at")
      ->check(CLI::Range(1, 3'660))
      ->capture_default_str();
  command->add_option("--seed", asked->seed, "of what learning policies draw")->capture_default_str();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->footer(
      "No figure is given where the log cannot tell: the answer names the check that failed.\n"
      "Example: rapport whatif --data ./data --shop main home --shares again=50,like_yours=50");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
