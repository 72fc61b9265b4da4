#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/command.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_writer.h"
#include "engine/restore.h"

// rapport sql, export, verify, tail, backup, restore.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, query, out, format = "csv", to, from, ledger;
  std::uint64_t after = 0, most = 1'000, batch = 1'000, threads = 1;
  bool json = false, csv = false, derived = false, follow = false;
};

std::string query_body(const std::string& query, const std::string& format) {
  std::string json;
  codec::JsonWriter body(json);
  body.begin_object();
  body.field("query", query);
  if (!format.empty()) body.field("format", format);
  body.end_object();
  return json;
}

void sql(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const std::string target = asked.json ? "/v1/sql" : asked.csv ? "/v1/sql?as=csv" : "/v1/sql?as=text";
  const auto reply = session.call({"POST", target, query_body(asked.query, "")});
  std::fwrite(reply.body.data(), 1, reply.body.size(), stdout);
  if (!reply.body.empty() && reply.body.back() != '\n') std::printf("\n");
  if (!reply.header("x-rapport-truncated").empty())
    std::fprintf(stderr, "rapport: the answer was cut at the limit; `rapport export` has no limit of rows\n");
}

void export_rows(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", "/v1/export", query_body(asked.query, asked.format)});
  std::ofstream out(asked.out, std::ios::binary | std::ios::trunc);
  out.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
  if (!out.flush()) give_up({Errc::io, "the file cannot be written", asked.out});
  std::fprintf(stderr, "%zu bytes in %s\n", reply.body.size(), asked.out.c_str());
}

void verify(const Asked& asked) {
  Session session = must(Session::open(asked.data, ""));
  const auto reply = session.call(
      {"POST", "/v1/verify", fmt::format(R"({{"batch":{},"threads":{}}})", asked.batch, asked.threads)});
  std::printf("%s", field(reply.body, "text").c_str());
}

void tail(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  std::uint64_t after = asked.after;
  std::uint64_t left = asked.most;
  while (left > 0) {
    const auto reply = session.call(
        {"GET", fmt::format("/v1/tail?after={}&limit={}&derived={}&wait={}&as=lines", after,
                            std::min<std::uint64_t>(left, 10'000), asked.derived, asked.follow ? 30 : 0)});
    const auto lines = static_cast<std::uint64_t>(std::count(reply.body.begin(), reply.body.end(), '\n'));
    std::fwrite(reply.body.data(), 1, reply.body.size(), stdout);
    std::fflush(stdout);
    const std::string next(reply.header("x-log-next"));
    if (!next.empty()) after = std::stoull(next);
    if (lines == 0 && !asked.follow) return;
    if (!asked.follow) left -= std::min(left, lines);
  }
}

void restore(const Asked& asked) {
  engine::RestoreRequest request;
  request.from = asked.from;
  request.to = asked.to;
  std::ifstream in(asked.ledger, std::ios::binary);
  if (!in) give_up({Errc::not_found, "the erasure ledger cannot be read", asked.ledger});
  request.ledger.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  const engine::RestoreAnswer answer = must(engine::restore(request));
  std::fprintf(stderr,
               "restored %llu shops to %s; %llu identifiers erased since the backup are erased again\n",
               static_cast<unsigned long long>(answer.shops), asked.to.c_str(),
               static_cast<unsigned long long>(answer.nodes_erased));
}

void erasures(const Asked& asked) {
  Session session = must(Session::open(asked.data, ""));
  const auto reply = session.call({"GET", "/v1/erasures"});
  if (asked.out.empty()) {
    std::fwrite(reply.body.data(), 1, reply.body.size(), stdout);
    return;
  }
  std::ofstream out(asked.out, std::ios::binary | std::ios::trunc);
  out << reply.body;
  if (!out.flush()) give_up({Errc::io, "the file cannot be written", asked.out});
}

}  // namespace

void add_sql(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("sql", "Ask the lens one SELECT");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("query", asked->query, "one SELECT; tables are described in docs/sql.md")->required();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->add_flag("--csv", asked->csv, "comma-separated, with a head");
  command->footer(
      "Example: rapport sql --data ./data --shop main 'select event, count(*) from events group by 1 order "
      "by 2 desc'");
  command->callback([asked] { sql(*asked); });
}

void add_export(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("export", "Write the rows of a query to a CSV, Parquet or Excel file");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("--format", asked->format)
      ->check(CLI::IsMember({"csv", "parquet", "xlsx"}))
      ->capture_default_str();
  command->add_option("--out", asked->out, "file to write")->required();
  command->add_option("query", asked->query, "one SELECT")->required();
  command->footer(
      "Example: rapport export --data ./data --shop main --format parquet --out orders.parquet 'select * "
      "from orders'");
  command->callback([asked] { export_rows(*asked); });
}

void add_verify(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("verify", "Fold every log from its first event and print the states");
  add_data_option(*command, asked->data);
  command
      ->add_option("--threads", asked->threads,
                   "fold shops beside one another and read ahead of the fold; must not change the state")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      ->add_option("--batch", asked->batch,
                   "records between two slices of housekeeping; must not change the state")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->footer("Example: rapport verify --data ./data\nThe last line is: state <hex> seq <n>");
  command->callback([asked] { verify(*asked); });
}

void add_tail(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("tail", "Print events, or segments entered and left, as JSON lines");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("--after", asked->after, "only what lies after this position")->capture_default_str();
  command->add_option("-n,--limit", asked->most, "at most so many lines")->capture_default_str();
  command->add_flag("--derived", asked->derived, "segments entered and left instead of events");
  command->add_flag("-f,--follow", asked->follow, "wait for more");
  command->footer("Example: rapport tail --data ./data --shop main --derived -f");
  command->callback([asked] { tail(*asked); });
}

void add_backup(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("backup", "Copy the folder consistently while it serves");
  add_data_option(*command, asked->data);
  command->add_option("to", asked->to, "folder to make")->required();
  command->footer("Example: rapport backup --data ./data /backups/2026-11-22");
  command->callback([asked] {
    Session session = must(Session::open(asked->data, ""));
    std::string json;
    codec::JsonWriter body(json);
    body.begin_object();
    body.field("to", std::filesystem::absolute(asked->to).string());
    body.end_object();
    session.call({"POST", "/v1/backup", json});
    std::fprintf(stderr, "a copy is in %s\n", asked->to.c_str());
  });
}

void add_erasures(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("erasures", "Write the ledger of erasures, to be kept beside the backups");
  add_data_option(*command, asked->data);
  command->add_option("--out", asked->out, "file to write; standard output when absent");
  command->footer("Example: rapport erasures --data ./data --out erasures.tsv");
  command->callback([asked] { erasures(*asked); });
}

void add_restore(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("restore", "Bring a backup back into a new folder");
  command->add_option("from", asked->from, "folder made by backup")->required();
  command->add_option("--to", asked->to, "folder to make")->required();
  command
      ->add_option("--ledger", asked->ledger,
                   "what `rapport erasures` wrote last: whoever is in it stays erased")
      ->required();
  command->footer("Example: rapport restore /backups/2026-11-22 --to ./data2 --ledger erasures.tsv");
  command->callback([asked] { restore(*asked); });
}

}  // namespace rapport::app
