#include "learn/neighbours.h"

#include <algorithm>
#include <cmath>

#include "learn/detail/decay.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"
#include "learn/detail/vector_kernel.h"
#include "math/resample.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kSlice = 64;  ///< items worked on at a time

/// The rows' cells by feature: which rows have it, with what value.
SparseRows transposed(const SparseRows& rows) {
  SparseRows turned;
  turned.features = rows.rows();
  turned.begins.assign(rows.features + 1, 0);
  for (const SparseRows::Cell& cell : rows.cells) ++turned.begins[cell.feature + 1];
  for (std::size_t f = 1; f < turned.begins.size(); ++f) turned.begins[f] += turned.begins[f - 1];
  turned.cells.resize(rows.cells.size());
  std::vector<std::size_t> fills(turned.begins.begin(), turned.begins.end() - 1);
  for (std::uint32_t row = 0; row < rows.rows(); ++row) {
    for (const SparseRows::Cell& cell : rows.row(row))
      turned.cells[fills[cell.feature]++] = {row, cell.value};
  }
  return turned;
}

void weigh(SparseRows& rows, const NeighbourOptions& options) {
  if (options.weighting == Weighting::cosine) return;
  std::vector<double> holders(rows.features, 0);
  for (const SparseRows::Cell& cell : rows.cells) holders[cell.feature] += 1;
  const auto n = static_cast<double>(rows.rows());
  std::vector<double> choosiness(rows.features);
  // A feature of every row tells nothing; it must not count against.
  for (std::size_t f = 0; f < rows.features; ++f)
    choosiness[f] = std::max(0.0, std::log(n) - std::log1p(holders[f]));
  double all = 0;
  for (const SparseRows::Cell& cell : rows.cells) all += cell.value;
  const double mean = all / n;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double sum = 0;
    for (const SparseRows::Cell& cell : rows.row(r)) sum += cell.value;
    const double norm = (1 - options.b) + options.b * sum / mean;
    for (std::size_t at = rows.begins[r]; at < rows.begins[r + 1]; ++at) {
      SparseRows::Cell& cell = rows.cells[at];
      const double idf = choosiness[cell.feature];
      const double value = cell.value;
      cell.value = static_cast<float>(options.weighting == Weighting::tfidf
                                          ? std::sqrt(value) * idf
                                          : value * (options.k1 + 1) / (options.k1 * norm + value) * idf);
    }
  }
}

std::vector<double> lengths_of(const SparseRows& rows) {
  std::vector<double> lengths(rows.rows());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double squares = 0;
    for (const SparseRows::Cell& cell : rows.row(r)) squares += static_cast<double>(cell.value) * cell.value;
    lengths[r] = std::sqrt(squares);
  }
  return lengths;
}

bool before(const Neighbour& a, const Neighbour& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.item < b.item;
}

/// What stays the same while items are worked on. Rows are padded to whole vectors.
struct Ground {
  const SparseRows& rows;
  const SparseRows& turned;
  const std::vector<double>& lengths;
  const NeighbourOptions& options;
  std::vector<float> shrinking{};  ///< 1 / length, by item: what a sum is about to be multiplied by

  Ground(const SparseRows& of, const SparseRows& by, const std::vector<double>& long_as,
         const NeighbourOptions& wanted)
      : rows(of), turned(by), lengths(long_as), options(wanted) {
    shrinking.assign((of.rows() + 63) / 64 * 64, 1);
    if (wanted.weighting == Weighting::bm25) return;
    for (std::size_t r = 0; r < of.rows(); ++r) shrinking[r] = static_cast<float>(1 / lengths[r]);
  }
};

/// Sums of one item against all others, and the best of them.
class Gatherer {
 public:
  explicit Gatherer(const Ground& ground) : ground_(ground), sums_(ground.shrinking.size(), 0) {}

