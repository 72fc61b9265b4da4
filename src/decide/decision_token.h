#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The id of a decision: what it takes to count it and to make it again, under a message authentication code.
/// The decision itself is stored nowhere until it is shown: then `Recommendation Shown` brings the id, and
/// with it the scene, the lanes, the probabilities, the seed and the position, into the log.
namespace rapport::decide {

struct DecisionToken {
  static constexpr std::size_t kSceneMostBytes = 32;
  static constexpr std::size_t kPlacesMost = 100;
  struct Place {
    std::uint8_t lane = 0;  ///< of the scene; kNoLane for what no lane put there
    double propensity = 1;  ///< in [0, 1], kept to 1 / 65535
  };
  std::uint64_t position = 0;  ///< of the log: what was known
  std::uint64_t seed = 0;
  std::uint32_t models = 0, policy = 0;  ///< first four bytes of their digests
  std::uint8_t user_class = 0xff;        ///< place in the precedence of classes; 0xff: other
  bool held_out = false;
  std::string scene;
  std::vector<Place> places;
};

/// "d_" and base64url; at most 512 characters, which a text property holds. Precondition: within the limits.
std::string write_token(const DecisionToken& token, std::string_view key);
/// Errors: bad_input for anything that write_token did not write with this key.
Result<DecisionToken> read_token(std::string_view text, std::string_view key);

}  // namespace rapport::decide
