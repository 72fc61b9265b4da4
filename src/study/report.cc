#include "study/report.h"

#include <cmath>

#include "study/detail/json.h"

namespace rapport::study {

Result<Language> parse_language(std::string_view code) {
  if (code == "en") return Language::en;
  if (code == "zh-Hans" || code == "zh-CN" || code == "zh") return Language::zh_hans;
  if (code == "zh-Hant" || code == "zh-TW") return Language::zh_hant;
  return Error{Errc::bad_input, fmt::format("language '{}' is not known", code), "",
               "en, zh-Hans or zh-Hant"};
}

const std::string& pick(const Text3& text, Language language) {
  if (language == Language::zh_hans) return text.hans;
  return language == Language::zh_hant ? text.hant : text.en;
}

const Figure* Report::figure(std::string_view name, std::string_view group) const {
  for (const Figure& figure : figures) {
    if (figure.name == name && figure.group == group) return &figure;
  }
  return nullptr;
}

void Report::add_figure(std::string_view name, double value, std::string_view group) {
  figures.push_back({.name = std::string(name), .value = value, .group = std::string(group)});
}

void Report::add_check(std::string_view name, CheckStatus status, Text3 detail) {
  checks.push_back({std::string(name), status, std::move(detail)});
}

void Report::say(std::string_view en, std::string_view hans, std::string_view hant) {
  if (!reading.en.empty()) reading.en += ' ';
  reading.en += en;
  reading.hans += hans;
  reading.hant += hant;
}

namespace {

using detail::JsonWriter;

std::string_view status_word(CheckStatus status) {
  if (status == CheckStatus::passed) return "passed";
  return status == CheckStatus::warned ? "warned" : "failed";
}

void write_cell(JsonWriter& json, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return json.text(*text);
  if (const auto* number = std::get_if<double>(&cell)) return json.number(*number);
  json.number(std::get<std::int64_t>(cell));
}

std::string cell_key(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<double>(&cell)) return fmt::format("{}", *number);
  return std::to_string(std::get<std::int64_t>(cell));
}

void write_figure(JsonWriter& json, const Figure& figure) {
  json.key(figure.name);
  json.number(figure.value);
  if (figure.low) {
    json.key(figure.name + "_ci_low");
    json.number(*figure.low);
  }
  if (figure.high) {
    json.key(figure.name + "_ci_high");
    json.number(*figure.high);
  }
  if (figure.n) {
    json.key(figure.name + "_n");
    json.number(*figure.n);
  }
}

void write_table(JsonWriter& json, const ReportTable& table) {
  json.key(table.key);
  if (table.shape == Shape::map) json.begin_object();
  if (table.shape != Shape::map) json.begin_array();
  for (const auto& row : table.rows) {
    if (table.shape == Shape::list) {
      write_cell(json, row[0]);
    } else if (table.shape == Shape::map) {
      json.key(cell_key(row[0]));
      write_cell(json, row[1]);
    } else {
      json.begin_object();
      for (std::size_t c = 0; c < row.size(); ++c) {
        json.key(table.columns[c]);
        write_cell(json, row[c]);
      }
      json.end_object();
    }
  }
  if (table.shape == Shape::map) json.end_object();
  if (table.shape != Shape::map) json.end_array();
}

void write_text3(JsonWriter& json, std::string_view key, const Text3& text) {
  json.key(key);
  json.begin_object();
  json.key("en");
  json.text(text.en);
  json.key("zh-Hans");
  json.text(text.hans);
  json.key("zh-Hant");
  json.text(text.hant);
  json.end_object();
}

/// Figures group by group in the order of first sight; the empty group lies at the top level.
void write_figures(JsonWriter& json, const Report& report) {
  std::vector<std::string> groups;
  for (const Figure& figure : report.figures) {
    if (std::find(groups.begin(), groups.end(), figure.group) == groups.end()) groups.push_back(figure.group);
  }
  for (const std::string& group : groups) {
    if (!group.empty()) {
      json.key(group);
      json.begin_object();
    }
    for (const Figure& figure : report.figures) {
      if (figure.group == group) write_figure(json, figure);
    }
    if (!group.empty()) json.end_object();
  }
}

void write_checks(JsonWriter& json, const Report& report) {
  json.key("checks");
  json.begin_array();
  for (const Check& check : report.checks) {
    json.begin_object();
    json.key("name");
    json.text(check.name);
    json.key("status");
    json.text(status_word(check.status));
    write_text3(json, "detail", check.detail);
    json.end_object();
  }
  json.end_array();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

void write_citations(JsonWriter& json, const Report& report) {
  write_texts(json, "citations", report.citations);
}

void write_number_or_null(JsonWriter& json, std::string_view key, std::optional<double> value) {
  json.key(key);
  json.number(value.value_or(std::nan("")));
}

void write_figure_part(JsonWriter& json, const Figure& figure, std::int64_t rows_used) {
  json.begin_object();
  json.key("name");
  json.text(figure.name);
  json.key("group");
  json.text(figure.group);
  write_number_or_null(json, "value", figure.value);
  write_number_or_null(json, "low", figure.low);
  write_number_or_null(json, "high", figure.high);
  json.key("n");
  json.number(figure.n.value_or(rows_used));
  json.key("definition");
  json.text(figure.definition);
  json.end_object();
}

void write_table_part(JsonWriter& json, const ReportTable& table) {
  json.begin_object();
  json.key("key");
  json.text(table.key);
  write_text3(json, "title", table.title);
  write_texts(json, "columns", table.columns);
  json.key("rows");
  json.begin_array();
  for (const auto& row : table.rows) {
    json.begin_array();
    for (const Cell& cell : row) write_cell(json, cell);
    json.end_array();
  }
  json.end_array();
  json.end_object();
}

void write_chart_part(JsonWriter& json, const Chart& chart) {
  json.begin_object();
  write_text3(json, "title", chart.title);
  json.key("svg");
  json.text(chart.svg);
  json.end_object();
}

template <class Items, class Write>
void write_list(JsonWriter& json, std::string_view key, const Items& items, Write write) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) write(item);
  json.end_array();
}

}  // namespace

std::string render_json(const Report& report) {
  JsonWriter json;
  json.begin_object();
  json.key("method");
  json.text(report.method);
  json.key("n");
  json.number(report.rows_used);
  json.key("rows_given");
  json.number(report.rows_given);
  write_figures(json, report);
  for (const ReportTable& table : report.tables) write_table(json, table);
  write_checks(json, report);
  write_text3(json, "title", report.title);
  write_text3(json, "reading", report.reading);
  write_citations(json, report);
  json.end_object();
  return json.take() + "\n";
}

std::string render_parts(const Report& report) {
  JsonWriter json;
  json.begin_object();
  json.key("method");
  json.text(report.method);
  write_text3(json, "title", report.title);
  json.key("n");
  json.number(report.rows_used);
  json.key("rows_given");
  json.number(report.rows_given);
  write_checks(json, report);
  write_list(json, "figures", report.figures,
             [&](const Figure& figure) { write_figure_part(json, figure, report.rows_used); });
  write_list(json, "tables", report.tables, [&](const ReportTable& table) { write_table_part(json, table); });
  write_list(json, "charts", report.charts, [&](const Chart& chart) { write_chart_part(json, chart); });
  write_text3(json, "reading", report.reading);
  write_citations(json, report);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace rapport::study
