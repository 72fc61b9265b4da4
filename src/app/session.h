#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/client.h"
#include "http/server.h"

/// How a subcommand reaches a data folder: over the socket of the server that holds it, or, when nobody does,
/// over the socket of the same server started in process for the length of the call.
namespace rapport::app {

/// The socket of a folder; a short alias of it when the path is too long for a socket address. The alias
/// holds as long as the returned object.
class SocketPath {
 public:
  /// Errors: io when the folder cannot be opened.
  static Result<SocketPath> of(const std::string& data);
  ~SocketPath();
  SocketPath(SocketPath&& other) noexcept;
  SocketPath(const SocketPath&) = delete;
  const std::string& path() const { return path_; }

 private:
  SocketPath() = default;
  std::string path_;
  int folder_ = -1;
};

struct HouseOptions {
  engine::EngineOptions engine;
  std::string listen;  ///< "" for the socket only
  int io_threads = 1;
};

/// Engine, API and server over one folder.
class House {
 public:
  static Result<std::unique_ptr<House>> open(const HouseOptions& options);
  ~House();
  engine::Engine& engine() { return *engine_; }
  http::Server& server() { return *server_; }
  const std::string& socket() const { return socket_.path(); }
  /// Answers what is under way, then closes the folder. Idempotent.
  void stop();

 private:
  explicit House(SocketPath socket) : socket_(std::move(socket)) {}
  SocketPath socket_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<http::Api> api_;
  std::unique_ptr<http::Server> server_;
  bool holds_folder_ = false;
};

struct Call {
  std::string method = "GET", target, body, content_type = "application/json";
  std::string after = "";  ///< X-Log-Offset: a read waits for this position; "" for none
};

/// What to do when there is no data folder yet.
enum class NoFolder : std::uint8_t { refuse, make };

class Session {
 public:
  /// Waits some seconds for a server that is starting. Errors: not_found when there is no data folder and
  /// none is to be made; those of opening the folder, when nobody holds it; conflict when somebody holds it
  /// who does not answer.
  static Result<Session> open(const std::string& data, const std::string& shop,
                              NoFolder no_folder = NoFolder::refuse);
  /// The answer of a call that succeeded; gives up with the API's own words otherwise.
  http::ClientReply call(const Call& call);
  /// The same without giving up.
  Result<http::ClientReply> try_call(const Call& call);
  const std::string& shop() const { return shop_; }
  /// True when another process holds the folder.
  bool is_remote() const { return house_ == nullptr; }

 private:
  Session() = default;
  Result<bool> reach_server(const std::string& data);
  std::string shop_;
  std::unique_ptr<House> house_;
  std::unique_ptr<SocketPath> remote_;
  std::unique_ptr<http::Client> client_;
};

/// The text of a member of a JSON object (nested ones as "outer.inner"); "" when it is absent.
std::string field(const std::string& json, std::string_view name);
/// An API problem document as an Error.
Error error_from_problem(const http::ClientReply& reply);

}  // namespace rapport::app
