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
    std::uint8_t lane = 0;   ///< of the scene; kNoLane for what no lane put there
    double propensity = 1;   ///< of the item, in [0, 1], kept to 1 / 65535
    std::uint16_t open = 0;  ///< lanes that had something left for this place, a bit each
  };
  std::uint64_t position = 0;  ///< of the log: what was known
  std::uint64_t seed = 0;
  std::uint32_t models = 0, policy = 0;  ///< first four bytes of their digests
  std::uint8_t user_class = 0xff;        ///< place in the precedence of classes; 0xff: other
  bool held_out = false;
  std::string scene;
  std::vector<Place> places;
  /// By which the lanes were drawn, each kept to 1 / 65535, and a digest of the lanes they are of: what
  /// another policy is judged by. Empty when no lane was drawn, and in tokens of before there were any.
  std::vector<double> shares;
  std::uint16_t lanes = 0;
  /// Of the lane that filled a place, among those that were open; 0 when the shares are not known.
  double lane_probability(const Place& place) const;
  /// Lanes that might have been drawn for a place: open, with a share.
  std::uint16_t possible(const Place& place) const;
};

/// "d_" and base64url; at most 512 characters, which a text property holds: where shares and open lanes do
/// not fit beside so many places they are left out. Precondition: within the limits.
std::string write_token(const DecisionToken& token, std::string_view key);
/// Errors: bad_input for anything that write_token did not write with this key.
Result<DecisionToken> read_token(std::string_view text, std::string_view key);

}  // namespace rapport::decide
