#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

/// One JSON object as a row of named texts: what a line of JSON Lines is to a table.
namespace rapport::codec {

/// Keeps its buffers between lines. One thread at a time.
class JsonRowParser {
 public:
  using Cells = std::vector<std::pair<std::string, std::string>>;

  JsonRowParser();
  ~JsonRowParser();
  JsonRowParser(JsonRowParser&&) noexcept;
  JsonRowParser& operator=(JsonRowParser&&) noexcept;

  /// Appends the members in order. Nested objects give "outer.inner"; lists stay JSON text; numbers and
  /// booleans are as written; null gives no cell. Errors: bad_input when the line is not one JSON object.
  Status parse(std::string_view line, Cells& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rapport::codec
