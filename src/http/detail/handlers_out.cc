#include <fstream>
#include <iterator>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/segment.h"
#include "http/detail/ask.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::json_response;
using detail::reply_with;

constexpr std::uint64_t kPageMost = 1000;
constexpr std::uint64_t kTailMost = 10'000;
constexpr std::uint64_t kTailWaitMost = 60;
constexpr Duration kTailLooksEvery = milliseconds(100);
constexpr std::uint64_t kAnyPosition = std::numeric_limits<std::uint64_t>::max();

void append_csv(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

struct CsvValue {
  std::string& out;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(std::int64_t value) const { out.append(std::to_string(value)); }
  void operator()(double value) const { fmt::format_to(std::back_inserter(out), "{}", value); }
  void operator()(const std::string& value) const { append_csv(out, value); }
};

/// RFC 4180.
std::string csv_of(const model::SqlAnswer& answer) {
  std::string out;
  for (std::size_t i = 0; i < answer.names.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_csv(out, answer.names[i]);
  }
  out.append("\r\n");
  for (const auto& row : answer.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out.push_back(',');
      std::visit(CsvValue{out}, row[i]);
    }
    out.append("\r\n");
  }
  return out;
}

/// A file of our own in the scratch folder, gone with the last holder.
class ScratchFile {
 public:
  ScratchFile(const std::string& folder, std::string_view name) {
    std::array<std::uint8_t, 12> random;
    secure_random(random);
    folder_ =
        std::filesystem::path(folder) / to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
    path_ = folder_ / name;
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path folder_, path_;
};

/// The last part of a path as sent, without anything that could lead elsewhere.
Result<std::string> plain_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= 200 && name.front() != '.' &&
                    name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
  if (!good) return Error{Errc::bad_input, "not a file name", "name", "such as orders.csv"};
  return std::string(name);
}

Response import_response(const engine::ImportAnswer& answer) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("read", answer.read);
  json.field("accepted", answer.accepted);
  json.field("duplicate", answer.duplicate);
  json.field("rejected", answer.rejected);
  json.key("problems");
  json.begin_array();
  for (const std::string& problem : answer.problems) json.text(problem);
  json.end_array();
  json.end_object();
  return response;
}

/// The owner of the folder names files where they lie.
void import_paths(const Ask& ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::ImportRequest request;
  HTTP_TRY(request.recipe, body->text("recipe"));
  HTTP_TRY(request.paths, body->texts("paths"));
  HTTP_TRY(request.shift_to_now, body->flag_or("shift_to_now", false));
  ask.engine().import(ask.who.shop, std::move(request),
                      reply_with<engine::ImportAnswer>(ask.call, import_response));
}

Response tail_response(const model::Principal&, const engine::TailAnswer& answer) {
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
      ask.call->respond(tail_response(ask.who, answer));
    });
  });
}

/// What is left of dead letters after another try.
void drive_again(const Ask& ask, const std::vector<model::DeadLetterAnswer>& letters) {
  codec::ParseOptions options;
  options.currency = ask.engine().currency_of(ask.who.shop);
  options.event_bytes_max = ask.api.options().event_bytes_max;
  engine::IngestRequest request;
  std::uint64_t still_wrong = 0;
  for (const model::DeadLetterAnswer& letter : letters) {
    auto event = codec::parse_message(letter.raw, options);
    if (!event.ok()) {
      ++still_wrong;
      continue;
    }
    // Driving the same letter twice must not make two events of it.
    if (event->message_id.empty()) event->message_id = fmt::format("dead-letter-{}", letter.id);
    request.events.push_back(std::move(*event));
  }
  const std::uint64_t last = letters.empty() ? 0 : letters.back().id;
  ask.engine().ingest(
      ask.who.shop, std::move(request),
      reply_with<model::IngestAnswer>(ask.call, [still_wrong, last](const model::IngestAnswer& answer) {
        Response response;
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.field("accepted", answer.accepted);
        json.field("duplicate", answer.duplicate);
        json.field("still_wrong", still_wrong);
        json.field("next", last);
        json.field("offset", answer.offset);
        json.end_object();
        return response;
      }));
}

}  // namespace

void sql(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(auto query, body->text("query"));
  const bool csv = ask.request().accept.find("text/csv") != std::string_view::npos;
  ask.engine().sql(ask.who.shop, std::move(query), ask.may(model::Permission::reveal),
                   reply_with<model::SqlAnswer>(ask.call, [csv](const model::SqlAnswer& answer) {
                     Response response;
                     if (csv) {
                       response.content_type = "text/csv; charset=utf-8";
                       response.body = csv_of(answer);
                     } else {
                       response = json_response(answer);
                     }
                     detail::add_offset(response, answer.known_at);
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
  const auto file = std::make_shared<ScratchFile>(ask.api.options().scratch, "export." + format);
  const std::string path = file->path();
  ask.engine().export_query(ask.who.shop, std::move(query), format, path, ask.may(model::Permission::reveal),
                            reply_with<std::uint64_t>(ask.call, [file, media](std::uint64_t rows) {
                              std::ifstream in(file->path(), std::ios::binary);
                              if (!in) return problem(Error{Errc::io, "the export is not readable"});
                              Response response;
                              response.content_type = media;
                              response.body.assign(std::istreambuf_iterator<char>(in), {});
                              response.headers.emplace_back("X-Rows", std::to_string(rows));
                              return response;
                            }));
}

void import(Ask ask) {
  const bool names_files = ask.request().content_type.starts_with("application/json");
  if (names_files && ask.request().from_socket) return import_paths(ask);
  engine::ImportRequest request;
  request.recipe = ask.request().parameter("recipe").value_or("");
  request.shift_to_now = detail::flag_parameter(ask.request(), "shift_to_now");
  // A recipe by path would read a file of the server's.
  if (request.recipe.empty() || request.recipe.find_first_of("/\\.") != std::string::npos) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "no shipped recipe", "recipe", "such as events-jsonl"}));
  }
  HTTP_TRY(const auto name, plain_name(ask.request().parameter("name").value_or("")));
  const auto file = std::make_shared<ScratchFile>(ask.api.options().scratch, name);
  std::ofstream out(file->path(), std::ios::binary);
  out << ask.request().body;
  out.close();
  if (!out) return ask.call->respond(problem(Error{Errc::io, "the upload cannot be written"}));
  request.paths = {file->path()};
  ask.engine().import(ask.who.shop, std::move(request),
                      reply_with<engine::ImportAnswer>(ask.call, [file](const engine::ImportAnswer& answer) {
                        return import_response(answer);
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
