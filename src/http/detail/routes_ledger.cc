#include "engine/engine_ledger.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

// The ledger of satisfaction records: what stands in it, and proofs of it.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

constexpr std::string_view kTag = "ledger";

constexpr Parameter kBetween[] = {
    {"from", "integer", "Records in the older tree, from 1.", true},
    {"to", "integer", "Records in the newer tree; all that there are when left out."}};

void status(Ask ask) {
  engine::ledger_status(ask.engine(), ask.who.shop, detail::as_json(ask.call));
}

void tile(Ask ask) {
  HTTP_TRY(const std::uint64_t level, detail::number_of(ask.values[0], "level", engine::kLedgerLevels - 1));
  HTTP_TRY(const std::uint64_t number, detail::number_of(ask.values[1], "number"));
  engine::ledger_tile(ask.engine(), ask.who.shop, static_cast<unsigned>(level), number,
                      detail::reply_with<std::string>(ask.call, [](std::string hashes) {
                        Response response;
                        response.content_type = "application/octet-stream";
                        response.body = std::move(hashes);
                        return response;
                      }));
}

void receipt(Ask ask) {
  HTTP_TRY(const std::uint64_t seq, detail::number_of(ask.values[0], "seq"));
  engine::ledger_receipt(ask.engine(), ask.who.shop, EventSeq{seq}, detail::as_json(ask.call));
}

void receipt_by_token(Ask ask) {
  engine::ledger_receipt_by_token(ask.engine(), ask.values[0], detail::as_json(ask.call));
}

void consistency(Ask ask) {
  const auto from = ask.request().parameter("from");
  if (!from) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "from which tree?", "from", "the size of an older checkpoint"}));
  }
  HTTP_TRY(const std::uint64_t older, detail::number_of(*from, "from"));
  HTTP_TRY(const std::uint64_t newer, detail::number_parameter(ask.request(), "to", 0, ~std::uint64_t{0}));
  engine::ledger_consistency(ask.engine(), ask.who.shop, older, newer, detail::as_json(ask.call));
}

void verify(Ask ask) {
  engine::ledger_verify(ask.engine(), ask.who.shop, detail::as_json(ask.call));
}

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/ledger",
     .needs = browse,
     .tag = kTag,
     .summary = "The ledger as it stands: its size, its root, its key and a signed checkpoint.",
     .answer = "Ledger",
     .handle = status,
     .cors = true},
    {.method = get,
     .pattern = "/v1/ledger/tiles/{level}/{number}",
     .needs = browse,
     .tag = kTag,
     .summary = "Up to 256 hashes of one level, 32 bytes each: enough to make every root and proof oneself.",
     .media = "application/octet-stream",
     .handle = tile,
     .cors = true},
    {.method = get,
     .pattern = "/v1/ledger/consistency",
     .needs = browse,
     .tag = kTag,
     .summary = "The proof that an older tree is the beginning of a newer one.",
     .answer = "LedgerConsistency",
     .parameters = kBetween,
     .handle = consistency,
     .cors = true},
    {.method = get,
     .pattern = "/v1/ledger/receipts/{seq}",
     .needs = read,
     .tag = kTag,
     .summary = "The receipt of the record at a position: what it says in clear, and that it stands there.",
     .answer = "LedgerReceiptAnswer",
     .handle = receipt},
    {.method = post,
     .pattern = "/v1/ledger/verify",
     .needs = administer,
     .tag = kTag,
     .summary = "Makes the whole tree again from the log and compares; an error names what differs.",
     .answer = "Ledger",
     .handle = verify},
    {.method = get,
     .pattern = "/v1/receipts/{token}",
     .access = Access::open,
     .tag = kTag,
     .summary = "A receipt by the token that its owner was given.",
     .answer = "LedgerReceiptAnswer",
     .handle = receipt_by_token,
     .cors = true},
};

constexpr detail::Schema kSchemas[] = {
    {"Ledger",
     R"({"type":"object","required":["origin","key","size","root","upto","checkpoint"],"properties":{"origin":{"type":"string"},"key":{"type":"string","description":"What its checkpoints are checked by (c2sp.org/signed-note)."},"size":{"type":"integer"},"root":{"type":"string","description":"Base64."},"upto":{"type":"integer","description":"The position of the log up to which it reads."},"checkpoint":{"type":"string","description":"The signed note (c2sp.org/tlog-checkpoint)."}}})"},
    {"LedgerConsistency",
     R"({"type":"object","required":["from","to","proof","checkpoint"],"properties":{"from":{"type":"integer"},"to":{"type":"integer"},"proof":{"type":"array","items":{"type":"string"}},"checkpoint":{"type":"string"}}})"},
    {"LedgerReceipt",
     R"({"type":"object","required":["format","seq","index","leaf","proof","checkpoint","key"],"properties":{"format":{"enum":["rapport-receipt/1"]},"seq":{"type":"integer"},"index":{"type":"integer"},"leaf":{"type":"string","description":"What is hashed, in base64: position, receive time, the record as stored; personal parts sealed."},"proof":{"type":"array","items":{"type":"string"}},"checkpoint":{"type":"string"},"key":{"type":"string"}}})"},
    {"LedgerReceiptAnswer",
     R"({"type":"object","required":["token","record","receipt"],"properties":{"token":{"type":"string"},"record":{"type":"object","required":["event","event_time","received","properties"],"properties":{"event":{"type":"string"},"event_time":{"type":"string","format":"date-time"},"received":{"type":"string","format":"date-time"},"properties":{"type":"object"}}},"receipt":{"$ref":"#/components/schemas/LedgerReceipt"}}})"},
};

}  // namespace

std::span<const Route> detail::ledger_routes() {
  return kRoutes;
}
std::span<const detail::Schema> detail::ledger_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
