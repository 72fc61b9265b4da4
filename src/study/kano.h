#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Kano's model: which features are expected, wished for or delightful. Pure, thread-safe.
namespace rapport::study {

enum class KanoCategory { must_be, one_dimensional, attractive, indifferent, reverse, questionable };
/// "M", "O", "A", "I", "R", "Q".
std::string_view kano_letter(KanoCategory category);

/// Category by [functional answer][dysfunctional answer]; answers 0 = like, 1 = must be, 2 = neutral, 3 = can
/// live with, 4 = dislike. Which category belongs in most cells is debated, so the table is a parameter.
using KanoTable = std::array<std::array<KanoCategory, 5>, 5>;
/// Berger et al. (1993), Center for Quality of Management Journal 2(4): QAAAO RIIIM RIIIM RIIIM RRRRQ.
KanoTable berger_table();
/// Five words of five letters M O A I R Q, rows = functional like .. dislike. Errors: bad_input naming the
/// letter.
Result<KanoTable> parse_kano_table(std::string_view text);

struct KanoAnswers {
  std::string feature;
  std::vector<int> functional, dysfunctional;  ///< 0 .. 4, one a respondent
};

struct KanoFeature {
  std::string feature;
  std::size_t n = 0;
  std::array<std::size_t, 6> counts{};                ///< in the order of KanoCategory
  KanoCategory category = KanoCategory::indifferent;  ///< the most frequent; ties by M > O > A > I > R > Q
  double total_strength = 0;                          ///< share of M + O + A (Lee & Newcomb 1997)
  double category_strength =
      0;  ///< share of the first category minus that of the second; below .06 it is a mixture
  /// Whether the first category beats the second (Fong 1996, Center for Quality of Management Journal 5(3)):
  /// |a - b| >= 1.65 sqrt((a + b) (2n - a - b) / (2n)), 90 %.
  bool significant = false;
  double better = 0;  ///< (A + O) / (A + O + M + I), 0 .. 1
  double worse = 0;   ///< -(O + M) / (A + O + M + I), -1 .. 0
  double better_low = 0, better_high = 0, worse_low = 0, worse_high = 0;  ///< percentile bootstrap
};

struct KanoOptions {
  std::size_t replicates = 1000;
  std::uint64_t seed = 1;
  double level = 0.95;
};
/// Errors: bad_input for answers outside 0 .. 4 or unequal lengths; refused for fewer than 3 respondents or a
/// feature to which nobody gave a usable answer.
Result<std::vector<KanoFeature>> kano(const std::vector<KanoAnswers>& answers, const KanoTable& table,
                                      const KanoOptions& options = {});

}  // namespace rapport::study
