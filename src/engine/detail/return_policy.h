#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace rapport::engine {

/// Which returns are decided by rule (`Return Policy Published`); the others wait for a person.
struct ReturnPolicy {
  struct Rule {
    std::vector<std::string> reasons;        ///< empty = any
    std::optional<std::int64_t> value_most;  ///< of the order, minor units of the shop's currency
    std::int64_t photos_least = 0;
    bool approve = true;
  };
  std::int64_t days_most = 0;  ///< since it was signed for; later ones a person decides
  std::vector<Rule> rules;     ///< the first that fits decides

  /// Errors: bad_input naming the member.
  static Result<ReturnPolicy> parse(std::string_view body, Currency shop);
};

struct ReturnFacts {
  std::string reason;
  std::int64_t value_minor = 0;
  bool own_currency = true;
  std::int64_t photos = 0;
  bool photo_seen = false;               ///< one of them came with an earlier return
  std::optional<Duration> since_signed;  ///< none = not signed for
};
struct ReturnDecision {
  std::optional<bool> approve;  ///< none = a person decides
  std::string why;
};
/// Pure.
ReturnDecision decide_return(const ReturnPolicy& policy, const ReturnFacts& facts);

}  // namespace rapport::engine
