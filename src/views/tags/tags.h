#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "views/fact.h"
#include "views/rule_eval.h"

/// Tags: what a customer is (base), does (behaviour) and will want (need), each with its provenance. A pure
/// function of her facts and the moment facts.at(). One file of this folder a tag; docs/formats/tags.md lists
/// them.
namespace rapport::views {

enum class TagLayer : std::uint8_t { base, behaviour, need };
std::string_view tag_layer_name(TagLayer layer);

struct Tag {
  TagLayer layer = TagLayer::base;
  std::string_view name;
  std::string value;
  std::int32_t strength = 1000;  ///< thousandths: how sure (need), or its share among the values of this name
  Instant since;                 ///< of the first fact it rests on; for bands when the band was entered
  std::optional<Instant> until;  ///< when it ends or changes if nothing happens; unset when not foreseen
  std::string_view source;       ///< "trait", "facts", "Need Predicted"
  friend bool operator==(const Tag&, const Tag&) = default;
};

/// All tags at facts.at(), by layer, then in the order of tag_specs(), the strongest value of a name first.
std::vector<Tag> tags_of(const FactsView& facts);

/// One part of a tag's reason: a value and the facts that speak for it.
struct TagStep {
  std::string rule;                  ///< how it is worked out, in words
  std::string value;                 ///< "\"coffee\": weight 12.5 of 14.0"
  std::vector<std::uint32_t> facts;  ///< places in FactsView::facts(), ascending
};

struct TagExplanation {
  std::vector<Tag> tags;
  std::vector<TagStep> steps;
};

/// Errors: not_found with the nearest name.
Result<TagExplanation> explain_tag(std::string_view name, const FactsView& facts);

/// What collects a tag's reasons while it is worked out; null where nobody asks.
using TagTrace = std::vector<TagStep>;

struct TagSpec {
  std::string_view name;
  TagLayer layer;
  /// True when its values change with the hour (half-lives); else Tag::until says exactly when.
  bool hourly;
  std::string_view doc;
  void (*find)(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace);
};
std::span<const TagSpec> tag_specs();
const TagSpec* find_tag_spec(std::string_view name);

}  // namespace rapport::views
