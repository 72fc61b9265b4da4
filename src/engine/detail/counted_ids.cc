#include "engine/detail/counted_ids.h"

#include <cmath>

#include "engine/detail/noun_members.h"

namespace rapport::engine {

std::optional<std::map<std::string, std::int64_t>> counted_ids(const codec::JsonValue& list,
                                                               std::string_view id_name) {
  if (!list.present() || !list.is(codec::JsonKind::array)) return std::nullopt;
  std::map<std::string, std::int64_t> out;
  for (codec::JsonItems items(list); items.next();) {
    if (items.value().is(codec::JsonKind::string)) {
      ++out[items.value().text()];
      continue;
    }
    const auto one = NounMembers::parse(items.value().raw());
    if (!one.ok()) return std::nullopt;
    const std::string id = (*one)->text(id_name);
    const double quantity = (*one)->number("quantity").value_or(1);
    if (id.empty() || quantity < 1 || quantity > 1'000 || quantity != std::floor(quantity))
      return std::nullopt;
    out[id] += static_cast<std::int64_t>(quantity);
  }
  return out;
}

}  // namespace rapport::engine
