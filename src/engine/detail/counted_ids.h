#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "codec/json_index.h"

namespace rapport::engine {

/// A list of ids, or of objects with an id under `id_name` and a quantity of 1 to 1,000; one named twice is
/// two of it. Nothing for what is no such list.
std::optional<std::map<std::string, std::int64_t>> counted_ids(const codec::JsonValue& list,
                                                               std::string_view id_name);

}  // namespace rapport::engine
