#include "decide/decision_token.h"

#include <cmath>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace rapport::decide {
namespace {

constexpr std::string_view kPrefix = "d_";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kCodeBytes = 9;
constexpr double kWhole = 65'535;

std::string code_of(std::string_view body, std::string_view key) {
  return std::string(as_view(hmac_sha256(key, body)).substr(0, kCodeBytes));
}

}  // namespace

std::string write_token(const DecisionToken& token, std::string_view key) {
  ASSERT(token.scene.size() <= DecisionToken::kSceneMostBytes &&
         token.places.size() <= DecisionToken::kPlacesMost);
  std::string body;
  ByteWriter out(body);
  out.u8(kVersion);
  out.varint(token.position);
  out.u64(token.seed);
  out.u32(token.models);
  out.u32(token.policy);
  out.u8(token.user_class);
  out.u8(token.held_out ? 1 : 0);
  out.text(token.scene);
  out.varint(token.places.size());
  for (const DecisionToken::Place& place : token.places) {
    out.u8(place.lane);
    out.u16(static_cast<std::uint16_t>(std::lround(std::min(1.0, std::max(0.0, place.propensity)) * kWhole)));
  }
  return std::string(kPrefix) + to_base64url(body + code_of(body, key));
}

Result<DecisionToken> read_token(std::string_view text, std::string_view key) {
  const Error none{Errc::bad_input, "this is no decision of ours", "decision_id", "as it was answered"};
  if (!text.starts_with(kPrefix) || text.size() > 512) return none;
  const auto bytes = from_base64(text.substr(kPrefix.size()));
  if (!bytes.ok() || bytes->size() <= kCodeBytes) return none;
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - kCodeBytes);
  if (!equal_in_constant_time(code_of(body, key), std::string_view(*bytes).substr(body.size()))) return none;
  ByteReader in(body);
  DecisionToken token;
  if (in.u8() != kVersion) return none;
  token.position = in.varint();
  token.seed = in.u64();
  token.models = in.u32();
  token.policy = in.u32();
  token.user_class = in.u8();
  token.held_out = in.u8() != 0;
  token.scene = in.text();
  const std::uint64_t places = in.varint();
  if (!in.ok() || places > DecisionToken::kPlacesMost || token.scene.size() > DecisionToken::kSceneMostBytes)
    return none;
  for (std::uint64_t i = 0; i < places; ++i) {
    const std::uint8_t lane = in.u8();
    token.places.push_back({lane, in.u16() / kWhole});
  }
  if (!in.ok() || !in.at_end()) return none;
  return token;
}

}  // namespace rapport::decide
