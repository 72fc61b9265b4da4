#include "learn/feedback_model.h"

#include <algorithm>
#include <set>

#include "base/assert.h"
#include "base/hash.h"
#include "learn/detail/confidence.h"
#include "learn/detail/linear_svm.h"
#include "learn/detail/text_features.h"
#include "math/resample.h"
#include "text/han.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kNone = kFeedbackClasses, kTopics = kFeedbackClasses + 1;
constexpr std::size_t kMoods = 3;  ///< negative, neutral, positive
constexpr std::size_t kUrgent = kTopics + kMoods, kAspects = kUrgent + 1;
constexpr double kCost = 1;
/// An aspect is named from this score on; below it none stands out.
constexpr double kAspectLeast = -0.6;
/// A clause presses from this score on: the machine's own boundary. Lower ones found more of the shipped
/// phrases that were held out, and far too much in customers' long reports.
constexpr double kUrgentLeast = 0;

/// The targets of one example among the linear models: topics, moods, urgency, then aspects.
struct Material {
  std::vector<TextFeatures> texts;
  std::vector<std::vector<bool>> targets;
  std::vector<std::uint32_t> folds;
  std::vector<bool> only_urgency;
  std::vector<std::string> aspects;          ///< ascending
  std::vector<std::uint8_t> aspect_classes;  ///< a bit a class that goes with it
};

TextFeatures features_of(std::string_view text) {
  return text_features(text::simplified_characters(text));
}

Status check(std::span<const FeedbackExample> examples, const FeedbackTraining& options) {
  if (!(options.precision > 0 && options.precision < 1))
    return Error{Errc::bad_input, "no such precision", "precision", "above 0, below 1"};
  if (options.folds < 2 || options.folds > 10)
    return Error{Errc::bad_input, "that many folds", "folds", "2 to 10"};
  if (options.threads < 1 || options.threads > 64)
    return Error{Errc::bad_input, "that many threads", "threads", "1 to 64"};
  if (examples.size() > FeedbackModel::kExamplesMost)
    return Error{Errc::too_large, fmt::format("{} examples", examples.size()), "examples",
                 fmt::format("at most {}", FeedbackModel::kExamplesMost)};
  std::uint8_t seen = 0;
  bool none = false;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (examples[i].text.empty())
      return Error{Errc::bad_input, "an empty text", fmt::format("example {}", i + 1)};
    seen |= examples[i].classes;
    none = none || examples[i].classes == 0;
  }
  for (std::size_t c = 0; c < kFeedbackClasses; ++c) {
    if ((seen >> c & 1U) == 0)
      return Error{Errc::bad_input, fmt::format("no example of the class {}", kFeedbackClassNames[c]),
                   "examples", "some of each class"};
  }
  if (!none) return Error{Errc::bad_input, "no example of what is no department's business", "examples"};
  return {};
}

Material material_of(std::span<const FeedbackExample> examples, const FeedbackTraining& options) {
  Material out;
  std::set<std::string> names;
  for (const FeedbackExample& one : examples) {
    if (!one.aspect.empty() && one.classes != 0 && !one.only_urgency) names.insert(one.aspect);
  }
  out.aspects.assign(names.begin(), names.end());
  out.aspect_classes.assign(out.aspects.size(), 0);
  out.texts.resize(examples.size());
  math::parallel_for(examples.size(), options.threads,
                     [&](std::size_t i) { out.texts[i] = features_of(examples[i].text); });
  for (const FeedbackExample& one : examples) {
    std::vector<bool> targets(kAspects + out.aspects.size());
    for (std::size_t c = 0; c < kFeedbackClasses; ++c) targets[c] = (one.classes >> c & 1U) != 0;
    targets[kNone] = one.classes == 0;
    targets[kTopics + static_cast<std::size_t>(one.sentiment + 1)] = true;
    targets[kUrgent] = one.urgent;
    const auto aspect = std::lower_bound(out.aspects.begin(), out.aspects.end(), one.aspect);
    if (one.classes != 0 && aspect != out.aspects.end() && *aspect == one.aspect) {
      const auto at = static_cast<std::size_t>(aspect - out.aspects.begin());
      targets[kAspects + at] = true;
      if (!one.only_urgency) out.aspect_classes[at] |= one.classes;
    }
    out.only_urgency.push_back(one.only_urgency);
    out.targets.push_back(std::move(targets));
    out.folds.push_back(static_cast<std::uint32_t>(mix64(options.seed ^ mix64(one.group)) % options.folds));
  }
  return out;
}

