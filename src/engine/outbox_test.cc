#include <arpa/inet.h>
#include <sys/socket.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "engine/detail/test_kill.h"
#include "engine/engine_surveys.h"

namespace rapport::engine {
namespace {

/// A receiver of webhooks on a port of the loopback: keeps the ids it was sent and answers as it is told.
class Receiver {
 public:
  /// Told on the receiver's thread, before the answer; gives the status, 0 = hang up without one.
  explicit Receiver(std::function<int(const std::string& id)> answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    socklen_t size = sizeof place;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Receiver() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  /// The ids in order of arrival, once there are so many or the patience is over.
  std::vector<std::string> wait_for(std::size_t calls, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, patience, [&] { return ids_.size() >= calls; });
    return ids_;
  }

 private:
  void serve() {
    while (true) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      const std::string id = read_id(connection);
      const int status = id.empty() ? 0 : answer_(id);
      {
        const std::lock_guard lock(mutex_);
        if (!id.empty()) ids_.push_back(id);
      }
      told_.notify_all();
      const std::string answer =
          "HTTP/1.1 " + std::to_string(status) + " Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
      if (status != 0) {
        EXPECT_EQ(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(answer.size()));
      }
      ::close(connection);
    }
  }
  /// Reads one request whole; the value of its webhook-id header.
  static std::string read_id(int connection) {
    std::string request;
    char piece[4096];
    while (true) {
      const ssize_t n = ::recv(connection, piece, sizeof piece, 0);
      if (n <= 0) return "";
      request.append(piece, static_cast<std::size_t>(n));
      const std::size_t head = request.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t length = request.find("Content-Length: ");
      if (length == std::string::npos) return "";
      if (request.size() >= head + 4 + std::stoul(request.substr(length + 16))) break;
    }
    const std::size_t at = request.find("webhook-id: ");
    return at == std::string::npos ? "" : request.substr(at + 12, request.find("\r\n", at) - at - 12);
  }

  std::function<int(const std::string&)> answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<std::string> ids_;
  std::thread thread_;
};

constexpr auto kPatience = std::chrono::seconds(20);

class OutboxTest : public EngineTest {
 protected:
  /// The ids of the outbox's records of one type, in log order.
  std::vector<std::string> logged(const std::string& type) {
    const auto tail = wait<TailAnswer>([&](auto reply) {
      engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
    });
    std::vector<std::string> ids;
    for (const auto& entry : tail->events) {
      if (entry.event != type) continue;
      const std::size_t at = entry.properties_json.find("\"id\":\"") + 6;
      ids.push_back(entry.properties_json.substr(at, entry.properties_json.find('"', at) - at));
    }
    return ids;
  }
  std::vector<std::string> wait_logged(const std::string& type, std::size_t most) {
    for (int i = 0; i < 1'000; ++i) {
      auto ids = logged(type);
      if (ids.size() >= most) return ids;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return logged(type);
  }
};

const std::string kComplaint = R"({"ticket_id":"T1","class":"product"})";

TEST_F(OutboxTest, AnIntentIsLoggedBeforeTheCallAndItsReceiptAfter) {
  std::size_t intents_at_call = 0;
  Receiver receiver([&](const std::string&) {
    intents_at_call = logged("outbox_intent").size();
    return 204;
  });
  std::string secret;
  ASSERT_TRUE(engine_->add_webhook(shop_, receiver.url(), {"segment.entered/problem"}, secret).ok());
  ASSERT_TRUE(send(track("ada", "Ticket Opened", "m1", kComplaint)).ok());
  const auto ids = receiver.wait_for(1, kPatience);
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(intents_at_call, 1U);
  EXPECT_EQ(logged("outbox_intent"), ids);
  EXPECT_EQ(wait_logged("outbox_receipt", 1), ids);
  // What the outbox logs is nobody's history and moves no state.
  EXPECT_EQ(customer("ada")->segments.size(), 1U);
}

TEST_F(OutboxTest, WhatIsGivenUpHasAReceiptAndMayBeTriedAgain) {
  std::atomic<int> status{410};
  Receiver receiver([&](const std::string&) { return status.load(); });
  std::string secret;
  ASSERT_TRUE(engine_->add_webhook(shop_, receiver.url(), {"*"}, secret).ok());
  ASSERT_TRUE(send(track("ada", "Ticket Opened", "m1", kComplaint)).ok());
  const auto given_up = wait_logged("outbox_receipt", 1);
  ASSERT_EQ(given_up.size(), 1U);
  status = 200;
  reopen();
  const auto again = wait<std::uint64_t>([&](auto reply) { engine_->redrive_webhooks(shop_, reply); });
  EXPECT_EQ(*again, 1U);
  const auto ids = receiver.wait_for(2, kPatience);
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_EQ(wait_logged("outbox_receipt", 2).size(), 2U);
  EXPECT_EQ(logged("outbox_intent").size(), 1U);
}

TEST_F(OutboxTest, AnInvitationOnAChannelOfOthersGoesToTheWebhookThatAskedForIt) {
  Receiver receiver([&](const std::string&) { return 202; });
  std::string secret;
  ASSERT_TRUE(engine_->add_webhook(shop_, receiver.url(), {"survey.invited/nps"}, secret).ok());
  EXPECT_EQ(engine_->add_webhook(shop_, receiver.url(), {"survey.answered"}, secret).error().where, "events");
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) {
                engine_->publish_survey(shop_, "nps", R"({"template":"nps"})", reply);
              }).ok());
  const auto met =
      send(track("ada", "Consent Updated", "m1", R"({"purpose":"service","channel":"sms","granted":true})"));
  ASSERT_TRUE(met.ok() && customer("ada", met->offset).ok());
  InviteRequest request;
  request.survey = "nps";
  request.customers = {"ada"};
  request.channel = "sms";
  request.send = true;
  const auto invited =
      wait<InviteAnswer>([&](auto reply) { engine_->invite(shop_, std::move(request), reply); });
  ASSERT_TRUE(invited.ok()) << invited.error().describe();
  ASSERT_EQ(invited->invited.size(), 1U);
  EXPECT_EQ(invited->invited[0].sent_by, "webhook");
  EXPECT_EQ(receiver.wait_for(1, kPatience), std::vector<std::string>{invited->invited[0].decision_id});
  EXPECT_EQ(wait_logged("outbox_receipt", 1).size(), 1U);
}

