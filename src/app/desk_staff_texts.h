#pragma once

#include <span>
#include <string_view>

/// What the staff of a simulated shop promises and writes: the desk's hours, its service levels and its
/// written answers, as they are published.
namespace rapport::app {

/// 9:00 to 18:00, every day, as the simulated staff works.
extern const std::string_view kStaffHours;
/// What a desk of this staffing can keep to most of the time.
extern const std::string_view kStaffLevels;

struct StaffText {
  std::string_view id, title, chinese, english;
  std::string_view state;  ///< what the ticket becomes with it; "" = as it is
};
std::span<const StaffText> staff_texts();
/// Of the classes of feedback the one whose texts fit.
std::string_view staff_text_class(std::string_view feedback_class);

}  // namespace rapport::app
