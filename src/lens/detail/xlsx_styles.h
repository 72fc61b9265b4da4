#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What an Excel number means depends on its cell's format only; this is that knowledge.
namespace rapport::lens::detail {

enum class NumberShape { number, date, date_time, time };

/// Shape of each cell style (index = the `s` attribute), out of xl/styles.xml. Errors: corrupt.
Result<std::vector<NumberShape>> read_cell_styles(const std::string& xml);

/// A format code such as "yyyy\-mm\-dd hh:mm" or "0.00".
NumberShape shape_of_format(std::string_view code);

/// A serial number as "2026-11-22", "2026-11-22 09:30:00" or "09:30:00"; nullopt outside years 1900-9999.
/// Serial 60 of the 1900 system is the 29 February 1900 that never was; it reads as 1 March.
std::optional<std::string> date_text(double serial, NumberShape shape, bool from_1904);

/// A number cell's text as people type it: "0.1" for 0.1000000000000000055.
std::string number_text(std::string_view raw);

}  // namespace rapport::lens::detail