  std::vector<Neighbour> of(std::uint32_t item) {
    best_.clear();
    if (ground_.options.most == 0) return best_;
    const auto row = ground_.rows.row(item);
    std::size_t pairs = 0;
    for (const SparseRows::Cell& cell : row) pairs += ground_.turned.row(cell.feature).size();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i + 2 < row.size())
        __builtin_prefetch(ground_.turned.cells.data() + ground_.turned.begins[row[i + 2].feature]);
      const float value = row[i].value;
      for (const SparseRows::Cell& other : ground_.turned.row(row[i].feature))
        sums_[other.feature] += value * other.value;
    }
    sums_[item] = 0;
    // Few pairs touch few items: those are looked up again rather than all walked over.
    if (pairs < sums_.size() / 8) {
      for (const SparseRows::Cell& cell : row) {
        for (const SparseRows::Cell& other : ground_.turned.row(cell.feature)) {
          offer(item, other.feature);
          sums_[other.feature] = 0;
        }
      }
    } else {
      offer_all(item);
    }
    std::sort(best_.begin(), best_.end(), before);
    return best_;
  }

 private:
  /// Keeps the best `most` in a heap whose front is the worst of them.
  void offer(std::uint32_t item, std::uint32_t other) {
    const float sum = sums_[other];
    if (!(sum > 0)) return;
    const NeighbourOptions& options = ground_.options;
    const double scale = options.weighting == Weighting::bm25
                             ? 1
                             : ground_.lengths[item] * ground_.lengths[other] + options.shrink;
    const Neighbour found{other, static_cast<float>(sum / scale)};
    if (best_.size() == options.most) {
      if (!before(found, best_.front())) return;
      std::pop_heap(best_.begin(), best_.end(), before);
      best_.pop_back();
    }
    best_.push_back(found);
    std::push_heap(best_.begin(), best_.end(), before);
  }
  /// Blocks in which nothing can be better than the worst kept are passed over. The bound leaves room for
  /// rounding; shrinkage only lowers what it is compared with.
  void offer_all(std::uint32_t item) {
    constexpr std::size_t kBlock = 64;
    constexpr double kRoom = 1 - 1e-5;
    const bool plain = ground_.options.weighting == Weighting::bm25;
    for (std::size_t first = 0; first < sums_.size(); first += kBlock) {
      const double least =
          best_.size() < ground_.options.most ? 0.0 : static_cast<double>(best_.front().similarity) * kRoom;
      const auto bound = static_cast<float>(plain ? least : least * ground_.lengths[item]);
      float* sums = sums_.data() + first;
      if (detail::vector_kernel().any_above(sums, ground_.shrinking.data() + first, bound, kBlock)) {
        for (std::size_t i = 0; i < kBlock; ++i) {
          if (sums[i] > 0) offer(item, static_cast<std::uint32_t>(first + i));
        }
      }
      std::fill_n(sums, kBlock, 0.0F);
    }
  }

  const Ground& ground_;
  std::vector<float> sums_;  ///< all zero between two items
  std::vector<Neighbour> best_;
};

Result<NeighbourOptions> read_options(const ModelSpec& spec, Weighting weighting,
                                      const TrainContext& context) {
  NeighbourOptions options;
  options.weighting = weighting;
  options.threads = context.threads;
  RAPPORT_TRY(const double most, detail::setting(spec, "neighbours", 100, 1, 10'000));
  options.most = static_cast<std::size_t>(most);
  RAPPORT_TRY(options.shrink, detail::setting(spec, "shrink", 0, 0, 1e9));
  RAPPORT_TRY(options.k1, detail::setting(spec, "k1", 1.2, 0, 1e9));
  RAPPORT_TRY(options.b, detail::setting(spec, "b", 0.75, 0, 1));
  return options;
}

Result<std::unique_ptr<const Recommender>> train(const ModelSpec& spec, const SparseRows& rows,
                                                 Weighting weighting, const TrainContext& context) {
  RAPPORT_TRY(const NeighbourOptions options, read_options(spec, weighting, context));
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 0, 0, 1e6));
  return std::unique_ptr<const Recommender>(
      std::make_unique<ItemNeighbours>(find_neighbours(rows, options), halflife));
}

Result<std::unique_ptr<const Recommender>> train_on_takers(const ModelSpec& spec,
                                                           const Interactions& interactions,
                                                           Weighting weighting, const TrainContext& context) {
  RAPPORT_TRY(const double counts, detail::setting(spec, "counts", 0, 0, 1));
  return train(spec, rows_of_items(interactions, counts != 0), weighting, context);
}

}  // namespace

