#pragma once

#include <string_view>

#include "views/detail/windows.h"
#include "views/fact.h"

namespace rapport::views::detail {

/// Whether the customer holds the service (any when empty) at facts.at(): it was bought, entitled or renewed
/// later than it last lapsed, and the latest "until" told since then, if each of those told one, has not
/// passed.
Answer holds_service(std::string_view service, const FactsView& facts);

}  // namespace rapport::views::detail
