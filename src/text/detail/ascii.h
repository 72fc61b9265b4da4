#pragma once

namespace rapport::text {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
/// Small ones only: of text in its comparison_form().
constexpr bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

}  // namespace rapport::text
