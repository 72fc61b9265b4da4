#include "views/tags/tags.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/detail/decay.h"
#include "views/detail/rule_lexer.h"
#include "views/tags/all.h"
#include "views/tags/tag_test.h"

namespace rapport::views {
namespace {

template <std::uint16_t trait>
void trait_tag(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  static const std::string_view name = model::find_property(model::PropertyId{trait})->name;
  tags::base(model::PropertyId{trait}, name, facts, out, trace);
}

template <std::uint16_t trait>
constexpr TagSpec trait_spec(std::string_view name) {
  return {name, TagLayer::base, false, "the value last told by identify", &trait_tag<trait>};
}

namespace t = model::trait;
using enum TagLayer;

constexpr TagSpec kSpecs[] = {
    trait_spec<t::age_band.value>("age_band"),
    trait_spec<t::gender.value>("gender"),
    trait_spec<t::region.value>("region"),
    trait_spec<t::city.value>("city"),
    trait_spec<t::city_tier.value>("city_tier"),
    trait_spec<t::country.value>("country"),
    trait_spec<t::job.value>("job"),
    trait_spec<t::income_band.value>("income_band"),
    trait_spec<t::household.value>("household"),
    trait_spec<t::household_size.value>("household_size"),
    trait_spec<t::children.value>("children"),
    trait_spec<t::education.value>("education"),
    trait_spec<t::language.value>("language"),
    trait_spec<t::birth_month.value>("birth_month"),
    {"category", behaviour, true, "favourite categories, up to 3", &tags::category},
    {"brand", behaviour, true, "favourite brands, up to 3", &tags::brand},
    {"scene", behaviour, true, "scenes of use, up to 3", &tags::scene},
    {"function", behaviour, true, "functions looked for, up to 3", &tags::function},
    {"price_band", behaviour, true, "price of one piece, up to 2 bands", &tags::price_band},
    {"active_hours", behaviour, true, "three-hour bands of the day, UTC, up to 2", &tags::active_hours},
    {"channel", behaviour, true, "channels that reach her, up to 2", &tags::channel},
    {"recency", behaviour, false, "time since the last purchase", &tags::recency},
    {"frequency", behaviour, false, "purchases in 365 days", &tags::frequency},
    {"monetary", behaviour, false, "spent in 365 days, a band for each currency", &tags::monetary},
    {"need", need, false, "predicted needs", &tags::need},
};

}  // namespace

std::string_view tag_layer_name(TagLayer layer) {
  switch (layer) {
    case TagLayer::base:
      return "base";
    case TagLayer::behaviour:
      return "behaviour";
    case TagLayer::need:
      return "need";
  }
  return "";
}

std::span<const TagSpec> tag_specs() {
  return kSpecs;
}

const TagSpec* find_tag_spec(std::string_view name) {
  const auto found = std::find_if(std::begin(kSpecs), std::end(kSpecs),
                                  [&](const TagSpec& spec) { return spec.name == name; });
  return found == std::end(kSpecs) ? nullptr : found;
}

std::vector<Tag> tags_of(const FactsView& facts) {
  std::vector<Tag> tags;
  tags.reserve(std::size(kSpecs));
  for (const TagSpec& spec : kSpecs) spec.find(facts, tags, nullptr);
  return tags;
}

Result<TagExplanation> explain_tag(std::string_view name, const FactsView& facts) {
  const TagSpec* spec = find_tag_spec(name);
  if (spec == nullptr) {
    std::vector<std::string_view> names;
    for (const TagSpec& one : kSpecs) names.push_back(one.name);
    const std::string_view close = detail::nearest(name, names);
    return Error{Errc::not_found, fmt::format("there is no tag '{}'", name.substr(0, 64)), "tag",
                 close.empty() ? "a tag such as category" : fmt::format("'{}'?", close)};
  }
  TagExplanation explanation;
  spec->find(facts, explanation.tags, &explanation.steps);
  return explanation;
}

Outcome eval_tag_test(const TagTest& test, const FactsView& facts) {
  const TagSpec* spec = find_tag_spec(test.tag);
  if (spec == nullptr) return {Truth::undetermined, Instant::never(), "no such tag"};
  std::vector<Tag> tags;
  spec->find(facts, tags, nullptr);
  Outcome outcome;
  for (const Tag& tag : tags) {
    const bool value =
        test.any || std::find(test.texts.begin(), test.texts.end(), tag.value) != test.texts.end();
    if (value && tag.strength >= test.least_strength) outcome.value = Truth::yes;
    if (tag.until) outcome.until = std::min(outcome.until, *tag.until);
    if (spec->hourly) outcome.until = std::min(outcome.until, detail::decay_moment(facts.at()) + hours(1));
  }
  return outcome;
}

}  // namespace rapport::views
