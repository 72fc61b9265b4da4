#include "study/journey.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "study/detail/shared_data.h"
#include "study/study.h"

namespace rapport::study {
namespace {

/// A line an event: customer time event [name=value ...]; times are minutes after a fixed moment.
model::Table events(const std::string& story) {
  constexpr std::array kColumns = {"customer_id", "event_time", "event", "form",   "page",  "term",
                                   "reason",      "order_id",   "step",  "source", "rating"};
  std::vector<model::TextColumn> cells(kColumns.size());
  std::istringstream lines(story);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string customer, at, event, more;
    if (!(words >> customer >> at >> event)) continue;
    for (char& c : event) c = c == '_' ? ' ' : c;
    for (auto& column : cells) column.emplace_back();
    cells[0].back() = customer == "-" ? "" : customer;
    if (at != "-") cells[1].back() = format_instant(Instant{1'767'600'000'000} + minutes(std::stoll(at)));
    cells[2].back() = event;
    while (words >> more) {
      const auto equals = more.find('=');
      for (std::size_t j = 3; j < kColumns.size(); ++j) {
        if (more.substr(0, equals) == kColumns[j]) cells[j].back() = more.substr(equals + 1);
      }
    }
  }
  model::Table table;
  for (std::size_t j = 0; j < kColumns.size(); ++j) EXPECT_TRUE(table.add({kColumns[j], cells[j]}).ok());
  return table;
}

const PainFinding& pain(const Journey& journey, Pain which) {
  return journey.findings[static_cast<std::size_t>(which)];
}

constexpr int kDay = 24 * 60;

TEST(Journey, IsCleanedAndCutIntoVisits) {
  const auto j = read_journey(events("ada 0 screen\n"
                                     "ada 0 screen\n"
                                     "ada 2 Product_Viewed\n"
                                     "ada 5 Product_Added\n"
                                     "ada 100 screen\n"
                                     "- 3 screen\n"
                                     "bo - screen\n"
                                     "cy 7 Survey_Answered\n"),
                              {});
  ASSERT_TRUE(j.ok()) << j.error().describe();
  EXPECT_EQ(j->cleaning.rows, 8);
  EXPECT_EQ(j->cleaning.without_customer, 1);
  EXPECT_EQ(j->cleaning.without_time, 1);
  EXPECT_EQ(j->cleaning.repeated, 1);
  EXPECT_EQ(j->cleaning.kept, 5);
  EXPECT_EQ(j->customers, (std::vector<std::string>{"ada", "cy"}));
  EXPECT_EQ(j->visits, 2);
  EXPECT_EQ(j->bounced, 1);
  EXPECT_EQ(j->steps[0].visits, 2);
  EXPECT_EQ(j->steps[2].visits, 1);
  EXPECT_EQ(j->steps[3].visits, 0);
  EXPECT_EQ(j->steps[0].minutes_to_next, 2);
  EXPECT_EQ(j->steps[1].minutes_to_next, 3);
}

TEST(Journey, ATermReadAndThenAskedAbout) {
  const auto j = read_journey(events("ada 0 Content_Viewed term=CADR\n"
                                     "ada 5 Contact_Started reason=term term=CADR\n"
                                     "bo 0 Content_Viewed term=CADR\n"
                                     "bo 90 Contact_Started reason=term term=CADR\n"  // later than the hour
                                     "cy 0 Content_Viewed term=CCM\n"
                                     "cy 9 Contact_Started reason=term term=CADR\n"  // about something else
                                     "di 0 Content_Viewed term=CCM\n"
                                     "di 3 Content_Viewed term=CCM\n"
                                     "di 9 Contact_Started reason=term\n"),
                              {});
  ASSERT_TRUE(j.ok());
  const PainFinding& f = pain(*j, Pain::term_asked);
  EXPECT_EQ(f.chances, 5);
  EXPECT_EQ(f.hits, 2);
  EXPECT_EQ(f.customers, 2);
  ASSERT_EQ(f.where.size(), 2u);
  EXPECT_EQ(f.where[0].name, "CADR");
  EXPECT_EQ(f.where[0].n, 2);
  EXPECT_EQ(f.where[0].hits, 1);
}

TEST(Journey, ThreeFormPagesOrAnotherAppAndThenNothing) {
  const auto j = read_journey(events("ada 0 Form_Page_Viewed form=checkout page=1\n"
                                     "ada 1 Form_Page_Viewed form=checkout page=2\n"
                                     "ada 2 Form_Page_Viewed form=checkout page=3\n"  // given up
                                     "bo 0 Form_Page_Viewed form=checkout page=1\n"
                                     "bo 1 Form_Page_Viewed form=checkout page=2\n"
                                     "bo 2 Form_Page_Viewed form=checkout page=3\n"
                                     "bo 9 Order_Completed\n"
                                     "cy 0 screen source=app\n"
                                     "cy 1 Form_Page_Viewed form=checkout page=1\n"
                                     "cy 3 screen source=web\n"  // the app is changed: given up
                                     "di 0 Form_Page_Viewed form=checkout page=1\n"  // one page is no pain
                                     "ed 4319 Form_Page_Viewed form=checkout page=1\n"
                                     "ed 4320 Form_Page_Viewed form=checkout page=2\n"
                                     "ed 4321 Form_Page_Viewed form=checkout page=3\n"  // still inside a day
                                     "fay 0 screen\n"
                                     "fay 4322 screen\n"),
                              {});
  ASSERT_TRUE(j.ok());
  const PainFinding& f = pain(*j, Pain::form_abandoned);
  EXPECT_EQ(f.chances, 4);
  EXPECT_EQ(f.hits, 2);
  EXPECT_EQ(f.where[0].n, 2);
  EXPECT_EQ(f.where[0].hits, 1);
}

TEST(Journey, AskedAgainForTheSameMatter) {
  const auto j =
      read_journey(events(fmt::format("ada 0 Contact_Started reason=late order_id=O1\n"
                                      "ada {} Contact_Started reason=late order_id=O1\n"
                                      "ada {} Contact_Started reason=unsolved order_id=O9\n"
                                      "bo 0 Contact_Started reason=late order_id=O2\n"
                                      "bo {} Contact_Started reason=size order_id=O2\n"  // another matter
                                      "cy 0 Contact_Started reason=late order_id=O3\n"
                                      "cy {} Contact_Started reason=late order_id=O3\n"  // a month later
                                      "di 0 Contact_Started reason=defect order_id=O4\n"
                                      "di 99 Ticket_Updated step=reopened\n",
                                      kDay, 2 * kDay, kDay, 30 * kDay)),
                   {});
  ASSERT_TRUE(j.ok());
  const PainFinding& f = pain(*j, Pain::chased);
  EXPECT_EQ(f.chances, 6);
  EXPECT_EQ(f.hits, 2);
  EXPECT_EQ(j->features[0][8], 2);  // chases of ada
  // Only ada and di can be followed for thirty days, and neither came back.
  EXPECT_EQ(f.seen_after, 2);
  EXPECT_EQ(f.away_after, 1);
}

TEST(Journey, RefusesWhatIsNoJourney) {
  model::Table empty;
  ASSERT_TRUE(empty.add({"customer_id", model::TextColumn{""}}).ok());
  ASSERT_TRUE(empty.add({"event_time", model::TextColumn{"2026-01-01"}}).ok());
  EXPECT_EQ(run_study("diagnose", empty, {}).error().code, Errc::not_found);
  ASSERT_TRUE(empty.add({"event", model::TextColumn{"screen"}}).ok());
  EXPECT_EQ(run_study("diagnose", empty, {}).error().code, Errc::refused);
  EXPECT_EQ(run_study("diagnose", events("ada 0 screen"), {{"form-pages", "1"}}).error().code,
            Errc::bad_input);
  // A few customers are not grouped, and the report says so above its figures.
  const auto few = run_study("diagnose", events("ada 0 screen\nada 1 Product_Viewed"), {});
  ASSERT_TRUE(few.ok()) << few.error().describe();
  EXPECT_EQ(few->checks.back().name, "groups");
  EXPECT_EQ(few->checks.back().status, CheckStatus::failed);
}

}  // namespace
}  // namespace rapport::study