/// Vocabulary and one linear model a target, out of the rows of other folds.
struct Trained {
  TextVocabulary vocabulary;
  std::size_t models = 0;
  std::vector<float> weights;  ///< column x model
  std::vector<double> biases;

  std::vector<double> scores(const std::vector<TextEntry>& row) const {
    std::vector<float> sums(models, 0);
    for (const TextEntry& entry : row) {
      const float* of_column = weights.data() + entry.column * models;
      for (std::size_t m = 0; m < models; ++m) sums[m] += entry.value * of_column[m];
    }
    std::vector<double> out(models);
    for (std::size_t m = 0; m < models; ++m) out[m] = static_cast<double>(sums[m]) + biases[m];
    return out;
  }
};

/// `models` is how many of the targets are learned, from the first on.
Trained train_without(const Material& material, std::uint32_t fold, std::size_t models,
                      const FeedbackTraining& options) {
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t i = 0; i < material.texts.size(); ++i) {
    if (material.folds[i] != fold) chosen.push_back(i);
  }
  Trained out;
  out.vocabulary = TextVocabulary::learn(material.texts, chosen);
  out.models = models;
  // Urgency is learned from all of them, the rest from those that are meant for it.
  SparseRows all_rows, plain_rows;
  std::vector<std::uint32_t> plain;
  for (const std::uint32_t i : chosen) {
    const std::vector<TextEntry> row = out.vocabulary.vector_of(material.texts[i]);
    all_rows.add(row);
    if (material.only_urgency[i]) continue;
    plain_rows.add(row);
    plain.push_back(i);
  }
  out.weights.assign(out.vocabulary.size() * out.models, 0);
  out.biases.assign(out.models, 0);
  math::parallel_for(out.models, options.threads, [&](std::size_t model) {
    const SparseRows& rows = model == kUrgent ? all_rows : plain_rows;
    std::vector<std::int8_t> sides;
    for (const std::uint32_t i : model == kUrgent ? chosen : plain)
      sides.push_back(static_cast<std::int8_t>(material.targets[i][model] ? 1 : -1));
    const std::vector<double> weights = train_linear_svm(
        rows, out.vocabulary.size(), sides, {.cost = kCost, .seed = mix64(options.seed + model)});
    for (std::size_t c = 0; c < out.vocabulary.size(); ++c)
      out.weights[c * out.models + model] = static_cast<float>(weights[c]);
    out.biases[model] = weights.back();
  });
  return out;
}

/// The best topic, and its lead over the next.
struct Best {
  std::size_t topic = 0;
  double score = 0, lead = 0;
};
Best best_topic(const std::vector<double>& scores) {
  Best best;
  double second = -1e9;
  best.score = scores[0];
  for (std::size_t t = 1; t < kTopics; ++t) {
    if (scores[t] > best.score) {
      second = best.score;
      best = {t, scores[t], 0};
    } else {
      second = std::max(second, scores[t]);
    }
  }
  best.lead = best.score - second;
  return best;
}

std::int8_t mood_of(const std::vector<double>& scores) {
  const auto first = scores.begin() + kTopics;
  return static_cast<std::int8_t>(std::max_element(first, first + kMoods) - first - 1);
}

/// kAspects and beyond; -1 where none stands out.
int aspect_of(const std::vector<double>& scores, const std::vector<std::uint8_t>& aspect_classes,
              std::uint8_t classes) {
  int best = -1;
  double most = kAspectLeast;
  for (std::size_t a = 0; a < aspect_classes.size(); ++a) {
    if ((aspect_classes[a] & classes) == 0 || scores[kAspects + a] <= most) continue;
    most = scores[kAspects + a];
    best = static_cast<int>(a);
  }
  return best;
}

