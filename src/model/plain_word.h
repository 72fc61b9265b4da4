#pragma once

#include <string_view>

#include "model/catalogue.h"

/// Where a word ends and prose about a person begins.
namespace rapport::model {

/// Whether a property of Sensitivity::word_or_sealed stays readable in an event of this kind. A code does
/// ("size", "changed_mind": up to 64 letters, digits and _.:/- of ASCII, one of them a letter); of what is
/// chosen from a shop's own list (why something comes back, why an order is cancelled) also up to 12 letters
/// of other scripts ("尺码不合适"). What staff writes is prose from its first blank on: it is sealed with its
/// customer, as everything else is. Why a policy decided is its own words, and stays. Any thread.
bool stays_clear(EventKind kind, std::string_view text);

}  // namespace rapport::model
