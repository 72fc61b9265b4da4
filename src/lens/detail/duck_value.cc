#include "lens/detail/duck_value.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/time.h"

namespace rapport::lens::detail {
namespace {

using model::SqlValue;

struct Typed {
  duckdb_logical_type type;
  explicit Typed(duckdb_logical_type t) : type(t) {}
  ~Typed() { duckdb_destroy_logical_type(&type); }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;
  duckdb_type id() const { return duckdb_get_type_id(type); }
};

std::string hugeint_text(duckdb_hugeint value) {
  __extension__ using Wide = __int128;
  Wide wide = (static_cast<Wide>(value.upper) << 64) | static_cast<Wide>(value.lower);
  if (wide == 0) return "0";
  const bool negative = wide < 0;
  std::string digits;
  while (wide != 0) {
    const int digit = static_cast<int>(wide % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    wide /= 10;
  }
  if (negative) digits.push_back('-');
  return {digits.rbegin(), digits.rend()};
}

std::string with_point(std::string digits, std::size_t scale) {
  if (scale == 0) return digits;
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  digits.insert(digits.size() - scale, ".");
  return negative ? "-" + digits : digits;
}

template <class T>
T cell(duckdb_vector vector, std::size_t row) {
  return static_cast<T*>(duckdb_vector_get_data(vector))[row];
}

std::string decimal_text(duckdb_logical_type type, duckdb_vector vector, std::size_t row) {
  std::string digits;
  switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT:
      digits = fmt::to_string(cell<std::int16_t>(vector, row));
      break;
    case DUCKDB_TYPE_INTEGER:
      digits = fmt::to_string(cell<std::int32_t>(vector, row));
      break;
    case DUCKDB_TYPE_BIGINT:
      digits = fmt::to_string(cell<std::int64_t>(vector, row));
      break;
    default:
      digits = hugeint_text(cell<duckdb_hugeint>(vector, row));
  }
  return with_point(std::move(digits), duckdb_decimal_scale(type));
}

// One byte more than `most` at most: enough for the caller to see that it is too long.
std::string text_at(duckdb_vector vector, std::size_t row, std::size_t most) {
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  const std::size_t length = duckdb_string_t_length(texts[row]);
  return {duckdb_string_t_data(&texts[row]), length <= most ? length : most + 1};
}

std::string enum_text(duckdb_logical_type type, duckdb_vector vector, std::size_t row) {
  idx_t place = 0;
  switch (duckdb_enum_internal_type(type)) {
    case DUCKDB_TYPE_UTINYINT:
      place = cell<std::uint8_t>(vector, row);
      break;
    case DUCKDB_TYPE_USMALLINT:
      place = cell<std::uint16_t>(vector, row);
      break;
    default:
      place = cell<std::uint32_t>(vector, row);
  }
  char* text = duckdb_enum_dictionary_value(type, place);
  std::string out = text;
  duckdb_free(text);
  return out;
}

std::string time_of_day(std::int64_t micros) {
  const std::int64_t second = micros / 1'000'000;
  std::string out = fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  if (micros % 1'000'000 != 0) out += fmt::format(".{:06}", micros % 1'000'000);
  return out;
}

std::string timestamp_text(std::int64_t micros, bool zoned) {
  const std::int64_t ms = micros >= 0 ? micros / 1000 : -((-micros + 999) / 1000);
  std::string out = format_instant(Instant{ms});
  if (!zoned && out.ends_with('Z')) out.pop_back();
  return out;
}

std::string interval_text(duckdb_interval value) {
  std::string out;
  const auto add = [&](std::int64_t n, std::string_view unit) {
    if (n != 0) out += fmt::format("{}{} {}{}", out.empty() ? "" : " ", n, unit, n == 1 ? "" : "s");
  };
  add(value.months / 12, "year");
  add(value.months % 12, "month");
  add(value.days, "day");
  if (value.micros != 0 || out.empty()) {
    if (!out.empty()) out.push_back(' ');
    out += value.micros < 0 ? "-" + time_of_day(-value.micros) : time_of_day(value.micros);
  }
  return out;
}

// A text that grows beyond `most` bytes is not finished.
struct NestedText {
  std::string out;
  std::size_t most;
  bool full() const { return out.size() > most; }
};

void append_nested(NestedText& text, duckdb_vector vector, std::size_t row);

void append_list(NestedText& text, duckdb_vector child, std::size_t from, std::size_t n) {
  std::string& out = text.out;
  out.push_back('[');
  for (std::size_t i = 0; i < n && !text.full(); ++i) {
    if (i > 0) out += ", ";
    append_nested(text, child, from + i);
  }
  out.push_back(']');
}

void append_struct(NestedText& text, duckdb_logical_type type, duckdb_vector vector, std::size_t row) {
  std::string& out = text.out;
  out.push_back('{');
  for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
    char* name = duckdb_struct_type_child_name(type, i);
    out += fmt::format("{}'{}': ", i > 0 ? ", " : "", name);
    duckdb_free(name);
    append_nested(text, duckdb_struct_vector_get_child(vector, i), row);
  }
  out.push_back('}');
}

void append_nested(NestedText& text, duckdb_vector vector, std::size_t row) {
  std::string& out = text.out;
  const SqlValue value = value_at(vector, row, text.most);
  if (std::holds_alternative<std::monostate>(value)) {
    out += "NULL";
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    out += fmt::to_string(*whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    out += fmt::to_string(*real);
  } else {
    out += std::get<std::string>(value);
  }
}

SqlValue nested_at(const Typed& type, duckdb_vector vector, std::size_t row, std::size_t most) {
  NestedText text{{}, most};
  switch (type.id()) {
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_MAP: {
      const auto entry = cell<duckdb_list_entry>(vector, row);
      append_list(text, duckdb_list_vector_get_child(vector), entry.offset, entry.length);
      return std::move(text.out);
    }
    case DUCKDB_TYPE_ARRAY: {
      const std::size_t n = duckdb_array_type_array_size(type.type);
      append_list(text, duckdb_array_vector_get_child(vector), row * n, n);
      return std::move(text.out);
    }
    case DUCKDB_TYPE_STRUCT:
      append_struct(text, type.type, vector, row);
      return std::move(text.out);
    default:
      return "(" + type_name(type.type) + ")";
  }
}

SqlValue time_at(duckdb_type type, duckdb_vector vector, std::size_t row) {
  const auto wide = [&] { return cell<std::int64_t>(vector, row); };
  switch (type) {
    case DUCKDB_TYPE_DATE:
      return format_instant(Instant{cell<std::int32_t>(vector, row) * std::int64_t{86'400'000}})
          .substr(0, 10);
    case DUCKDB_TYPE_TIME:
      return time_of_day(wide());
    case DUCKDB_TYPE_TIMESTAMP:
      return timestamp_text(wide(), false);
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return timestamp_text(wide(), true);
    case DUCKDB_TYPE_TIMESTAMP_S:
      return timestamp_text(wide() * 1'000'000, false);
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return timestamp_text(wide() * 1'000, false);
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return timestamp_text(wide() / 1'000, false);
    default:
      return interval_text(cell<duckdb_interval>(vector, row));
  }
}

SqlValue plain_at(const Typed& type, duckdb_vector vector, std::size_t row, std::size_t most) {
  const auto integer = [](auto v) { return SqlValue(static_cast<std::int64_t>(v)); };
  switch (type.id()) {
    case DUCKDB_TYPE_BOOLEAN:
      return cell<bool>(vector, row);
    case DUCKDB_TYPE_TINYINT:
      return integer(cell<std::int8_t>(vector, row));
    case DUCKDB_TYPE_SMALLINT:
      return integer(cell<std::int16_t>(vector, row));
    case DUCKDB_TYPE_INTEGER:
      return integer(cell<std::int32_t>(vector, row));
    case DUCKDB_TYPE_BIGINT:
      return integer(cell<std::int64_t>(vector, row));
    case DUCKDB_TYPE_UTINYINT:
      return integer(cell<std::uint8_t>(vector, row));
    case DUCKDB_TYPE_USMALLINT:
      return integer(cell<std::uint16_t>(vector, row));
    case DUCKDB_TYPE_UINTEGER:
      return integer(cell<std::uint32_t>(vector, row));
    case DUCKDB_TYPE_UBIGINT: {
      const auto value = cell<std::uint64_t>(vector, row);
      if (value <= static_cast<std::uint64_t>(INT64_MAX)) return integer(value);
      return fmt::to_string(value);
    }
    case DUCKDB_TYPE_HUGEINT: {
      const auto value = cell<duckdb_hugeint>(vector, row);
      const bool fits = (value.upper == 0 && value.lower <= static_cast<std::uint64_t>(INT64_MAX)) ||
                        (value.upper == -1 && value.lower > static_cast<std::uint64_t>(INT64_MAX));
      if (fits) return integer(static_cast<std::int64_t>(value.lower));
      return hugeint_text(value);
    }
    case DUCKDB_TYPE_FLOAT:
      return static_cast<double>(cell<float>(vector, row));
    case DUCKDB_TYPE_DOUBLE:
      return cell<double>(vector, row);
    case DUCKDB_TYPE_DECIMAL:
      return decimal_text(type.type, vector, row);
    case DUCKDB_TYPE_VARCHAR:
      return text_at(vector, row, most);
    case DUCKDB_TYPE_BLOB:
      return "\\x" + to_hex(text_at(vector, row, most));
    case DUCKDB_TYPE_ENUM:
      return enum_text(type.type, vector, row);
    case DUCKDB_TYPE_SQLNULL:
      return std::monostate{};
    default:
      return nested_at(type, vector, row, most);
  }
}

}  // namespace

std::string type_name(duckdb_logical_type type) {
  static constexpr std::pair<duckdb_type, const char*> kNames[] = {
      {DUCKDB_TYPE_BOOLEAN, "BOOLEAN"},
      {DUCKDB_TYPE_TINYINT, "TINYINT"},
      {DUCKDB_TYPE_SMALLINT, "SMALLINT"},
      {DUCKDB_TYPE_INTEGER, "INTEGER"},
      {DUCKDB_TYPE_BIGINT, "BIGINT"},
      {DUCKDB_TYPE_UTINYINT, "UTINYINT"},
      {DUCKDB_TYPE_USMALLINT, "USMALLINT"},
      {DUCKDB_TYPE_UINTEGER, "UINTEGER"},
      {DUCKDB_TYPE_UBIGINT, "UBIGINT"},
      {DUCKDB_TYPE_HUGEINT, "HUGEINT"},
      {DUCKDB_TYPE_FLOAT, "FLOAT"},
      {DUCKDB_TYPE_DOUBLE, "DOUBLE"},
      {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
      {DUCKDB_TYPE_BLOB, "BLOB"},
      {DUCKDB_TYPE_DATE, "DATE"},
      {DUCKDB_TYPE_TIME, "TIME"},
      {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP"},
      {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMP WITH TIME ZONE"},
      {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S"},
      {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS"},
      {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS"},
      {DUCKDB_TYPE_INTERVAL, "INTERVAL"},
      {DUCKDB_TYPE_ENUM, "ENUM"},
      {DUCKDB_TYPE_LIST, "LIST"},
      {DUCKDB_TYPE_STRUCT, "STRUCT"},
      {DUCKDB_TYPE_MAP, "MAP"},
      {DUCKDB_TYPE_ARRAY, "ARRAY"},
      {DUCKDB_TYPE_SQLNULL, "NULL"},
  };
  const duckdb_type id = duckdb_get_type_id(type);
  if (id == DUCKDB_TYPE_DECIMAL) {
    return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type), duckdb_decimal_scale(type));
  }
  for (const auto& [known, name] : kNames) {
    if (known == id) return name;
  }
  return "OTHER";
}

SqlValue value_at(duckdb_vector vector, std::size_t row, std::size_t most) {
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return std::monostate{};
  const Typed type(duckdb_vector_get_column_type(vector));
  switch (type.id()) {
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIME:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_INTERVAL:
      return time_at(type.id(), vector, row);
    default:
      return plain_at(type, vector, row, most);
  }
}

}  // namespace rapport::lens::detail
