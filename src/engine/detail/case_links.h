#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "codec/seal.h"

/// Links to the record of a service case, for the customer whose it is: "<shop>.<sealed>". What they say is
/// sealed under a key of the folder, so that nobody can guess or change one, and nothing is kept of it.
namespace rapport::engine {

std::string seal_case_link(const codec::NodeKey& key, ShopNo shop, std::string_view ticket);
/// The shop that a token names; nothing for what is none.
Result<ShopNo> shop_of_case_link(std::string_view token);
/// The ticket. Errors: not_found for whatever seal_case_link did not make with this key for this shop.
Result<std::string> open_case_link(const codec::NodeKey& key, ShopNo shop, std::string_view token);

}  // namespace rapport::engine
