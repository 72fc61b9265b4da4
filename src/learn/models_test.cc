#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "learn/als.h"
#include "learn/detail/decay.h"
#include "learn/detail/sample_interactions.h"
#include "learn/detail/vector_kernel.h"
#include "learn/ease.h"
#include "learn/neighbours.h"
#include "learn/next_basket.h"
#include "learn/popularity.h"
#include "learn/tifu_knn.h"
#include "math/linear.h"

namespace rapport::learn {
namespace {

math::Matrix binary(const Interactions& data) {
  math::Matrix x = math::Matrix::Zero(static_cast<Eigen::Index>(data.customers()),
                                      static_cast<Eigen::Index>(data.items()));
  for (std::size_t c = 0; c < data.customers(); ++c) {
    for (const Interaction& event : data.of(c)) x(static_cast<Eigen::Index>(c), event.item) = 1;
  }
  return x;
}

std::vector<double> scores_of(const Recommender& model, const Interactions& data, std::size_t customer) {
  std::vector<double> scores(data.items());
  const auto events = data.of(customer);
  model.score({events, events.back().time_ms + 5 * 86'400'000LL}, scores);
  return scores;
}

TEST(Models, VectorKernelsGiveTheSameBits) {
  Random random(31);
  const detail::VectorKernel &fast = detail::vector_kernel(), &plain = detail::plain_vector_kernel();
  for (const std::size_t n : {8u, 16u, 24u, 64u, 128u}) {
    std::vector<float> rows(20 * n), x(n);
    for (float& value : rows) value = static_cast<float>(random.uniform() * 2 - 1);
    for (float& value : x) value = static_cast<float>(random.uniform() * 2 - 1);
    EXPECT_EQ(fast.dot(rows.data(), x.data(), n), plain.dot(rows.data(), x.data(), n));
    std::vector<float> a(n * n, 0), b(n * n, 0);
    fast.add_outer(rows.data(), 20, n, a.data());
    plain.add_outer(rows.data(), 20, n, b.data());
    EXPECT_EQ(a, b);
    // Ten rows that were seen: eight at a time and two alone; five right sides: four at a time and one alone.
    const std::vector<std::uint32_t> items = {3, 7, 19, 0, 1, 2, 11, 12, 13, 18};
    std::vector<float> p(5 * n, 1), q(5 * n, 1), alone(n, 1);
    fast.gram_times(a.data(), rows.data(), 5, n, p.data());
    plain.gram_times(a.data(), rows.data(), 5, n, q.data());
    EXPECT_EQ(p, q);
    fast.gram_times(a.data(), rows.data() + 2 * n, 1, n, alone.data());
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), p.begin() + static_cast<std::ptrdiff_t>(2 * n)));
    fast.add_seen(rows.data(), items.data(), items.size(), 1, -1, x.data(), n, p.data());
    plain.add_seen(rows.data(), items.data(), items.size(), 1, -1, x.data(), n, q.data());
    EXPECT_EQ(p, q);
    for (std::size_t i = 0; i < n; ++i) {
      double seen = 1, smooth = 0;
      for (std::size_t k = 0; k < n; ++k) smooth += static_cast<double>(a[i * n + k]) * rows[k];
      for (const std::uint32_t item : items)
        seen += (1.0 - fast.dot(rows.data() + item * n, x.data(), n)) * rows[item * n + i];
      EXPECT_NEAR(p[i], seen + smooth, 2e-3);
    }
    for (const float bound : {-2.0F, 0.0F, 0.5F, 0.999F, 1.0F}) {
      bool any = false;
      for (std::size_t i = 0; i < n; ++i) any = any || rows[i] * x[i] > bound;
      EXPECT_EQ(fast.any_above(rows.data(), x.data(), bound, n), any);
      EXPECT_EQ(plain.any_above(rows.data(), x.data(), bound, n), any);
    }
    double exact = 0;
    for (std::size_t i = 0; i < n; ++i) exact += static_cast<double>(rows[i]) * x[i];
    EXPECT_NEAR(fast.dot(rows.data(), x.data(), n), exact, 1e-5);
  }
}

