#pragma once

#include <string_view>

#include "model/catalogue.h"

/// Where a word ends and prose about a person begins.
namespace rapport::model {

/// Whether a property of Sensitivity::word_or_sealed stays readable in an event of this kind. A code does
/// ("size", "changed_mind": up to 64 letters, digits and _.:/- of ASCII, one of them a letter, never nine
/// digits in a row); of what customers choose from a shop's own list (why something comes back, why an order
/// is cancelled, what points are for) also up to 8 letters of other scripts ("尺码不合适"). The rest is
/// prose: it is sealed with its customer. Any thread.
bool stays_clear(EventKind kind, std::string_view text);

}  // namespace rapport::model
