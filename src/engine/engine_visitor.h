#pragma once

#include <string>

#include "base/time.h"

/// Who a visitor of the shop is, and how a browser comes to be believed. With a public key anybody may claim
/// anything, so a browser by itself is shown only what its own events told.
namespace rapport::engine {

/// A browser, and what it shows to be believed more than its own word.
struct VisitorWho {
  std::string anonymous_id;
  std::string proof;  ///< a VisitorProofAnswer's token; "" = none
};

struct VisitorProofAnswer {
  std::string token;  ///< for this browser alone
  Instant until;
};

/// The shop's server, which knows who has signed in, vouches for a browser.
struct VouchRequest {
  std::string anonymous_id;
  std::string subject;  ///< a user id, or kind:value; an event has named it before
  Duration lasts;       ///< a minute to 30 days
};

/// Who knows an order's number and the telephone number or e-mail address that its own event named.
struct OrderProofRequest {
  std::string anonymous_id, order_id;
  std::string contact;
};

inline constexpr Duration kOrderProofLasts = hours(24);

}  // namespace rapport::engine