/// One clause held out, as it was answered.
struct HeldOut {
  HeldOutAnswer topic;
  std::size_t answered = 0, meant = 0;  ///< topics; of several the first that is meant
  bool only_urgency = false;
  bool mood_right = false, urgent = false, told_urgent = false, has_aspect = false, aspect_right = false;
};

HeldOut judge(const std::vector<double>& scores, const std::vector<bool>& targets,
              const std::vector<std::uint8_t>& aspect_classes) {
  HeldOut out;
  const Best best = best_topic(scores);
  out.answered = best.topic;
  out.topic = {best.score, best.lead, targets[best.topic]};
  while (!targets[out.meant]) ++out.meant;
  if (out.topic.right) out.meant = best.topic;
  out.mood_right = targets[kTopics + static_cast<std::size_t>(mood_of(scores) + 1)];
  out.urgent = targets[kUrgent];
  out.told_urgent = scores[kUrgent] > kUrgentLeast;
  const auto meant = std::find(targets.begin() + kAspects, targets.end(), true);
  out.has_aspect =
      meant != targets.end() && out.topic.right && best.topic != kNone && !aspect_classes.empty();
  if (out.has_aspect) {
    const int said = aspect_of(scores, aspect_classes, static_cast<std::uint8_t>(1U << best.topic));
    out.aspect_right = said >= 0 && targets[kAspects + static_cast<std::size_t>(said)];
  }
  return out;
}

std::vector<HeldOut> judge_fold(const Material& material, std::uint32_t fold,
                                const FeedbackTraining& options) {
  // Aspects are many and judged on one fold alone.
  const std::size_t models = fold == 0 ? kAspects + material.aspects.size() : kAspects;
  const Trained trained = train_without(material, fold, models, options);
  std::vector<HeldOut> out;
  for (std::size_t i = 0; i < material.texts.size(); ++i) {
    if (material.folds[i] != fold) continue;
    out.push_back(judge(trained.scores(trained.vocabulary.vector_of(material.texts[i])), material.targets[i],
                        fold == 0 ? material.aspect_classes : std::vector<std::uint8_t>()));
    out.back().only_urgency = material.only_urgency[i];
  }
  return out;
}

FeedbackCard card_of(const std::vector<HeldOut>& all, const Confidence& confidence, double threshold) {
  FeedbackCard card;
  card.threshold = threshold;
  for (const HeldOut& one : all) {
    card.urgent += one.urgent ? 1 : 0;
    card.urgent_told += one.told_urgent ? 1 : 0;
    card.urgent_found += one.urgent && one.told_urgent ? 1 : 0;
    if (one.only_urgency) continue;
    ++card.clauses;
    ++card.classes[one.meant].clauses;
    ++card.classes[one.answered].answered;
    card.classes[one.answered].right += one.topic.right ? 1 : 0;
    card.class_right += one.topic.right ? 1 : 0;
    const bool sure = confidence.of(one.topic.score, one.topic.lead) >= threshold;
    card.sure += sure ? 1 : 0;
    card.sure_right += sure && one.topic.right ? 1 : 0;
    card.sentiment_right += one.mood_right ? 1 : 0;
    card.aspects += one.has_aspect ? 1 : 0;
    card.aspect_right += one.aspect_right ? 1 : 0;
  }
  return card;
}

std::string version_of(std::span<const FeedbackExample> examples, const FeedbackTraining& options) {
  Sha256 digest;
  digest.update(fmt::format("2 {} {} {}\n", options.precision, options.folds, options.seed));
  for (const FeedbackExample& one : examples)
    digest.update(fmt::format("{} {} {} {} {} {} {}\n", one.classes, one.aspect, one.sentiment, one.urgent,
                              one.only_urgency, one.group, one.text));
  return digest_hex(digest.finish()).substr(0, 12);
}

}  // namespace

std::size_t feedback_class_of(std::string_view name) {
  return static_cast<std::size_t>(std::find(kFeedbackClassNames.begin(), kFeedbackClassNames.end(), name) -
                                  kFeedbackClassNames.begin());
}

struct FeedbackModel::State {
  std::vector<std::string> aspects;
  std::vector<std::uint8_t> aspect_classes;
  Trained trained;
  Confidence confidence;
  FeedbackCard card;
  std::size_t examples = 0;
  std::string version;
};

