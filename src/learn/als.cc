#include "learn/als.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "learn/detail/cholesky.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/row_solver.h"
#include "learn/detail/settings.h"
#include "learn/detail/vector_kernel.h"
#include "math/resample.h"
#include "math/variates.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kSlice = 256;    ///< rows solved, or summed, at a time
constexpr unsigned kFoldInSteps = 40;  ///< at most
constexpr float kConverged = 1e-6F;    ///< of the right side's length
/// Rows are solved in step as long as what they were seen with fits a processor's second cache.
constexpr std::size_t kSeenTogether = 512;

/// Which columns each row was seen with, ascending.
struct Pattern {
  std::vector<std::size_t> begins{0};
  std::vector<std::uint32_t> columns;
  std::size_t rows() const { return begins.size() - 1; }
  std::span<const std::uint32_t> row(std::size_t i) const {
    return {columns.data() + begins[i], begins[i + 1] - begins[i]};
  }
};

std::vector<std::uint32_t> different_items(std::span<const Interaction> events) {
  std::vector<std::uint32_t> items;
  for (const Interaction& event : events) items.push_back(event.item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

Pattern customers_by_items(const Interactions& interactions) {
  Pattern pattern;
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    const std::vector<std::uint32_t> items = different_items(interactions.of(customer));
    pattern.columns.insert(pattern.columns.end(), items.begin(), items.end());
    pattern.begins.push_back(pattern.columns.size());
  }
  return pattern;
}

Pattern transposed(const Pattern& pattern, std::size_t columns) {
  Pattern turned;
  turned.begins.assign(columns + 1, 0);
  for (const std::uint32_t column : pattern.columns) ++turned.begins[column + 1];
  for (std::size_t c = 1; c <= columns; ++c) turned.begins[c] += turned.begins[c - 1];
  std::vector<std::size_t> fills(turned.begins.begin(), turned.begins.end() - 1);
  turned.columns.resize(pattern.columns.size());
  for (std::uint32_t row = 0; row < pattern.rows(); ++row) {
    for (const std::uint32_t column : pattern.row(row)) turned.columns[fills[column]++] = row;
  }
  return turned;
}

/// rows^T rows. Slices are summed each on its own, then in order, so that threads cannot change a bit.
std::vector<float> gram_of(const std::vector<float>& rows, std::size_t n, unsigned threads) {
  const detail::VectorKernel& kernel = detail::vector_kernel();
  const std::size_t count = rows.size() / n, slices = (count + kSlice - 1) / kSlice;
  // Groups bound the memory that waits to be summed.
  const std::size_t groups = std::min<std::size_t>(64, std::max<std::size_t>(1, slices));
  std::vector<std::vector<float>> parts(groups);
  math::parallel_for(groups, threads, [&](std::size_t group) {
    parts[group].assign(n * n, 0);
    const std::size_t first = group * slices / groups * kSlice;
    const std::size_t end = std::min(count, (group + 1) * slices / groups * kSlice);
    if (first < end) kernel.add_outer(rows.data() + first * n, end - first, n, parts[group].data());
  });
  std::vector<float> gram(n * n, 0);
  for (const std::vector<float>& part : parts) kernel.add_scaled(1, part.data(), gram.data(), n * n);
  return gram;
}

float ridge_of(AlsRidge kind, double regularisation, double unobserved, std::size_t seen,
               std::size_t others) {
  if (kind == AlsRidge::flat) return static_cast<float>(regularisation);
  return static_cast<float>(regularisation *
                            (static_cast<double>(seen) + unobserved * static_cast<double>(others)));
}

/// One half of a sweep: the rows of one side given the other's.
void solve_side(const Pattern& pattern, const std::vector<float>& others, const AlsOptions& options,
                std::size_t n, std::vector<float>& rows) {
  const std::vector<float> gram = gram_of(others, n, options.threads);
  const std::size_t other_rows = others.size() / n;
  math::parallel_for((pattern.rows() + kSlice - 1) / kSlice, options.threads, [&](std::size_t slice) {
    detail::RowSolver solver({others.data(), gram.data(), static_cast<float>(options.unobserved), n});
    std::vector<detail::RowProblem> together;
    std::size_t seen_together = 0;
    const auto solve = [&] {
      solver.solve(together, options.gradient_steps, 0);
      together.clear();
      seen_together = 0;
    };
    for (std::size_t i = slice * kSlice; i < std::min(pattern.rows(), (slice + 1) * kSlice); ++i) {
      const auto seen = pattern.row(i);
      float* x = rows.data() + i * n;
      if (seen.empty()) {
        std::fill_n(x, n, 0.0F);
        continue;
      }
      if (together.size() == detail::RowSolver::kRows || seen_together + seen.size() > kSeenTogether) solve();
      together.push_back(
          {seen, ridge_of(options.ridge, options.regularisation, options.unobserved, seen.size(), other_rows),
           x});
      seen_together += seen.size();
    }
    solve();
  });
}

std::vector<float> random_rows(std::size_t rows, std::size_t n, double spread, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(rows * n);
  for (float& value : values)
    value = static_cast<float>(math::draw_normal(random) * spread / std::sqrt(static_cast<double>(n)));
  return values;
}

}  // namespace

