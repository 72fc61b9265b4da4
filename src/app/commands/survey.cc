#include <cstdio>
#include <fstream>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport survey: ask people, and see what they answered.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, from_template, file, label, segment, channel = "link", base, out;
  std::vector<std::string> customers;
  std::int64_t days = 0, most = 100;
  bool single = false, reminder = false, send = false, close = false, csv = false, json = false;
};

std::string survey_path(const std::string& id, const std::string& rest = "") {
  return "/v1/surveys/" + http::percent_encode(id) + rest;
}

void templates(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", "/v1/survey-templates"});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
    return;
  }
  codec::JsonIndex index;
  must(index.parse(reply.body));
  for (codec::JsonItems list(index.root().find("templates")); list.next();) {
    const codec::JsonValue one = list.value();
    std::printf("%-12s %3s items  %-10s %s\n", one.find("template").text().c_str(),
                std::string(one.find("items").raw()).c_str(), one.find("method").text().c_str(),
                one.find("purpose").find("en").text().c_str());
  }
}

void publish(const Asked& asked) {
  std::string body;
  if (!asked.file.empty()) {
    body = read_text_file(asked.file);
  } else {
    codec::JsonWriter json(body);
    json.begin_object();
    if (!asked.from_template.empty()) json.field("template", asked.from_template);
    if (asked.close) json.field("closed", true);
    json.end_object();
  }
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"PUT", survey_path(asked.id), body});
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    std::printf("%s %s at %s\n", asked.close ? "closed" : "published", asked.id.c_str(),
                field(reply.body, "offset").c_str());
  }
}

void write_days(codec::JsonWriter& json, const Asked& asked) {
  if (asked.days != 0) json.field("days", asked.days);
}

/// The address of a link, below --base when it is given.
std::string address(const Asked& asked, const std::string& path) {
  return asked.base + path;
}

void link(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (!asked.label.empty()) json.field("label", asked.label);
  if (asked.single) json.field("single", true);
  write_days(json, asked);
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", survey_path(asked.id, "/links"), body});
  const std::string path = field(reply.body, "path");
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    std::printf("%s until %s\n", address(asked, path).c_str(), field(reply.body, "expires_at").c_str());
  }
  if (asked.out.empty()) return;
  const auto svg = session.call({"GET", path + "/qr.svg?base=" + http::percent_encode(asked.base)});
  std::ofstream(asked.out, std::ios::binary) << svg.body;
}

void invite(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (!asked.customers.empty()) {
    json.key("customers");
    json.begin_array();
    for (const std::string& customer : asked.customers) json.text(customer);
    json.end_array();
  }
  if (!asked.segment.empty()) {
    json.field("segment", asked.segment);
    json.field("most", asked.most);
  }
  json.field("channel", asked.channel);
  if (asked.reminder) json.field("reminder", true);
  if (asked.send) json.field("send", true);
  write_days(json, asked);
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", survey_path(asked.id, "/invitations"), body});
  codec::JsonIndex index;
  must(index.parse(reply.body));
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
  } else {
    for (codec::JsonItems list(index.root().find("invited")); list.next();) {
      std::printf("%s %s %s\n", asked.reminder ? "reminded" : "invited",
                  list.value().find("customer").text().c_str(),
                  address(asked, list.value().find("path").text()).c_str());
    }
    for (codec::JsonItems list(index.root().find("refused")); list.next();) {
      std::printf("refused %s %s: %s (expected %s)\n", list.value().find("customer").text().c_str(),
                  list.value().find("code").text().c_str(), list.value().find("why").text().c_str(),
                  list.value().find("expected").text().c_str());
    }
  }
  codec::JsonItems invited(index.root().find("invited"));
  if (!invited.next()) give_up({Errc::refused, "nobody was invited"});
}

