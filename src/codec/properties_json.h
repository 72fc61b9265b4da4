#pragma once

#include <string>
#include <string_view>

#include "base/money.h"

/// The clear part of a record back as JSON, under the names of the catalogue.
namespace rapport::codec {

/// A JSON object, properties in stored order: amounts as decimals of the event's `currency` (or of
/// `shop_currency` when it names none), thousandths as decimals, times as RFC 3339, a noun's body as its own
/// object under "noun". Properties that this build does not know are left out. Damaged bytes give what was
/// whole before them. Pure; any thread.
std::string properties_json(std::string_view clear, Currency shop_currency = Currency{{'C', 'N', 'Y'}});

}  // namespace rapport::codec
