#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Which of a shop's answers a question is after: its wordings as rare characters and words in a row.
namespace rapport::learn {

/// Immutable once built; const access from any thread.
class WordingIndex {
 public:
  /// One wording of the thing `of`; several wordings may be of one thing.
  struct Wording {
    std::string text;
    std::uint32_t of = 0;
  };
  struct Found {
    std::uint32_t of = 0;
    double match =
        0;  ///< 0..1: cosine between question and best wording, weighted by rarity; 1 = the same text
  };

  /// Grams of 1 to 3 characters of comparison forms in simplified characters, and whole words of scripts that
  /// part them; weight (1 + ln times) x ln(1 + (n + 1) / (wordings with it)), wordings of length 1 (Salton &
  /// Buckley 1988).
  static WordingIndex build(const std::vector<Wording>& wordings);
  /// Best first, each thing once, those with any match; at most `most`. With `without` the wordings at that
  /// place are left out, to measure how they would fare.
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<Found> find(std::string_view question, std::size_t most, std::size_t without = kNone) const;
  std::size_t size() const { return of_.size(); }

 private:
  using Vector = std::vector<std::pair<std::uint32_t, double>>;  ///< gram, weight; ascending
  std::unordered_map<std::string, std::uint32_t> grams_;
  std::vector<double> rarity_;                                           ///< by gram
  std::vector<std::vector<std::pair<std::uint32_t, double>>> postings_;  ///< by gram: wording, weight
  std::vector<std::uint32_t> of_;                                        ///< by wording
  double unknown_rarity_ = 0;
};

}  // namespace rapport::learn
