#include <fstream>

#include "engine/engine_study.h"
#include "http/detail/ask.h"
#include "http/detail/scratch_file.h"
#include "http/detail/topics.h"

// Studies: the methods of analysis, over the shop's own facts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

constexpr std::size_t kStudyBodyMost = 64 * 1024;     // an SQL query and a model's text
constexpr std::size_t kStudyTableMost = 32ull << 20;  // a survey of some ten thousand sheets

void methods(Ask ask) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("methods");
  json.begin_array();
  for (const engine::StudyMethod& method : engine::study_methods()) {
    json.begin_object();
    json.field("name", method.name);
    json.field("purpose", method.purpose);
    json.field("needs_table", method.needs_table);
    json.field("sql", method.sql);
    json.key("options");
    json.begin_array();
    for (const engine::StudyOption& option : method.options) {
      json.begin_object();
      json.field("name", option.name);
      json.field("value", option.value);
      json.field("help", option.help);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  ask.call->respond(std::move(response));
}

/// A text, a number, true for a flag. Errors: bad_input naming the option.
Result<std::string> option_text(codec::JsonValue value, std::string_view name) {
  switch (value.kind()) {
    case codec::JsonKind::string:
      return value.text();
    case codec::JsonKind::number:
      return std::string(value.raw());
    case codec::JsonKind::boolean:
      return std::string(value.is_true() ? "" : "no");
    default:
      return Error{Errc::bad_input, "an option is neither text, number nor flag",
                   fmt::format("options.{}", name), "a value, or a list of values"};
  }
}

/// {"items": ["a", "b"], "level": 0.95, "json": true}: a list is the option given again and again.
Result<std::vector<std::pair<std::string, std::string>>> read_options(codec::JsonValue options) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!options.present() || options.is_null()) return out;
  if (!options.is(codec::JsonKind::object))
    return Error{Errc::bad_input, "the options are no object", "options", "{\"items\":\"a,b\"}"};
  for (codec::JsonMembers members(options); members.next();) {
    const std::string name(members.key());
    if (!members.value().is(codec::JsonKind::array)) {
      RAPPORT_TRY(std::string text, option_text(members.value(), name));
      out.emplace_back(name, std::move(text));
      continue;
    }
    for (codec::JsonItems items(members.value()); items.next();) {
      RAPPORT_TRY(std::string text, option_text(items.value(), name));
      out.emplace_back(name, std::move(text));
    }
  }
  return out;
}

void run(Ask ask) {
  HTTP_TRY(const auto body, detail::Body::parse(ask.request().body));
  engine::StudyQuery query;
  query.method = ask.values[0];
  HTTP_TRY(query.sql, body->text_or("sql", ""));
  HTTP_TRY(query.table, body->text_or("table", ""));
  HTTP_TRY(query.survey, body->text_or("survey", ""));
  codec::JsonIndex index;
  const std::string_view text = ask.request().body.empty() ? "{}" : std::string_view(ask.request().body);
  if (const Status parsed = index.parse(text); !parsed.ok())
    return ask.call->respond(problem(parsed.error()));
  HTTP_TRY(query.options, read_options(index.root().find("options")));
  const bool page = ask.request().parameter("as") == "html" ||
                    ask.request().accept.find("text/html") != std::string_view::npos;
  query.format = page                                       ? engine::StudyFormat::html
                 : ask.request().parameter("as") == "parts" ? engine::StudyFormat::parts
                                                            : engine::StudyFormat::json;
  query.language = ask.request().parameter("lang").value_or("en");
  query.reveal = ask.may(reveal);
  ask.engine().study(ask.who.shop, std::move(query),
                     detail::reply_with<std::string>(ask.call, [page](std::string report) {
                       Response response;
                       if (page) response.content_type = "text/html; charset=utf-8";
                       response.body = std::move(report);
                       return response;
                     }));
}

