#include <fstream>

#include "codec/segment.h"
#include "http/detail/ask.h"
#include "http/detail/scratch_file.h"
#include "http/detail/sql_text.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::json_response;
using detail::reply_with;

constexpr std::uint64_t kPageMost = 1000;
/// An export goes through memory on its way out.
constexpr std::size_t kExportMost = std::size_t{1} << 30;
constexpr std::uint64_t kTailMost = 10'000;
constexpr std::uint64_t kTailWaitMost = 60;
constexpr Duration kTailLooksEvery = milliseconds(100);
constexpr std::uint64_t kAnyPosition = std::numeric_limits<std::uint64_t>::max();

Response tail_document(const engine::TailAnswer& answer) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("events");
  json.begin_array();
  for (const auto& event : answer.events) codec::write_json(json, event);
  json.end_array();
  json.key("flips");
  json.begin_array();
  for (const auto& flip : answer.flips) codec::write_json(json, flip);
  json.end_array();
  json.field("next", answer.next);
  json.end_object();
  return response;
}

/// One JSON document a line, for programs that read streams.
Response tail_lines(const engine::TailAnswer& answer) {
  Response response;
  response.content_type = "application/x-ndjson";
  const auto line = [&response](const auto& entry) {
    codec::JsonWriter json(response.body);
    codec::write_json(json, entry);
    response.body.push_back('\n');
  };
  for (const auto& event : answer.events) line(event);
  for (const auto& flip : answer.flips) line(flip);
  return response;
}

Response tail_response(const Ask& ask, const engine::TailAnswer& answer) {
  Response response = ask.request().parameter("as") == "lines" ? tail_lines(answer) : tail_document(answer);
  response.headers.emplace_back("X-Log-Next", std::to_string(answer.next.value));
  return response;
}

/// Asks again until there is something, the time is up or the server stops.
void look(const Ask& ask, const engine::TailQuery& query, std::int64_t until_ns) {
  ask.engine().tail(ask.who.shop, query, [ask, query, until_ns](Result<engine::TailAnswer> result) {
    auto kept = std::make_shared<Result<engine::TailAnswer>>(std::move(result));
    ask.call->post([ask, query, until_ns, kept] {
      if (!kept->ok()) return ask.call->respond(problem(kept->error()));
      const engine::TailAnswer& answer = **kept;
      const bool empty = answer.events.empty() && answer.flips.empty();
      if (empty && monotonic_ns() < until_ns && !ask.call->draining()) {
        return ask.call->post_after(kTailLooksEvery, [ask, query, until_ns] { look(ask, query, until_ns); });
      }
      ask.call->respond(tail_response(ask, answer));
    });
  });
}

/// Tries dead letters again. Those that are events now are closed by the write that takes them, be they new,
/// repeats, or of somebody erased since; the others stay as they are, with their reason.
void drive_again(const Ask& ask, const std::vector<model::DeadLetterAnswer>& letters) {
  codec::ParseOptions options;
  options.currency = ask.engine().currency_of(ask.who.shop);
  options.event_bytes_max = ask.api.options().event_bytes_max;
  engine::IngestRequest request;
  for (const model::DeadLetterAnswer& letter : letters) {
    auto event = codec::parse_message(letter.raw, options);
    if (!event.ok()) continue;
    // Two that drive the same letter at once must not make two events of it.
    if (event->message_id.empty()) event->message_id = fmt::format("dead-letter-{}", letter.id);
    request.events.push_back(std::move(*event));
    request.closes.push_back(letter.id);
  }
  const std::uint64_t last = letters.empty() ? 0 : letters.back().id;
  const std::uint64_t closed = request.closes.size();
  const std::uint64_t still_wrong = letters.size() - closed;
  ask.engine().ingest(ask.who.shop, std::move(request),
                      reply_with<model::IngestAnswer>(ask.call, [=](const model::IngestAnswer& answer) {
                        Response response;
                        codec::JsonWriter json(response.body);
                        json.begin_object();
                        json.field("accepted", answer.accepted);
                        json.field("duplicate", answer.duplicate);
                        json.field("suppressed", answer.suppressed);
                        json.field("closed", closed);
                        json.field("still_wrong", still_wrong);
                        json.field("next", last);
                        json.field("offset", answer.offset);
                        json.end_object();
                        return response;
                      }));
}

}  // namespace

namespace {

/// A question that ends when the one who asked it leaves.
engine::LensQuestion question_of(const Ask& ask, std::string query) {
  engine::LensQuestion question;
  question.query = std::move(query);
  question.reveal = ask.may(model::Permission::reveal);
  question.caller = ask.who.key_id;
  question.cancellation = std::make_shared<Cancellation>();
  ask.call->when_gone([cancellation = question.cancellation] { cancellation->cancel(); });
  return question;
}

}  // namespace

void sql(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(auto query, body->text("query"));
  const std::string as = ask.request().parameter("as").value_or("");
  const bool csv = as == "csv" || ask.request().accept.find("text/csv") != std::string_view::npos;
  const bool text = as == "text";
  ask.engine().sql(ask.who.shop, question_of(ask, std::move(query)),
                   reply_with<model::SqlAnswer>(ask.call, [csv, text](const model::SqlAnswer& answer) {
                     Response response;
                     if (csv) {
                       response.content_type = "text/csv; charset=utf-8";
                       response.body = detail::csv_of(answer);
                     } else if (text) {
                       response.content_type = "text/plain; charset=utf-8";
                       response.body = detail::text_table_of(answer);
                     } else {
                       response = json_response(answer);
                     }
                     if (answer.truncated) response.headers.emplace_back("X-Rapport-Truncated", "true");
                     detail::add_offset(response, answer.known_at);
                     return response;
                   }));
}

