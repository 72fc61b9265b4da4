#include <benchmark/benchmark.h>

#include <cstdio>

#include "math/variates.h"
#include "study/alpha.h"
#include "study/pls.h"
#include "study/sem_bootstrap.h"

// Data are drawn from the seed that is printed; nothing is read.
namespace rapport::study {
namespace {

constexpr std::uint64_t kSeed = 20261122;

struct Data {
  std::vector<std::string> names;
  std::vector<std::vector<double>> cells;
  Items items() const {
    Items items{names, {}};
    for (const auto& column : cells) items.columns.emplace_back(column);
    return items;
  }
};

/// `factors` correlated factors (r = 0.3) with `each` items of loading 0.7; `likert` rounds to 1 ... 6.
Data factor_data(std::size_t rows, int factors, int each, bool likert) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  Random random(kSeed);
  Data data;
  for (int i = 0; i < factors * each; ++i) {
    data.names.push_back("x" + std::to_string(i + 1));
    data.cells.emplace_back(rows);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const double common = math::draw_normal(random);
    for (int f = 0; f < factors; ++f) {
      const double factor = std::sqrt(0.3) * common + std::sqrt(0.7) * math::draw_normal(random);
      for (int i = 0; i < each; ++i) {
        const double value = 0.7 * factor + std::sqrt(0.51) * math::draw_normal(random);
        data.cells[static_cast<std::size_t>(f * each + i)][row] =
            likert ? std::clamp(std::round(3.5 + 1.2 * value), 1.0, 6.0) : value;
      }
    }
  }
  return data;
}

/// From the columns to the full solution: moments, estimates, errors, every fit measure.
void BM_Cfa301x9(benchmark::State& state) {
  const Data data = factor_data(301, 3, 3, false);
  const Items items = data.items();
  const PathModel model =
      *build_path_model(*parse_model("a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9"));
  for (auto _ : state) {
    const auto m = item_moments(items, math::MissingRule::listwise, 3);
    auto fit = fit_sem(model, {m->covariance, 301});
    if (!fit.ok()) state.SkipWithError("no fit");
    benchmark::DoNotOptimize(fit->fit.chisq);
  }
}
BENCHMARK(BM_Cfa301x9)->Unit(benchmark::kMicrosecond);

void BM_Mediation5000(benchmark::State& state) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  Random random(kSeed);
  math::Matrix rows(500, 3);
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    rows(r, 2) = math::draw_normal(random);
    rows(r, 0) = 0.4 * rows(r, 2) + math::draw_normal(random);
    rows(r, 1) = 0.5 * rows(r, 0) + 0.2 * rows(r, 2) + math::draw_normal(random);
  }
  const PathModel model =
      *build_path_model(*parse_model("m ~ a*x\ny ~ b*m + c*x\nab := a*b\ntotal := c + a*b"));
  const SemFit fit = *fit_sem(model, {math::moments(rows).covariance, 500});
  for (auto _ : state) {
    const auto boot =
        bootstrap_sem(fit, rows, {.replicates = 5000, .threads = static_cast<unsigned>(state.range(0))});
    benchmark::DoNotOptimize(boot->se[0]);
  }
}
BENCHMARK(BM_Mediation5000)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_AlphaOmegaMillionBy22(benchmark::State& state) {
  const Data data = factor_data(1'000'000, 1, 22, true);
  const Items items = data.items();
  for (auto _ : state) {
    const auto result = alpha(items);
    benchmark::DoNotOptimize(result->omega);
  }
}
BENCHMARK(BM_AlphaOmegaMillionBy22)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_CfaBootstrap1000(benchmark::State& state) {
  const Data data = factor_data(301, 3, 3, false);
  const Items items = data.items();
  const PathModel model =
      *build_path_model(*parse_model("a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9"));
  const math::Matrix rows = complete_rows(items);
  const SemFit fit = *fit_sem(model, {math::moments(rows).covariance, 301});
  for (auto _ : state) {
    const auto boot = bootstrap_sem(fit, rows, {.replicates = 1000});
    benchmark::DoNotOptimize(boot->se[0]);
  }
}
BENCHMARK(BM_CfaBootstrap1000)->Unit(benchmark::kMillisecond);

void BM_PlsEcsi(benchmark::State& state) {
  const Data data = factor_data(250, 7, 3, true);
  const Items items = data.items();
  std::string text;
  for (int f = 0; f < 7; ++f) {
    text += fmt::format("f{} =~ x{} + x{} + x{}\n", f, 3 * f + 1, 3 * f + 2, 3 * f + 3);
    if (f > 0) text += fmt::format("f{} ~ f{}\n", f, f - 1);
  }
  const PlsModel model = *build_pls_model(*parse_model(text));
  for (auto _ : state) {
    const auto m = item_moments(items, math::MissingRule::listwise, 3);
    const auto fit = fit_pls(model, math::correlation_of(m->covariance), 250);
    benchmark::DoNotOptimize(fit->r2[1]);
  }
}
BENCHMARK(BM_PlsEcsi)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace rapport::study
