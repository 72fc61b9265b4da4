#include "engine/detail/survey_sql.h"

#include <algorithm>

namespace rapport::engine {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

std::string answers_of(std::string_view survey_id) {
  return "FROM survey_answers WHERE survey_id = " + quoted(survey_id, '\'');
}

/// The same with the version of each sheet, which is told under an item of its own from the second on.
std::string versioned_answers_of(std::string_view survey_id) {
  return fmt::format(
      "FROM (SELECT *, coalesce(max(value) FILTER (WHERE item = '{0}') OVER (PARTITION BY seq), 1) AS "
      "version {1}) WHERE item <> '{0}'",
      kVersionItem, answers_of(survey_id));
}

/// Without the work of telling versions where there is one.
std::string told_answers_of(std::string_view survey_id, const SurveyVersions& versions) {
  return versions.version > 1 ? versioned_answers_of(survey_id) : answers_of(survey_id);
}

std::string column_of(const model::SurveyItem& item, std::int64_t since) {
  return fmt::format("max(value) FILTER (WHERE item = {}{}) AS {}", quoted(item.item, '\''),
                     since > 1 ? fmt::format(" AND version >= {}", since) : "", quoted(item.item, '"'));
}

/// A row a judgement: how many times as much the left matters.
std::string pairs_sql(const model::Survey& survey, const SurveyVersions& versions) {
  std::string pairs;
  for (const model::SurveyItem& item : survey.items) {
    if (item.type != model::ItemType::pair) continue;
    pairs += fmt::format("{}({}, {}, {}, {})", pairs.empty() ? "" : ", ", quoted(item.item, '\''),
                         quoted(item.left_item, '\''), quoted(item.right_item, '\''),
                         versions.since_of(item.item));
  }
  return fmt::format(
      "SELECT coalesce(a.customer_id, 's' || a.seq) AS expert, p.l AS \"left\", p.r AS \"right\", "
      "CASE WHEN a.value < 0 THEN -1.0 / a.value ELSE a.value END AS value "
      "FROM (SELECT * {}) a JOIN (VALUES {}) p(item, l, r, since) ON a.item = p.item{} ORDER BY a.seq, "
      "p.item",
      told_answers_of(survey.survey_id, versions), pairs,
      versions.version > 1 ? " AND a.version >= p.since" : "");
}

std::string joined(const model::Survey& survey, bool (*wanted)(const model::SurveyItem&)) {
  std::string names;
  for (const model::SurveyItem& item : survey.items) {
    if (item.type == model::ItemType::scale && wanted(item)) names += (names.empty() ? "" : ",") + item.item;
  }
  return names;
}

/// "tangibles:4,reliability:5": the dimensions of the perceptions, in order.
std::string dimensions_of(const model::Survey& survey) {
  std::string out, current;
  std::size_t count = 0;
  const auto close = [&] {
    if (count > 0) out += fmt::format("{}{}:{}", out.empty() ? "" : ",", current, count);
    count = 0;
  };
  for (const model::SurveyItem& item : survey.items) {
    if (item.type != model::ItemType::scale || item.facet == "expectation" || item.dimension.empty())
      continue;
    if (item.dimension != current) close();
    current = item.dimension;
    ++count;
  }
  close();
  return out;
}

}  // namespace

std::string survey_counts_sql(std::string_view survey_id) {
  return "SELECT version, item, value, count(*) AS n " + versioned_answers_of(survey_id) +
         " GROUP BY version, item, value ORDER BY version, item, value";
}

std::string survey_versions_sql(std::string_view survey_id) {
  return "SELECT version, count(DISTINCT seq) AS n " + versioned_answers_of(survey_id) +
         " GROUP BY version ORDER BY version";
}

std::string survey_days_sql(std::string_view survey_id) {
  return "SELECT strftime(answered_at, '%Y-%m-%d') AS day, count(DISTINCT seq) AS n " +
         answers_of(survey_id) + " GROUP BY day ORDER BY day";
}

std::string survey_panel_sql(std::string_view survey_id, std::int64_t round) {
  return fmt::format(
      "SELECT item, count(*) AS n, quantile_cont(value::DOUBLE, 0.5) AS median, quantile_cont(value::DOUBLE, "
      "0.25) AS q1, quantile_cont(value::DOUBLE, 0.75) AS q3 {0} AND item <> '{1}' AND seq IN (SELECT seq "
      "{0} "
      "AND item = '{1}' AND value = {2}) GROUP BY item ORDER BY item",
      answers_of(survey_id), model::kRoundItem, round);
}

std::string survey_sheets_sql(const model::Survey& survey, const SurveyVersions& versions) {
  if (survey.kind == model::SurveyKind::ahp) return pairs_sql(survey, versions);
  std::string columns;
  if (survey.kind == model::SurveyKind::delphi)
    columns = fmt::format(
        "coalesce(max(value) FILTER (WHERE item = '{}'), 1) AS round, "
        "coalesce(any_value(customer_id), 's' || seq) AS expert",
        model::kRoundItem);
  else
    columns = "any_value(customer_id) AS customer_id, min(answered_at) AS answered_at";
  if (versions.version > 1) columns += ", any_value(version)::INTEGER AS survey_version";
  for (const model::SurveyItem& item : survey.items) {
    if (item.type != model::ItemType::text) columns += ", " + column_of(item, versions.since_of(item.item));
  }
  return fmt::format("SELECT {} {} GROUP BY seq ORDER BY seq", columns,
                     told_answers_of(survey.survey_id, versions));
}

std::vector<std::pair<std::string, std::string>> survey_study_options(const model::Survey& survey,
                                                                      std::string_view method) {
  std::vector<std::pair<std::string, std::string>> options;
  const auto add = [&options](std::string name, std::string value) {
    if (!value.empty()) options.emplace_back(std::move(name), std::move(value));
  };
  const auto any = [](const model::SurveyItem&) { return true; };
  if (method == "delphi") return {{"round", "round"}, {"expert", "expert"}};
  if (method == "alpha" || method == "efa" || method == "weights") {
    add("items", joined(survey, any));
    if (method != "efa") add("reverse", joined(survey, [](const model::SurveyItem& i) { return i.reverse; }));
  }
  if (method == "servqual") {
    add("perceived", joined(survey, [](const model::SurveyItem& i) { return i.facet != "expectation"; }));
    add("expected", joined(survey, [](const model::SurveyItem& i) { return i.facet == "expectation"; }));
    add("dimensions", dimensions_of(survey));
  }
  if (method == "nps") {
    for (const model::SurveyItem& item : survey.items) {
      if (item.type != model::ItemType::scale) continue;
      add("score", item.item);
      if (item.item == "csat" || item.item == "ces") add("kind", item.item);
      break;
    }
  }
  return options;
}

}  // namespace rapport::engine