AlsModel train_als(const Interactions& interactions, const AlsOptions& options) {
  AlsModel model;
  model.factors = (options.factors + 7) / 8 * 8;
  model.unobserved = static_cast<float>(options.unobserved);
  model.regularisation = static_cast<float>(options.regularisation);
  model.ridge = options.ridge;
  const std::size_t n = model.factors;
  const Pattern by_customer = customers_by_items(interactions);
  const Pattern by_item = transposed(by_customer, interactions.items());
  std::vector<float> customers(interactions.customers() * n, 0);
  model.items = random_rows(interactions.items(), n, options.initial_spread, options.seed);
  for (unsigned sweep = 0; sweep < options.sweeps; ++sweep) {
    solve_side(by_customer, model.items, options, n, customers);
    solve_side(by_item, customers, options, n, model.items);
  }
  model.gram = gram_of(model.items, n, options.threads);
  return model;
}

std::vector<float> Als::fold_in(std::span<const Interaction> events) const {
  const std::size_t n = model_.factors;
  std::vector<float> x(n, 0);
  const std::vector<std::uint32_t> seen = different_items(events);
  if (seen.empty()) return x;
  const detail::RowProblem row{
      seen,
      ridge_of(model_.ridge, model_.regularisation, model_.unobserved, seen.size(), model_.items.size() / n),
      x.data()};
  detail::RowSolver({model_.items.data(), model_.gram.data(), model_.unobserved, n})
      .solve({&row, 1}, kFoldInSteps, kConverged);
  return x;
}

void Als::score(const History& history, std::span<double> scores) const {
  const std::vector<float> x = fold_in(history.events);
  std::vector<float> products(scores.size());
  detail::vector_kernel().rows_times(model_.items.data(), scores.size(), x.data(), model_.factors,
                                     products.data());
  std::copy(products.begin(), products.end(), scores.begin());
}

std::vector<double> Als::scores_of(std::span<const std::uint32_t> seen) const {
  std::vector<Interaction> events;
  for (const std::uint32_t item : seen) events.push_back({item, 1, 0});
  std::vector<double> scores(model_.items.size() / model_.factors);
  score({events, 0}, scores);
  return scores;
}

std::vector<double> Als::contributions(std::span<const std::uint32_t> seen,
                                       std::span<const std::uint32_t> items) const {
  const std::size_t n = model_.factors;
  const auto row_of = [&](std::uint32_t item) { return model_.items.data() + item * n; };
  // Columns of A's lower half, then of its factor L.
  std::vector<double> lower(n * n);
  for (std::size_t i = 0; i < n * n; ++i)
    lower[i] = static_cast<double>(model_.unobserved) * static_cast<double>(model_.gram[i]);
  for (const std::uint32_t item : seen) {
    const float* y = row_of(item);
    for (std::size_t c = 0; c < n; ++c) {
      for (std::size_t r = c; r < n; ++r)
        lower[c * n + r] += static_cast<double>(y[c]) * static_cast<double>(y[r]);
    }
  }
  const double ridge =
      ridge_of(model_.ridge, model_.regularisation, model_.unobserved, seen.size(), model_.items.size() / n);
  for (std::size_t c = 0; c < n; ++c) lower[c * n + c] += ridge;
  std::vector<double> parts(items.size() * seen.size(), 0);
  if (!detail::factor_cholesky(lower, n)) return parts;
  const auto solved = [&](std::span<const std::uint32_t> rows) {
    std::vector<double> out(rows.size() * n);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(row_of(rows[i]), n, out.begin() + static_cast<std::ptrdiff_t>(i * n));
      detail::solve_lower(lower, n, {out.data() + i * n, n});
    }
    return out;
  };
  const std::vector<double> of_seen = solved(seen), of_items = solved(items);
  std::vector<double> turned(n * seen.size());
  for (std::size_t j = 0; j < seen.size(); ++j) {
    for (std::size_t k = 0; k < n; ++k) turned[k * seen.size() + j] = of_seen[j * n + k];
  }
  // Along the row of parts, so that several are added at once.
  for (std::size_t i = 0; i < items.size(); ++i) {
    double* row = parts.data() + i * seen.size();
    for (std::size_t k = 0; k < n; ++k) {
      const double times = of_items[i * n + k];
      const double* other = turned.data() + k * seen.size();
      for (std::size_t j = 0; j < seen.size(); ++j) row[j] += times * other[j];
    }
  }
  return parts;
}

