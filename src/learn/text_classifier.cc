#include "learn/text_classifier.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "base/random.h"
#include "learn/detail/confidence.h"
#include "learn/detail/label_scores.h"
#include "math/resample.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kOddsLabelsMost = 10;
constexpr double kCosts[] = {1, 3};
constexpr double kOddsCosts[] = {0.3, 1};

struct Setting {
  bool odds = false;
  double cost = 1;
};

/// The training texts as counts, their labels as numbers, and the fold in which each is held out.
struct Material {
  std::vector<TextFeatures> texts;
  std::vector<std::uint32_t> labels;
  std::vector<std::uint32_t> folds;
  std::size_t label_count = 0;
};

/// Vocabulary and scores out of the rows whose fold is another one.
struct Trained {
  TextVocabulary vocabulary;
  LabelScores scores;
};

Trained train_without(const Material& material, std::uint32_t fold, const Setting& setting,
                      const TextTraining& options) {
  std::vector<std::uint32_t> chosen, labels;
  for (std::uint32_t i = 0; i < material.texts.size(); ++i) {
    if (material.folds[i] == fold) continue;
    chosen.push_back(i);
    labels.push_back(material.labels[i]);
  }
  TextVocabulary vocabulary = TextVocabulary::learn(material.texts, chosen);
  SparseRows rows;
  for (const std::uint32_t text : chosen) rows.add(vocabulary.vector_of(material.texts[text]));
  LabelScores scores = LabelScores::train(
      rows, vocabulary.size(), labels, material.label_count,
      {.odds = setting.odds, .cost = setting.cost, .seed = options.seed, .threads = options.threads});
  return {std::move(vocabulary), std::move(scores)};
}

/// The two best labels of a text with their scores.
struct Best {
  std::uint32_t first = 0, second = 0;
  double score = 0, lead = 0;
};
Best best_of(const std::vector<double>& scores) {
  Best best;
  best.second = 1;
  if (scores[1] > scores[0]) std::swap(best.first, best.second);
  for (std::uint32_t label = 2; label < scores.size(); ++label) {
    if (scores[label] > scores[best.first]) {
      best.second = best.first;
      best.first = label;
    } else if (scores[label] > scores[best.second]) {
      best.second = label;
    }
  }
  best.score = scores[best.first];
  best.lead = best.score - scores[best.second];
  return best;
}

/// What a model that has not seen the fold says to its texts.
std::vector<HeldOutAnswer> answers_to(const Material& material, std::uint32_t fold, const Trained& trained,
                                      unsigned threads) {
  std::vector<std::size_t> held_out;
  for (std::size_t i = 0; i < material.folds.size(); ++i) {
    if (material.folds[i] == fold) held_out.push_back(i);
  }
  std::vector<HeldOutAnswer> answers(held_out.size());
  math::parallel_for(held_out.size(), threads, [&](std::size_t i) {
    const std::size_t text = held_out[i];
    const Best best = best_of(trained.scores.of(trained.vocabulary.vector_of(material.texts[text])));
    answers[i] = {best.score, best.lead, best.first == material.labels[text]};
  });
  return answers;
}

double share_right(const std::vector<HeldOutAnswer>& answers) {
  const auto right = std::count_if(answers.begin(), answers.end(), [](const auto& one) { return one.right; });
  return static_cast<double>(right) / static_cast<double>(std::max<std::size_t>(answers.size(), 1));
}

std::vector<Setting> settings_to_try(const TextTraining& options, std::size_t labels) {
  std::vector<Setting> settings;
  const auto add = [&](bool odds, std::span<const double> costs) {
    if (options.cost > 0) {
      settings.push_back({odds, options.cost});
    } else {
      for (const double cost : costs) settings.push_back({odds, cost});
    }
  };
  if (options.weighting != TextWeighting::odds) add(false, kCosts);
  if (options.weighting == TextWeighting::odds ||
      (options.weighting == TextWeighting::chosen && labels <= kOddsLabelsMost))
    add(true, kOddsCosts);
  return settings;
}

Status check_options(std::span<const LabelledText> texts, const TextTraining& options) {
  if (options.folds < 2 || options.folds > 20)
    return Error{Errc::bad_input, "that many folds", "folds", "2 to 20"};
  if (options.threads < 1 || options.threads > 64)
    return Error{Errc::bad_input, "that many threads", "threads", "1 to 64"};
  if (!(options.cost >= 0) || std::isinf(options.cost))
    return Error{Errc::bad_input, "no such cost", "cost", "a number above 0, or 0 to have it chosen"};
  if (texts.size() > TextClassifier::kTextsMost)
    return Error{Errc::too_large, fmt::format("{} texts", texts.size()), "texts",
                 fmt::format("at most {}", TextClassifier::kTextsMost)};
  return {};
}

