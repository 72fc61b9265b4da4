#include "study/study.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>

#include "app/command.h"
#include "lens/file_reader.h"

// rapport study METHOD: a method on a file, with no folder and no server.
namespace rapport::app {
namespace {

struct Asked {
  std::string method, file, sheet, html, language = "en";
  bool json = false;
};

std::string methods_help() {
  std::string text = "Methods:\n";
  for (const study::Method& method : study::methods())
    text += fmt::format("  {:<20} {}\n", method.name, method.purpose);
  text +=
      "\nOptions of a method: rapport study METHOD --help-method\n"
      "Example: rapport study alpha --file answers.csv --items q1,q2,q3 --json\n";
  return text;
}

const study::Method* find_method(std::string_view name) {
  for (const study::Method& method : study::methods()) {
    if (method.name == name) return &method;
  }
  return nullptr;
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
      options.add(name, rest[i].substr(equals + 1));
      continue;
    }
    if (is_flag) {
      options.add(name, "");
      continue;
    }
    bool any = false;
    while (i + 1 < rest.size() && !rest[i + 1].starts_with("--")) {
      options.add(name, rest[++i]);
      any = true;
    }
    if (!any) options.add(name, "");
  }
  return options;
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
  model::Table table;
  // `ahp --matrix FILE` and `clv --summary FILE` name their table by what it holds.
  std::string file = asked.file;
  for (const char* name : {"matrix", "summary"}) {
    if (file.empty()) file = options.text(name);
  }
  if (!file.empty()) {
    std::vector<std::string> problems;
    table = must(lens::read_table(file, {.sheet = asked.sheet}, &problems));
    for (const std::string& problem : problems) std::fprintf(stderr, "%s\n", problem.c_str());
  } else if (method->needs_table) {
    give_up({Errc::bad_input, "no data", "--file", "a CSV, Excel, JSON Lines or Parquet file"});
  }
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
  CLI::App* command = app.add_subcommand("study", "Run a method of analysis on a file");
  command->footer(methods_help());
  command->add_option("method", asked->method, "what to run")->required();
  command->add_option("--file", asked->file, "CSV, Excel, JSON Lines or Parquet, also gzipped");
  command->add_option("--sheet", asked->sheet, "sheet of an Excel file");
  command->add_option("--html", asked->html, "write a printable report to this file");
  command->add_option("--lang", asked->language, "en, zh-Hans or zh-Hant")->capture_default_str();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->allow_extras();
  command->callback([asked, command] { run(*asked, command->remaining()); });
}

}  // namespace rapport::app
