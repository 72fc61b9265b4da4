#include "model/sending.h"

#include <algorithm>
#include <iterator>

#include "model/catalogue_ids.h"

namespace rapport::model {

bool is_policy(EventKind kind) {
  return kind.value >= model::kind::rule_published.value &&
         kind.value <= model::kind::feedback_answered.value;
}

bool is_the_shops_to_say(EventKind kind) {
  namespace k = model::kind;
  static constexpr EventKind kKinds[] = {
      k::order_cancelled,  k::order_refunded,    k::shipment_updated,    k::shipment_promised,
      k::return_updated,   k::contact_ended,     k::ticket_opened,       k::ticket_updated,
      k::ticket_assigned,  k::review_replied,    k::feedback_classified, k::feedback_corrected,
      k::service_entitled, k::service_delivered, k::service_lapsed,      k::points_changed,
      k::coupon_granted,   k::coupon_redeemed,   k::coupon_expired,      k::tier_changed,
      k::message_decided,  k::message_sent,      k::message_failed,      k::need_predicted};
  const bool is_catalogue =
      kind.value >= k::product_published.value && kind.value <= k::bundle_published.value;
  return is_catalogue || std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

bool may_send(const Principal& who, EventKind kind) {
  if (may(who, Permission::publish)) return true;
  return !is_policy(kind) && !(may(who, Permission::ingest_cors) && is_the_shops_to_say(kind));
}

}  // namespace rapport::model
