#pragma once

#include <array>
#include <span>
#include <vector>

/// How sure an answer is, from answers to texts that were not trained on.
namespace rapport::learn {

struct HeldOutAnswer {
  double score = 0;  ///< of the label answered
  double lead = 0;   ///< over the next one
  bool right = false;
};

/// P(right) = 1 / (1 + exp(-(a + b score + c lead))), by maximum likelihood with a weak ridge (Platt 1999
/// with two features). Immutable; any thread.
class Confidence {
 public:
  static Confidence fit(std::span<const HeldOutAnswer> answers);
  double of(double score, double lead) const;
  /// The least confidence such that of the answers with it or more the share `precision` was right, by the
  /// lower end of that share's one-sided 95 % interval (Wald), so that other texts keep to it; 2 when there
  /// is none of at least kFewest answers.
  static constexpr std::size_t kFewest = 20;
  double threshold(double precision) const;
  /// Of the held-out answers, how many were given with at least that confidence, and how many of them right.
  struct Kept {
    std::size_t answers = 0, kept = 0, right = 0;
  };
  Kept kept(double threshold) const;

 private:
  std::array<double, 3> weights_ = {};
  std::vector<double> confidences_;        ///< of the held-out answers, descending
  std::vector<std::uint32_t> right_upto_;  ///< how many of the first i + 1 were right
};

}  // namespace rapport::learn