bool Als::save(ByteWriter& out) const {
  if (model_.ridge != AlsRidge::frequency) return false;
  out.varint(model_.factors);
  detail::put_float(out, model_.unobserved);
  detail::put_float(out, model_.regularisation);
  detail::put_floats(out, model_.items);
  detail::put_floats(out, model_.gram);
  return true;
}

Result<std::unique_ptr<const Recommender>> Als::load(ByteReader& in, std::size_t items) {
  constexpr std::uint64_t kFactorsMost = 1'024;
  AlsModel model;
  const std::uint64_t factors = in.varint();
  if (!in.ok() || factors == 0 || factors > kFactorsMost || factors % 8 != 0)
    return detail::damaged("the number of factors");
  model.factors = static_cast<std::size_t>(factors);
  RAPPORT_TRY(model.unobserved, detail::get_float(in, 0, 1e3F, "the weight of what was not seen"));
  RAPPORT_TRY(model.regularisation, detail::get_float(in, 0, 1e4F, "the regularisation"));
  RAPPORT_TRY(model.items, detail::get_floats(in, "factors"));
  RAPPORT_TRY(model.gram, detail::get_floats(in, "the gram matrix"));
  if (model.items.size() != items * model.factors || model.gram.size() != model.factors * model.factors)
    return detail::damaged("factors");
  return std::unique_ptr<const Recommender>(std::make_unique<Als>(std::move(model)));
}

double als_loss(const AlsModel& model, const Interactions& interactions, unsigned threads) {
  const Als als(model);
  const std::size_t n = model.factors, slices = (interactions.customers() + kSlice - 1) / kSlice;
  std::vector<double> parts(slices, 0);
  std::vector<std::size_t> seen_by(interactions.items(), 0);
  for (std::size_t c = 0; c < interactions.customers(); ++c) {
    for (const std::uint32_t item : different_items(interactions.of(c))) ++seen_by[item];
  }
  math::parallel_for(slices, threads, [&](std::size_t slice) {
    std::vector<float> gx(n);
    for (std::size_t c = slice * kSlice; c < std::min(interactions.customers(), (slice + 1) * kSlice); ++c) {
      const std::vector<std::uint32_t> seen = different_items(interactions.of(c));
      const std::vector<float> x = als.fold_in(interactions.of(c));
      for (const std::uint32_t item : seen) {
        const double miss = detail::vector_kernel().dot(model.items.data() + item * n, x.data(), n) - 1.0;
        parts[slice] += miss * miss;
      }
      detail::vector_kernel().rows_times(model.gram.data(), n, x.data(), n, gx.data());
      parts[slice] += model.unobserved * detail::vector_kernel().dot(x.data(), gx.data(), n);
      parts[slice] +=
          ridge_of(model.ridge, model.regularisation, model.unobserved, seen.size(), interactions.items()) *
          detail::vector_kernel().dot(x.data(), x.data(), n);
    }
  });
  double loss = 0;
  for (const double part : parts) loss += part;
  for (std::size_t item = 0; item < interactions.items(); ++item) {
    const float* y = model.items.data() + item * n;
    loss += ridge_of(model.ridge, model.regularisation, model.unobserved, seen_by[item],
                     interactions.customers()) *
            detail::vector_kernel().dot(y, y, n);
  }
  return loss / static_cast<double>(interactions.size());
}

Result<std::unique_ptr<const Recommender>> train_als_model(const ModelSpec& spec,
                                                           const Interactions& interactions,
                                                           const TrainContext& context) {
  AlsOptions options;
  RAPPORT_TRY(const double factors, detail::setting(spec, "factors", 64, 1, 1024));
  RAPPORT_TRY(const double sweeps, detail::setting(spec, "sweeps", 12, 1, 200));
  RAPPORT_TRY(const double steps, detail::setting(spec, "steps", 3, 1, 100));
  RAPPORT_TRY(options.unobserved, detail::setting(spec, "alpha0", 0.1, 1e-6, 100));
  RAPPORT_TRY(options.regularisation, detail::setting(spec, "reg", 0.003, 1e-9, 1e3));
  options.factors = static_cast<std::size_t>(factors);
  options.sweeps = static_cast<unsigned>(sweeps);
  options.gradient_steps = static_cast<unsigned>(steps);
  options.seed = context.seed;
  options.threads = context.threads;
  return std::unique_ptr<const Recommender>(std::make_unique<Als>(train_als(interactions, options)));
}

}  // namespace rapport::learn
