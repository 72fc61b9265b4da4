#include <charconv>
#include <cstdlib>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/random.h"
#include "courier/webhook.h"

namespace rapport::courier {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::int64_t kToleranceSeconds = 5 * 60;

std::int64_t whole_seconds(Instant instant) {
  return instant.ms >= 0 ? instant.ms / 1000 : (instant.ms - 999) / 1000;
}

Result<std::string> key_of(std::string_view secret) {
  const auto wrong = [] {
    return Error{Errc::bad_input, "not a webhook secret", "secret", "whsec_ and base64 of 24 to 64 bytes"};
  };
  if (!secret.starts_with(kPrefix)) return wrong();
  auto key = from_base64(secret.substr(kPrefix.size()));
  if (!key.ok() || key->size() < 24 || key->size() > 64) return wrong();
  return key;
}

std::string signature(std::string_view key, std::string_view id, std::string_view timestamp,
                      std::string_view body) {
  std::string signed_text;
  signed_text.reserve(id.size() + timestamp.size() + body.size() + 2);
  signed_text.append(id).append(".").append(timestamp).append(".").append(body);
  return "v1," + to_base64(as_view(hmac_sha256(key, signed_text)));
}

}  // namespace

std::string new_webhook_secret() {
  std::array<std::uint8_t, 32> bytes;
  secure_random(bytes);
  return std::string(kPrefix) + to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<std::string> sign_webhook(std::string_view secret, std::string_view id, Instant sent,
                                 std::string_view body) {
  RAPPORT_TRY(const std::string key, key_of(secret));
  return signature(key, id, std::to_string(whole_seconds(sent)), body);
}

bool verify_webhook(std::string_view secret, std::string_view id, std::string_view timestamp,
                    std::string_view signatures, std::string_view body, Instant now) {
  const auto key = key_of(secret);
  std::int64_t sent = 0;
  const char* end = timestamp.data() + timestamp.size();
  const auto parsed = std::from_chars(timestamp.data(), end, sent);
  if (!key.ok() || parsed.ec != std::errc{} || parsed.ptr != end) return false;
  const std::int64_t current = whole_seconds(now);
  if (sent < current - kToleranceSeconds || sent > current + kToleranceSeconds) return false;
  const std::string ours = signature(*key, id, timestamp, body);
  bool found = false;
  while (!signatures.empty()) {
    const std::size_t blank = std::min(signatures.find(' '), signatures.size());
    found = equal_in_constant_time(signatures.substr(0, blank), ours) || found;
    signatures.remove_prefix(std::min(blank + 1, signatures.size()));
  }
  return found;
}

}  // namespace rapport::courier
