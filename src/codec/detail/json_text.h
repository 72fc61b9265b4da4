#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Writing JSON text straight into a buffer, for the few shapes that are written once for every event.
namespace rapport::codec::detail {

/// A character of `text` must be escaped in JSON.
bool any_needs_escape(std::string_view text);
/// `text` in quotes, escaped; bytes over 0x7f pass as they are.
void append_json_text(std::string& out, std::string_view text);
/// The shortest decimal that reads back as the same double; null when it is not finite.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);

/// An object under construction: "{" at the first key, "}" at close(). An object without keys is "".
class JsonObjectText {
 public:
  explicit JsonObjectText(std::string& out) : out_(out) {}
  void key(std::string_view name);
  void close();

 private:
  std::string& out_;
  bool open_ = false;
};

}  // namespace rapport::codec::detail
