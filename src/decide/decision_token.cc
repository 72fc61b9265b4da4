#include "decide/decision_token.h"

#include <cmath>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace rapport::decide {
namespace {

constexpr std::string_view kPrefix = "d_";
constexpr std::uint8_t kBare = 1, kWithShares = 2;  ///< versions
constexpr std::size_t kTextMost = 512;
constexpr std::size_t kLanesMost = 16;
constexpr std::size_t kCodeBytes = 9;
constexpr double kWhole = 65'535;

std::string code_of(std::string_view body, std::string_view key) {
  return std::string(as_view(hmac_sha256(key, body)).substr(0, kCodeBytes));
}

std::uint16_t of_whole(double share) {
  return static_cast<std::uint16_t>(std::lround(std::min(1.0, std::max(0.0, share)) * kWhole));
}

/// The lanes' digest and shares, and which lanes were open: runs of places with the same ones.
void put_shares(ByteWriter& out, const DecisionToken& token) {
  out.u16(token.lanes);
  out.u8(static_cast<std::uint8_t>(token.shares.size()));
  for (const double share : token.shares) out.u16(of_whole(share));
  for (std::size_t i = 0; i < token.places.size();) {
    std::size_t end = i;
    while (end < token.places.size() && token.places[end].open == token.places[i].open) ++end;
    out.u8(static_cast<std::uint8_t>(end - i));
    out.u16(token.places[i].open);
    i = end;
  }
}

bool get_shares(ByteReader& in, DecisionToken& token) {
  token.lanes = in.u16();
  const std::size_t lanes = in.u8();
  if (!in.ok() || lanes > kLanesMost) return false;
  for (std::size_t l = 0; l < lanes; ++l) token.shares.push_back(in.u16() / kWhole);
  for (std::size_t i = 0; i < token.places.size();) {
    const std::size_t run = in.u8();
    const std::uint16_t open = in.u16();
    if (!in.ok() || run == 0 || run > token.places.size() - i) return false;
    for (const std::size_t end = i + run; i < end; ++i) token.places[i].open = open;
  }
  return in.ok();
}

std::string body_of(const DecisionToken& token, std::uint8_t version) {
  std::string body;
  ByteWriter out(body);
  out.u8(version);
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
    out.u16(of_whole(place.propensity));
  }
  if (version == kWithShares) put_shares(out, token);
  return body;
}

std::string sealed(const std::string& body, std::string_view key) {
  return std::string(kPrefix) + to_base64url(body + code_of(body, key));
}

}  // namespace

double DecisionToken::lane_probability(const Place& place) const {
  if (place.lane >= shares.size() || (place.open >> place.lane & 1U) == 0) return 0;
  double open = 0;
  for (std::size_t l = 0; l < shares.size(); ++l) open += (place.open >> l & 1U) != 0 ? shares[l] : 0;
  return open > 0 ? shares[place.lane] / open : 0;
}

std::uint16_t DecisionToken::possible(const Place& place) const {
  std::uint16_t out = 0;
  for (std::size_t l = 0; l < shares.size(); ++l) {
    if ((place.open >> l & 1U) != 0 && shares[l] > 0) out = static_cast<std::uint16_t>(out | 1U << l);
  }
  return out;
}

std::string write_token(const DecisionToken& token, std::string_view key) {
  ASSERT(token.scene.size() <= DecisionToken::kSceneMostBytes &&
         token.places.size() <= DecisionToken::kPlacesMost);
  ASSERT(token.shares.size() <= kLanesMost);
  if (!token.shares.empty()) {
    std::string text = sealed(body_of(token, kWithShares), key);
    if (text.size() <= kTextMost) return text;
  }
  return sealed(body_of(token, kBare), key);
}

Result<DecisionToken> read_token(std::string_view text, std::string_view key) {
  const Error none{Errc::bad_input, "this is no decision of ours", "decision_id", "as it was answered"};
  if (!text.starts_with(kPrefix) || text.size() > kTextMost) return none;
  const auto bytes = from_base64(text.substr(kPrefix.size()));
  if (!bytes.ok() || bytes->size() <= kCodeBytes) return none;
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - kCodeBytes);
  if (!equal_in_constant_time(code_of(body, key), std::string_view(*bytes).substr(body.size()))) return none;
  ByteReader in(body);
  DecisionToken token;
  const std::uint8_t version = in.u8();
  if (version != kBare && version != kWithShares) return none;
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
  if (version == kWithShares && !get_shares(in, token)) return none;
  if (!in.ok() || !in.at_end()) return none;
  return token;
}

}  // namespace rapport::decide
