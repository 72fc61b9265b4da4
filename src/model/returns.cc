#include "model/returns.h"

#include <algorithm>
#include <array>

namespace rapport::model {
namespace {

using enum ReturnState;

constexpr std::array<std::string_view, kReturnStates> kNames = {"under_review",  "approved",  "rejected",
                                                                "pickup_booked", "picked_up", "inspected",
                                                                "refunding",     "refunded",  "closed"};

constexpr ReturnMove kMoves[] = {
    {under_review, approved, "shop", true, "the return is agreed to"},
    {under_review, rejected, "shop", true, "it is not agreed to, with a reason"},
    {under_review, closed, "customer", false, "she keeps it"},
    {approved, pickup_booked, "shop", true, "a pick-up is arranged"},
    {approved, picked_up, "carrier", true, "handed in without a pick-up"},
    {approved, refunding, "shop", true, "paid back without sending it back"},
    {approved, closed, "customer", false, "she keeps it after all"},
    {rejected, under_review, "customer", false, "she objects; a person looks again"},
    {rejected, closed, "shop", false, "it stays so"},
    {pickup_booked, picked_up, "carrier", true, "it was picked up"},
    {pickup_booked, approved, "carrier", true, "nobody was met; another pick-up is to be arranged"},
    {pickup_booked, closed, "customer", false, "she keeps it after all"},
    {picked_up, inspected, "shop", false, "it was looked at"},
    {inspected, refunding, "shop", true, "the money is on its way"},
    {inspected, rejected, "shop", true, "it is not as told, and goes back"},
    {refunding, refunded, "shop", true, "the money has been paid"},
    {refunded, closed, "shop", false, "done"},
};

/// Places on the way that a return goes when all goes well; rejected lies beside it.
constexpr std::array<int, kReturnStates> kPlace = {0, 1, -1, 2, 3, 4, 5, 6, 7};

}  // namespace

std::string_view return_state_name(ReturnState state) {
  return kNames[static_cast<std::size_t>(state)];
}

std::optional<ReturnState> find_return_state(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ReturnState>(found - kNames.begin());
}

std::span<const ReturnMove> return_moves() {
  return kMoves;
}

std::string_view return_answer_name(ReturnAnswer answer) {
  constexpr std::array<std::string_view, 5> kAnswers = {"moves", "skips", "repeats", "earlier", "impossible"};
  return kAnswers[static_cast<std::size_t>(answer)];
}

ReturnAnswer answer_return(ReturnState now, ReturnState told) {
  if (now == told) return ReturnAnswer::repeats;
  const bool known = std::any_of(std::begin(kMoves), std::end(kMoves),
                                 [&](const ReturnMove& move) { return move.from == now && move.to == told; });
  if (known) return ReturnAnswer::moves;
  const int here = kPlace[static_cast<std::size_t>(now)], there = kPlace[static_cast<std::size_t>(told)];
  // What was picked up is not given away by closing it: only who keeps the thing, or has the money, is done.
  const bool ends_unpaid = told == closed;
  if (here >= 0 && there > here && !ends_unpaid) return ReturnAnswer::skips;
  // A rejection is the end of looking at it: told for one not looked at yet it is a decision that came late.
  if (told == rejected) return now == picked_up ? ReturnAnswer::skips : ReturnAnswer::impossible;
  if (here >= 0 && there >= 0 && there < here) return ReturnAnswer::earlier;
  return ReturnAnswer::impossible;
}

}  // namespace rapport::model
