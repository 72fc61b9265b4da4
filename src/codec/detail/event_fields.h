#pragma once

#include <vector>

#include "codec/detail/key_table.h"
#include "model/catalogue.h"

namespace rapport::codec::detail {

/// The properties one catalogued event declares, findable by their JSON names. Required ones come first.
struct EventFields {
  const model::EventSpec* event;
  std::vector<const model::PropertySpec*> properties;
  std::size_t required;  ///< that many of the first
  KeyTable by_name;
  int currency;   ///< place of the currency property, or -1
  int page_name;  ///< place of a page's name, or -1
  int category;
  int group_id;
  static constexpr std::size_t kMost = 32;
};

/// Made at the first call for all events; `spec` must be one of event_specs().
const EventFields& fields_of(const model::EventSpec& spec);

}  // namespace rapport::codec::detail
