#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "courier/mail.h"

/// For tests: a place that letters can be sent to.
namespace rapport::courier {

/// Answers of a server that takes everything.
inline std::string agreeable(const std::string& command) {
  if (command.empty()) return "220 sink";
  if (command == "DATA") return "354 go on";
  if (command == "QUIT") return "221 bye";
  return "250 fine";
}

/// A mail server on a port of the loopback: answers each command by its script and keeps what it was told.
class TestMailSink {
 public:
  /// Gives the reply to a command ("" = hang up); "." is the end of a letter, "" the greeting.
  explicit TestMailSink(std::function<std::string(const std::string& command)> answer)
      : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    socklen_t size = sizeof place;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] {
      for (int connection; (connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        talking_ = connection;
        talk(connection);
        talking_ = -1;
        ::close(connection);
      }
    });
  }
  ~TestMailSink() {
    ::shutdown(listener_, SHUT_RDWR);
    // A sender may keep its connection for the next letter.
    if (const int open = talking_; open >= 0) ::shutdown(open, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  MailServer server() const {
    MailServer server;
    server.host = "127.0.0.1";
    server.port = port_;
    server.security = MailSecurity::none;
    server.from = "care@shop.example";
    server.from_name = "小店";
    return server;
  }
  std::vector<std::string> commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
  }
  /// Letters whose end was answered with 2xx, in order; also while the answer is not out yet.
  std::vector<std::string> letters() const {
    const std::lock_guard lock(mutex_);
    return letters_;
  }
  /// The same, once there are so many or the patience is over.
  std::vector<std::string> wait_for(std::size_t letters, std::chrono::milliseconds patience) const {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, patience, [&] { return letters_.size() >= letters; });
    return letters_;
  }

 private:
  void talk(int connection) {
    std::string buffer;
    const auto say = [&](const std::string& line) {
      return !line.empty() && ::send(connection, (line + "\r\n").data(), line.size() + 2, MSG_NOSIGNAL) > 0;
    };
    const auto read_line = [&](std::string& line) {
      while (buffer.find("\r\n") == std::string::npos) {
        char piece[4096];
        const ssize_t n = ::recv(connection, piece, sizeof piece, 0);
        if (n <= 0) return false;
        buffer.append(piece, static_cast<std::size_t>(n));
      }
      line = buffer.substr(0, buffer.find("\r\n"));
      buffer.erase(0, line.size() + 2);
      return true;
    };
    if (!say(answer_(""))) return;
    for (std::string line; read_line(line);) {
      {
        const std::lock_guard lock(mutex_);
        commands_.push_back(line);
      }
      const std::string reply = answer_(line);
      if (!say(reply)) return;
      if (line != "DATA" || reply.substr(0, 1) != "3") continue;
      std::string letter;
      while (read_line(line) && line != ".") letter += line + "\n";
      const std::string end = answer_(".");
      if (end.starts_with("2")) {
        const std::lock_guard lock(mutex_);
        letters_.push_back(letter);
        told_.notify_all();
      }
      if (!say(end)) return;
    }
  }
  std::function<std::string(const std::string&)> answer_;
  int listener_ = -1;
  std::atomic<int> talking_{-1};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable told_;
  std::vector<std::string> commands_, letters_;
  std::thread thread_;
};

}  // namespace rapport::courier