/// Not a test but the process that the next one kills.
TEST_F(OutboxTest, DISABLED_ChildThatIsKilled) {
  const char* folder = std::getenv(kKilledFolder);
  ASSERT_NE(folder, nullptr) << "runs as the child of OutboxTest.AfterAKill...";
  engine_.reset();
  std::filesystem::remove_all(folder_);
  folder_ = folder;
  open();
  EXPECT_TRUE(send(track("ada", "Ticket Opened", "m1", kComplaint)).ok());
  std::this_thread::sleep_for(kPatience);
}

TEST_F(OutboxTest, AfterAKillBetweenIntentAndReceiptTheSameIdIsSentAgain) {
  std::atomic<pid_t> child{0};
  std::atomic<int> calls{0};
  Receiver receiver([&](const std::string&) {
    if (++calls > 1) return 200;
    // It may call before this process knows which it is; nobody is killed by the number 0.
    while (child.load() == 0) std::this_thread::yield();
    ::kill(child.load(), SIGKILL);
    return 0;
  });
  std::string secret;
  ASSERT_TRUE(engine_->add_webhook(shop_, receiver.url(), {"*"}, secret).ok());
  engine_.reset();
  child = start_child("OutboxTest.DISABLED_ChildThatIsKilled", folder_.string());
  int how = 0;
  ASSERT_EQ(::waitpid(child, &how, 0), child.load());
  EXPECT_TRUE(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);

  open();
  const auto ids = receiver.wait_for(2, kPatience);
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0], ids[1]) << "the idempotency key";
  EXPECT_EQ(logged("outbox_intent"), std::vector<std::string>{ids[0]}) << "one decision";
  EXPECT_EQ(wait_logged("outbox_receipt", 1), std::vector<std::string>{ids[0]});
  reopen();
  EXPECT_EQ(receiver.wait_for(3, std::chrono::milliseconds(500)).size(), 2U) << "a receipt ends it";
}

}  // namespace
}  // namespace rapport::engine
