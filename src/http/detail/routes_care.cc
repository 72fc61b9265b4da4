#include "http/detail/ask.h"
#include "http/detail/topics.h"

// The keeper's routes: the ledger of erasures.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

/// A key sees the erasures of its own shop, the folder's owner those of all.
void erasures(Ask ask) {
  const std::optional<ShopNo> shop = ask.who.key_id == 0 ? std::nullopt : std::optional<ShopNo>(ask.who.shop);
  HTTP_TRY(auto ledger, ask.engine().erasure_ledger(shop));
  Response response;
  response.content_type = "text/tab-separated-values";
  response.body = std::move(ledger);
  ask.call->respond(std::move(response));
}

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/erasures",
     .needs = administer,
     .tag = "house",
     .summary = "Every node ever erased, a line each: what a restore of an older backup needs.",
     .media = "text/tab-separated-values",
     .handle = erasures},
};

}  // namespace

namespace detail {

std::span<const Route> care_routes() {
  return kRoutes;
}

std::span<const Schema> care_schemas() {
  return {};
}

}  // namespace detail
}  // namespace rapport::http
