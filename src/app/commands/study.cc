#include "study/study.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_writer.h"
#include "lens/file_reader.h"

// rapport study METHOD: a method on a file, with no folder and no server; or on a shop's own facts by SQL.
namespace rapport::app {
namespace {

struct Asked {
  std::string method, file, sheet, html, language = "en", data, shop, sql;
  bool json = false;
  bool from_shop = false;  ///< --data or --shop was given
};

constexpr std::uintmax_t kModelFileMost = 1 << 20;

std::string methods_help() {
  std::string text = "Methods:\n";
  for (const study::Method& method : study::methods())
    text += fmt::format("  {:<20} {}\n", method.name, method.purpose);
  text +=
      "\nOptions of a method: rapport study METHOD --help-method\n"
      "Example: rapport study alpha --file answers.csv --items q1,q2,q3 --json\n"
      "         rapport study nps --data ./data --shop main --score value --sql \"select value from "
      "survey_answers "
      "where item = 'nps'\"\n";
  return text;
}

const study::Method* find_method(std::string_view name) {
  for (const study::Method& method : study::methods()) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

/// The value of an option that may be given as text or by the name of a file that holds it.
std::string content_of(const study::Method& method, const std::string& name, const std::string& value) {
  const bool may_be_file = std::any_of(
      method.options.begin(), method.options.end(),
      [&](const study::OptionSpec& spec) { return spec.name == name && spec.value.starts_with("FILE|"); });
  std::error_code no_file;
  if (!may_be_file || !std::filesystem::is_regular_file(value, no_file)) return value;
  if (std::filesystem::file_size(value, no_file) > kModelFileMost || no_file)
    give_up({Errc::too_large, "the file of --" + name + " is too large", value, "at most 1 MiB of text"});
  std::ifstream in(value, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) give_up({Errc::io, "the file of --" + name + " cannot be read", value});
  return text;
}

// Long options that CLI11 does not know belong to the method: "--name value", "--name=value", or a bare flag.
Result<study::Options> method_options(const study::Method& method, const std::vector<std::string>& rest) {
  study::Options options;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!rest[i].starts_with("--")) return fail(Errc::bad_input, "'{}' is not an option", rest[i]);
    const std::size_t equals = rest[i].find('=');
    const std::string name = rest[i].substr(2, equals == std::string::npos ? equals : equals - 2);
    const bool is_flag =
        std::any_of(method.options.begin(), method.options.end(),
                    [&](const study::OptionSpec& spec) { return spec.name == name && spec.value.empty(); });
    if (equals != std::string::npos) {
      options.add(name, content_of(method, name, rest[i].substr(equals + 1)));
      continue;
    }
    if (is_flag) {
      options.add(name, "");
      continue;
    }
    bool any = false;
    while (i + 1 < rest.size() && !rest[i + 1].starts_with("--")) {
      options.add(name, content_of(method, name, rest[++i]));
      any = true;
    }
    if (!any) options.add(name, "");
  }
  return options;
}

/// A file that only its owner reads, gone with this object.
class PrivateFile {
 public:
  PrivateFile() {
    path_ = (std::filesystem::temp_directory_path() / "rapport-study-XXXXXX").string();
    const int made = ::mkstemp(path_.data());  // mode 0600
    if (made < 0) give_up({Errc::io, "a temporary file cannot be made", path_});
    ::close(made);
  }
  ~PrivateFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

model::Table read_file(const std::string& path, const std::string& sheet) {
  std::vector<std::string> problems;
  model::Table table = must(lens::read_table(path, {.sheet = sheet}, &problems));
  for (const std::string& problem : problems) std::fprintf(stderr, "%s\n", problem.c_str());
  return table;
}

/// The answer of a question to the shop's lens, over the socket of the folder as for every other command.
model::Table read_shop(const Asked& asked, const std::string& query) {
  Session session = must(Session::open(asked.data, asked.shop));
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("query", query);
  json.field("format", "parquet");
  json.end_object();
  const http::ClientReply reply = session.call({"POST", "/v1/export", body});
  const PrivateFile file;
  std::ofstream out(file.path(), std::ios::binary | std::ios::trunc);
  out.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
  if (!out.flush()) give_up({Errc::io, "the rows cannot be written", file.path()});
  return read_file(file.path(), "");
}

model::Table read_input(const Asked& asked, const study::Method& method, const study::Options& options) {
  // `ahp --matrix FILE` and `clv --summary FILE` name their table by what it holds.
  std::string file = asked.file;
  for (const char* name : {"matrix", "summary"}) {
    if (file.empty()) file = options.text(name);
  }
  const bool wants_shop = asked.from_shop || !asked.sql.empty();
  if (wants_shop && !file.empty())
    give_up({Errc::bad_input, "a file and a shop are both named", "--file", "--file, or --data with --sql"});
  if (!file.empty()) return read_file(file, asked.sheet);
  const std::string query = asked.sql.empty() ? std::string(method.shop_query) : asked.sql;
  if (wants_shop && !query.empty()) return read_shop(asked, query);
  if (wants_shop)
    give_up({Errc::bad_input, "nothing is asked of the shop", "--sql",
             "one SELECT over the tables of docs/sql.md"});
  if (method.needs_table)
    give_up({Errc::bad_input, "no data", "--file",
             "a CSV, Excel, JSON Lines or Parquet file; or --data DIR --shop SHOP --sql QUERY"});
  return {};
}

void run(const Asked& asked, const std::vector<std::string>& rest) {
  const study::Method* method = find_method(asked.method);
  if (method == nullptr) {
    std::string known;
    for (const study::Method& each : study::methods())
      known += (known.empty() ? "" : " ") + std::string(each.name);
    give_up({Errc::not_found, fmt::format("no method '{}'", asked.method), "", "one of: " + known});
  }
  if (std::find(rest.begin(), rest.end(), "--help-method") != rest.end()) {
    std::printf("rapport study %s: %s\n", std::string(method->name).c_str(),
                std::string(method->purpose).c_str());
    for (const study::OptionSpec& spec : method->options) {
      std::printf("  --%-24s %s\n", fmt::format("{} {}", spec.name, spec.value).c_str(),
                  std::string(spec.help).c_str());
    }
    return;
  }
  const study::Options options = must(method_options(*method, rest));
  const model::Table table = read_input(asked, *method, options);
  const study::Report report = must(study::run_study(asked.method, table, options));
  const study::Language language = must(study::parse_language(asked.language));
  if (!asked.html.empty()) {
    std::ofstream out(asked.html, std::ios::binary);
    out << study::render_html(report, language);
    if (!out.flush()) give_up({Errc::io, "the report could not be written", asked.html});
  }
  if (asked.json) {
    std::printf("%s\n", study::render_json(report).c_str());
  } else {
    std::printf("%s", study::render_text(report, language).c_str());
  }
}

}  // namespace

void add_study(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("study", "Run a method of analysis on a file or on a shop's own facts");
  command->footer(methods_help());
  command->add_option("method", asked->method, "what to run")->required();
  command->add_option("--file", asked->file, "CSV, Excel, JSON Lines or Parquet, also gzipped");
  command->add_option("--sheet", asked->sheet, "sheet of an Excel file");
  CLI::Option* data =
      command->add_option("--data", asked->data, "the data folder of a shop, instead of a file");
  CLI::Option* shop = command->add_option("--shop", asked->shop, "the shop; main when absent");
  command->add_option("--sql", asked->sql,
                      "one SELECT over the shop's tables (docs/sql.md): the study's rows");
  command->add_option("--html", asked->html, "write a printable report to this file");
  command->add_option("--lang", asked->language, "en, zh-Hans or zh-Hant")->capture_default_str();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->allow_extras();
  command->callback([asked, command, data, shop] {
    asked->from_shop = data->count() + shop->count() > 0;
    if (asked->data.empty()) asked->data = default_data();
    if (asked->shop.empty()) asked->shop = "main";
    run(*asked, command->remaining());
  });
}

}  // namespace rapport::app