/// Each label's texts dealt out over the folds in seeded order.
Result<Material> material_of(std::span<const LabelledText> texts, const TextTraining& options,
                             std::vector<std::string>& names) {
  std::map<std::string_view, std::vector<std::uint32_t>> by_label;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    if (texts[i].label.empty())
      return Error{Errc::bad_input, "a text without a label", fmt::format("text {}", i + 1)};
    by_label[texts[i].label].push_back(i);
  }
  if (by_label.size() < 2 || by_label.size() > TextClassifier::kLabelsMost)
    return Error{Errc::bad_input, fmt::format("{} different labels", by_label.size()), "labels",
                 fmt::format("2 to {}", TextClassifier::kLabelsMost)};
  Material material;
  material.label_count = by_label.size();
  material.labels.resize(texts.size());
  material.folds.resize(texts.size());
  material.texts.resize(texts.size());
  Random random(options.seed);
  for (auto& [name, members] : by_label) {
    if (members.size() < options.folds)
      return Error{Errc::bad_input, fmt::format("only {} texts of the label '{}'", members.size(), name),
                   "labels", fmt::format("at least {} of each", options.folds)};
    for (std::size_t i = members.size(); i > 1; --i)
      std::swap(members[i - 1], members[static_cast<std::size_t>(random.below(i))]);
    for (std::size_t i = 0; i < members.size(); ++i) {
      material.labels[members[i]] = static_cast<std::uint32_t>(names.size());
      material.folds[members[i]] = static_cast<std::uint32_t>(i % options.folds);
    }
    names.emplace_back(name);
  }
  math::parallel_for(texts.size(), options.threads,
                     [&](std::size_t i) { material.texts[i] = text_features(texts[i].text); });
  return material;
}

}  // namespace

struct TextClassifier::State {
  std::vector<std::string> labels;
  Setting setting;
  Trained trained;
  Confidence confidence;
  double held_out_accuracy = 0;
};

Result<TextClassifier> TextClassifier::train(std::span<const LabelledText> texts,
                                             const TextTraining& options) {
  RAPPORT_CHECK(check_options(texts, options));
  std::vector<std::string> names;
  RAPPORT_TRY(const Material material, material_of(texts, options, names));
  // What is chosen is chosen on the first fold alone; the others then only cost time where it stands already.
  const std::vector<Setting> settings = settings_to_try(options, names.size());
  Setting chosen = settings.front();
  std::vector<HeldOutAnswer> answers;
  double best = -1;
  for (const Setting& setting : settings) {
    std::vector<HeldOutAnswer> first =
        answers_to(material, 0, train_without(material, 0, setting, options), options.threads);
    if (share_right(first) <= best) continue;
    best = share_right(first);
    chosen = setting;
    answers = std::move(first);
  }
  for (std::uint32_t fold = 1; fold < options.folds; ++fold) {
    const std::vector<HeldOutAnswer> more =
        answers_to(material, fold, train_without(material, fold, chosen, options), options.threads);
    answers.insert(answers.end(), more.begin(), more.end());
  }
  auto state = std::make_shared<State>(State{std::move(names), chosen,
                                             train_without(material, options.folds, chosen, options),
                                             Confidence::fit(answers), share_right(answers)});
  return TextClassifier(std::move(state));
}

TextClassifier::Answer TextClassifier::classify(std::string_view text) const {
  const std::vector<TextEntry> row = state_->trained.vocabulary.vector_of(text_features(text));
  const Best best = best_of(state_->trained.scores.of(row));
  const double confidence = row.empty() ? 0 : state_->confidence.of(best.score, best.lead);
  return {best.first, confidence, best.score, best.second};
}

const std::vector<std::string>& TextClassifier::labels() const {
  return state_->labels;
}
double TextClassifier::threshold(double precision) const {
  return state_->confidence.threshold(precision);
}
TextClassifier::HeldOut TextClassifier::held_out(double confidence) const {
  const Confidence::Kept kept = state_->confidence.kept(confidence);
  return {kept.answers, kept.kept, kept.right};
}
double TextClassifier::held_out_accuracy() const {
  return state_->held_out_accuracy;
}
TextWeighting TextClassifier::weighting() const {
  return state_->setting.odds ? TextWeighting::odds : TextWeighting::plain;
}
double TextClassifier::cost() const {
  return state_->setting.cost;
}
std::size_t TextClassifier::features() const {
  return state_->trained.vocabulary.size();
}

}  // namespace rapport::learn
