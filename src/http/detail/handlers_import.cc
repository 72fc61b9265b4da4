#include <fstream>

#include "http/detail/ask.h"
#include "http/detail/scratch_file.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::reply_with;
using detail::ScratchFile;

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

/// `file`, when there is one, stays until the import has ended.
void start(const Ask& ask, engine::ImportRequest request, const std::shared_ptr<ScratchFile>& file) {
  Api& api = ask.api;
  const ShopNo shop = ask.who.shop;
  request.progress = [&api, shop](double part) { api.note_import(shop, part); };
  ask.engine().import(shop, std::move(request),
                      reply_with<engine::ImportAnswer>(ask.call, [&api, shop, file](const auto& answer) {
                        api.note_import(shop, 1);
                        return import_response(answer);
                      }));
}

}  // namespace

void import(Ask ask) {
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
  start(ask, std::move(request), file);
}

/// The owner of the folder names files where they lie.
void import_local(Ask ask) {
  if (!ask.request().from_socket) {
    return ask.call->respond(
        problem(Error{Errc::forbidden, "files of the server are read over its socket only"}));
  }
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::ImportRequest request;
  HTTP_TRY(request.recipe, body->text("recipe"));
  HTTP_TRY(request.paths, body->texts("paths"));
  HTTP_TRY(request.shift_to_now, body->flag_or("shift_to_now", false));
  start(ask, std::move(request), nullptr);
}

void import_progress(Ask ask) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("progress");
  json.real(ask.api.import_progress(ask.who.shop));
  json.end_object();
  ask.call->respond(std::move(response));
}

}  // namespace rapport::http::handlers
