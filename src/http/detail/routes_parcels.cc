#include "engine/engine_parcels.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

/// The topic "parcels": where parcels are, when they will come, what was announced. The engine answers with
/// JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;

constexpr std::size_t kPolicyMost = 16 * 1024;
constexpr std::string_view kTag = "parcels";

Result<std::optional<EventSeq>> offset_of(const Request& request) {
  if (request.log_offset.empty()) return std::optional<EventSeq>();
  RAPPORT_TRY(const std::uint64_t seq, detail::number_of(request.log_offset, "X-Log-Offset"));
  return std::optional<EventSeq>(EventSeq{seq});
}

void list(Ask ask) {
  engine::ParcelsQuery query;
  query.queue = ask.request().parameter("queue").value_or("open");
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "limit", 50, 500));
  HTTP_TRY(query.after_offset, offset_of(ask.request()));
  engine::parcels(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}
void one(Ask ask) {
  HTTP_TRY(const auto after, offset_of(ask.request()));
  engine::parcel(ask.engine(), ask.who.shop, ask.values[0], after, as_json(ask.call));
}
void policy(Ask ask) {
  engine::parcel_policy(ask.engine(), ask.who.shop, as_json(ask.call));
}
void put_policy(Ask ask) {
  engine::publish_parcel_policy(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

constexpr Parameter kList[] = {
    {"queue", "string", "open, likely_late (announced or about to be), late (promise over), delivered; open when left out."},
    {"limit", "integer", "At most so many, up to 500; 50 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/parcels",
     .needs = read,
     .tag = kTag,
     .summary = "Parcels with their newest node, the promise, the chance of being late and when they will come.",
     .answer = "Parcels",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/parcels/policy",
     .needs = read,
     .tag = kTag,
     .summary = "When delays are announced and what is given; the threshold that it comes to now, and what others "
                "would have done.",
     .answer = "ParcelPolicyAnswer",
     .handle = policy},
    {.method = put,
     .pattern = "/v1/parcels/policy",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes it (Parcel Policy Published). The first one begins the announcing; promises that were over "
                "before are history.",
     .body = "ParcelPolicy",
     .answer = "Offset",
     .handle = put_policy,
     .body_most = kPolicyMost},
    {.method = get,
     .pattern = "/v1/parcels/{order_id}",
     .needs = read,
     .tag = kTag,
     .summary = "One parcel: its nodes with time and place, the promise, the estimate, what was announced.",
     .answer = "Parcel",
     .handle = one},
};

#define RAPPORT_PARCEL                                                                                                   \
  R"("order_id":{"type":"string"},"customer":{"type":["string","null"]},"node":{"type":"string"},)"                      \
  R"("carrier":{"type":["string","null"]},"region":{"type":["string","null"]},"placed":{"type":["string","null"]},)"     \
  R"("promised":{"type":["string","null"]},"signed":{"type":["string","null"]},"late":{"type":"boolean"},)"              \
  R"("late_chance":{"type":["number","null"],"minimum":0,"maximum":1,"description":"null: nothing is promised, it was )" \
  R"(signed for, or too few parcels like it were seen."},)"                                                              \
  R"("estimate":{"type":["object","null"],"description":"Signed for by from, at, to with 10, 50, 90 in a hundred.",)"    \
  R"("properties":{"at":{"type":"string"},"from":{"type":"string"},"to":{"type":"string"},)"                             \
  R"("like_it":{"type":"integer"},"rung":{"type":"integer"}}},)"                                                         \
  R"("announced":{"type":["object","null"]})"

constexpr detail::Schema kSchemas[] = {
    {"Parcels",
     R"({"type":"object","required":["now","parcels","matching","known_at"],"properties":{"now":{"type":"string","format":"date-time"},"parcels":{"type":"array","items":{"type":"object","properties":{)" RAPPORT_PARCEL
     R"(}}},"matching":{"type":"integer"},"counts":{"type":"object"},"learned_from":{"type":"integer"},"known_at":{"type":"integer"}}})"},
    {"Parcel",
     R"({"type":"object","required":["now","order_id","nodes"],"properties":{"now":{"type":"string","format":"date-time"},)" RAPPORT_PARCEL
     R"(,"nodes":{"type":"array","items":{"type":"object","properties":{"node":{"type":"string"},"reached":{"type":["string","null"]},"promised":{"type":["string","null"]},"place":{"type":["string","null"]}}}}}})"},
    {"ParcelPolicy",
     R"({"type":"object","properties":{"threshold":{"type":"number"},"false_warnings":{"type":"number","description":"Instead of a threshold: of the punctual parcels at most this share is warned of for nothing; 0.1."},"patience":{"type":"string","description":"Late by more than this is announced in any case; 24h."},"compensation":{"type":"object","required":["coupon","value"],"properties":{"coupon":{"type":"string"},"value":{"type":["string","number"]},"currency":{"type":"string"},"valid":{"type":"string"},"after":{"type":"string"}}},"caps":{"type":"object","properties":{"customer":{"type":"integer"},"day":{"type":"integer"},"days":{"type":"integer"},"budget":{"type":["string","number"]}}},"channels":{"type":"array","items":{"enum":["app","email"]}}}})"},
    {"ParcelPolicyAnswer",
     R"({"type":"object","required":["published"],"properties":{"published":{"type":"boolean"},"policy":{"type":["object","null"]},"threshold_now":{"type":["number","null"]},"trials":{"type":"array","items":{"type":"object"}}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> parcels_routes() {
  return kRoutes;
}

std::span<const Schema> parcels_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
