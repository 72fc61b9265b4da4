#include "courier/webhook.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

namespace rapport::courier {
namespace {

constexpr std::size_t kUrlMostBytes = 2000;
/// An answer's body is not kept; a receiver that sends more than this is cut off.
constexpr std::size_t kAnswerMostBytes = 64 * 1024;
constexpr Duration kRetryAfterMost = days(1);

struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCloser>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

bool plainly_inside(std::string host) {
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  while (host.ends_with('.')) host.pop_back();
  if (host.starts_with('[') && host.ends_with(']'))
    return !is_public_address(host.substr(1, host.size() - 2));
  if (host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") ||
      host.ends_with(".internal")) {
    return true;
  }
  // Only an address is judged here; curl has already turned 0x7f.1 and its kind into dotted form.
  unsigned char bytes[4];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 && !is_public_address(host);
}

/// What the callbacks of one call share.
struct Exchange {
  CallPolicy policy;
  bool refused = false;
  std::size_t received = 0;
};

std::string text_of(const curl_sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  const void* from =
      address.family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address.addr).sin_addr)
          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address.addr).sin6_addr);
  return inet_ntop(address.family, from, text, sizeof text) == nullptr ? std::string() : std::string(text);
}

// The guard stands here because this is the address that will be connected, whatever the name resolved to
// before.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(context);
  const bool is_ip = address->family == AF_INET || address->family == AF_INET6;
  if (!is_ip || (!exchange.policy.allow_private && !is_public_address(text_of(*address)))) {
    exchange.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char*, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  exchange.received += size * count;
  return exchange.received > kAnswerMostBytes ? 0 : size * count;
}

struct Headers {
  curl_slist* list = nullptr;
  ~Headers() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

Status check_webhook_url(std::string_view text, const CallPolicy& policy) {
  const auto wrong = [](Errc code, std::string_view what) {
    return Error{code, std::string(what), "url", "an address such as https://shop.example/hooks"};
  };
  if (text.size() > kUrlMostBytes) return wrong(Errc::bad_input, "the address has more than 2000 bytes");
  const Url url(curl_url());
  const std::string copy(text);
  if (curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return wrong(Errc::bad_input, "not an address");
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") return wrong(Errc::bad_input, "neither http nor https");
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
    return wrong(Errc::bad_input, "a name or password in the address");
  }
  const std::string host = part_of(url.get(), CURLUPART_HOST);
  if (host.empty()) return wrong(Errc::bad_input, "no host");
  if (policy.allow_private) return {};
  if (scheme != "https") return wrong(Errc::forbidden, "plain http");
  if (plainly_inside(host)) return wrong(Errc::forbidden, "an address inside");
  return {};
}

std::optional<Instant> next_attempt(int attempt, const WebhookOutcome& outcome, Instant now, double jitter) {
  // The schedule that the specification recommends.
  constexpr Duration kWaits[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                                 hours(10),  hours(14),  hours(20),   hours(24)};
  static_assert(std::size(kWaits) == kWebhookAttemptsMost - 1);
  constexpr int kGone = 410;
  if (outcome.status == kGone || attempt >= kWebhookAttemptsMost) return std::nullopt;
  Duration wait = kWaits[attempt < 1 ? 0 : attempt - 1];
  wait.ms += static_cast<std::int64_t>(static_cast<double>(wait.ms) / 5 * jitter);
  if (outcome.retry_after) wait = std::max(wait, std::min(*outcome.retry_after, kRetryAfterMost));
  return now + wait;
}

struct WebhookSender::State {
  CallPolicy policy;
  CURL* curl = nullptr;
};

WebhookSender::WebhookSender(CallPolicy policy) : state_(std::make_unique<State>()) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  state_->policy = policy;
  state_->curl = ready == CURLE_OK ? curl_easy_init() : nullptr;
}

WebhookSender::~WebhookSender() {
  if (state_->curl != nullptr) curl_easy_cleanup(state_->curl);
}

WebhookOutcome WebhookSender::send(const WebhookCall& call, Instant now) {
  WebhookOutcome outcome;
  const auto fail = [&outcome](const Error& error, bool refused) {
    outcome.error = error.describe();
    outcome.refused = refused;
    return outcome;
  };
  const auto allowed = check_webhook_url(call.url, state_->policy);
  if (!allowed.ok()) return fail(allowed.error(), true);
  const auto signature = sign_webhook(call.secret, call.id, now, call.body);
  if (!signature.ok()) return fail(signature.error(), true);
  if (state_->curl == nullptr) return fail(Error{Errc::internal, "libcurl did not start"}, false);

  CURL* curl = state_->curl;
  curl_easy_reset(curl);
  Exchange exchange{.policy = state_->policy};
  Headers headers;
  headers.add("Content-Type: application/json");
  headers.add("webhook-id: " + call.id);
  headers.add("webhook-timestamp: " + std::to_string(now.ms / 1000));
  headers.add("webhook-signature: " + *signature);
  headers.add("Expect:");
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "rapport-webhooks/1");
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kWebhookConnectLimit.ms));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(kWebhookAnswerLimit.ms));
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  const std::int64_t started = monotonic_ns();
  const CURLcode code = curl_easy_perform(curl);
  outcome.took = milliseconds((monotonic_ns() - started) / 1'000'000);
  outcome.refused = exchange.refused;
  if (code != CURLE_OK) {
    outcome.error = exchange.refused ? "the name leads to an address inside"
                    : reason[0] != 0 ? reason
                                     : curl_easy_strerror(code);
    return outcome;
  }
  long status = 0;
  curl_off_t wait_seconds = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_seconds);
  outcome.status = static_cast<int>(status);
  if (wait_seconds > 0) outcome.retry_after = seconds(std::min<curl_off_t>(wait_seconds, 30 * 86'400));
  return outcome;
}

}  // namespace rapport::courier
