#include "views/tables.h"

#include <limits>

namespace rapport::views {

std::uint8_t CurrencySlots::slot(Currency currency) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i] == currency) return static_cast<std::uint8_t>(i);
  }
  if (slots_.size() < 256) slots_.push_back(currency);
  return static_cast<std::uint8_t>(slots_.size() - 1);
}

void CurrencySlots::save(ByteWriter& out) const {
  out.varint(slots_.size());
  for (const Currency currency : slots_) out.u16(currency.packed());
}

bool CurrencySlots::load(ByteReader& in) {
  const std::uint64_t count = in.varint();
  if (count == 0 || count > 256) return false;
  slots_.clear();
  for (std::uint64_t i = 0; i < count; ++i) slots_.push_back(Currency::unpack(in.u16()));
  return in.ok();
}

std::int32_t WideValues::store(std::int64_t value) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (value >= kLeastInline && value <= most) return static_cast<std::int32_t>(value);
  const auto found = index_.find(value);
  if (found != index_.end()) return found->second;
  if (wide_.size() >= static_cast<std::size_t>(kMost))
    return value < 0 ? kLeastInline : static_cast<std::int32_t>(most);
  const auto code = static_cast<std::int32_t>(kLeastCode + static_cast<std::int64_t>(wide_.size()));
  wide_.push_back(value);
  index_.emplace(value, code);
  return code;
}

void WideValues::save(ByteWriter& out) const {
  out.varint(wide_.size());
  for (const std::int64_t value : wide_) out.svarint(value);
}

bool WideValues::load(ByteReader& in) {
  *this = WideValues();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::int64_t value = in.svarint();
    if (store(value) != kLeastCode + static_cast<std::int64_t>(i)) return false;
  }
  return in.ok();
}

}  // namespace rapport::views
