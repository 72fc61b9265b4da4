#pragma once

#include <string>
#include <string_view>

#include "decide/tongue.h"

namespace rapport::decide {

/// Sentences of the assistant, by key; {0}, {1} stand for what is filled in.
std::string_view sentence(std::string_view key, Tongue tongue);
std::string filled(std::string_view key, Tongue tongue, std::initializer_list<std::string_view> values = {});

}  // namespace rapport::decide