void write_columns(codec::JsonWriter& json, const engine::StudyTableAnswer& answer) {
  json.key("columns");
  json.begin_array();
  for (const engine::StudyTableColumn& column : answer.columns) {
    json.begin_object();
    json.field("name", column.name);
    json.field("type", column.is_number ? "number" : "text");
    json.field("distinct", column.distinct);
    json.field("missing", column.missing);
    json.key("examples");
    json.begin_array();
    for (const std::string& example : column.examples) json.text(example);
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

Response table_response(const engine::StudyTableAnswer& answer) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("table", answer.table);
  json.field("n", answer.rows);
  write_columns(json, answer);
  json.key("problems");
  json.begin_array();
  for (const std::string& problem : answer.problems) json.text(problem);
  json.end_array();
  json.end_object();
  return response;
}

/// The file lies in the scratch folder until it is read, under a name of ours: the first bytes tell its kind.
void add_table(Ask ask) {
  auto file = std::make_shared<detail::ScratchFile>(ask.api.options().scratch, "table");
  std::ofstream out(file->path(), std::ios::binary);
  out.write(ask.request().body.data(), static_cast<std::streamsize>(ask.request().body.size()));
  out.close();
  if (!out) return ask.call->respond(problem(Error{Errc::io, "the upload cannot be written"}));
  std::string path = file->path();
  ask.engine().add_study_table(
      ask.who.shop, std::move(path), std::string(ask.request().parameter("sheet").value_or("")),
      detail::reply_with<engine::StudyTableAnswer>(
          ask.call, [file](const engine::StudyTableAnswer& answer) { return table_response(answer); }));
}

constexpr Parameter kTable[] = {{"sheet", "string", "Of an Excel file; the first when absent."}};
constexpr Parameter kRun[] = {{"as", "string", "html: the printable report; parts: what a page draws."},
                              {"lang", "string", "Of the printable report: en, zh-Hans or zh-Hant."}};

void cancel(Ask ask) {
  const bool cancelled = ask.engine().cancel_study(ask.who.shop);
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("cancelled", cancelled);
  json.end_object();
  ask.call->respond(std::move(response));
}

const Route kRoutes[] = {
    {.method = del,
     .pattern = "/v1/studies/running",
     .needs = read,
     .tag = "studies",
     .summary = "Stops the shop's running study: whoever waits for it gets 409.",
     .answer = "StudyCancelled",
     .handle = cancel},
    {.method = get,
     .pattern = "/v1/studies",
     .needs = read,
     .tag = "studies",
     .summary = "The methods of analysis with their options.",
     .answer = "StudyMethods",
     .handle = methods},
    {.method = post,
     .pattern = "/v1/studies/{method}",
     .needs = read,
     .tag = "studies",
     .summary =
         "Runs a method over the answer of a question to the lens; personal parts only for readers who "
         "may reveal. One at a time.",
     .body = "StudyQuestion",
     .answer = "StudyReport",
     .parameters = kRun,
     .handle = run,
     .body_most = kStudyBodyMost,
     .also_media = "text/html"},
    {.method = post,
     .pattern = "/v1/study-tables",
     .needs = read,
     .tag = "studies",
     .summary = "A file (CSV, Excel, JSON Lines, Parquet) to run methods over; the last eight are kept, in "
                "memory only.",
     .body = "Upload",
     .answer = "StudyTable",
     .parameters = kTable,
     .handle = add_table,
     .body_most = kStudyTableMost},
};

constexpr detail::Schema kSchemas[] =
    {
        {"StudyCancelled",
         R"({"type":"object","required":["cancelled"],"properties":{"cancelled":{"type":"boolean"}}})"},
        {"StudyMethods",
         R"({"type":"object","required":["methods"],"properties":{"methods":{"type":"array","items":{"type":"object","required":["name","purpose","needs_table","sql","options"],"properties":{"name":{"type":"string"},"purpose":{"type":"string"},"needs_table":{"type":"boolean"},"sql":{"type":"string","description":"Its own question to the lens, empty when only the caller knows the columns."},"options":{"type":"array","items":{"type":"object","required":["name","value","help"],"properties":{"name":{"type":"string"},"value":{"type":"string","description":"Empty for a flag."},"help":{"type":"string"}}}}}}}}})"},
        {"StudyQuestion",
         R"({"type":"object","properties":{"sql":{"type":"string","description":"One SELECT over docs/sql.md's tables: the rows of the study."},"table":{"type":"string","description":"Or a table of POST /v1/study-tables."},"survey":{"type":"string","description":"Or the sheets of answers to this survey; its items are the method's options unless these say otherwise."},"options":{"type":"object","description":"Of the method: a text, a number, true for a flag, or a list of them."}}})"},
        {"StudyTable",
         R"({"type":"object","required":["table","n","columns","problems"],"properties":{"table":{"type":"string"},"n":{"type":"integer"},"columns":{"type":"array","items":{"type":"object","required":["name","type","distinct","missing","examples"],"properties":{"name":{"type":"string"},"type":{"enum":["number","text"]},"distinct":{"type":"integer","description":"Counted up to 1000."},"missing":{"type":"integer"},"examples":{"type":"array","items":{"type":"string"}}}}},"problems":{"type":"array","items":{"type":"string"}}}})"},
        {"StudyReport",
         R"({"type":"object","required":["method","n","rows_given","checks","title","reading","citations"],"properties":{"method":{"type":"string"},"n":{"type":"integer"},"rows_given":{"type":"integer"},"checks":{"type":"array","items":{"type":"object","required":["name","status","detail"],"properties":{"name":{"type":"string"},"status":{"enum":["passed","warned","failed"]},"detail":{"type":"object"}}}},"title":{"type":"object"},"reading":{"type":"object"},"citations":{"type":"array","items":{"type":"string"}}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> study_routes() {
  return kRoutes;
}

std::span<const Schema> study_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
