#pragma once

#include <string_view>

namespace rapport::learn {

/// "intent: phrase|phrase|...", a line an intent; {p} stands for a product, {o} for an order's number.
extern const std::string_view kIntentPhrasesZh;
extern const std::string_view kIntentPhrasesEn;

}  // namespace rapport::learn
