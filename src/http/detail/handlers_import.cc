#include <fstream>

#include "base/bytes.h"
#include "http/detail/handlers_insight.h"
#include "http/detail/insight_json.h"
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
  json.key("notes");
  json.begin_array();
  for (const std::string& note : answer.notes) json.text(note);
  json.end_array();
  json.key("rejected_rows");
  if (answer.rejected_rows != 0) {
    json.text(std::to_string(answer.rejected_rows));
  } else {
    json.null();
  }
  json.end_object();
  return response;
}

Status write_file(const ScratchFile& file, std::string_view bytes) {
  std::ofstream out(file.path(), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Error{Errc::io, "the upload cannot be written"};
  return {};
}

/// The recipe sent along with the upload, as a file. Errors: bad_input.
Result<std::shared_ptr<ScratchFile>> sent_recipe(const Ask& ask) {
  auto text = from_base64(ask.request().recipe);
  if (!text.ok() || text->empty())
    return Error{Errc::bad_input, "no recipe was sent", "X-Rapport-Recipe", "a recipe's JSON in base64"};
  auto file = std::make_shared<ScratchFile>(ask.api.options().scratch, "recipe.json");
  RAPPORT_CHECK(write_file(*file, *text));
  return file;
}

using Files = std::vector<std::shared_ptr<ScratchFile>>;

/// The files are gone before the answer leaves.
template <class T>
engine::Reply<T> without_files(Files files, engine::Reply<T> reply) {
  auto held = std::make_shared<Files>(std::move(files));
  return [held, reply = std::move(reply)](Result<T> answer) {
    held->clear();
    reply(std::move(answer));
  };
}

/// `files` stay until the import has ended.
void start(const Ask& ask, engine::ImportRequest request, Files files) {
  Api& api = ask.api;
  const ShopNo shop = ask.who.shop;
  request.progress = [&api, shop](double part) { api.note_import(shop, part); };
  auto reply = without_files<engine::ImportAnswer>(
      std::move(files), reply_with<engine::ImportAnswer>(ask.call, [&api, shop](const auto& answer) {
        api.note_import(shop, 1);
        return import_response(answer);
      }));
  // What is wrong in a recipe that was sent along is told without the name of our file.
  const std::string ours = request.recipe;
  ask.engine().import(shop, std::move(request),
                      [ours, reply = std::move(reply)](Result<engine::ImportAnswer> answer) {
                        if (answer.ok() || !answer.error().where.starts_with(ours))
                          return reply(std::move(answer));
                        Error error = answer.error();
                        error.where = "recipe" + error.where.substr(ours.size());
                        reply(std::move(error));
                      });
}

}  // namespace

void import(Ask ask) {
  engine::ImportRequest request;
  Files files;
  request.recipe = ask.request().parameter("recipe").value_or("");
  request.shift_to_now = detail::flag_parameter(ask.request(), "shift_to_now");
  if (detail::flag_parameter(ask.request(), "recipe_text")) {
    HTTP_TRY(const auto recipe, sent_recipe(ask));
    files.push_back(recipe);
    request.recipe = recipe->path();
  } else if (request.recipe.empty() || request.recipe.find_first_of("/\\.") != std::string::npos) {
    // A recipe by path would read a file of the server's.
    return ask.call->respond(
        problem(Error{Errc::bad_input, "no shipped recipe", "recipe", "such as events-jsonl"}));
  }
  HTTP_TRY(const auto name, plain_name(ask.request().parameter("name").value_or("")));
  auto file = std::make_shared<ScratchFile>(ask.api.options().scratch, name);
  if (const Status written = write_file(*file, ask.request().body); !written.ok())
    return ask.call->respond(problem(written.error()));
  request.paths = {file->path()};
  files.push_back(std::move(file));
  start(ask, std::move(request), std::move(files));
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
  start(ask, std::move(request), {});
}

/// A look at the beginning of a file before it is imported.
void import_preview(Ask ask) {
  HTTP_TRY(const auto name, plain_name(ask.request().parameter("name").value_or("")));
  const bool is_cut_off = detail::flag_parameter(ask.request(), "cut_off");
  auto file = std::make_shared<ScratchFile>(ask.api.options().scratch, name);
  if (const Status written = write_file(*file, ask.request().body); !written.ok())
    return ask.call->respond(problem(written.error()));
  std::string path = file->path();
  ask.engine().preview_import(ask.who.shop, std::move(path), name, is_cut_off,
                              without_files<model::ImportPreview>(
                                  {std::move(file)}, reply_with<model::ImportPreview>(
                                                         ask.call, [](const model::ImportPreview& preview) {
                                                           Response response;
                                                           codec::JsonWriter json(response.body);
                                                           detail::write_json(json, preview);
                                                           return response;
                                                         })));
}

void rejected_rows(Ask ask) {
  HTTP_TRY(const std::uint64_t id, detail::number_of(ask.values[0], "id"));
  HTTP_TRY(std::string csv, ask.engine().rejected_rows(ask.who.shop, id));
  Response response;
  response.content_type = "text/csv";
  response.body = std::move(csv);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"rejected.csv\"");
  ask.call->respond(std::move(response));
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
