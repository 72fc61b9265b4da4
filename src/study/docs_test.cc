#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "study/detail/shared_data.h"
#include "study/study.h"

// Every method has a page in docs/study/, every page names every option of its method, and its example prints
// what the program prints. The data of the examples is part of the source, so these tests run everywhere.
namespace rapport::study {
namespace {

std::string page_of(std::string_view method) {
  std::ifstream in(fmt::format("{}/docs/study/{}.md", RAPPORT_SOURCE_DIR, method));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

model::Table table_of_csv(std::istream& in) {
  std::string line;
  std::getline(in, line);
  const auto names = detail::split_plain_csv(line, ',');
  std::vector<model::TextColumn> texts(names.size());
  while (std::getline(in, line)) {
    auto cells = detail::split_plain_csv(line, ',');
    cells.resize(names.size());
    for (std::size_t j = 0; j < names.size(); ++j) texts[j].push_back(cells[j]);
  }
  model::Table table;
  for (std::size_t j = 0; j < names.size(); ++j) {
    model::NumberColumn numbers;
    const bool numeric = std::all_of(texts[j].begin(), texts[j].end(), [&](const std::string& cell) {
      char* end = nullptr;
      numbers.push_back(cell.empty() ? model::Table::kMissing : std::strtod(cell.c_str(), &end));
      return cell.empty() || *end == '\0';
    });
    EXPECT_TRUE((numeric ? table.add({names[j], numbers}) : table.add({names[j], texts[j]})).ok());
  }
  return table;
}

/// The command of an example as a shell would split it, and what the page shows below it.
struct Example {
  std::vector<std::string> words;
  std::vector<std::string> printed;
  std::string csv;  ///< the block of data above it, if any
};

std::optional<Example> example_on(const std::string& page) {
  std::istringstream lines(page);
  std::string line, csv;
  while (std::getline(lines, line)) {
    if (line == "```csv") {
      csv.clear();
      while (std::getline(lines, line) && line != "```") csv += line + "\n";
    }
    if (!line.starts_with("$ rapport study ")) continue;
    Example example;
    example.csv = csv;
    std::string word;
    bool quoted = false;
    for (std::size_t i = 2;; ++i) {
      if (i == line.size()) {
        if (!word.empty() && !quoted) example.words.push_back(std::exchange(word, ""));
        if (!quoted) break;
        word += '\n';
        std::getline(lines, line);
        i = static_cast<std::size_t>(-1);
      } else if (line[i] == '\'') {
        quoted = !quoted;
      } else if (line[i] == '\\' && i + 1 == line.size()) {
        std::getline(lines, line);
        i = static_cast<std::size_t>(-1);
      } else if (line[i] == ' ' && !quoted) {
        if (!word.empty()) example.words.push_back(std::exchange(word, ""));
      } else {
        word += line[i];
      }
    }
    while (std::getline(lines, line) && line != "```") example.printed.push_back(line);
    return example;
  }
  return std::nullopt;
}

/// The table named by --file, --matrix or --summary: a file beside the pages, else the block on the page.
model::Table table_for(const Example& example, const std::string& file) {
  if (file.starts_with("docs/study/")) {
    std::ifstream in(fmt::format("{}/{}", RAPPORT_SOURCE_DIR, file));
    EXPECT_TRUE(in.good()) << file;
    return table_of_csv(in);
  }
  std::istringstream in(example.csv);
  return table_of_csv(in);
}

class Page : public testing::TestWithParam<std::string> {};

TEST_P(Page, NamesEveryOption) {
  const std::string page = page_of(GetParam());
  ASSERT_FALSE(page.empty()) << "docs/study/" << GetParam() << ".md";
  const auto each = methods();
  const auto method =
      std::find_if(each.begin(), each.end(), [](const Method& m) { return m.name == GetParam(); });
  for (const OptionSpec& option : method->options)
    EXPECT_NE(page.find(fmt::format("--{}", option.name)), std::string::npos) << option.name;
  for (const char* part : {"**When.**", "## Example", "## Source"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST_P(Page, PrintsWhatTheProgramPrints) {
  const auto example = example_on(page_of(GetParam()));
  ASSERT_TRUE(example) << "no example with output on the page of " << GetParam();
  ASSERT_GT(example->words.size(), 3u);
  EXPECT_EQ(example->words[2], GetParam());
  Options options;
  model::Table table;
  for (std::size_t i = 3; i < example->words.size(); ++i) {
    ASSERT_TRUE(example->words[i].starts_with("--")) << example->words[i];
    const std::string name = example->words[i].substr(2);
    bool any = false;
    while (i + 1 < example->words.size() && !example->words[i + 1].starts_with("--")) {
      const std::string value = example->words[++i];
      any = true;
      if (name == "file" || name == "matrix" || name == "summary") table = table_for(*example, value);
      if (name != "file") options.add(name, value);
    }
    if (!any) options.add(name, "");
  }
  const auto report = run_study(GetParam(), table, options);
  ASSERT_TRUE(report.ok()) << report.error().describe();
  const std::string printed = render_text(*report, Language::en);
  int compared = 0;
  for (const std::string& line : example->printed) {
    // The gradient's last digits are rounding and may differ between compilers.
    if (line.empty() || line.find("gradient") != std::string::npos) continue;
    EXPECT_NE(printed.find(line + "\n"), std::string::npos) << line;
    ++compared;
  }
  EXPECT_GT(compared, 8);
}

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const Method& method : methods()) names.emplace_back(method.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Docs, Page, testing::ValuesIn(method_names()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Docs, NoPageWithoutAMethod) {
  const auto names = method_names();
  for (const auto& entry : std::filesystem::directory_iterator(RAPPORT_SOURCE_DIR "/docs/study")) {
    if (entry.path().extension() != ".md") continue;
    EXPECT_NE(std::find(names.begin(), names.end(), entry.path().stem()), names.end()) << entry.path();
  }
}

}  // namespace
}  // namespace rapport::study
