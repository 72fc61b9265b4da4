#pragma once

#include <string>

#include "engine/engine.h"

/// What customers are likely to want next, predicted by the shop's models and told as events.
namespace rapport::engine {

class Inquiry;

/// Publishes `Need Predicted` for customers who bought or looked at something within 30 days: at most five
/// held at once by one, none for whoever denied `personalisation`, none while the same need of hers holds. So
/// the same run twice publishes nothing the second time. A run looks at up to 20,000 customers; the next one
/// goes on from there. On a worker. Answers how many were published; 0 without models.
Result<std::size_t> predict_needs(Inquiry& inquiry);

/// The same, when the shop's clock says that the last run is a day old or more; 0 when it is not.
void predict_due_needs(Engine& engine, ShopNo shop, Reply<std::size_t> reply);

}  // namespace rapport::engine
