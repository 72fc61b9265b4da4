#include "http/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <ctime>

#include "base/log.h"
#include "base/thread_name.h"
#include "http/detail/io_thread.h"

namespace rapport::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using detail::IoThread;
using detail::Socket;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

constexpr auto kSweepEvery = std::chrono::milliseconds(200);

Result<asio::generic::stream_protocol::endpoint> tcp_endpoint(const std::string& listen) {
  const auto wrong = [&] {
    return Error{Errc::bad_input, fmt::format("'{}' is no address to listen on", listen), "--listen",
                 "127.0.0.1:8080 or [::1]:8080"};
  };
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return wrong();
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const auto parsed = std::from_chars(listen.data() + colon + 1, end, port);
  error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  if (ec || parsed.ec != std::errc{} || parsed.ptr != end) return wrong();
  return asio::generic::stream_protocol::endpoint(asio::ip::tcp::endpoint(address, port));
}

/// A socket file that nobody answers on is left over from a stop without cleaning up.
Status remove_stale_socket(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    return Error{Errc::bad_input, "the path of the socket is too long", path,
                 fmt::format("at most {} bytes", sizeof address.sun_path - 1)};
  }
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answered = ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  if (answered) return Error{Errc::conflict, "somebody serves this folder already", path};
  ::unlink(path.c_str());
  return {};
}

Error listen_error(const error_code& ec, const std::string& where) {
  const bool taken = ec == asio::error::address_in_use;
  return Error{taken ? Errc::conflict : Errc::io, fmt::format("cannot listen: {}", ec.message()), where};
}

}  // namespace

struct Server::Impl {
  explicit Impl(Service& service, const ServerOptions& o) : options(o), shared{service, o.limits} {
    for (int i = 0; i < std::max(1, options.threads); ++i)
      threads.push_back(std::make_shared<IoThread>(shared));
  }

  Status listen_tcp() {
    RAPPORT_TRY(const auto endpoint, tcp_endpoint(options.listen));
    tcp.emplace(threads[0]->context);
    error_code ec;
    tcp->open(endpoint.protocol(), ec);
    if (!ec) tcp->set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) tcp->bind(endpoint, ec);
    if (!ec) tcp->listen(asio::socket_base::max_listen_connections, ec);
    if (ec) return listen_error(ec, options.listen);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    ::getsockname(tcp->native_handle(), reinterpret_cast<sockaddr*>(&bound), &size);
    port = ntohs(bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                            : reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
    return {};
  }

  Status listen_local() {
    RAPPORT_CHECK(remove_stale_socket(options.socket));
    const asio::generic::stream_protocol::endpoint endpoint(
        asio::local::stream_protocol::endpoint(options.socket));
    local.emplace(threads[0]->context);
    error_code ec;
    local->open(endpoint.protocol(), ec);
    if (!ec) local->bind(endpoint, ec);
    // Nobody can connect before listen(), so the mode holds from the first moment.
    if (!ec && ::chmod(options.socket.c_str(), 0600) != 0) ec.assign(errno, boost::system::system_category());
    if (!ec) local->listen(asio::socket_base::max_listen_connections, ec);
    if (ec) return listen_error(ec, options.socket);
    return {};
  }

  void accept(Acceptor& acceptor, bool is_local) {
    const auto& io = threads[next++ % threads.size()];
    acceptor.async_accept(io->context, [this, &acceptor, io, is_local](error_code ec, Socket socket) {
      if (ec == asio::error::operation_aborted || shared.draining) return;
      if (!ec && shared.connections < options.limits.connections) {
        if (!is_local) {
          error_code ignored;
          socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        }
        auto kept = std::make_shared<Socket>(std::move(socket));
        asio::post(io->context, [io, kept, is_local] {
          if (!io->shared.draining) detail::start_session(io, std::move(*kept), is_local);
        });
      }
      accept(acceptor, is_local);
    });
  }

  void sweep(const std::shared_ptr<IoThread>& io) {
    if (ended) return;
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[64];
    io->date_header.assign(text,
                           std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc));
    detail::sweep_sessions(*io);
    io->sweep.expires_after(kSweepEvery);
    io->sweep.async_wait([this, io](error_code ec) {
      if (!ec) sweep(io);
    });
  }

  void run() {
    if (tcp) accept(*tcp, false);
    if (local) accept(*local, true);
    for (const auto& io : threads) {
      asio::post(io->context, [this, io] { sweep(io); });
      io->thread = std::thread([io] {
        name_this_thread("io");
        io->context.run();
      });
    }
  }

  void stop() {
    if (stopped.exchange(true)) return;
    shared.draining = true;
    asio::post(threads[0]->context, [this] {
      error_code ignored;
      if (tcp) tcp->close(ignored);
      if (local) local->close(ignored);
    });
    const std::int64_t until = monotonic_ns() + options.limits.stop_time.ms * 1'000'000;
    while (shared.connections > 0 && monotonic_ns() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ended = true;  // A sweep that is due already, or was never begun, would arm its timer past every cancel.
    for (const auto& io : threads) io->context.stop();
    for (const auto& io : threads) {
      if (io->thread.joinable()) io->thread.join();
      // Handlers that still wait hold their loop; let them end, or neither would ever be freed.
      io->sweep.cancel();
      io->context.restart();
      io->context.poll();
    }
    if (local) ::unlink(options.socket.c_str());
  }

  ServerOptions options;
  detail::Shared shared;
  std::vector<std::shared_ptr<IoThread>> threads;
  std::optional<Acceptor> tcp;
  std::optional<Acceptor> local;
  std::size_t next = 0;
  std::uint16_t port = 0;
  std::atomic<bool> stopped{false};
  std::atomic<bool> ended{false};  ///< No loop runs any more but to free what it holds.
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Service& service) {
  auto impl = std::make_unique<Impl>(service, options);
  if (!options.listen.empty()) RAPPORT_CHECK(impl->listen_tcp());
  if (!options.socket.empty()) RAPPORT_CHECK(impl->listen_local());
  impl->run();
  log(LogLevel::info, "listening", {{"port", impl->port}, {"socket", options.socket.empty() ? "no" : "yes"}});
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop();
}

void Server::stop() {
  impl_->stop();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::uint64_t Server::connections() const {
  return impl_->shared.connections;
}

}  // namespace rapport::http