void results(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", survey_path(asked.id, asked.csv ? "/results?as=csv" : "/results")});
  if (asked.csv || asked.json) {
    std::printf("%s%s", reply.body.c_str(), asked.csv ? "" : "\n");
    return;
  }
  std::printf("%s: %s invited, %s reminders, %s answered\n\n", asked.id.c_str(),
              field(reply.body, "invited").c_str(), field(reply.body, "reminders").c_str(),
              field(reply.body, "answered").c_str());
  std::printf("%-14s %6s %9s  answers\n", "item", "n", "mean");
  codec::JsonIndex index;
  must(index.parse(reply.body));
  for (codec::JsonItems items(index.root().find("items")); items.next();) {
    const codec::JsonValue item = items.value();
    if (item.find("type").text() == "text") continue;
    std::string counts;
    for (codec::JsonItems list(item.find("counts")); list.next();) {
      counts += fmt::format("{}{}:{}", counts.empty() ? "" : " ", list.value().find("value").raw(),
                            list.value().find("n").raw());
    }
    const codec::JsonValue mean = item.find("mean");
    const std::string shown =
        mean.is_null() ? "-" : fmt::format("{:.4f}", std::strtod(std::string(mean.raw()).c_str(), nullptr));
    std::printf("%-14s %6s %9s  %s\n", item.find("item").text().c_str(),
                std::string(item.find("n").raw()).c_str(), shown.c_str(), counts.c_str());
  }
  if (field(reply.body, "version") == "1") return;
  std::printf("\nversion %s stands; an item counts the versions that asked it alike\n",
              field(reply.body, "version").c_str());
  for (codec::JsonItems versions(index.root().find("versions")); versions.next();) {
    const codec::JsonValue one = versions.value();
    std::string means;
    for (codec::JsonItems items(one.find("items")); items.next();) {
      const double mean = std::strtod(std::string(items.value().find("mean").raw()).c_str(), nullptr);
      means += fmt::format(" {} {:.4f} ({})", items.value().find("item").text(), mean,
                           items.value().find("n").raw());
    }
    std::printf("version %s, %s sheets:%s\n", std::string(one.find("version").raw()).c_str(),
                std::string(one.find("sheets").raw()).c_str(), means.c_str());
  }
}

}  // namespace

void add_survey(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* survey =
      app.add_subcommand("survey", "Ask people: publish, hand out links, invite, see the answers");
  survey->require_subcommand(1);
  const auto with_id = [&asked](CLI::App* part) {
    part->add_option("ID", asked->id, "the survey")->required();
    return part;
  };
  add_part(*survey, asked, "templates", "Questionnaires that come with the program", templates);
  CLI::App* one =
      with_id(add_part(*survey, asked, "publish", "Publish a survey of a template or a file", publish));
  auto* from = one->add_option("--template", asked->from_template,
                               "nps csat ces servqual servperf perception profile ecsi ahp delphi");
  auto* file = one->add_option("--file", asked->file, "JSON of the survey (docs/surveys.md)")->excludes(from);
  one->add_flag("--close", asked->close, "take no more answers")->excludes(from)->excludes(file);
  one->footer("Example: rapport survey publish counter --template nps");
  one = with_id(add_part(*survey, asked, "link", "A link that many may answer, or one expert", link));
  one->add_option("--label", asked->label, "whose link it is: an expert's, the same person in every round");
  one->add_flag("--single", asked->single, "for one sheet of answers");
  one->add_option("--days", asked->days, "how long it holds");
  one->add_option("--base", asked->base, "what stands before the path: https://shop.example");
  one->add_option("--qr", asked->out, "writes the link as a QR code (SVG) to this file");
  one = with_id(add_part(*survey, asked, "invite", "Invite or remind customers, within the limits", invite));
  auto* customer =
      one->add_option("--customer", asked->customers, "c_<n>, kind:value or a user id; may be repeated");
  one->add_option("--segment", asked->segment, "or all of a segment")->excludes(customer);
  one->add_option("--most", asked->most, "of a segment at most so many")->capture_default_str();
  one->add_option("--channel", asked->channel, "email sms app mini_program phone link")
      ->capture_default_str();
  one->add_flag("--reminder", asked->reminder, "of an invitation that is open");
  one->add_flag("--send", asked->send,
                "send it: email by the server's mail, app in the shop, others by webhook");
  one->add_option("--days", asked->days, "how long the link holds");
  one->add_option("--base", asked->base, "what stands before the path: https://shop.example");
  one->footer("Example: rapport survey invite counter --customer user_id:ada --channel email");
  one = with_id(add_part(*survey, asked, "results", "What was answered, item by item", results));
  one->add_flag("--csv", asked->csv, "one row a sheet of answers, a column an item");
}

}  // namespace rapport::app
