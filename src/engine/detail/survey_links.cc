#include "engine/detail/survey_links.h"

#include <algorithm>

#include "base/base64url.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "base/random.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kContext = "survey link 1";
constexpr std::size_t kTokenMostBytes = 400;
constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

std::string SurveyLink::sheet_id() const {
  return to_hex({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
}

SurveyLink new_survey_link(SurveyLink::Kind kind, ShopNo shop, std::string_view survey, Instant until) {
  SurveyLink link;
  link.shop = shop;
  link.kind = kind;
  link.survey = survey;
  link.until = Instant{until.ms / kMinuteMs * kMinuteMs};
  secure_random(link.nonce);
  return link;
}

SurveyLink personal_link(ShopNo shop, std::string_view survey, std::string_view sheet, NodeId node,
                         Instant until) {
  SurveyLink link = new_survey_link(SurveyLink::Kind::personal, shop, survey, until);
  link.node = node;
  const std::string nonce = from_hex(sheet).value_or("");
  if (nonce.size() == link.nonce.size())
    std::copy(nonce.begin(), nonce.end(), reinterpret_cast<char*>(link.nonce.data()));
  return link;
}

std::string seal_survey_link(const codec::NodeKey& key, const SurveyLink& link) {
  std::string plain;
  ByteWriter out(plain);
  out.varint(link.shop.value);
  out.u8(static_cast<std::uint8_t>(link.kind));
  out.varint(static_cast<std::uint64_t>(link.until.ms / kMinuteMs));
  out.raw({reinterpret_cast<const char*>(link.nonce.data()), link.nonce.size()});
  out.varint(link.node.value);
  out.text(link.survey);
  out.text(link.label);
  std::string sealed;
  codec::seal(key, plain, kContext, sealed);
  return to_base64url(sealed);
}

Result<SurveyLink> open_survey_link(const codec::NodeKey& key, std::string_view token) {
  const auto unknown = [] {
    return Error{Errc::not_found, "no such link", "token", "the link as it was handed out, whole"};
  };
  if (token.empty() || token.size() > kTokenMostBytes) return unknown();
  const auto sealed = from_base64url(token);
  if (!sealed.ok()) return unknown();
  const auto plain = codec::open(key, *sealed, kContext);
  if (!plain.ok()) return unknown();
  ByteReader in(*plain);
  SurveyLink link;
  link.shop = ShopNo{static_cast<decltype(link.shop.value)>(in.varint())};
  const std::uint8_t kind = in.u8();
  link.kind = static_cast<SurveyLink::Kind>(kind);
  link.until = Instant{static_cast<std::int64_t>(in.varint()) * kMinuteMs};
  const std::string_view nonce = in.raw(link.nonce.size());
  link.node = NodeId{static_cast<decltype(link.node.value)>(in.varint())};
  link.survey = in.text();
  link.label = in.text();
  if (!in.ok() || kind > static_cast<std::uint8_t>(SurveyLink::Kind::sheet)) return unknown();
  std::copy(nonce.begin(), nonce.end(), reinterpret_cast<char*>(link.nonce.data()));
  return link;
}

std::string expert_id(const codec::NodeKey& key, const SurveyLink& link) {
  const std::string_view secret(reinterpret_cast<const char*>(key.data()), key.size());
  return "expert-" +
         digest_hex(hmac_sha256(secret, fmt::format("{}/{}/{}", link.shop.value, link.survey, link.label)))
             .substr(0, 24);
}

}  // namespace rapport::engine
