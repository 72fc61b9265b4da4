#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The life of a return as one table: what each state may become, who brings it about, and whether the
/// customer is told.
namespace rapport::model {

/// Stored as words; the order of the catalogue's word list of a return's `state`.
enum class ReturnState : std::uint8_t {
  under_review,
  approved,
  rejected,
  pickup_booked,
  picked_up,
  inspected,
  refunding,
  refunded,
  closed
};
inline constexpr std::size_t kReturnStates = 9;
std::string_view return_state_name(ReturnState state);
std::optional<ReturnState> find_return_state(std::string_view name);

struct ReturnMove {
  ReturnState from, to;
  std::string_view by;  ///< who: shop, carrier, customer
  bool told = false;    ///< the customer gets a message
  std::string_view what;
};
std::span<const ReturnMove> return_moves();

/// What an update means to a return that stands at `now`.
enum class ReturnAnswer : std::uint8_t {
  moves,      ///< as the table has it
  skips,      ///< further on the same way: what lies between was not reported, and holds as done
  repeats,    ///< it stands there already
  earlier,    ///< a step it is past: told late, nothing changes
  impossible  ///< no way leads there: nothing changes
};
std::string_view return_answer_name(ReturnAnswer answer);
ReturnAnswer answer_return(ReturnState now, ReturnState told);
constexpr bool changes(ReturnAnswer answer) {
  return answer == ReturnAnswer::moves || answer == ReturnAnswer::skips;
}

}  // namespace rapport::model
