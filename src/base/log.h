#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

/// The structured log: one JSON object a line on standard error. Personal data never enters it: fields are
/// numbers, ids and fixed words, never identifiers, traits or texts of customers. Thread-safe.
namespace rapport {

enum class LogLevel { debug, info, warn, error };

struct LogField {
  std::string_view name;
  std::string value;
  bool quoted = true;
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  LogField(std::string_view n, T v) : name(n), value(std::to_string(v)), quoted(false) {}
};

/// `event` is a short fixed phrase ("shop opened"); variable parts go into the fields.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
/// Lines below this level are dropped; info at the start.
void set_log_level(LogLevel level);

}  // namespace rapport
