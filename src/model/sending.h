#pragma once

#include "model/access.h"
#include "model/catalogue.h"

/// Which kinds of events who may send. What else a page's event must keep to, whatever its kind, stands where
/// events come in (http).
namespace rapport::model {

/// What holds for the whole shop, and what the engine concludes of it: rules, surveys, policies, verdicts,
/// clocks, announcements. Sent as an event it takes Permission::publish, as the route that publishes it does.
bool is_policy(EventKind kind);

/// What a key that stands in web pages (Permission::ingest_cors) may not send, because only the shop and its
/// staff can know or grant it: the catalogue, money back, coupons, points, parcels, tickets, decisions.
bool is_the_shops_to_say(EventKind kind);

/// Of the kind alone. Kinds that are not in the catalogue may be sent by whoever may send.
bool may_send(const Principal& who, EventKind kind);

}  // namespace rapport::model
