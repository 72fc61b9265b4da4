#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Members of a recipe's JSON objects.
namespace rapport::codec::detail {

/// "" when absent or no text.
std::string text_member(const boost::json::object& object, std::string_view name);
/// A text or a list of texts; empty when absent. Errors: bad_input for anything else.
Result<std::vector<std::string>> texts_member(const boost::json::object& object, std::string_view name);
/// Errors: bad_input naming the first other member, so that a typo is not silently nothing.
Status only_members(const boost::json::object& object, std::initializer_list<std::string_view> names);

}  // namespace rapport::codec::detail
