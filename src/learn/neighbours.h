#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

/// Items like items: those who took one took the other (collaborative), or they are described alike
/// (content).
namespace rapport::learn {

/// Sparse rows of features: features ascending within a row.
struct SparseRows {
  struct Cell {
    std::uint32_t feature = 0;
    float value = 0;
  };
  std::vector<std::size_t> begins{0};
  std::vector<Cell> cells;
  std::size_t features = 0;
  std::size_t rows() const { return begins.size() - 1; }
  std::span<const Cell> row(std::size_t i) const {
    return {cells.data() + begins[i], begins[i + 1] - begins[i]};
  }
};

struct Neighbour {
  std::uint32_t item = 0;
  float similarity = 0;
};
/// The most similar items of each item, by falling similarity, ties by number.
struct NeighbourLists {
  std::vector<std::size_t> begins{0};
  std::vector<Neighbour> neighbours;
  std::span<const Neighbour> of(std::uint32_t item) const {
    return {neighbours.data() + begins[item], begins[item + 1] - begins[item]};
  }
};

enum class Weighting : std::uint8_t {
  cosine,  ///< dot / (|a| |b| + shrink) of the rows as they are
  tfidf,   ///< the same after cells become sqrt(value) x ln(rows / (1 + rows with the feature))
  bm25,    ///< dot of cells value (k1 + 1) / (k1 norm + value) x idf, norm = 1 - b + b row sum / mean row sum
};
struct NeighbourOptions {
  Weighting weighting = Weighting::cosine;
  std::size_t most = 50;  ///< neighbours of an item
  double shrink = 0;
  double k1 = 1.2, b = 0.75;
  unsigned threads = 1;
};
/// Exact: every pair of rows that shares a feature is looked at. TF-IDF and BM25 as in the library `implicit`
/// (Frederickson 2016), after Robertson & Zaragoza (2009); cosine after Sarwar, Karypis, Konstan & Riedl
/// (2001, WWW, eq. 1), shrinkage after Bell & Koren (2007). The same lists for any number of threads.
NeighbourLists find_neighbours(const SparseRows& rows, const NeighbourOptions& options);

/// Scores by summed similarity to what the customer took; with a halflife her n-th last basket counts
/// 2^-(n / halflife).
class ItemNeighbours : public Recommender {
 public:
  ItemNeighbours(NeighbourLists lists, double halflife) : lists_(std::move(lists)), halflife_(halflife) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);
  const NeighbourLists& lists() const { return lists_; }
  double halflife() const { return halflife_; }

 private:
  NeighbourLists lists_;
  double halflife_;
};

/// Items as rows over the customers who took them, values 1 or, with `counts`, how often.
SparseRows rows_of_items(const Interactions& interactions, bool counts);

Result<std::unique_ptr<const Recommender>> train_item_cosine(const ModelSpec&, const Interactions&,
                                                             const TrainContext&);
Result<std::unique_ptr<const Recommender>> train_item_tfidf(const ModelSpec&, const Interactions&,
                                                            const TrainContext&);
Result<std::unique_ptr<const Recommender>> train_item_bm25(const ModelSpec&, const Interactions&,
                                                           const TrainContext&);
/// Errors: refused without attributes of items.
Result<std::unique_ptr<const Recommender>> train_content(const ModelSpec&, const Interactions&,
                                                         const TrainContext&);

}  // namespace rapport::learn
