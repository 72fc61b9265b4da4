#pragma once

#include "engine/engine.h"
#include "http/detail/ask.h"

namespace rapport::http::detail {

/// Engine::ingest, but what a page says makes no appointment of a service that has hours or room to keep to,
/// and cancels none of it that the same browser has not made: such a batch is refused whole with `forbidden`,
/// and the answer names POST /v1/shop/bookings.
void ingest_within_calendars(const Ask& ask, engine::IngestRequest request,
                             engine::Reply<model::IngestAnswer> reply);

}  // namespace rapport::http::detail
