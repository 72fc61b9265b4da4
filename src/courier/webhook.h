#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

/// Webhooks after the Standard Webhooks specification 1.0 (github.com/standard-webhooks/standard-webhooks):
/// HMAC-SHA256 over "id.timestamp.body", headers webhook-id, webhook-timestamp, webhook-signature.
namespace rapport::courier {

/// "whsec_" and the base64 of 32 random bytes.
std::string new_webhook_secret();

/// "v1,<base64>". Errors: bad_input when the secret is not whsec_ and base64 of 24 to 64 bytes.
Result<std::string> sign_webhook(std::string_view secret, std::string_view id, Instant sent,
                                 std::string_view body);

/// For receivers and tests: one of the blank-separated signatures is ours and `sent` lies within 5 minutes of
/// now. `timestamp` is the header's text (whole seconds). Compares in constant time.
bool verify_webhook(std::string_view secret, std::string_view id, std::string_view timestamp,
                    std::string_view signatures, std::string_view body, Instant now);

/// Whom we may call. Checked when a webhook is added and, by address, at every connection.
struct CallPolicy {
  bool allow_private = false;  ///< loopback, private and link-local addresses, and plain http
};

/// Errors: bad_input for no http(s) URL, user info in it, or over 2000 bytes; forbidden for plain http to the
/// outside and for an address or name that plainly lies inside.
Status check_webhook_url(std::string_view url, const CallPolicy& policy);

/// True for addresses of the public internet: not loopback, private, link-local, shared, multicast,
/// documentation or reserved, in IPv4, IPv6 and IPv4 carried inside IPv6. Takes the text of an address; other
/// texts are not public.
bool is_public_address(std::string_view address);

struct WebhookCall {
  std::string url;
  std::string secret;
  std::string id;  ///< the same at every attempt: the receiver's idempotency key
  std::string body;
};

struct WebhookOutcome {
  int status = 0;     ///< 0: no answer
  std::string error;  ///< why there is none
  std::optional<Duration> retry_after;
  Duration took;
  bool refused = false;  ///< the guard forbade the address
  bool delivered() const { return status >= 200 && status < 300; }
};

inline constexpr Duration kWebhookConnectLimit = seconds(5);
inline constexpr Duration kWebhookAnswerLimit = seconds(15);
/// Attempts before a call is a dead letter; with the waits between them about three days.
inline constexpr int kWebhookAttemptsMost = 10;

/// When to try again after attempt number `attempt` (from 1), or nothing: given up. 410 Gone is given up at
/// once; what the guard refused is tried on, because another process of the shop may be allowed to call it.
/// The wait grows 5 s, 5 min, 30 min, 2 h, ... and is stretched by up to a fifth according to `jitter`
/// (uniform in [0, 1)), so that receivers do not meet all at once; a longer Retry-After is respected up to a
/// day. Pure.
std::optional<Instant> next_attempt(int attempt, const WebhookOutcome& outcome, Instant now, double jitter);

/// Sends one call at a time; keeps the connection for the next. One per thread.
class WebhookSender {
 public:
  explicit WebhookSender(CallPolicy policy);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;
  /// Blocks up to kWebhookAnswerLimit. Redirects are not followed, proxies of the environment are not used.
  WebhookOutcome send(const WebhookCall& call, Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rapport::courier
