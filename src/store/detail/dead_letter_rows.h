#pragma once

#include "base/id.h"
#include "base/time.h"
#include "store/detail/rows.h"

/// Rows of the family `keys` (one tag for nodes, one for days, one for names) and the place that a dead
/// letter is sealed for.
namespace rapport::store::detail {

inline constexpr std::uint8_t kNodeKeyTag = 0;
inline constexpr std::uint8_t kDayKeyTag = 1;
inline constexpr std::uint8_t kNamedKeyTag = 2;

/// Days before 1970 do not occur: dead letters are stamped with the time of receipt.
inline RowKey day_key_row(ShopNo shop, std::int64_t day) {
  return RowKey().shop(shop).u8(kDayKeyTag).u32(static_cast<std::uint32_t>(day));
}

inline std::string dead_letter_aad(ShopNo shop) {
  return RowKey().raw("dead letter").shop(shop).text();
}

/// Where the highest number ever given to a dead letter is kept once letters have been closed.
inline RowKey last_letter_row(ShopNo shop) {
  return RowKey().raw("last_letter/").shop(shop);
}

}  // namespace rapport::store::detail
