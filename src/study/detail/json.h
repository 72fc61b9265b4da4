#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A small JSON writer: compact, in the order written, doubles in the shortest form that reads back equal,
/// non-finite numbers as null.
namespace rapport::study::detail {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void text(std::string_view value);
  void number(double value);
  void number(std::int64_t value);
  std::string take() { return std::move(out_); }

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  void quoted(std::string_view value);
  std::string out_;
  std::vector<bool> has_items_{false};
  bool after_key_ = false;
};

}  // namespace rapport::study::detail