Result<FeedbackModel> FeedbackModel::train(std::span<const FeedbackExample> examples,
                                           const FeedbackTraining& options) {
  RAPPORT_CHECK(check(examples, options));
  Material material = material_of(examples, options);
  std::vector<HeldOut> held_out;
  for (std::uint32_t fold = 0; fold < options.folds; ++fold) {
    const std::vector<HeldOut> more = judge_fold(material, fold, options);
    held_out.insert(held_out.end(), more.begin(), more.end());
  }
  std::vector<HeldOutAnswer> answers;
  for (const HeldOut& one : held_out) {
    if (!one.only_urgency) answers.push_back(one.topic);
  }
  auto state = std::make_shared<State>();
  state->confidence = Confidence::fit(answers);
  state->card = card_of(held_out, state->confidence, state->confidence.threshold(options.precision));
  state->trained = train_without(material, options.folds, kAspects + material.aspects.size(), options);
  state->aspects = std::move(material.aspects);
  state->aspect_classes = std::move(material.aspect_classes);
  state->examples = examples.size();
  state->version = version_of(examples, options);
  return FeedbackModel(std::move(state));
}

const FeedbackModel& FeedbackModel::starter() {
  static const FeedbackModel model = [] {
    auto trained = train(starter_feedback_examples());
    ASSERT(trained.ok());
    return std::move(trained).value();
  }();
  return model;
}

ClauseFeedback FeedbackModel::classify_clause(std::string_view clause) const {
  const State& s = *state_;
  ClauseFeedback out;
  const std::vector<TextEntry> row = s.trained.vocabulary.vector_of(features_of(clause));
  // Of a clause in an unknown tongue nothing is known, so a person reads it.
  out.about_something = true;
  if (row.empty()) return out;
  const std::vector<double> scores = s.trained.scores(row);
  const Best best = best_topic(scores);
  out.confidence = s.confidence.of(best.score, best.lead);
  out.sure = out.confidence >= s.card.threshold;
  out.sentiment = mood_of(scores);
  const double* const moods = scores.data() + kTopics;
  out.blame = moods[0] - std::max(moods[1], moods[2]);
  out.despite = moods[2] > moods[1] ? 1 : 0;
  out.urgent = scores[kUrgent] > kUrgentLeast;
  out.about_something = best.topic != kNone;
  if (!out.about_something) return out;
  out.first = best.topic;
  out.classes = static_cast<std::uint8_t>(1U << best.topic);
  for (std::size_t c = 0; c < kFeedbackClasses; ++c) {
    if (scores[c] > 0) out.classes = static_cast<std::uint8_t>(out.classes | 1U << c);
  }
  const int aspect = aspect_of(scores, s.aspect_classes, static_cast<std::uint8_t>(1U << best.topic));
  if (aspect >= 0) out.aspect = s.aspects[static_cast<std::size_t>(aspect)];
  return out;
}

std::vector<ClauseFeedback> FeedbackModel::classify(std::string_view text,
                                                    std::optional<double> stars) const {
  const bool content = stars && *stars >= 4;
  std::vector<ClauseFeedback> out;
  for (const text::Clause& clause : text::clauses_of(text)) {
    out.push_back(classify_clause(clause.in(text)));
    ClauseFeedback& one = out.back();
    one.place = clause;
    if (content && one.sentiment < 0 && one.blame < kBlameDespiteStars) one.sentiment = one.despite;
  }
  return out;
}

const FeedbackCard& FeedbackModel::card() const {
  return state_->card;
}
const std::vector<std::string>& FeedbackModel::aspects() const {
  return state_->aspects;
}
std::size_t FeedbackModel::examples() const {
  return state_->examples;
}
const std::string& FeedbackModel::version() const {
  return state_->version;
}

std::int8_t least_sentiment(std::span<const ClauseFeedback> clauses) {
  int least = 2, other = 2;
  for (const ClauseFeedback& one : clauses) {
    int& of_kind = one.about_something ? least : other;
    of_kind = std::min<int>(of_kind, one.sentiment);
  }
  if (least == 2 || (least == 0 && other == -1)) least = other;
  return static_cast<std::int8_t>(least == 2 ? 0 : least);
}

}  // namespace rapport::learn
