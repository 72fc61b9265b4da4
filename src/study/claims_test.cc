#include "study/claims.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/clusters.h"
#include "study/study.h"

namespace rapport::study {
namespace {

model::Table numbers(std::initializer_list<std::pair<std::string, std::vector<double>>> columns) {
  model::Table table;
  for (const auto& [name, cells] : columns) EXPECT_TRUE(table.add({name, cells}).ok());
  return table;
}

const ClaimFinding& of(const std::vector<ClaimFinding>& board, std::string_view key) {
  for (const ClaimFinding& f : board) {
    if (f.claim->key == key) return f;
  }
  ADD_FAILURE() << key;
  return board.front();
}

double normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// Satisfaction 60 without a personal reply; with one `lift` more. Half have one.
model::Table replies(double lift, std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> reply, satisfaction;
  for (std::size_t i = 0; i < n; ++i) {
    reply.push_back(random.chance(0.5) ? 1 : 0);
    satisfaction.push_back(60 * (1 + lift * reply.back()) + 10 * normal(random));
  }
  return numbers({{"personal_reply", reply}, {"satisfaction", satisfaction}});
}

TEST(Claims, EachVerdictHasItsData) {
  const auto verdict = [](double lift, std::size_t n) {
    const auto board = hold_claims(replies(lift, n, 5), {.by_lot = {"personal_reply"}});
    EXPECT_TRUE(board.ok());
    return of(*board, "personal_reply").verdict;
  };
  EXPECT_EQ(verdict(0.20, 2000), ClaimVerdict::borne_out);
  EXPECT_EQ(verdict(0.40, 2000), ClaimVerdict::larger);
  EXPECT_EQ(verdict(0.08, 2000), ClaimVerdict::smaller);
  EXPECT_EQ(verdict(0.00, 2000), ClaimVerdict::none_seen);
  EXPECT_EQ(verdict(-0.10, 2000), ClaimVerdict::opposite);
  EXPECT_EQ(verdict(0.20, 40), ClaimVerdict::cannot_tell);
}

TEST(Claims, SayWhyTheyCannotBeTold) {
  auto table = replies(0.2, 200, 6);
  ASSERT_TRUE(table.add({"member", model::NumberColumn(200, 1)}).ok());
  ASSERT_TRUE(table.add({"repurchased", model::NumberColumn(200, 0)}).ok());
  ASSERT_TRUE(table.add({"channels", model::NumberColumn(200, model::Table::kMissing)}).ok());
  const auto board = hold_claims(table, {});
  ASSERT_TRUE(board.ok()) << board.error().describe();
  EXPECT_EQ(board->size(), 13u);
  EXPECT_EQ(of(*board, "consulting_trust").reason, "the data has no consulted and trust");
  EXPECT_EQ(of(*board, "proactive_guidance").reason, "the data has no guided and tickets");
  EXPECT_EQ(of(*board, "membership").reason, "only 0 rows without it (30 are needed)");
  EXPECT_EQ(of(*board, "multi_channel").reason, "only 0 rows with it (30 are needed)");
  EXPECT_EQ(of(*board, "personal_reply").evidence, "goes together");
  // Nobody bought again: without it the mean is 0 and a change in per cent has no meaning.
  table = numbers({{"member", std::vector<double>(100)}, {"repurchased", std::vector<double>(100)}});
  const auto none = run_study("claims", table, {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, Errc::refused);
}

TEST(Claims, AConfounderIsTakenOut) {
  // The needy take the membership and buy again anyway; the membership does nothing.
  Random random(9);
  std::vector<double> member, again, need;
  for (int i = 0; i < 6000; ++i) {
    need.push_back(random.chance(0.5) ? 1 : 0);
    member.push_back(random.chance(0.2 + 0.5 * need.back()) ? 1 : 0);
    again.push_back(random.chance(0.3 + 0.3 * need.back()) ? 1 : 0);
  }
  const auto table = numbers({{"member", member}, {"repurchased", again}, {"need", need}});
  const auto naive = hold_claims(table, {}), adjusted = hold_claims(table, {.covariates = {"need"}});
  ASSERT_TRUE(naive.ok() && adjusted.ok());
  EXPECT_GT(of(*naive, "membership").ci_low, 0.15);
  const ClaimFinding& f = of(*adjusted, "membership");
  EXPECT_EQ(f.evidence, "adjusted");
  EXPECT_LT(f.ci_low, 0);
  EXPECT_GT(f.ci_high, 0);
  EXPECT_LT(f.ci_high - f.ci_low, 0.2);
}

TEST(Claims, SlopeAndShareAreOnTheirOwnScale) {
  Random random(12);
  std::vector<double> experience, satisfaction, consulted, trust;
  for (int i = 0; i < 1000; ++i) {
    experience.push_back(static_cast<double>(random.between(0, 100)));
    satisfaction.push_back(20 + 0.38 * experience.back() + 5 * normal(random));
    consulted.push_back(i % 2);
    trust.push_back(i % 10 < 8 ? 1 : 0);
  }
  const auto board = hold_claims(numbers({{"experience", experience},
                                          {"satisfaction", satisfaction},
                                          {"consulted", consulted},
                                          {"trust", trust}}),
                                 {});
  ASSERT_TRUE(board.ok());
  EXPECT_NEAR(of(*board, "experience").figure, 3.8, 0.2);
  EXPECT_EQ(of(*board, "experience").verdict, ClaimVerdict::borne_out);
  EXPECT_NEAR(of(*board, "consulting_trust").figure, 0.8, 0.01);
  EXPECT_EQ(of(*board, "consulting_trust").verdict, ClaimVerdict::borne_out);
}

TEST(Clusters, FindPlantedGroupsAndExplainTheirNumber) {
  Random random(3);
  math::Matrix x(600, 3);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const double middle = static_cast<double>(i % 3) * 8;
    x(i, 0) = middle + normal(random);
    x(i, 1) = -middle + normal(random);
    x(i, 2) = 7;  // does not vary
  }
  const auto c = cluster_rows(x);
  ASSERT_TRUE(c.ok()) << c.error().describe();
  EXPECT_EQ(c->k, 3);
  EXPECT_EQ(c->trials.size(), 7u);
  for (Eigen::Index i = 3; i < x.rows(); ++i)
    EXPECT_EQ(c->group[static_cast<std::size_t>(i)], c->group[static_cast<std::size_t>(i % 3)]) << i;
  for (std::size_t t = 1; t < c->trials.size(); ++t)
    EXPECT_LT(c->trials[t].within, c->trials[t - 1].within + 1e-9);
  EXPECT_EQ(cluster_rows(math::Matrix::Ones(100, 2)).error().code, Errc::refused);
  EXPECT_EQ(cluster_rows(x.topRows(20)).error().code, Errc::refused);
}

}  // namespace
}  // namespace rapport::study
