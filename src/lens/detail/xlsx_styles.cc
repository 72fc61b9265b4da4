#include "lens/detail/xlsx_styles.h"

#include <charconv>
#include <cmath>
#include <map>
#include <pugixml.hpp>

#include "base/time.h"

namespace rapport::lens::detail {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& node : parent.children()) {
    if (local_name(node) == name) return node;
  }
  return {};
}

// ECMA-376 part 1, 18.8.30: the formats that have a number and no code.
std::optional<NumberShape> builtin_shape(int id) {
  if (id >= 14 && id <= 17) return NumberShape::date;
  if (id >= 18 && id <= 21) return NumberShape::time;
  if (id == 22) return NumberShape::date_time;
  if ((id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58)) return NumberShape::date;
  if (id >= 32 && id <= 35) return NumberShape::time;
  if (id >= 45 && id <= 47) return NumberShape::time;
  if (id < 50) return NumberShape::number;
  return std::nullopt;
}

}  // namespace

NumberShape shape_of_format(std::string_view code) {
  bool date = false, time = false, quoted = false;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
      continue;
    }
    if (c == '[') {
      const std::size_t close = code.find(']', i);
      const std::string_view inside = code.substr(i + 1, close == std::string_view::npos ? 0 : close - i - 1);
      if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) time = true;
      if (close == std::string_view::npos) break;
      i = close;
      continue;
    }
    if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') date = true;
    if (c == 'h' || c == 'H' || c == 's' || c == 'S') time = true;
    if (code.substr(i).starts_with("General")) return NumberShape::number;
  }
  if (date && time) return NumberShape::date_time;
  if (date) return NumberShape::date;
  return time ? NumberShape::time : NumberShape::number;
}

Result<std::vector<NumberShape>> read_cell_styles(const std::string& xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) {
    return Error{Errc::corrupt, "xl/styles.xml is not XML"};
  }
  const pugi::xml_node root = document.document_element();
  std::map<int, NumberShape> own;
  for (const pugi::xml_node& format : child(root, "numFmts").children()) {
    own[format.attribute("numFmtId").as_int()] = shape_of_format(format.attribute("formatCode").value());
  }
  std::vector<NumberShape> shapes;
  for (const pugi::xml_node& style : child(root, "cellXfs").children()) {
    const int id = style.attribute("numFmtId").as_int();
    const auto declared = own.find(id);
    shapes.push_back(declared != own.end() ? declared->second
                                           : builtin_shape(id).value_or(NumberShape::number));
  }
  return shapes;
}

std::optional<std::string> date_text(double serial, NumberShape shape, bool from_1904) {
  if (!(serial >= 0 && serial < 2'958'466)) return std::nullopt;
  const double days = std::floor(serial);
  auto ms = static_cast<std::int64_t>(std::llround((serial - days) * 86'400'000.0));
  ms = (ms + 500) / 1000 * 1000;  // Excel itself shows and enters seconds
  std::int64_t day = static_cast<std::int64_t>(days);
  // Day 0 is 1904-01-01, or 1899-12-30 for serials after the false leap day and 1899-12-31 before it.
  day += from_1904 ? -24'107 : (day < 60 && day > 0 ? -25'568 : -25'569);
  const std::string whole = format_instant(Instant{day * 86'400'000 + ms});
  const std::string date = whole.substr(0, 10), time = whole.substr(11, 8);
  if (shape == NumberShape::time && serial < 1) return time;
  if (shape == NumberShape::date && ms == 0) return date;
  return date + " " + time;
}

std::string number_text(std::string_view raw) {
  double value = 0;
  const auto end = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (end.ec != std::errc{} || end.ptr != raw.data() + raw.size()) return std::string(raw);
  char digits[40];
  const bool plain = value == std::trunc(value) && std::abs(value) < 1e15;
  const auto written = plain ? std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(value))
                             : std::to_chars(digits, digits + sizeof digits, value);
  return {digits, written.ptr};
}

}  // namespace rapport::lens::detail
