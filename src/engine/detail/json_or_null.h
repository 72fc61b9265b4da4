#pragma once

#include <string_view>

#include "base/time.h"
#include "codec/json_writer.h"

/// Members that are null where there is nothing to say.
namespace rapport::engine {

/// Null for the beginning of time and for never.
inline void write_moment(codec::JsonWriter& json, std::string_view name, Instant at) {
  json.key(name);
  at == Instant::min() || at == Instant::never() ? json.null() : json.time(at);
}

/// Null for "".
inline void write_words(codec::JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.text(text);
}

}  // namespace rapport::engine
