#pragma once

#include <span>
#include <string_view>

namespace rapport::http::detail {

struct Schema {
  std::string_view name;
  std::string_view json;
};
/// The component schemas that are not made from the catalogue.
std::span<const Schema> component_schemas();

}  // namespace rapport::http::detail