TEST(Models, HalfToThe) {
  for (double x = 0; x < 60; x += 0.137) EXPECT_NEAR(detail::half_to_the(x) / std::exp2(-x), 1, 2e-9) << x;
  EXPECT_EQ(detail::half_to_the(0), 1);
  EXPECT_EQ(detail::half_to_the(5000), 0);
}

// The fold-in against the normal equations solved by Cholesky in doubles.
TEST(Models, AlsFoldInSolvesTheNormalEquations) {
  Random random(32);
  const Interactions data = sample_interactions(random, 200, 60, 0.2);
  const Als als(train_als(data, {.factors = 16, .sweeps = 4, .threads = 2}));
  const AlsModel& model = als.model();
  math::Matrix y(static_cast<Eigen::Index>(data.items()), 16);
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    for (Eigen::Index f = 0; f < 16; ++f) y(i, f) = model.items[static_cast<std::size_t>(i * 16 + f)];
  }
  const math::Matrix x = binary(data);
  for (Eigen::Index c = 0; c < 20; ++c) {
    const double seen = x.row(c).sum();
    math::Matrix a = model.unobserved * (y.transpose() * y);
    math::Vector b = math::Vector::Zero(16);
    for (Eigen::Index i = 0; i < y.rows(); ++i) {
      if (x(c, i) == 0) continue;
      a += y.row(i).transpose() * y.row(i);
      b += y.row(i).transpose();
    }
    a.diagonal().array() +=
        model.regularisation * (seen + model.unobserved * static_cast<double>(data.items()));
    const math::Matrix exact = math::Cholesky::of(a).value().solve(b);
    const std::vector<float> ours = als.fold_in(data.of(static_cast<std::size_t>(c)));
    for (Eigen::Index f = 0; f < 16; ++f) EXPECT_NEAR(ours[static_cast<std::size_t>(f)], exact(f, 0), 2e-4);
  }
}

TEST(Models, AlsLossFallsAndThreadsDoNotMatter) {
  Random random(33);
  const Interactions data = sample_interactions(random, 300, 80, 0.2);
  for (const AlsRidge ridge : {AlsRidge::frequency, AlsRidge::flat}) {
    double before = 1e9;
    for (const unsigned sweeps : {1u, 2u, 4u, 8u, 16u}) {
      const double loss =
          als_loss(train_als(data, {.factors = 8, .sweeps = sweeps, .ridge = ridge}), data, 1);
      EXPECT_LT(loss, before * (1 + 1e-6));
      before = loss;
    }
  }
  std::string kept;
  ByteWriter bytes(kept);
  EXPECT_FALSE(Als(train_als(data, {.factors = 8, .sweeps = 1, .ridge = AlsRidge::flat})).save(bytes));
  EXPECT_EQ(train_als(data, {.factors = 8, .sweeps = 3, .threads = 1}).items,
            train_als(data, {.factors = 8, .sweeps = 3, .threads = 4}).items);
}

TEST(Models, EaseByItsFormula) {
  Random random(34);
  const Interactions data = sample_interactions(random, 150, 30, 0.2);
  const auto ease = train_ease({"ease", {{"lambda", 20}}}, data, {});
  ASSERT_TRUE(ease.ok());
  const math::Matrix x = binary(data);
  math::Matrix gram = x.transpose() * x;
  gram.diagonal().array() += 20;
  const math::Matrix p = gram.inverse();
  math::Matrix b = -p * p.diagonal().cwiseInverse().asDiagonal();
  b.diagonal().setZero();
  // A history in which an item comes twice counts it twice, so customers without repeats are compared.
  for (std::size_t c = 0; c < data.customers(); ++c) {
    if (static_cast<double>(data.of(c).size()) != x.row(static_cast<Eigen::Index>(c)).sum()) continue;
    const math::Matrix exact = x.row(static_cast<Eigen::Index>(c)) * b;
    const std::vector<double> ours = scores_of(**ease, data, c);
    for (std::size_t i = 0; i < ours.size(); ++i)
      EXPECT_NEAR(ours[i], exact(0, static_cast<Eigen::Index>(i)), 1e-5);
  }
}

