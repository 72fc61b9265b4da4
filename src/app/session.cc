#include "app/session.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "app/command.h"
#include "base/log.h"
#include "codec/json_row.h"

namespace rapport::app {
namespace {

constexpr std::size_t kSocketPathMost = 100;  // sockaddr_un holds 107
constexpr Duration kCallLimit = hours(12);    // a long import is one call
/// A server with a million customers is there in four seconds.
constexpr std::int64_t kHeldPatienceNs = 10'000'000'000;

}  // namespace

Result<SocketPath> SocketPath::of(const std::string& data) {
  SocketPath out;
  out.path_ = (std::filesystem::path(data) / "rapport.sock").string();
  if (out.path_.size() <= kSocketPathMost) return out;
  out.folder_ = ::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (out.folder_ < 0) return Error{Errc::io, "the data folder cannot be opened", data};
  out.path_ = fmt::format("/proc/self/fd/{}/rapport.sock", out.folder_);
  return out;
}

SocketPath::SocketPath(SocketPath&& other) noexcept
    : path_(std::move(other.path_)), folder_(std::exchange(other.folder_, -1)) {}

SocketPath::~SocketPath() {
  if (folder_ >= 0) ::close(folder_);
}

Result<std::unique_ptr<House>> House::open(const HouseOptions& options) {
  // The folder holds keys; nobody but its owner reads what is made in it.
  ::umask(077);
  std::error_code made;
  std::filesystem::create_directories(options.engine.data, made);
  if (made) return Error{Errc::io, "the data folder cannot be made: " + made.message(), options.engine.data};
  RAPPORT_TRY(SocketPath socket, SocketPath::of(options.engine.data));
  auto house = std::unique_ptr<House>(new House(std::move(socket)));
  RAPPORT_TRY(house->engine_, engine::Engine::open(options.engine));
  // The folder's lock is ours now, so a socket that lies there belongs to a server that died.
  house->holds_folder_ = true;
  std::error_code ignored;
  std::filesystem::remove(house->socket_.path(), ignored);
  http::ApiOptions api;
  api.scratch = (std::filesystem::path(options.engine.data) / "scratch").string();
  std::filesystem::remove_all(api.scratch, ignored);
  house->api_ = std::make_unique<http::Api>(*house->engine_, api);
  http::ServerOptions server;
  server.listen = options.listen;
  server.socket = house->socket_.path();
  server.threads = options.io_threads;
  RAPPORT_TRY(house->server_, http::Server::start(server, *house->api_));
  if (!options.listen.empty()) house->engine_->warm();
  return house;
}

House::~House() {
  stop();
}

void House::stop() {
  if (server_) server_->stop();
  if (engine_) engine_->stop();
  server_.reset();
  api_.reset();
  const bool ours = std::exchange(holds_folder_, false);
  std::error_code ignored;
  // While the lock is still held: whoever takes it next makes a socket of the same name.
  if (ours) std::filesystem::remove(socket_.path(), ignored);
  engine_.reset();
}

/// Through the server that holds the folder; false when none answers.
Result<bool> Session::reach_server(const std::string& data) {
  if (!std::filesystem::exists(data)) return false;
  RAPPORT_TRY(SocketPath socket, SocketPath::of(data));
  remote_ = std::make_unique<SocketPath>(std::move(socket));
  client_ = std::make_unique<http::Client>(http::Place{.socket = remote_->path()}, kCallLimit);
  const auto alive = client_->call({.target = "/livez"});
  if (alive.ok()) return true;
  client_.reset();
  remote_.reset();
  return false;
}

Result<Session> Session::open(const std::string& data, const std::string& shop, NoFolder no_folder) {
  if (no_folder == NoFolder::refuse && !std::filesystem::exists(std::filesystem::path(data) / "db")) {
    return Error{Errc::not_found, "no data folder here", data,
                 "--data with a folder made by `rapport keys add` or `rapport serve`"};
  }
  Session session;
  session.shop_ = shop;
  HouseOptions options;
  options.engine.data = data;
  for (const std::int64_t start_ns = monotonic_ns();;) {
    RAPPORT_TRY(const bool reached, session.reach_server(data));
    if (reached) return session;
    set_log_level(LogLevel::warn);
    auto house = House::open(options);
    if (house.ok()) {
      session.house_ = std::move(house).value();
      break;
    }
    // Somebody holds the folder and does not answer yet: a server that is starting, or a command about to
    // end.
    const bool held = house.error().code == Errc::conflict;
    if (!held || monotonic_ns() - start_ns > kHeldPatienceNs) return house.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  session.client_ =
      std::make_unique<http::Client>(http::Place{.socket = session.house_->socket()}, kCallLimit);
  return session;
}

Result<http::ClientReply> Session::try_call(const Call& call) {
  http::ClientRequest request;
  request.method = call.method;
  request.target = call.target;
  request.body = call.body;
  request.headers = {{"X-Rapport-Shop", shop_}};
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", call.content_type);
  if (!call.after.empty()) request.headers.emplace_back("X-Log-Offset", call.after);
  return client_->call(request);
}

http::ClientReply Session::call(const Call& asked) {
  http::ClientReply reply = must(try_call(asked));
  if (reply.status < 200 || reply.status > 299) give_up(error_from_problem(reply));
  return reply;
}

std::string field(const std::string& json, std::string_view name) {
  codec::JsonRowParser parser;
  codec::JsonRowParser::Cells cells;
  if (!parser.parse(json, cells).ok()) return {};
  for (const auto& [key, value] : cells) {
    if (key == name) return value;
  }
  return {};
}

Error error_from_problem(const http::ClientReply& reply) {
  Error error{Errc::internal, fmt::format("the server answered {}", reply.status)};
  const std::string detail = field(reply.body, "detail");
  if (!detail.empty()) error.message = detail;
  error.where = field(reply.body, "where");
  error.expected = field(reply.body, "expected");
  return error;
}

}  // namespace rapport::app
