#include "learn/intents.h"

#include <algorithm>

#include "base/assert.h"
#include "base/random.h"
#include "learn/detail/intent_phrases.h"
#include "text/han.h"

namespace rapport::learn {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr double kCost = 1;

constexpr std::string_view kProductsZh[] = {"净化器", "咖啡机", "耳机",   "电饭煲", "吸尘器",
                                            "保温杯", "加湿器", "充电宝", "杯子",   "外套",
                                            "鞋子",   "台灯",   "牙刷",   "手机",   "床垫"};
constexpr std::string_view kProductsEn[] = {
    "purifier",   "coffee machine", "headphones", "kettle", "vacuum cleaner", "flask", "humidifier",
    "power bank", "lamp",           "jacket",     "shoes",  "toothbrush",     "phone", "tent"};
constexpr std::string_view kOrders[] = {"A10086", "O-2041", "20260315", "W-77120", "83", "X5521-9"};

std::string_view one_of(std::span<const std::string_view> all, Random& random) {
  return all[static_cast<std::size_t>(random.below(all.size()))];
}

std::string filled(std::string_view phrase, std::span<const std::string_view> products, Random& random) {
  std::string out;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    const std::string_view mark = phrase.substr(i, 3);
    if (mark == "{p}" || mark == "{o}") {
      out += mark == "{p}" ? one_of(products, random) : one_of(kOrders, random);
      i += 2;
    } else {
      out.push_back(phrase[i]);
    }
  }
  return out;
}

void add(std::string_view all, std::span<const std::string_view> products, Random& random,
         std::vector<LabelledText>& out) {
  while (!all.empty()) {
    std::string_view line = all.substr(0, all.find('\n'));
    all.remove_prefix(std::min(all.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string intent(line.substr(0, colon));
    line.remove_prefix(colon + 2);
    while (!line.empty()) {
      const std::string_view phrase = line.substr(0, line.find('|'));
      line.remove_prefix(std::min(line.size(), phrase.size() + 1));
      out.push_back({filled(phrase, products, random), intent});
    }
  }
}

/// Both scripts are one to the model.
std::string as_learned(std::string_view text) {
  return text::simplified_characters(text);
}

}  // namespace

std::vector<LabelledText> starter_intent_phrases() {
  std::vector<LabelledText> out;
  Random random(kSeed);
  add(kIntentPhrasesZh, kProductsZh, random, out);
  add(kIntentPhrasesEn, kProductsEn, random, out);
  return out;
}

Result<IntentModel> IntentModel::train(std::span<const LabelledText> more) {
  std::vector<LabelledText> phrases = starter_intent_phrases();
  for (const LabelledText& one : more) {
    if (std::find(kIntents.begin(), kIntents.end(), one.label) == kIntents.end())
      return Error{Errc::bad_input, "no such intent", one.label, "one of learn::kIntents"};
    phrases.push_back(one);
  }
  for (LabelledText& one : phrases) one.text = as_learned(one.text);
  TextTraining options;
  options.weighting = TextWeighting::plain;
  options.cost = kCost;
  RAPPORT_TRY(TextClassifier classifier, TextClassifier::train(phrases, options));
  return IntentModel(std::move(classifier), phrases.size());
}

const IntentModel& IntentModel::starter() {
  static const IntentModel model = [] {
    auto trained = train();
    ASSERT(trained.ok());
    return std::move(trained).value();
  }();
  return model;
}

IntentAnswer IntentModel::understand(std::string_view text) const {
  const TextClassifier::Answer answer = classifier_.classify(as_learned(text));
  const std::string& label = classifier_.labels()[answer.label];
  return {*std::find(kIntents.begin(), kIntents.end(), label), answer.confidence};
}

}  // namespace rapport::learn
