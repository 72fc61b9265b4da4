#include "courier/webhook.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace rapport::courier {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kBody = R"({"test": 2432232314})";
constexpr Instant kSent = {1'614'265'330'000};

TEST(WebhookSignature, IsTheOneOfTheSpecificationsExample) {
  const auto signature = sign_webhook(kSecret, kId, kSent, kBody);
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(*signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, IsCheckedWithItsTimeAndEveryByte) {
  const std::string good = "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  EXPECT_TRUE(verify_webhook(kSecret, kId, "1614265330", good, kBody, kSent));
  EXPECT_TRUE(verify_webhook(kSecret, kId, "1614265330", good, kBody, kSent + minutes(5)));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265330", good, kBody, kSent + minutes(6)));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265330", good, kBody, kSent - minutes(6)));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265331", good, kBody, kSent));
  EXPECT_FALSE(verify_webhook(kSecret, "msg_other", "1614265330", good, kBody, kSent));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265330", good, R"({"test": 2432232315})", kSent));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265330x", good, kBody, kSent));
  EXPECT_FALSE(verify_webhook(kSecret, kId, "1614265330", "", kBody, kSent));
  EXPECT_FALSE(verify_webhook(new_webhook_secret(), kId, "1614265330", good, kBody, kSent));
}

TEST(WebhookSignature, RefusesSecretsThatAreNone) {
  for (const std::string_view secret : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_???"}) {
    EXPECT_FALSE(sign_webhook(secret, "a", kSent, "b").ok()) << secret;
  }
  EXPECT_TRUE(sign_webhook(new_webhook_secret(), "a", kSent, "b").ok());
  EXPECT_NE(new_webhook_secret(), new_webhook_secret());
}

TEST(WebhookGuard, KnowsThePublicInternet) {
  for (const auto* inside : {"127.0.0.1",
                             "127.255.255.254",
                             "10.1.2.3",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "0.0.0.0",
                             "100.64.0.1",
                             "100.127.255.255",
                             "198.18.0.1",
                             "198.19.255.255",
                             "224.0.0.1",
                             "255.255.255.255",
                             "192.0.2.1",
                             "203.0.113.9",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::7f00:1",
                             "2001:db8::1",
                             "2002:7f00:1::",
                             "2001::1",
                             "nobody",
                             ""}) {
    EXPECT_FALSE(is_public_address(inside)) << inside;
  }
  for (const auto* outside :
       {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.167.0.1", "223.5.5.5",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2400:3200::1"}) {
    EXPECT_TRUE(is_public_address(outside)) << outside;
  }
}

TEST(WebhookGuard, ChecksAddressesWhenTheyAreAdded) {
  const CallPolicy outside;
  EXPECT_TRUE(check_webhook_url("https://shop.example/hooks?a=1", outside).ok());
  for (const auto* bad : {"", "shop.example", "ftp://shop.example/", "file:///etc/passwd", "https://",
                          "https://user:pw@shop.example/", "http://shop.example/", "https://127.0.0.1/",
                          "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://localhost/",
                          "https://LOCALHOST./", "https://db.internal/", "gopher://x/"}) {
    EXPECT_FALSE(check_webhook_url(bad, outside).ok()) << bad;
  }
  EXPECT_TRUE(check_webhook_url("http://127.0.0.1:9/x", {.allow_private = true}).ok());
  EXPECT_FALSE(check_webhook_url("file:///etc/passwd", {.allow_private = true}).ok());
}

TEST(WebhookRetry, GrowsThenGivesUp) {
  const Instant now{1'000'000};
  WebhookOutcome failed{.status = 500};
  Duration total;
  Duration last;
  for (int attempt = 1; attempt < kWebhookAttemptsMost; ++attempt) {
    const auto at = next_attempt(attempt, failed, now, 0);
    ASSERT_TRUE(at.has_value());
    EXPECT_GT(*at - now, last);
    last = *at - now;
    total = total + last;
    EXPECT_LE((*next_attempt(attempt, failed, now, 0.999) - now).ms, last.ms * 6 / 5);
  }
  EXPECT_GT(total, days(3));
  EXPECT_EQ(next_attempt(kWebhookAttemptsMost, failed, now, 0), std::nullopt);
  EXPECT_EQ(next_attempt(1, {.status = 410}, now, 0), std::nullopt);
  EXPECT_EQ(next_attempt(1, {.refused = true}, now, 0), now + seconds(5))
      << "a server may be allowed to call it";
  failed.retry_after = seconds(60);
  EXPECT_EQ(next_attempt(1, failed, now, 0), now + seconds(60));
  failed.retry_after = days(30);
  EXPECT_EQ(next_attempt(1, failed, now, 0), now + days(1));
}