void sql_tables(Ask ask) {
  ask.engine().sql_tables(
      ask.who.shop, reply_with<model::SqlTablesAnswer>(ask.call, [](const model::SqlTablesAnswer& answer) {
        Response response;
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.field("mirrored", answer.mirrored);
        json.field("log", answer.log);
        json.key("tables");
        json.begin_array();
        for (const model::SqlTablesAnswer::Table& table : answer.tables) {
          json.begin_object();
          json.field("name", table.name);
          json.key("columns");
          json.begin_array();
          for (const model::SqlTablesAnswer::Column& column : table.columns) {
            json.begin_object();
            json.field("name", column.name);
            json.field("type", column.type);
            json.end_object();
          }
          json.end_array();
          json.end_object();
        }
        json.end_array();
        json.end_object();
        return response;
      }));
}

void export_query(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(auto query, body->text("query"));
  HTTP_TRY(const auto format, body->text("format"));
  std::string_view media;
  if (format == "csv") media = "text/csv; charset=utf-8";
  if (format == "parquet") media = "application/vnd.apache.parquet";
  if (format == "xlsx") media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  if (format == "jsonl") media = "application/x-ndjson";
  if (media.empty()) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "unknown format", "format", "csv, parquet, xlsx or jsonl"}));
  }
  const auto file = std::make_shared<detail::ScratchFile>(ask.api.options().scratch, "export." + format);
  const std::string path = file->path();
  ask.engine().export_query(
      ask.who.shop, question_of(ask, std::move(query)), format, path,
      reply_with<std::uint64_t>(ask.call, [file, media](std::uint64_t rows) {
        std::ifstream in(file->path(), std::ios::binary | std::ios::ate);
        if (!in) return problem(Error{Errc::io, "the export is not readable"});
        const auto bytes = static_cast<std::size_t>(in.tellg());
        if (bytes > kExportMost) {
          return problem(Error{Errc::too_large, fmt::format("an export of {} bytes", bytes), "query",
                               fmt::format("at most {}; Parquet is the smallest", kExportMost)});
        }
        Response response;
        response.content_type = media;
        response.body.resize(bytes);
        in.seekg(0).read(response.body.data(), static_cast<std::streamsize>(bytes));
        if (!in) return problem(Error{Errc::io, "the export is not readable"});
        response.headers.emplace_back("X-Rows", std::to_string(rows));
        return response;
      }));
}

void tail(Ask ask) {
  engine::TailQuery query;
  HTTP_TRY(const auto after, detail::number_parameter(ask.request(), "after", 0, kAnyPosition));
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", 1000, kTailMost));
  HTTP_TRY(const auto wait, detail::number_parameter(ask.request(), "wait", 0, kTailWaitMost));
  query.after = EventSeq{after};
  query.most = most;
  query.derived = detail::flag_parameter(ask.request(), "derived");
  query.reveal = ask.may(model::Permission::reveal);
  look(ask, query, monotonic_ns() + static_cast<std::int64_t>(wait) * 1'000'000'000);
}

void dead_letters(Ask ask) {
  HTTP_TRY(const auto after, detail::number_parameter(ask.request(), "after", 0, kAnyPosition));
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", 100, kPageMost));
  ask.engine().dead_letters(
      ask.who.shop, after, most, ask.may(model::Permission::reveal),
      reply_with<std::vector<model::DeadLetterAnswer>>(
          ask.call, [](const auto& letters) { return detail::list_response("dead_letters", letters); }));
}

void redrive_dead_letters(Ask ask) {
  HTTP_TRY(const auto after, detail::number_parameter(ask.request(), "after", 0, kAnyPosition));
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", kPageMost, kPageMost));
  ask.engine().dead_letters(ask.who.shop, after, most, true,
                            [ask](Result<std::vector<model::DeadLetterAnswer>> letters) {
                              auto kept = std::make_shared<decltype(letters)>(std::move(letters));
                              ask.call->post([ask, kept] {
                                if (!kept->ok()) return ask.call->respond(problem(kept->error()));
                                drive_again(ask, **kept);
                              });
                            });
}

void webhooks(Ask ask) {
  ask.call->respond(detail::list_response("webhooks", ask.engine().webhooks(ask.who.shop)));
}

void add_webhook(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  if (const Status known = body->only({"url", "events"}); !known.ok())
    return ask.call->respond(problem(known.error()));
  HTTP_TRY(auto url, body->text("url"));
  HTTP_TRY(auto events, body->texts("events"));
  if (events.empty()) events.push_back("*");
  std::string secret;
  HTTP_TRY(const auto id, ask.engine().add_webhook(ask.who.shop, std::move(url), std::move(events), secret));
  Response response;
  response.status = 201;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("id", id);
  json.field("secret", secret);
  json.end_object();
  ask.call->respond(std::move(response));
}

void remove_webhook(Ask ask) {
  HTTP_TRY(const auto id, detail::number_of(ask.values[0], "id"));
  const auto removed = ask.engine().remove_webhook(ask.who.shop, id);
  ask.call->respond(removed.ok() ? Response{.status = 204} : problem(removed.error()));
}

void redrive_webhooks(Ask ask) {
  ask.engine().redrive_webhooks(ask.who.shop, reply_with<std::uint64_t>(ask.call, [](std::uint64_t count) {
                                  Response response;
                                  codec::JsonWriter json(response.body);
                                  json.begin_object();
                                  json.field("redriven", count);
                                  json.end_object();
                                  return response;
                                }));
}

}  // namespace rapport::http::handlers
