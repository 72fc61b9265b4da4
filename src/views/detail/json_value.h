#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace rapport::views::detail {

/// The JSON that rules need: whole numbers, no floats. Objects keep their order and refuse a name twice.
struct JsonValue {
  using Array = std::vector<JsonValue>;
  // No std::pair: clang asks it for its traits while this type is still being defined.
  struct Member;
  using Object = std::vector<Member>;
  std::variant<std::monostate, bool, std::int64_t, std::string, Array, Object> is;

  const JsonValue* find(std::string_view name) const;
};

struct JsonValue::Member {
  std::string name;
  JsonValue value;
};

/// Errors: bad_input with "byte N"; too_large past 40 levels or `most_bytes`.
Result<JsonValue> parse_json(std::string_view text, std::size_t most_bytes);

/// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace rapport::views::detail
