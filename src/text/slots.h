#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What customers name in passing: numbers, yes and no, why they send something back. Chinese in both scripts
/// and English. Pure; any thread.
namespace rapport::text {

/// Runs of letters, digits, "-" and "_" that hold a digit, 1 to 64 bytes, as written: what may be the number
/// of an order. `told` when a word such as 订单, 单号, order or # stands before it.
struct NumberToken {
  std::string text;
  bool told = false;
};
std::vector<NumberToken> number_tokens(std::string_view utf8);

enum class Assent : std::uint8_t { none, yes, no };
/// Whether the whole text is a yes (好的, 確定, "yes please") or a no (算了, 不用, "no thanks").
Assent assent_of(std::string_view utf8);

/// Whether she says that the answer before was not what she asked for: 答非所问, 不是这个意思, "that is not
/// what I asked".
bool was_not_it(std::string_view utf8);

/// The first mobile number of mainland China, or one with "+" and 8 to 15 digits, as "+86..."; "" when there
/// is none.
std::string phone_in(std::string_view utf8);

/// Why something goes back, as the word that events carry: size, damaged, defective, wrong_item,
/// not_as_described, changed_mind, late; "" when none is told.
std::string_view return_reason_of(std::string_view utf8);

/// What a text is written in; nothing where it does not tell: "D-1", "OK".
enum class Written : std::uint8_t { simplified, traditional, english };
struct Script {
  std::optional<Written> written;
  bool is_chinese = false;  ///< Chinese whose characters are the same in both scripts has no `written`
};
Script script_of(std::string_view utf8);

}  // namespace rapport::text
