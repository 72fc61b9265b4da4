#include "http/detail/ask.h"
#include "http/detail/topics.h"
#include "http/detail/visitor_files.h"

// Files that people send: photos of returns, review media, long transcripts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

constexpr Parameter kSubject[] = {
    {"subject", "string", "Whose file it is: a user id, kind:value or c_<n>; an event of theirs came before.",
     true}};

constexpr std::string_view kVisitor = "anonymous_id:";
constexpr std::size_t kVisitorLeast = 16;

/// With a public key anybody may send: only pictures, few, and only to an anonymous id, which nobody can
/// guess.
Status check_visitor(const std::string& subject, std::size_t bytes) {
  if (!subject.starts_with(kVisitor) || subject.size() < kVisitor.size() + kVisitorLeast) {
    return Error{Errc::forbidden, "a public key sends files of its own visitor only", "subject",
                 fmt::format("{} and {} characters or more", kVisitor, kVisitorLeast)};
  }
  if (bytes <= detail::kPhotoBytesMost) return {};
  return Error{Errc::too_large, fmt::format("a picture of {} bytes", bytes), "body",
               fmt::format("at most {} with a public key", detail::kPhotoBytesMost)};
}

void put_file(Ask ask) {
  const auto subject = ask.request().parameter("subject");
  if (!subject || subject->empty()) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "whose file is it?", "subject", "a user id or kind:value"}));
  }
  engine::FileLimits limits;
  if (!ask.who.user && ask.who.role == model::KeyRole::publik) {
    const Status fits = check_visitor(*subject, ask.request().body.size());
    if (!fits.ok()) return ask.call->respond(problem(fits.error()));
    limits = {.most = detail::kVisitorPhotosMost, .pictures_only = true};
  }
  ask.engine().put_file(ask.who.shop, *subject, std::move(ask.call->request.body), limits,
                        detail::reply_with<engine::FileKept>(ask.call, [](const engine::FileKept& kept) {
                          Response response;
                          codec::JsonWriter json(response.body);
                          json.begin_object();
                          json.field("hash", kept.hash);
                          json.field("type", kept.type);
                          json.field("bytes", kept.bytes);
                          json.field("removed", kept.removed);
                          json.end_object();
                          return response;
                        }));
}

/// Nothing that came from outside may run in a reader's browser, whatever it is taken for.
void get_file(Ask ask) {
  ask.engine().get_file(ask.who.shop, ask.values[0],
                        detail::reply_with<engine::FileContent>(ask.call, [](engine::FileContent file) {
                          Response response;
                          response.content_type = file.type;
                          response.body = std::move(file.bytes);
                          response.headers.emplace_back("X-Content-Type-Options", "nosniff");
                          response.headers.emplace_back("Content-Security-Policy",
                                                        "default-src 'none'; sandbox");
                          response.headers.emplace_back("Cache-Control", "private, no-store");
                          return response;
                        }));
}

const Route kRoutes[] = {
    {.method = post,
     .pattern = detail::kFilesPattern,
     .needs = ingest,
     .tag = "events in",
     .summary =
         "Keeps a picture, film or transcript, cleaned of metadata and sealed under its subject's key; the "
         "body is the file.",
     .answer = "FileKept",
     .parameters = kSubject,
     .handle = put_file,
     .body_most = engine::Engine::kFileBytesMost,
     .cors = true},
    {.method = get,
     .pattern = "/v1/files/{hash}",
     .needs = reveal,
     .tag = "customers",
     .summary = "A kept file, for readers who may see personal parts.",
     .media = "image/jpeg",
     .handle = get_file,
     .also_media = "image/png image/webp video/mp4 text/plain"},
};

constexpr detail::Schema kSchemas[] = {
    {"FileKept",
     R"({"type":"object","required":["hash","type","bytes","removed"],"properties":{"hash":{"type":"string","description":"SHA-256 of what was kept, in hex: refer to the file by it."},"type":{"enum":["image/jpeg","image/png","image/webp","video/mp4","text/plain; charset=utf-8"]},"bytes":{"type":"integer"},"removed":{"type":"integer","description":"Bytes of metadata that were taken out."}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> files_routes() {
  return kRoutes;
}

std::span<const Schema> files_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
