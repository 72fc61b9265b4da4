#include "engine/detail/visitor_proof.h"

#include "base/base64url.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kContext = "visitor proof 2";
constexpr std::size_t kTokenMostBytes = 800;
constexpr std::int64_t kMinuteMs = 60'000;

/// The bytes of base64url without padding; "" for any other spelling.
std::string token_bytes(std::string_view token) {
  if (token.empty() || token.size() > kTokenMostBytes) return {};
  return from_base64url(token).value_or("");
}

}  // namespace

std::string seal_visitor_proof(const codec::NodeKey& key, const VisitorProof& proof) {
  std::string plain, sealed;
  ByteWriter out(plain);
  out.varint(proof.shop.value);
  out.varint(proof.node.value);
  out.varint(static_cast<std::uint64_t>(proof.until.ms / kMinuteMs));
  out.text(proof.order);
  out.text(proof.browser);
  out.varint(proof.made.value);
  codec::seal(key, plain, kContext, sealed);
  return to_base64url(sealed);
}

Result<VisitorProof> open_visitor_proof(const codec::NodeKey& key, std::string_view token, ShopNo shop,
                                        std::string_view browser, Instant now) {
  const auto refuse = [](std::string_view why) {
    return Error{Errc::unauthorized, std::string(why), "X-Rapport-Proof",
                 "a proof made for this browser, or none"};
  };
  const std::string sealed = token_bytes(token);
  const auto plain = codec::open(key, sealed, kContext);
  if (sealed.empty() || !plain.ok()) return refuse("no proof of ours");
  ByteReader in(*plain);
  VisitorProof proof;
  proof.shop = ShopNo{static_cast<decltype(proof.shop.value)>(in.varint())};
  proof.node = NodeId{static_cast<decltype(proof.node.value)>(in.varint())};
  proof.until = Instant{static_cast<std::int64_t>(in.varint()) * kMinuteMs};
  proof.order = in.text();
  proof.browser = in.text();
  proof.made = EventSeq{in.varint()};
  if (!in.ok() || proof.shop != shop || proof.browser != browser) return refuse("a proof of another browser");
  if (proof.until <= now) return refuse("this proof has ended");
  return proof;
}

}  // namespace rapport::engine
