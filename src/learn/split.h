#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "learn/interactions.h"

namespace rapport::learn {

/// What is hidden from the models.
enum class SplitBy : std::uint8_t {
  time,         ///< everything from one moment on, for everybody: what a shop meets
  last_basket,  ///< each customer's last basket
  customers,    ///< some customers whole: the first part of theirs is shown when they ask, the rest hidden
};
/// "time", "last-basket" or "customers". Errors: bad_input.
Result<SplitBy> parse_split(std::string_view text);
std::string_view split_name(SplitBy split);

/// Whether items that a customer has had are candidates.
enum class Repeats : std::uint8_t { unknown, yes, no };

/// One customer to be guessed: her history is the first `shown` of her events.
struct Case {
  std::uint32_t customer = 0;
  std::size_t shown = 0;
  std::int64_t now_ms = 0;              ///< the moment of the guess
  std::vector<std::uint32_t> relevant;  ///< what she then took, ascending; never empty
};

struct Split {
  Interactions train;
  std::vector<Case> cases;  ///< by customer
  Repeats repeats =
      Repeats::yes;      ///< as asked, or found: yes when a twentieth of what was taken had been taken before
  std::size_t cold = 0;  ///< customers with hidden events and no history: left out
  double unreachable = 0;  ///< share of relevant items that nobody had in the training data: no model can hit
};

struct SplitOptions {
  SplitBy by = SplitBy::time;
  double hidden_share = 0.2;  ///< of events (time) or of customers; in (0, 1)
  Repeats repeats = Repeats::unknown;
  std::uint64_t seed = 1;  ///< which customers; the other splits have no chance in them
};

/// Errors: bad_input for a share outside (0, 1); refused when nobody has both a history and something hidden.
Result<Split> make_split(const Interactions& all, const SplitOptions& options);

}  // namespace rapport::learn
