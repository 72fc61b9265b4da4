#pragma once

#include <array>
#include <string>
#include <string_view>

namespace rapport::decide {

/// What customers are answered in.
enum class Tongue : std::uint8_t { simplified, traditional, english };
inline constexpr std::array<std::string_view, 3> kTongues = {"zh-Hans", "zh-Hant", "en"};
/// Of "zh-Hans", "zh-CN", "zh-Hant", "zh-TW", "zh-HK", "en", "en-GB", ...; `otherwise` for what is none of
/// them.
Tongue tongue_of(std::string_view tag, Tongue otherwise = Tongue::simplified);

/// One thing said in up to three languages.
struct Said {
  std::array<std::string, 3> by;  ///< in the order of Tongue; "" where it was not written
  bool empty() const { return by[0].empty() && by[1].empty() && by[2].empty(); }
  /// In that language; else in the other script of Chinese (converted), else in what there is.
  std::string in(Tongue tongue) const;
};

}  // namespace rapport::decide
