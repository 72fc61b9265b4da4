#include "text/letter.h"

#include <algorithm>
#include <vector>

namespace rapport::text {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

bool ends_with_any(std::string_view line, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](auto end) { return line.ends_with(end); });
}
bool begins_with_any(std::string_view line, std::initializer_list<std::string_view> begins) {
  return std::any_of(begins.begin(), begins.end(), [&](auto begin) { return line.starts_with(begin); });
}

/// A row of dashes around words of ours: "-----Original Message-----", "------------------ 原始邮件
/// ------------------".
bool is_divider(std::string_view line) {
  if (!line.starts_with("---") && !line.starts_with("___")) return false;
  for (const std::string_view word : {"Original Message", "Forwarded message", "原始邮件", "原始郵件",
                                      "转发邮件", "轉寄郵件", "回复的原邮件"}) {
    if (line.find(word) != std::string_view::npos) return true;
  }
  return line.starts_with("________________________________");
}

/// The line by which a mail program introduces the letter that is answered.
bool introduces(std::string_view line) {
  if (line.starts_with("On ") && line.ends_with("wrote:")) return true;
  if (ends_with_any(line, {"写道：", "写道:", "寫道：", "寫道:", "来信：", "來信："})) return true;
  return is_divider(line);
}

/// Heads of an earlier letter as they stand in the text: two in a row, so that a sentence is none.
bool is_head(std::string_view line) {
  return begins_with_any(
      line, {"From:",    "Sent:",    "To:",     "Subject:", "Date:",     "发件人:",    "发件人：",
             "寄件者:",  "寄件者：", "發件人:", "發件人：", "发送时间:", "发送时间：", "收件人:",
             "收件人：", "主题:",    "主题：",  "主旨:",    "主旨：",    "日期:",      "日期："});
}

}  // namespace

std::string newly_written(std::string_view utf8) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at <= utf8.size();) {
    const std::size_t end = std::min(utf8.find('\n', at), utf8.size());
    std::string_view line = utf8.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    at = end + 1;
  }
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trimmed(lines[i]);
    // "On Monday, Ada <ada@...>" is broken over two lines when it is long.
    const bool broken =
        line.starts_with("On ") && i + 1 < lines.size() && trimmed(lines[i + 1]).ends_with("wrote:");
    if (introduces(line) || broken) break;
    if (is_head(line) && i + 1 < lines.size() && is_head(trimmed(lines[i + 1]))) break;
    if (lines[i] == "-- " || lines[i] == "--") break;
    if (line.starts_with('>')) continue;
    out += lines[i];
    out += '\n';
  }
  const std::string_view kept = trimmed(out);
  return std::string(kept.empty() ? trimmed(utf8) : kept);
}

}  // namespace rapport::text