void expect_obvious_neighbours(const Interactions& data, double shrink) {
  const SparseRows rows = rows_of_items(data, true);
  math::Matrix x =
      math::Matrix::Zero(static_cast<Eigen::Index>(rows.rows()), static_cast<Eigen::Index>(rows.features));
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (const auto& cell : rows.row(r)) x(static_cast<Eigen::Index>(r), cell.feature) = cell.value;
  }
  const double n = static_cast<double>(x.rows()), mean = x.sum() / n;
  for (const Weighting weighting : {Weighting::cosine, Weighting::tfidf, Weighting::bm25}) {
    math::Matrix w = x;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      for (Eigen::Index c = 0; c < x.cols(); ++c) {
        const double idf = std::max(0.0, std::log(n) - std::log1p((x.col(c).array() > 0).count()));
        const double norm = 0.2 + 0.8 * x.row(i).sum() / mean;
        if (weighting == Weighting::tfidf) w(i, c) = std::sqrt(x(i, c)) * idf;
        if (weighting == Weighting::bm25) w(i, c) = x(i, c) * 101 / (100 * norm + x(i, c)) * idf;
      }
    }
    const NeighbourLists lists = find_neighbours(
        rows, {.weighting = weighting, .most = 7, .shrink = shrink, .k1 = 100, .b = 0.8, .threads = 2});
    for (std::uint32_t item = 0; item < data.items(); ++item) {
      std::vector<double> exact;
      for (Eigen::Index other = 0; other < w.rows(); ++other) {
        if (other == item) continue;
        const double dot = w.row(item).dot(w.row(other));
        const double scale =
            weighting == Weighting::bm25 ? 1 : w.row(item).norm() * w.row(other).norm() + shrink;
        if (dot > 0) exact.push_back(dot / scale);
      }
      std::sort(exact.rbegin(), exact.rend());
      const auto ours = lists.of(item);
      ASSERT_EQ(ours.size(), std::min<std::size_t>(7, exact.size()));
      for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i].similarity / exact[i], 1, 1e-5);
    }
  }
}

// What each thing she took adds to a score, against A x = y solved densely; and rows add up to the score.
TEST(Models, ContributionsAddUpToTheScore) {
  Random random(36);
  const Interactions data = sample_interactions(random, 200, 30, 0.3);
  const auto als_model = train_model({"als", {{"factors", 16}, {"sweeps", 4}}}, data, {});
  const auto ease_model = train_model({"ease", {}}, data, {});
  ASSERT_TRUE(als_model.ok() && ease_model.ok());
  const auto& als = dynamic_cast<const Als&>(**als_model);
  const auto& ease = dynamic_cast<const Ease&>(**ease_model);
  const std::vector<std::uint32_t> seen{3, 7, 11, 2}, items{0, 5, 9, 28};
  const auto n = static_cast<Eigen::Index>(als.model().factors);
  const auto row = [&](std::uint32_t item) {
    math::Vector y(n);
    for (Eigen::Index i = 0; i < n; ++i)
      y(i) = als.model()
                 .items[static_cast<std::size_t>(item) * als.model().factors + static_cast<std::size_t>(i)];
    return y;
  };
  math::Matrix a(n, n);
  for (Eigen::Index r = 0; r < n; ++r) {
    for (Eigen::Index c = 0; c < n; ++c)
      a(r, c) = als.model().unobserved * als.model().gram[static_cast<std::size_t>(r * n + c)];
  }
  for (const std::uint32_t item : seen) a += row(item) * row(item).transpose();
  a += math::Matrix::Identity(n, n) *
       static_cast<float>(
           als.model().regularisation *
           (static_cast<double>(seen.size()) + als.model().unobserved * static_cast<double>(data.items())));
  const auto parts = als.contributions(seen, items);
  const auto scores = als.scores_of(seen);
  for (std::size_t i = 0; i < items.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < seen.size(); ++j) {
      const math::Vector solved = a.fullPivLu().solve(row(seen[j]));
      EXPECT_NEAR(parts[i * seen.size() + j], row(items[i]).dot(solved), 1e-6);
      sum += parts[i * seen.size() + j];
    }
    EXPECT_NEAR(sum, scores[items[i]], 1e-4) << "folded in by conjugate gradients in single precision";
  }
  const std::vector<double> weights{1, 0.5, 0.25, 2};
  const auto linear = ease.contributions(seen, weights, items);
  const auto linear_scores = ease.scores_of(seen, weights);
  for (std::size_t i = 0; i < items.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < seen.size(); ++j) sum += linear[i * seen.size() + j];
    EXPECT_NEAR(sum, linear_scores[items[i]], 1e-12);
  }
  AlsModel damaged = als.model();
  for (float& value : damaged.gram) value = -value;
  for (const double part : Als(damaged).contributions(seen, items)) EXPECT_EQ(part, 0);
}

