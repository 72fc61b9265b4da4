#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/text_classifier.h"

/// What a customer wants of a shop, in one sentence: shipped trained on phrases of our own, Chinese in both
/// scripts and English.
namespace rapport::learn {

/// "other" is for what is no shop's business; it is told apart so that nothing is answered to it.
inline constexpr std::array<std::string_view, 20> kIntents = {
    "greeting",       "thanks",    "order_state", "return_wanted",  "return_progress",
    "coupon",         "invoice",   "warranty",    "hours",          "human",
    "complaint",      "parameter", "product",     "payment_failed", "cancel_order",
    "change_address", "service",   "shipping",    "payment_ways",   "other"};

/// The shipped phrases, each once, so that a fold that is held out holds no variant of what was learned. The
/// same at every call.
std::vector<LabelledText> starter_intent_phrases();

struct IntentAnswer {
  std::string_view intent;  ///< of kIntents
  double confidence = 0;    ///< 0..1: the share of such answers that are right, on phrases held out
};

/// A trained value; const access from any thread.
class IntentModel {
 public:
  /// `more`: what people of the shop said of its own questions, after the shipped phrases. Errors: those of
  /// TextClassifier::train; bad_input for a label that is no intent.
  static Result<IntentModel> train(std::span<const LabelledText> more = {});
  /// The shipped one, trained at the first call (a second or two); afterwards the same value.
  static const IntentModel& starter();

  IntentAnswer understand(std::string_view text) const;
  /// As TextClassifier::threshold.
  double threshold(double precision) const { return classifier_.threshold(precision); }
  TextClassifier::HeldOut held_out(double confidence) const { return classifier_.held_out(confidence); }
  double held_out_accuracy() const { return classifier_.held_out_accuracy(); }
  std::size_t phrases() const { return phrases_; }

 private:
  IntentModel(TextClassifier classifier, std::size_t phrases)
      : classifier_(std::move(classifier)), phrases_(phrases) {}
  TextClassifier classifier_;
  std::size_t phrases_ = 0;
};

}  // namespace rapport::learn
