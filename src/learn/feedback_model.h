#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/clauses.h"

/// What customers' words are about, clause by clause: six classes, each a department's business, how they are
/// meant, which aspect they name, and whether they press. Chinese in both scripts, and English.
namespace rapport::learn {

/// In the order of the catalogue's words of `class`.
inline constexpr std::size_t kFeedbackClasses = 6;
inline constexpr std::array<std::string_view, kFeedbackClasses> kFeedbackClassNames = {
    "product", "service", "logistics", "price", "payment", "experience"};
/// kFeedbackClasses for none of them.
std::size_t feedback_class_of(std::string_view name);

/// A clause with what it says, to learn from.
struct FeedbackExample {
  std::string text;           ///< UTF-8
  std::uint8_t classes = 0;   ///< a bit a class; 0: no department's business
  std::string aspect;         ///< a short word; "" and "none": none
  std::int8_t sentiment = 0;  ///< -1, 0, 1
  bool urgent = false;
  std::uint32_t group = 0;    ///< those of one group are held out together
  bool only_urgency = false;  ///< classes, sentiment and aspect are not learned from it, nor judged on it
};

/// The shipped ones: phrases of our own, each with variants. The same at every call.
std::vector<FeedbackExample> starter_feedback_examples();

struct FeedbackTraining {
  double precision = 0.9;   ///< of the classes that are told without a person, on clauses held out; in (0, 1)
  std::uint32_t folds = 4;  ///< 2 .. 10
  std::uint64_t seed = 1;
  unsigned threads = 1;  ///< 1 .. 64; the same model for any number
};

/// What is said in one clause.
struct ClauseFeedback {
  text::Clause place;
  bool about_something =
      false;              ///< false: a greeting, a bare "great": no department's business, no person's either
  bool sure = false;      ///< false: for a person to say
  std::size_t first = 0;  ///< the likeliest class
  std::uint8_t classes = 0;   ///< a bit a class, `first` among them; 0 when not about something
  double confidence = 0;      ///< that `first` is right, or that it is about nothing; 0..1
  std::int8_t sentiment = 0;  ///< -1, 0, 1
  double blame = 0;           ///< by how much the blaming score leads the other two; below 0 when it does not
  std::int8_t despite = 0;    ///< 0 or 1: what it is when it is not blame
  std::string_view aspect;    ///< "" where none stands out; lives as long as the model
  bool urgent = false;
};

/// How clauses that were not learned from fared, phrases of one group together.
struct FeedbackCard {
  struct Label {
    std::size_t clauses = 0, answered = 0, right = 0;
  };
  std::size_t clauses = 0;                          ///< without those that are there for urgency alone
  std::array<Label, kFeedbackClasses + 1> classes;  ///< the last one: about nothing
  std::size_t class_right = 0, sure = 0, sure_right = 0, sentiment_right = 0, urgent = 0, urgent_found = 0,
              urgent_told = 0;
  std::size_t aspects = 0, aspect_right = 0;  ///< of clauses that have one and whose class was right
  double threshold = 0;                       ///< of confidence
};

/// A trained value; const access from any thread.
class FeedbackModel {
 public:
  static constexpr std::size_t kExamplesMost = 200'000;
  /// Lead of the blaming score in a review of four or five stars (docs/feedback.md has what it was chosen
  /// by).
  static constexpr double kBlameDespiteStars = 1.0;

  /// One-against-the-rest linear support vector machines over the features of text_classifier.h, of the text
  /// in simplified characters. A clause is sure when its confidence, set on clauses held out, keeps to the
  /// precision. Errors: bad_input for a class without examples, an empty text, options out of range;
  /// too_large.
  static Result<FeedbackModel> train(std::span<const FeedbackExample> examples,
                                     const FeedbackTraining& options = {});
  /// The shipped one, trained at the first call (a second or so); afterwards the same value.
  static const FeedbackModel& starter();

  /// What one clause says; `place` is left empty.
  ClauseFeedback classify_clause(std::string_view clause) const;
  /// Clause by clause, at most text::kClausesMost of them; none for a text that says nothing. `stars`, 1 to
  /// 5, are evidence where the author gave them: in a review of four or more only what clearly blames is
  /// blame, by kBlameDespiteStars; the rest is what it is next likeliest to be.
  std::vector<ClauseFeedback> classify(std::string_view text, std::optional<double> stars = {}) const;

  const FeedbackCard& card() const;
  /// Ascending.
  const std::vector<std::string>& aspects() const;
  std::size_t examples() const;
  /// Hex of a digest of what was learned from and how: the model's version.
  const std::string& version() const;

 private:
  struct State;
  explicit FeedbackModel(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// One word for a whole text: the least sentiment of its clauses that are about something (a complaint is not
/// outweighed by praise), else that of what is left.
std::int8_t least_sentiment(std::span<const ClauseFeedback> clauses);

}  // namespace rapport::learn
