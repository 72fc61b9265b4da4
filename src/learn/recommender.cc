#include "learn/recommender.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace rapport::learn {

std::string ModelSpec::text() const {
  std::string text = name;
  for (const auto& [setting, value] : settings) text += fmt::format(":{}={}", setting, value);
  return text;
}

Result<ModelSpec> parse_model_spec(std::string_view text) {
  ModelSpec spec;
  std::size_t colon = text.find(':');
  spec.name = std::string(text.substr(0, colon));
  while (colon != std::string_view::npos) {
    text.remove_prefix(colon + 1);
    colon = text.find(':');
    const std::string_view setting = text.substr(0, colon);
    const std::size_t equals = setting.find('=');
    double value = 0;
    const std::string_view number = equals == std::string_view::npos ? "" : setting.substr(equals + 1);
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (problem != std::errc{} || end != number.data() + number.size() || !std::isfinite(value))
      return Error{Errc::bad_input, fmt::format("'{}' is not a setting", setting), spec.name, "name=number"};
    spec.settings[std::string(setting.substr(0, equals))] = value;
  }
  return spec;
}

const ModelKind* find_model_kind(std::string_view name) {
  for (const ModelKind& kind : model_kinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

Result<std::unique_ptr<const Recommender>> train_model(const ModelSpec& spec,
                                                       const Interactions& interactions,
                                                       const TrainContext& context) {
  const ModelKind* kind = find_model_kind(spec.name);
  if (kind == nullptr) {
    std::string known;
    for (const ModelKind& each : model_kinds()) known += (known.empty() ? "" : " ") + std::string(each.name);
    return Error{Errc::not_found, "no model '" + spec.name + "'", "", "one of: " + known};
  }
  for (const auto& [name, value] : spec.settings) {
    if (std::find(kind->settings.begin(), kind->settings.end(), name) == kind->settings.end())
      return Error{Errc::bad_input, fmt::format("model {} has no setting '{}'", spec.name, name), spec.name,
                   fmt::format("{}", fmt::join(kind->settings, " "))};
  }
  return kind->train(spec, interactions, context);
}

void best_items(std::span<const double> scores, std::span<const std::uint32_t> order,
                std::span<const std::uint8_t> leave_out, std::size_t count,
                std::vector<std::uint32_t>& best) {
  best.clear();
  if (count == 0) return;
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : order[a] < order[b];
  };
  // A heap of the best so far with the worst of them on top: most items lose against it at once.
  for (std::uint32_t item = 0; item < scores.size(); ++item) {
    if (leave_out[item] != 0) continue;
    if (best.size() < count) {
      best.push_back(item);
      std::push_heap(best.begin(), best.end(), before);
    } else if (before(item, best.front())) {
      std::pop_heap(best.begin(), best.end(), before);
      best.back() = item;
      std::push_heap(best.begin(), best.end(), before);
    }
  }
  std::sort_heap(best.begin(), best.end(), before);
}

ItemPopularity item_popularity(const Interactions& interactions) {
  ItemPopularity popularity;
  popularity.customers.assign(interactions.items(), 0);
  std::vector<std::size_t> seen_by(interactions.items(), 0);
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    for (const Interaction& event : interactions.of(customer)) {
      if (seen_by[event.item] == customer + 1) continue;
      seen_by[event.item] = customer + 1;
      ++popularity.customers[event.item];
    }
  }
  std::vector<std::uint32_t> items(interactions.items());
  std::iota(items.begin(), items.end(), 0u);
  std::stable_sort(items.begin(), items.end(), [&](std::uint32_t a, std::uint32_t b) {
    return popularity.customers[a] > popularity.customers[b];
  });
  popularity.place.resize(items.size());
  for (std::uint32_t place = 0; place < items.size(); ++place) popularity.place[items[place]] = place;
  return popularity;
}

}  // namespace rapport::learn