NeighbourLists find_neighbours(const SparseRows& rows, const NeighbourOptions& options) {
  SparseRows weighed = rows;
  weigh(weighed, options);
  const SparseRows turned = transposed(weighed);
  const std::vector<double> lengths = lengths_of(weighed);
  const Ground ground(weighed, turned, lengths, options);
  std::vector<std::vector<Neighbour>> found(rows.rows());
  math::parallel_for((rows.rows() + kSlice - 1) / kSlice, options.threads, [&](std::size_t slice) {
    Gatherer gatherer(ground);
    for (std::size_t r = slice * kSlice; r < std::min(rows.rows(), (slice + 1) * kSlice); ++r)
      found[r] = gatherer.of(static_cast<std::uint32_t>(r));
  });
  NeighbourLists lists;
  for (const std::vector<Neighbour>& list : found) {
    lists.neighbours.insert(lists.neighbours.end(), list.begin(), list.end());
    lists.begins.push_back(lists.neighbours.size());
  }
  return lists;
}

void ItemNeighbours::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  double ago = 0;
  for (std::size_t i = history.events.size(); i-- > 0;) {
    if (i + 1 < history.events.size() && history.events[i].time_ms != history.events[i + 1].time_ms) ago += 1;
    const double weight = halflife_ > 0 ? detail::half_to_the(ago / halflife_) : 1.0;
    for (const Neighbour& neighbour : lists_.of(history.events[i].item))
      scores[neighbour.item] += weight * static_cast<double>(neighbour.similarity);
  }
}

bool ItemNeighbours::save(ByteWriter& out) const {
  detail::put_double(out, halflife_);
  detail::put_lists(out, lists_, lists_.begins.size() - 1);
  return true;
}

Result<std::unique_ptr<const Recommender>> ItemNeighbours::load(ByteReader& in, std::size_t items) {
  RAPPORT_TRY(const double halflife, detail::get_double(in, 0, 1e6, "a half-life"));
  RAPPORT_TRY(NeighbourLists lists, detail::get_lists(in, items));
  return std::unique_ptr<const Recommender>(std::make_unique<ItemNeighbours>(std::move(lists), halflife));
}

SparseRows rows_of_items(const Interactions& interactions, bool counts) {
  SparseRows by_customer;
  by_customer.features = interactions.items();
  std::vector<std::uint32_t> items;
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    items.clear();
    for (const Interaction& event : interactions.of(customer)) items.push_back(event.item);
    std::sort(items.begin(), items.end());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0 && items[i] == items[i - 1]) {
        if (counts) by_customer.cells.back().value += 1;
      } else {
        by_customer.cells.push_back({items[i], 1});
      }
    }
    by_customer.begins.push_back(by_customer.cells.size());
  }
  return transposed(by_customer);
}

Result<std::unique_ptr<const Recommender>> train_item_cosine(const ModelSpec& spec,
                                                             const Interactions& interactions,
                                                             const TrainContext& context) {
  return train_on_takers(spec, interactions, Weighting::cosine, context);
}

Result<std::unique_ptr<const Recommender>> train_item_tfidf(const ModelSpec& spec,
                                                            const Interactions& interactions,
                                                            const TrainContext& context) {
  return train_on_takers(spec, interactions, Weighting::tfidf, context);
}

Result<std::unique_ptr<const Recommender>> train_item_bm25(const ModelSpec& spec,
                                                           const Interactions& interactions,
                                                           const TrainContext& context) {
  return train_on_takers(spec, interactions, Weighting::bm25, context);
}

Result<std::unique_ptr<const Recommender>> train_content(const ModelSpec& spec,
                                                         const Interactions& interactions,
                                                         const TrainContext& context) {
  if (context.attributes == nullptr)
    return Error{Errc::refused, "nothing is known of the items", spec.name, "--attributes FILE"};
  SparseRows rows;
  for (std::size_t item = 0; item < interactions.items(); ++item) {
    std::vector<std::uint32_t> known;
    if (item < context.attributes->size()) known = (*context.attributes)[item];
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    for (const std::uint32_t attribute : known) {
      rows.cells.push_back({attribute, 1});
      rows.features = std::max<std::size_t>(rows.features, attribute + 1);
    }
    rows.begins.push_back(rows.cells.size());
  }
  return train(spec, rows, Weighting::tfidf, context);
}

}  // namespace rapport::learn