/// Answers one connection with a fixed text and keeps what it was sent.
class Receiver {
 public:
  explicit Receiver(std::string answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Receiver() {
    end();
    ::close(listener_);
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", port_); }
  /// It receives no more once one of these was asked.
  int calls() {
    end();
    return calls_;
  }
  const std::string& request() {
    end();
    return request_;
  }

 private:
  void end() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
  }
  void serve() {
    while (true) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      ++calls_;
      char buffer[4096];
      while (request_.find("\"end\"}") == std::string::npos) {
        const auto n = ::recv(peer, buffer, sizeof buffer, 0);
        if (n <= 0) break;
        request_.append(buffer, static_cast<std::size_t>(n));
      }
      (void)!::write(peer, answer_.data(), answer_.size());
      ::close(peer);
    }
  }
  std::string answer_, request_;
  int calls_ = 0;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

std::string header(const std::string& request, const std::string& name) {
  const auto at = request.find(name + ": ");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return request.substr(from, request.find("\r\n", from) - from);
}

TEST(WebhookSender, SendsWhatTheReceiverCanVerify) {
  Receiver receiver("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  const std::string secret = new_webhook_secret();
  const std::string body = R"({"event":"segment.entered","x":"end"})";
  WebhookSender sender({.allow_private = true});
  const auto outcome = sender.send({receiver.url(), secret, "msg_1", body}, kSent);
  EXPECT_TRUE(outcome.delivered()) << outcome.error;
  const auto& request = receiver.request();
  EXPECT_TRUE(request.starts_with("POST /hook HTTP/1.1")) << request;
  EXPECT_TRUE(verify_webhook(secret, header(request, "webhook-id"), header(request, "webhook-timestamp"),
                             header(request, "webhook-signature"), body, kSent));
  EXPECT_TRUE(request.ends_with(body));
}

TEST(WebhookSender, FollowsNoRedirectAndTellsRetryAfter) {
  Receiver elsewhere("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  Receiver receiver("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() +
                    "\r\nRetry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  WebhookSender sender({.allow_private = true});
  const auto outcome = sender.send({receiver.url(), new_webhook_secret(), "m", R"({"a":"end"})"}, kSent);
  EXPECT_EQ(outcome.status, 302);
  EXPECT_FALSE(outcome.delivered());
  EXPECT_EQ(outcome.retry_after, seconds(7));
  EXPECT_EQ(elsewhere.calls(), 0);
}

TEST(WebhookSender, NeverConnectsInside) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n");
  WebhookSender sender({});
  for (const std::string& url :
       {receiver.url(), std::string("https://127.0.0.1:1/"), std::string("https://localtest/")}) {
    const auto outcome = sender.send({url, new_webhook_secret(), "m", R"({"a":"end"})"}, kSent);
    EXPECT_FALSE(outcome.delivered());
    EXPECT_EQ(outcome.status, 0);
    EXPECT_FALSE(outcome.error.empty());
  }
  EXPECT_EQ(receiver.calls(), 0);
}

// A name that passes every look at the URL and then resolves inside: what DNS rebinding comes to.
TEST(WebhookSender, RefusesANameThatLeadsInside) {
  char own[256] = "";
  ::gethostname(own, sizeof own - 1);
  for (const std::string& name : {std::string("ip6-localhost"), std::string(own)}) {
    addrinfo* found = nullptr;
    if (name.empty() || ::getaddrinfo(name.c_str(), nullptr, nullptr, &found) != 0) continue;
    char text[INET6_ADDRSTRLEN] = "";
    ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    ::freeaddrinfo(found);
    const std::string url = "https://" + name + ":9/";
    if (is_public_address(text) || !check_webhook_url(url, {}).ok()) continue;
    WebhookSender sender({});
    const auto outcome = sender.send({url, new_webhook_secret(), "m", "{}"}, kSent);
    EXPECT_TRUE(outcome.refused) << url << ": " << outcome.error;
    return;
  }
  GTEST_SKIP() << "this machine has no name of its own that resolves to an inside address";
}

TEST(WebhookSender, SaysWhyThereIsNoAnswer) {
  WebhookSender sender({.allow_private = true});
  const auto outcome = sender.send({"http://127.0.0.1:1/", new_webhook_secret(), "m", "{}"}, kSent);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_FALSE(outcome.refused);
  EXPECT_FALSE(outcome.error.empty());
  Receiver flood("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(200 * 1024, 'x'));
  EXPECT_FALSE(sender.send({flood.url(), new_webhook_secret(), "m", R"({"a":"end"})"}, kSent).delivered());
}

}  // namespace
}  // namespace rapport::courier