// Few items that everybody has; and many, of which rare ones are looked up rather than walked over.
TEST(Models, NeighboursEqualTheObvious) {
  Random random(35);
  expect_obvious_neighbours(sample_interactions(random, 150, 40, 0.3), 0);
  expect_obvious_neighbours(sample_interactions(random, 150, 400, 0.3), 0);
  expect_obvious_neighbours(sample_interactions(random, 150, 200, 0.3), 3);
}

// Equation (3) of the paper, baskets written out: three groups of m = 2 over five baskets.
TEST(Models, TifuVectorByHand) {
  InteractionsBuilder builder;
  for (int day = 0; day < 5; ++day) {
    ASSERT_TRUE(builder.add("a", fmt::format("only-{}", day), day * 86'400'000LL).ok());
    ASSERT_TRUE(builder.add("a", "always", day * 86'400'000LL).ok());
  }
  const Interactions data = std::move(builder).build().value();
  const TifuKnn::Row row =
      TifuKnn::vector_of(data.of(0), {.group = 2, .basket_decay = 0.9, .group_decay = 0.7});
  // Groups: {0}, {1, 2}, {3, 4}.
  const double weights[] = {0.49 / 3, 0.7 * 0.9 / 2 / 3, 0.7 / 2 / 3, 0.9 / 2 / 3, 1.0 / 2 / 3};
  double total = 0;
  for (int day = 0; day < 5; ++day) {
    total += weights[day];
    for (const auto& cell : row) {
      if (data.item_name(cell.index) == fmt::format("only-{}", day)) {
        EXPECT_NEAR(cell.value, weights[day], 1e-12);
      }
    }
  }
  for (const auto& cell : row) {
    if (data.item_name(cell.index) == "always") {
      EXPECT_NEAR(cell.value, total, 1e-12);
    }
  }
}

TEST(Models, TifuNeighboursByLookingAtAll) {
  Random random(36);
  const Interactions data = sample_interactions(random, 60, 25, 0.4);
  const TifuOptions options{.group = 3, .alpha = 0.4, .neighbours = 9};
  const TifuKnn model(data, options);
  const auto dense = [&](std::size_t c) {
    std::vector<double> v(data.items(), 0);
    for (const auto& cell : TifuKnn::vector_of(data.of(c), options)) v[cell.index] = cell.value;
    return v;
  };
  for (std::size_t c = 0; c < 20; ++c) {
    const std::vector<double> own = dense(c);
    std::vector<std::pair<double, std::size_t>> distances;
    for (std::size_t other = 0; other < data.customers(); ++other) {
      const std::vector<double> theirs = dense(other);
      double square = 0;
      for (std::size_t i = 0; i < own.size(); ++i) square += (own[i] - theirs[i]) * (own[i] - theirs[i]);
      distances.emplace_back(square, other);
    }
    std::sort(distances.begin(), distances.end());
    if (distances[9].first - distances[8].first < 1e-9) continue;  // who is ninth is a matter of rounding
    std::vector<double> expected(own.size());
    for (std::size_t i = 0; i < own.size(); ++i) expected[i] = 0.4 * own[i];
    for (std::size_t near = 0; near < 9; ++near) {
      const std::vector<double> theirs = dense(distances[near].second);
      for (std::size_t i = 0; i < own.size(); ++i) expected[i] += 0.6 * theirs[i] / 9;
    }
    const std::vector<double> ours = scores_of(model, data, c);
    for (std::size_t i = 0; i < own.size(); ++i) EXPECT_NEAR(ours[i], expected[i], 1e-12);
  }
}

