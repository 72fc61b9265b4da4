#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "study/detail/shared_data.h"
#include "study/study.h"

// The pages of docs/study/ print what the program prints, on the survey that lies beside them. This data is
// part of the source, so these tests run everywhere.
namespace rapport::study {
namespace {

model::Table survey() {
  std::ifstream in(RAPPORT_SOURCE_DIR "/docs/study/service_survey.csv");
  std::string line;
  std::getline(in, line);
  const auto names = detail::split_plain_csv(line, ',');
  std::vector<model::NumberColumn> columns(names.size());
  while (std::getline(in, line)) {
    const auto cells = detail::split_plain_csv(line, ',');
    for (std::size_t j = 0; j < names.size(); ++j)
      columns[j].push_back(std::strtod(cells[j].c_str(), nullptr));
  }
  model::Table table;
  for (std::size_t j = 0; j < names.size(); ++j)
    EXPECT_TRUE(table.add({names[j], std::move(columns[j])}).ok());
  return table;
}

std::string page(const std::string& method) {
  std::ifstream in(RAPPORT_SOURCE_DIR "/docs/study/" + method + ".md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

constexpr const char* kMeasurement =
    "Quality =~ q1 + q2 + q3\nValue =~ v1 + v2\nSatisfaction =~ s1 + s2 + s3\nLoyalty =~ l1 + l2 + l3\n";

/// Each line of a code block that follows "$ rapport study" up to the reading stands in what the program
/// prints.
void expect_page(const std::string& method, const Options& options) {
  const auto report = run_study(method, survey(), options);
  ASSERT_TRUE(report.ok()) << report.error().describe();
  const std::string printed = render_text(*report, Language::en);
  std::istringstream lines(page(method));
  std::string line;
  bool inside = false;
  int compared = 0;
  while (std::getline(lines, line)) {
    if (line == pick(report->title, Language::en)) inside = true;
    if (line == "```") inside = false;
    if (!inside || line.empty()) continue;
    // The gradient's last digits are rounding and may differ between compilers.
    if (line.find("gradient norm") != std::string::npos) continue;
    EXPECT_NE(printed.find(line), std::string::npos) << method << ": " << line;
    ++compared;
  }
  EXPECT_GT(compared, 15) << method;
}

TEST(Docs, AlphaPage) {
  expect_page("alpha", {{"items", "s1,s2,s3"}});
}

TEST(Docs, EfaPage) {
  expect_page("efa",
              {{"items", "q1,q2,q3,v1,v2,s1,s2,s3,l1,l2,l3"}, {"factors", "3"}, {"rotation", "oblimin"}});
}

TEST(Docs, CfaPage) {
  expect_page("cfa", {{"model", kMeasurement}, {"modindices", "3"}});
}

TEST(Docs, SemPage) {
  expect_page("sem",
              {{"model", std::string(kMeasurement) +
                             "Satisfaction ~ a*Quality + Value\nLoyalty ~ b*Satisfaction\ncarried := a*b"},
               {"modindices", "0"},
               {"bootstrap", "1000"}});
}

TEST(Docs, PlsPage) {
  expect_page("pls",
              {{"model", std::string(kMeasurement) +
                             "Value ~ Quality\nSatisfaction ~ Quality + Value\nLoyalty ~ Satisfaction"},
               {"bootstrap", "500"}});
}

}  // namespace
}  // namespace rapport::study
