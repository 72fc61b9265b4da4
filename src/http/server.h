#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/message.h"

/// HTTP/1.1 over TCP and over a unix socket. Each io thread runs its own loop; a connection stays on one.
namespace rapport::http {

/// Named limits. Over one of them the connection gets an answer (413, 431, 408, 503) and is closed.
struct ServerLimits {
  std::size_t connections = 10'000;
  std::size_t header_bytes = 16 * 1024;
  Duration header_time = seconds(10);  ///< from the first byte of a request to the end of its header
  Duration body_time = seconds(60);
  Duration write_time = seconds(60);
  Duration idle_time = seconds(75);  ///< between requests of one connection
  Duration stop_time = seconds(10);  ///< stop() waits that long for answers
};

struct ServerOptions {
  std::string listen;  ///< "127.0.0.1:8080", "[::1]:8080", port 0 for any; "" for no TCP
  std::string socket;  ///< path of the unix socket, made with mode 0600; "" for none
  int threads = 1;     ///< io threads
  ServerLimits limits;
};

class Server {
 public:
  /// Listens and serves until stop(). `service` must outlive the server. Errors: bad_input for an address
  /// that is none, conflict when it is taken, io.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Service& service);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops listening, answers what is under way, closes every connection, joins the threads. Idempotent.
  void stop();
  /// The TCP port, 0 without TCP.
  std::uint16_t port() const;
  std::uint64_t connections() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::http
