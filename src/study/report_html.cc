#include "study/detail/render.h"
#include "study/detail/report_terms.h"
#include "study/report.h"

namespace rapport::study {
namespace {

using detail::escape_html;
using detail::format_cell;
using detail::format_number;

constexpr std::string_view kStyle = R"(
:root{color-scheme:light}
body{font:15px/1.6 "Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;color:#1b2430;
 background:#fff;max-width:62rem;margin:2rem auto;padding:0 1.25rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.meta{color:#4c5a6b;margin:0 0 1rem}.reading{border-left:4px solid #2457a6;padding:.5rem 1rem;background:#f3f6fb}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid #d8dee6;text-align:left;vertical-align:top}
th{color:#4c5a6b;font-weight:600}td.n,th.n{text-align:right}
.scroll{overflow-x:auto}ul.checks{list-style:none;padding:0}ul.checks li{padding:.2rem 0}
.mark{display:inline-block;min-width:4.5em;font-weight:600}.passed{color:#17663a}.warned{color:#8a5a00}.failed{color:#a61b1b}
figure{margin:1.5rem 0}figcaption{color:#4c5a6b}svg{max-width:100%;height:auto}
@media print{body{margin:0;max-width:none;font-size:11pt}h2,figure,tr{break-inside:avoid}h2{break-after:avoid}}
)";

std::string_view language_code(Language language) {
  if (language == Language::zh_hans) return "zh-Hans";
  return language == Language::zh_hant ? "zh-Hant" : "en";
}

void append_checks(std::string& out, const Report& report, Language language, const detail::Words& words) {
  if (report.checks.empty()) return;
  out += fmt::format("<h2>{}</h2>\n<ul class=\"checks\">\n", words.checks);
  for (const Check& check : report.checks) {
    const bool passed = check.status == CheckStatus::passed, warned = check.status == CheckStatus::warned;
    out += fmt::format("<li><span class=\"mark {}\">{}</span> <b>{}</b> {}</li>\n",
                       passed   ? "passed"
                       : warned ? "warned"
                                : "failed",
                       passed   ? words.passed
                       : warned ? words.warned
                                : words.failed,
                       escape_html(detail::check_term(check.name, language)),
                       escape_html(pick(check.detail, language)));
  }
  out += "</ul>\n";
}

void append_figures(std::string& out, const Report& report, Language language, const detail::Words& words) {
  if (report.figures.empty()) return;
  out += fmt::format(
      "<h2>{}</h2>\n<div class=\"scroll\"><table><thead><tr><th>{}</th><th class=\"n\">{}</th><th "
      "class=\"n\">{}</th>"
      "<th class=\"n\">n</th><th>{}</th></tr></thead><tbody>\n",
      words.figures, words.name, words.value, words.interval, words.definition);
  for (const Figure& figure : report.figures) {
    std::string interval;
    if (figure.low && figure.high) {
      interval = fmt::format("{} … {}", format_number(*figure.low), format_number(*figure.high));
    }
    out += fmt::format(
        "<tr><th>{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td></tr>\n",
        escape_html(detail::figure_term(figure.name, language)), format_number(figure.value), interval,
        figure.n.value_or(report.rows_used), escape_html(figure.definition));
  }
  out += "</tbody></table></div>\n";
}

void append_table(std::string& out, const Report& report, const ReportTable& table, Language language) {
  out += fmt::format("<h2>{}</h2>\n<div class=\"scroll\"><table><thead><tr>",
                     escape_html(pick(table.title, language)));
  const auto is_text = [&](std::size_t c) {
    return !table.rows.empty() && std::holds_alternative<std::string>(table.rows[0][c]);
  };
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out += fmt::format("<th{}>{}</th>", is_text(c) ? "" : " class=\"n\"",
                       escape_html(detail::column_term(table.columns[c], language)));
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      out += fmt::format("<td{}>{}</td>", is_text(c) ? "" : " class=\"n\"",
                         escape_html(format_cell(detail::cell_term(report, row[c], language))));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

}  // namespace

std::string render_html(const Report& report, Language language) {
  const detail::Words& words = detail::words(language);
  const std::string title = escape_html(pick(report.title, language));
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n</"
      "head>\n<body>\n<h1>{}</h1>\n",
      language_code(language), title, kStyle, title);
  out += fmt::format("<p class=\"meta\">{} · {}: {} / {}</p>\n", escape_html(report.method), words.rows,
                     report.rows_used, report.rows_given);
  if (!report.reading.en.empty()) {
    out += fmt::format("<h2>{}</h2>\n<p class=\"reading\">{}</p>\n", words.reading,
                       escape_html(pick(report.reading, language)));
  }
  append_checks(out, report, language, words);
  for (const Chart& chart : report.charts) {
    out += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", chart.svg,
                       escape_html(pick(chart.title, language)));
  }
  append_figures(out, report, language, words);
  for (const ReportTable& table : report.tables) append_table(out, report, table, language);
  out += fmt::format("<h2>{}</h2>\n<ul>\n", words.sources);
  for (const std::string& citation : report.citations)
    out += fmt::format("<li>{}</li>\n", escape_html(citation));
  return out + "</ul>\n</body>\n</html>\n";
}

}  // namespace rapport::study