// Coffee every ten days, salt every hundred; ten days after both the coffee is due.
TEST(Models, WhatIsDueComesFirst) {
  InteractionsBuilder builder;
  for (int c = 0; c < 20; ++c) {
    for (int day = 0; day <= 300; day += 10)
      ASSERT_TRUE(builder.add(fmt::format("c{}", c), "coffee", day * 86'400'000LL).ok());
    for (int day = 0; day <= 300; day += 100)
      ASSERT_TRUE(builder.add(fmt::format("c{}", c), "salt", day * 86'400'000LL).ok());
  }
  const Interactions data = std::move(builder).build().value();
  const auto due = train_due({"due", {}}, data, {});
  ASSERT_TRUE(due.ok());
  std::vector<double> scores(2);
  const std::vector<Interaction> history = {{0, 1, 0}, {1, 1, 0}};
  const std::int64_t day = 86'400'000;
  (*due)->score({history, 10 * day}, scores);
  EXPECT_GT(scores[0], scores[1]);
  InteractionsBuilder once;
  ASSERT_TRUE(once.add("a", "tea", 0).ok());
  EXPECT_EQ(train_due({"due", {}}, std::move(once).build().value(), {}).error().code, Errc::refused);
}

// Four shares of one: the scores of a customer with a history add up to one, and without any weight on
// herself what she never had comes from the others alone.
TEST(Models, NextBasketIsAMixtureOfShares) {
  Random random(37);
  const Interactions data = sample_interactions(random, 200, 30, 0.5);
  const auto mixed = train_next_basket({"next-basket", {{"own", 0.6}, {"due", 0.4}}}, data, {});
  const auto others = train_next_basket({"next-basket", {{"own", 0}, {"like", 0}}}, data, {});
  const auto popular = train_popularity({"popularity", {}}, data, {});
  ASSERT_TRUE(mixed.ok() && others.ok() && popular.ok());
  for (std::size_t c = 0; c < 50; ++c) {
    double sum = 0;
    for (const double score : scores_of(**mixed, data, c)) sum += score;
    EXPECT_NEAR(sum, 1, 1e-9);
    const std::vector<double> left = scores_of(**others, data, c), right = scores_of(**popular, data, c);
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_NEAR(left[i], right[i], 1e-12);
  }
}

TEST(Models, AThinRegionHasItsParentsShares) {
  const std::vector<double> parent = {0.5, 0.3, 0.2};
  const std::vector<double> none = shrink_to_parent(std::vector<double>{0, 0, 0}, parent, 50);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(none[i], parent[i], 1e-15);
  const std::vector<double> many = shrink_to_parent(std::vector<double>{0, 0, 1e6}, parent, 50);
  EXPECT_NEAR(many[2], 1, 1e-4);
}

TEST(Models, BestItemsOrderAndExclusions) {
  const std::vector<double> scores = {1, 3, 3, -2, 0};
  const std::vector<std::uint32_t> order = {0, 2, 1, 3, 4};
  std::vector<std::uint32_t> best;
  best_items(scores, order, std::vector<std::uint8_t>{0, 0, 0, 0, 1}, 4, best);
  EXPECT_EQ(best, (std::vector<std::uint32_t>{2, 1, 0, 3}));
}

}  // namespace
}  // namespace rapport::learn
