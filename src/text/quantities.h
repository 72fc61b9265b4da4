#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Amounts with units in running text, Chinese in both scripts and English. Pure; any thread.
namespace rapport::text {

enum class Dimension : std::uint8_t {
  charge,    ///< mAh
  air_flow,  ///< m³/h
  sound,     ///< dB
  time,      ///< s
  calendar,  ///< months
  power,     ///< W
  energy,    ///< Wh
  volume,    ///< mL
  mass,      ///< mg
  length,    ///< mm
  area,      ///< m²
  heat,      ///< °C
  share,     ///< %
  money      ///< yuan, dollars, ... each is its own only by what stands beside; compared by number
};

struct Quantity {
  Dimension dimension = Dimension::charge;
  std::int64_t thousandths = 0;  ///< of the dimension's unit above
  std::size_t from = 0, to = 0;  ///< bytes of the text given
  friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// Every amount with a unit that is known, ascending: "5,000 mAh", "两年", "兩年", "24 months", "0.3m³/h",
/// "三十天", "半年", "一个半小时", "two years", "twenty-four months", "half an hour". A number without a unit
/// is none. Numbers are decimals, or words up to 999: Chinese numerals, English numbers.
std::vector<Quantity> quantities_of(std::string_view utf8);

/// The amount that a value and a unit make ("5000", "mAh"); nothing for a unit that is not known or no
/// number.
std::optional<Quantity> quantity_of(std::string_view number, std::string_view unit);

}  // namespace rapport::text
