#include "engine/engine_mail_in.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

// Letters that customers write, as a mail gateway hands them over.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

constexpr std::size_t kLetterMost = 1024 * 1024;

void take(Ask ask) {
  if (!ask.who.user && ask.who.role == model::KeyRole::publik) {
    return ask.call->respond(problem(Error{Errc::forbidden, "letters do not come from web pages", "key",
                                           "a key of the mail gateway's own: ingest or admin"}));
  }
  engine::take_letter(ask.engine(), ask.who.shop, ask.request().body, detail::as_json(ask.call));
}

const Route kRoutes[] = {
    {.method = post,
     .pattern = "/v1/letters",
     .needs = ingest,
     .tag = "events in",
     .summary =
         "Takes a customer's letter from a mail gateway: a conversation a thread, without what is quoted.",
     .body = "LetterIn",
     .answer = "LetterTaken",
     .handle = take,
     .body_most = kLetterMost},
};

constexpr detail::Schema kSchemas[] = {
    {"LetterIn",
     R"({"type":"object","required":["from","text","message_id"],"properties":{"from":{"type":"string","format":)"
     R"("email"},"text":{"type":"string","description":"Plain text; quoted lines and the signature are left out."},)"
     R"("message_id":{"type":"string","description":"Of the letter: the same twice is one."},"subject":)"
     R"({"type":"string"},"in_reply_to":{"type":"string"},"references":{"type":"array","items":{"type":"string"}},)"
     R"("date":{"type":"string","format":"date-time"},"automatic":{"type":"boolean","description":"Out of office, )"
     R"(bounces: taken by nobody."}}})"},
    {"LetterTaken",
     R"({"type":"object","required":["contact_id"],"properties":{"contact_id":{"type":["string","null"]},"new":)"
     R"({"type":"boolean"},"offset":{"type":"integer"},"why":{"type":"string"}}})"},
};

}  // namespace

std::span<const Route> detail::mail_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::mail_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
