#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What a text is about, by linear models over its characters and words: Chinese in both scripts and
/// languages that part words, trained in seconds, with a confidence that can be held to a precision.
namespace rapport::learn {

struct LabelledText {
  std::string text;   ///< UTF-8; of a longer one the first 4,096 characters count
  std::string label;  ///< not empty
};

/// How texts become numbers before the linear model.
enum class TextWeighting : std::uint8_t {
  chosen,  ///< the better one on held-out fifths of the training texts
  plain,   ///< rarity alone
  odds,  ///< times the square root of how far the label shifts the odds of a feature; for at most ten labels
};

struct TextTraining {
  TextWeighting weighting = TextWeighting::chosen;
  double cost = 0;          ///< of an error against the weights' size, above 0; 0: chosen likewise
  std::uint32_t folds = 4;  ///< 2 .. 20, for confidences and for what is chosen
  std::uint64_t seed = 1;
  unsigned threads = 1;  ///< 1 .. 64; the same model for any number
};

/// A trained value; const access from any thread.
class TextClassifier {
 public:
  static constexpr std::size_t kTextsMost = 5'000'000, kLabelsMost = 2'000;

  /// One-against-the-rest linear support vector machines (squared hinge) over TF-IDF of 1 to 4 characters, of
  /// one and two words, and of pairs of words in a text. Confidences are logistic in the first score and in
  /// its lead (Platt 1999), fitted on answers to texts that were not trained on. Errors: bad_input for fewer
  /// than two labels, a label of fewer than `folds` texts (it is named), an empty label, options out of
  /// range; too_large.
  static Result<TextClassifier> train(std::span<const LabelledText> texts, const TextTraining& options = {});

  struct Answer {
    std::uint32_t label = 0;   ///< of labels(); the first where nothing at all is known of the text
    double confidence = 0;     ///< 0..1: the share of such answers that are right
    double score = 0;          ///< above 0: on the label's side
    std::uint32_t second = 0;  ///< the next best label
  };
  Answer classify(std::string_view text) const;

  /// Ascending.
  const std::vector<std::string>& labels() const;
  /// The least confidence at which answers to texts not trained on were right in that share, by the lower end
  /// of its one-sided 95 % interval; above 1 when there is none. `precision` in (0, 1].
  double threshold(double precision) const;
  /// Of the texts not trained on: all, those answered with at least that confidence, and of these the right.
  struct HeldOut {
    std::size_t texts = 0, answered = 0, right = 0;
  };
  HeldOut held_out(double confidence) const;
  /// Share of texts not trained on that were answered rightly.
  double held_out_accuracy() const;
  /// What was chosen: "plain" or "odds", and the cost.
  TextWeighting weighting() const;
  double cost() const;
  std::size_t features() const;

 private:
  struct State;
  explicit TextClassifier(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace rapport::learn
