#include "study/detail/render.h"

#include <cmath>

namespace rapport::study::detail {

std::string format_number(double value) {
  if (!std::isfinite(value)) return "-";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 1e7 || size < 1e-4) return fmt::format("{:.5e}", value);
  if (value == std::round(value) && size < 1e6) return fmt::format("{:.0f}", value);
  const int before = size >= 1 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 0;
  return fmt::format("{:.{}f}", value, std::max(0, 6 - before));
}

std::string format_cell(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<double>(&cell)) return format_number(*number);
  return std::to_string(std::get<std::int64_t>(cell));
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if ((byte & 0xc0) == 0x80) continue;
    width += byte >= 0xe3 ? 2 : 1;  // U+3000 and above
  }
  return width;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

const Words& words(Language language) {
  static constexpr Words kEnglish{"rows used", "Checks",  "passed", "warning",      "FAILED",     "Figures",
                                  "Sources",   "Reading", "value",  "95% interval", "definition", "name"};
  static constexpr Words kHans{"使用行数", "检查", "通过", "注意",     "未通过", "主要数字",
                               "来源",     "解读", "数值", "95% 区间", "定义",   "名称"};
  static constexpr Words kHant{"使用列數", "檢查", "通過", "注意",     "未通過", "主要數字",
                               "來源",     "解讀", "數值", "95% 區間", "定義",   "名稱"};
  if (language == Language::zh_hans) return kHans;
  return language == Language::zh_hant ? kHant : kEnglish;
}

}  // namespace rapport::study::detail
