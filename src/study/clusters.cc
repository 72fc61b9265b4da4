#include "study/clusters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

constexpr Index kRowsLeast = 50;

struct Run {
  std::vector<int> group;
  Matrix centres;
  double within = std::numeric_limits<double>::infinity();
};

/// Rows are the columns of `z`, so that a row lies together in memory.
Matrix first_centres(const Matrix& z, int k, Random& random) {
  const Index n = z.cols();
  Matrix centres(z.rows(), k);
  centres.col(0) = z.col(static_cast<Index>(random.below(static_cast<std::uint64_t>(n))));
  Vector nearest = (z.colwise() - centres.col(0)).colwise().squaredNorm().transpose();
  for (int c = 1; c < k; ++c) {
    double left = random.uniform() * nearest.sum();
    Index chosen = 0;
    while (chosen + 1 < n && left >= nearest[chosen]) left -= nearest[chosen++];
    centres.col(c) = z.col(chosen);
    nearest = nearest.cwiseMin((z.colwise() - centres.col(c)).colwise().squaredNorm().transpose());
  }
  return centres;
}

/// Every row to its nearest centre; the lower number wins a tie. True when something moved.
bool assign(const Matrix& z, Run& run) {
  bool moved = false;
  run.within = 0;
  for (Index i = 0; i < z.cols(); ++i) {
    Index best = 0;
    run.within += (run.centres.colwise() - z.col(i)).colwise().squaredNorm().minCoeff(&best);
    int& group = run.group[static_cast<std::size_t>(i)];
    moved = moved || group != static_cast<int>(best);
    group = static_cast<int>(best);
  }
  return moved;
}

void move_centres(const Matrix& z, Run& run) {
  Matrix sums = Matrix::Zero(z.rows(), run.centres.cols());
  Vector counts = Vector::Zero(run.centres.cols());
  for (Index i = 0; i < z.cols(); ++i) {
    const Index g = run.group[static_cast<std::size_t>(i)];
    sums.col(g) += z.col(i);
    counts[g] += 1;
  }
  for (Index g = 0; g < counts.size(); ++g) {
    if (counts[g] > 0) run.centres.col(g) = sums.col(g) / counts[g];
  }
}

Run best_run(const Matrix& z, int k, const ClusterOptions& options, Random& random) {
  Run best;
  for (int start = 0; start < options.starts; ++start) {
    Run run{.group = std::vector<int>(static_cast<std::size_t>(z.cols()), -1),
            .centres = first_centres(z, k, random)};
    for (int round = 0; round < options.rounds && assign(z, run); ++round) move_centres(z, run);
    if (run.within < best.within) best = std::move(run);
  }
  return best;
}

ClusterTrial weigh(const Matrix& z, const Run& run, int k) {
  const double n = static_cast<double>(z.cols()), total = z.squaredNorm();  // the mean is 0
  ClusterTrial trial{.k = k, .within = total > 0 ? run.within / total : 0};
  trial.calinski_harabasz = ((total - run.within) / (k - 1)) / (run.within / (n - k));
  std::vector<double> size(static_cast<std::size_t>(k));
  for (Index i = 0; i < z.cols(); ++i) {
    const auto own = static_cast<std::size_t>(run.group[static_cast<std::size_t>(i)]);
    size[own] += 1;
    double a = 0, b = std::numeric_limits<double>::infinity();
    for (Index c = 0; c < k; ++c) {
      const double distance = (z.col(i) - run.centres.col(c)).norm();
      if (static_cast<std::size_t>(c) == own) {
        a = distance;
      } else {
        b = std::min(b, distance);
      }
    }
    const double larger = std::max(a, b);
    trial.silhouette += larger > 0 ? (b - a) / larger / n : 0;
  }
  trial.smallest = *std::min_element(size.begin(), size.end()) / n;
  return trial;
}

/// Numbers the groups by size, the largest first.
void put_in_order(Clustering& c, const Run& run, const std::vector<Index>& columns, Index width) {
  std::vector<double> size(static_cast<std::size_t>(c.k));
  for (const int g : run.group) size[static_cast<std::size_t>(g)] += 1;
  std::vector<int> order(size.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&size](int a, int b) {
    return size[static_cast<std::size_t>(a)] > size[static_cast<std::size_t>(b)];
  });
  std::vector<int> rank(size.size());
  c.centres = Matrix::Zero(c.k, width);
  for (std::size_t place = 0; place < order.size(); ++place) {
    const auto from = static_cast<std::size_t>(order[place]);
    rank[from] = static_cast<int>(place);
    c.size.push_back(size[from]);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      c.centres(static_cast<Index>(place), columns[j]) =
          run.centres(static_cast<Index>(j), static_cast<Index>(from));
    }
  }
  for (const int g : run.group) c.group.push_back(rank[static_cast<std::size_t>(g)]);
}

}  // namespace

Result<Clustering> cluster_rows(const Matrix& x, const ClusterOptions& options) {
  const Index n = x.rows();
  if (n < kRowsLeast)
    return Error{Errc::refused, fmt::format("{} rows cannot be grouped", n), "rows",
                 fmt::format("{} or more", kRowsLeast)};
  std::vector<Index> columns;
  Matrix z(x.cols(), n);
  for (Index j = 0; j < x.cols(); ++j) {
    const double mean = x.col(j).mean();
    const double sd = std::sqrt((x.col(j).array() - mean).square().mean());
    if (!(sd > 1e-12)) continue;
    z.row(static_cast<Index>(columns.size())) = ((x.col(j).array() - mean) / sd).transpose();
    columns.push_back(j);
  }
  if (columns.empty())
    return Error{Errc::refused, "no column varies: all rows are alike", "columns", "variation"};
  z.conservativeResize(static_cast<Index>(columns.size()), Eigen::NoChange);
  Clustering c;
  Random random(options.seed);
  Run taken;
  double best = -2;
  for (int k = 2; k <= options.k_most; ++k) {
    Run run = best_run(z, k, options, random);
    const ClusterTrial trial = weigh(z, run, k);
    c.trials.push_back(trial);
    // With every k too small a group, the fewest groups are taken.
    if (c.k != 0 && (trial.smallest < options.smallest || trial.silhouette <= best)) continue;
    best = trial.smallest < options.smallest ? -2 : trial.silhouette;
    c.k = k;
    taken = std::move(run);
  }
  put_in_order(c, taken, columns, x.cols());
  return c;
}

}  // namespace rapport::study
