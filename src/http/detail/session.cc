#include <arpa/inet.h>
#include <sys/socket.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <charconv>
#include <ctime>

#include "base/assert.h"
#include "http/detail/io_thread.h"
#include "http/inflate.h"
#include "http/problem.h"

namespace rapport::http::detail {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;
using Parser = beast_http::request_parser<beast_http::string_body>;

constexpr std::size_t kHeaderReadBytes = 8 * 1024;
constexpr std::size_t kBodyReadBytes = 64 * 1024;
/// What an idle connection may keep.
constexpr std::size_t kIdleBufferBytes = 64 * 1024;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::put:
      return Method::put;
    case beast_http::verb::delete_:
      return Method::del;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

/// The one bridge between handlers, which answer by callback from any thread, and the session's coroutine,
/// which waits for the answer on its own thread.
class SessionCall final : public Call, public std::enable_shared_from_this<SessionCall> {
 public:
  explicit SessionCall(std::shared_ptr<IoThread> io) : io_(std::move(io)) {}

  void respond(Response response) override {
    response_ = std::move(response);
    const int before = state_.exchange(kAnswered, std::memory_order_acq_rel);
    ASSERT(before != kAnswered);
    // On the session's own thread the coroutine goes on at once; from another one it is told to.
    if (before == kWaiting) asio::dispatch(io_->context, [self = shared_from_this()] { self->resume(); });
  }
  void post(std::function<void()> work) override { asio::post(io_->context, std::move(work)); }
  void post_after(Duration wait, std::function<void()> work) override {
    auto timer = std::make_shared<asio::steady_timer>(io_->context, std::chrono::milliseconds(wait.ms));
    timer->async_wait([timer, work = std::move(work)](error_code) { work(); });
  }
  bool draining() const override { return io_->shared.draining.load(std::memory_order_relaxed); }

  void when_gone(std::function<void()> gone) override { gone_ = std::move(gone); }
  /// On the io thread: somebody wants to know whether the other end is still there.
  bool asks_for_peer() const { return gone_ != nullptr && !answered(); }
  void peer_left() {
    const auto gone = std::exchange(gone_, nullptr);
    gone();
  }

  bool answered() const { return state_.load(std::memory_order_acquire) == kAnswered; }
  /// Waits until respond() was called.
  asio::awaitable<void> wait() {
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        [this](auto handler) {
          auto kept = std::make_shared<decltype(handler)>(std::move(handler));
          resume_ = [kept] { std::move (*kept)(); };
          int before = kPending;
          if (!state_.compare_exchange_strong(before, kWaiting, std::memory_order_acq_rel)) {
            asio::post(io_->context, [self = shared_from_this()] { self->resume(); });
          }
        },
        asio::use_awaitable);
  }
  Response take() { return std::move(response_); }

 private:
  static constexpr int kPending = 0, kWaiting = 1, kAnswered = 2;
  void resume() {
    const auto go = std::move(resume_);
    go();
  }
  std::shared_ptr<IoThread> io_;
  std::atomic<int> state_{kPending};
  Response response_;
  std::function<void()> resume_, gone_;
};

/// "192.0.2.7", "2001:db8::1"; "" when it is gone already.
std::string address_of(const Socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return {};
  char text[INET6_ADDRSTRLEN] = {};
  const auto* address = static_cast<const sockaddr*>(endpoint.data());
  if (address->sa_family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
  if (address->sa_family == AF_INET6)
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text, sizeof text);
  return text;
}

/// For deadlines: as fine as the kernel's tick, and asked for several times a request.
std::int64_t now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * 1'000 + now.tv_nsec / 1'000'000;
}

}  // namespace

/// One connection: read a request, have it answered, write the answer, again.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<IoThread> io, Socket socket, bool from_socket)
      : io_(std::move(io)), socket_(std::move(socket)), from_socket_(from_socket) {
    io_->sessions.insert(this);
    io_->shared.connections.fetch_add(1, std::memory_order_relaxed);
    if (!from_socket_) peer_ = address_of(socket_);
  }
  ~Session() {
    io_->sessions.erase(this);
    io_->shared.connections.fetch_sub(1, std::memory_order_relaxed);
  }

  asio::awaitable<void> run() {
    const auto self = shared_from_this();
    bool keep_alive = true;
    while (keep_alive) {
      begin_request();
      Feed fed = feed();
      // Whoever waits already goes first: meanwhile the next request often comes, and asking for it too early
      // would cost a call that finds nothing.
      if (answered_any_ && fed == Feed::more) co_await asio::post(io_->context, asio::use_awaitable);
      while (fed == Feed::more) {
        error_code ec;
        const std::size_t n = co_await socket_.async_read_some(
            buffer_.prepare(limit_checked_ ? kBodyReadBytes : kHeaderReadBytes),
            asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return;
        buffer_.commit(n);
        fed = feed();
        if (fed == Feed::send_continue) {
          if (!co_await write_continue()) co_return;
          fed = feed();
        }
      }
      keep_alive = fed == Feed::whole && parser_->keep_alive() && !io_->shared.draining;
      Response response = fed == Feed::whole ? Response{} : problem(bad_status_, bad_);
      const bool is_head = fed == Feed::whole && parser_->get().method() == beast_http::verb::head;
      if (fed == Feed::whole) {
        const auto call = std::make_shared<SessionCall>(io_);
        fill(call->request);
        deadline_ = kNever;
        if (!unzip(call->request, response)) {
          keep_alive = false;
        } else {
          call_ = call;
          io_->shared.service.handle(call);
          if (!call->answered()) co_await call->wait();
          call_ = nullptr;
          response = call->take();
        }
      }
      make_head(response, keep_alive);
      if (!co_await write(is_head ? std::string_view() : std::string_view(response.body))) co_return;
      answered_any_ = true;
    }
    shut();
  }

  /// Called by the sweep: looks whether the other end has left while its request is being answered. One that
  /// has said that it will not send any more counts as gone, as with other servers.
  void look_for_peer() {
    if (call_ == nullptr || !call_->asks_for_peer()) return;
    char next = 0;
    const ssize_t n = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    const bool there = n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
    if (!there) call_->peer_left();
  }

  /// Called by the sweep.
  void end_if_due(std::int64_t now, bool draining) {
    const bool idle = waiting_for_first_byte_ && buffer_.size() == 0;
    if (now < deadline_ && !(draining && idle)) return;
    error_code ignored;
    socket_.cancel(ignored);
    socket_.close(ignored);
  }

 private:
  enum class Feed { more, whole, bad, send_continue };
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  void begin_request() {
    if (buffer_.size() == 0 && buffer_.capacity() > kIdleBufferBytes) buffer_.shrink_to_fit();
    if (head_.capacity() > kIdleBufferBytes) head_ = {};
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(io_->shared.limits.header_bytes));
    parser_->body_limit(boost::none);
    parser_->eager(false);
    limit_checked_ = false;
    waiting_for_first_byte_ = true;
    deadline_ = now_ms() + io_->shared.limits.idle_time.ms;
  }

  /// Gives the parser what has been read. `bad_` says why a request is refused.
  Feed feed() {
    while (buffer_.size() > 0) {
      if (waiting_for_first_byte_) {
        waiting_for_first_byte_ = false;
        deadline_ = now_ms() + io_->shared.limits.header_time.ms;
      }
      error_code ec;
      const std::size_t used = parser_->put(buffer_.data(), ec);
      buffer_.consume(used);
      if (ec == beast_http::error::need_more) return Feed::more;
      if (ec) return refuse(ec);
      if (!limit_checked_ && parser_->is_header_done()) {
        limit_checked_ = true;
        const Feed checked = check_header();
        if (checked != Feed::more) return checked;
      }
      if (parser_->is_done()) return Feed::whole;
    }
    return limit_checked_ && parser_->is_done() ? Feed::whole : Feed::more;
  }

  Feed check_header() {
    const auto& message = parser_->get();
    const std::string_view target = view(message.target());
    if (target.empty() || (target.front() != '/' && target != "*")) {
      return refuse(400, {Errc::bad_input, "the target is no path", "", "a path such as /v1/track"});
    }
    // What else a sender may say of how its body is framed would be read wrongly: refused, never guessed.
    if (const std::string_view coding = view(message[beast_http::field::transfer_encoding]);
        !coding.empty() && !boost::beast::iequals(message[beast_http::field::transfer_encoding], "chunked")) {
      return refuse(501, {Errc::unsupported, "unknown Transfer-Encoding", "Transfer-Encoding", "chunked"});
    }
    const std::size_t limit =
        io_->shared.service.body_limit(method_of(message.method()), target.substr(0, target.find('?')));
    const auto length = parser_->content_length();
    if (length && *length > limit) {
      return refuse(413, {Errc::too_large, fmt::format("a body of {} bytes", *length), "Content-Length",
                          fmt::format("at most {} bytes", limit)});
    }
    parser_->body_limit(limit);
    parser_->eager(true);
    deadline_ = now_ms() + io_->shared.limits.body_time.ms;
    if (!parser_->is_done() && view(message[beast_http::field::expect]) == "100-continue" &&
        buffer_.size() == 0) {
      return Feed::send_continue;
    }
    return Feed::more;
  }

  Feed refuse(int status, Error error) {
    bad_status_ = status;
    bad_ = std::move(error);
    return Feed::bad;
  }

  Feed refuse(const error_code& ec) {
    if (ec == beast_http::error::header_limit) {
      return refuse(431, {Errc::too_large, "the header is too large", "",
                          fmt::format("at most {} bytes", io_->shared.limits.header_bytes)});
    }
    if (ec == beast_http::error::body_limit) return refuse(413, {Errc::too_large, "the body is too large"});
    return refuse(400, {Errc::bad_input, fmt::format("not HTTP: {}", ec.message()), "", "HTTP/1.1"});
  }

  void fill(Request& request) {
    auto& message = parser_->get();
    const std::string_view target = view(message.target());
    const auto mark = target.find('?');
    request.method = method_of(message.method());
    if (request.method == Method::head) request.method = Method::get;
    request.path = target.substr(0, mark);
    request.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    request.from_socket = from_socket_;
    request.peer = peer_;
    encoding_ = {};
    for (const auto& field : message) take_field(field, request);
    request.body = std::move(message.body());
  }

  template <class Field>
  void take_field(const Field& field, Request& request) {
    const std::string_view value = view(field.value());
    switch (field.name()) {
      case beast_http::field::authorization:
        request.authorization = value;
        break;
      case beast_http::field::content_type:
        request.content_type = value;
        break;
      case beast_http::field::content_encoding:
        encoding_ = value;
        break;
      case beast_http::field::origin:
        request.origin = value;
        break;
      case beast_http::field::host:
        request.host = value;
        break;
      case beast_http::field::accept:
        request.accept = value;
        break;
      case beast_http::field::cookie:
        request.cookie = value;
        break;
      case beast_http::field::if_none_match:
        request.if_none_match = value;
        break;
      case beast_http::field::accept_language:
        request.accept_language = value;
        break;
      case beast_http::field::accept_encoding:
        request.accept_encoding = value;
        break;
      case beast_http::field::sec_fetch_site:
        request.fetch_site = value;
        break;
      case beast_http::field::unknown:
        take_own_field(field.name_string(), value, request);
        break;
      default:
        break;
    }
  }

  /// Fields that Beast has no number for.
  static void take_own_field(boost::beast::string_view name, std::string_view value, Request& request) {
    static constexpr std::pair<const char*, std::string_view Request::*> kOwn[] = {
        {"X-Log-Offset", &Request::log_offset},      {"X-Rapport-Shop", &Request::shop},
        {"X-Rapport-CSRF", &Request::csrf},          {"X-Rapport-Recipe", &Request::recipe},
        {"X-Rapport-Proof", &Request::proof},        {"X-Forwarded-Proto", &Request::forwarded_proto},
        {"X-Forwarded-For", &Request::forwarded_for}};
    for (const auto& [own, member] : kOwn) {
      if (boost::beast::iequals(name, own)) request.*member = value;
    }
  }

  /// False: `response` says why not.
  bool unzip(Request& request, Response& response) {
    if (encoding_.empty() || encoding_ == "identity") return true;
    if (encoding_ != "gzip" && encoding_ != "deflate") {
      response = problem(415, {Errc::unsupported, "unknown Content-Encoding", "Content-Encoding", "gzip"});
      return false;
    }
    auto body = inflate_body(request.body, io_->shared.service.body_limit(request.method, request.path));
    if (!body.ok()) {
      response = problem(body.error());
      return false;
    }
    request.body = std::move(*body);
    return true;
  }

  void make_head(const Response& response, bool keep_alive) {
    head_.assign("HTTP/1.1 ");
    append_number(static_cast<std::size_t>(response.status));
    head_.append(" ").append(status_phrase(response.status)).append("\r\n");
    if (response.status != 204 && response.status != 304) {
      head_.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
      append_number(response.body.size());
      head_.append("\r\n");
    }
    for (const auto& [name, value] : response.headers) {
      head_.append(name).append(": ").append(value).append("\r\n");
    }
    head_.append(io_->date_header);
    if (!keep_alive) head_.append("Connection: close\r\n");
    head_.append("\r\n");
  }

  void append_number(std::size_t number) {
    char digits[24];
    head_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  }

  asio::awaitable<bool> write_continue() {
    head_.assign("HTTP/1.1 100 Continue\r\n\r\n");
    co_return co_await write({});
  }

  /// Sends head_ and `body`. Mostly the kernel takes it all at once; only then is nothing awaited.
  asio::awaitable<bool> write(std::string_view body) {
    deadline_ = now_ms() + io_->shared.limits.write_time.ms;
    error_code ec;
    std::array<asio::const_buffer, 2> parts = {asio::buffer(head_), asio::buffer(body.data(), body.size())};
    const std::size_t whole = head_.size() + body.size();
    std::size_t sent = socket_.write_some(parts, ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) ec = {};
    while (!ec && sent < whole) {
      if (sent < head_.size()) {
        parts[0] = asio::buffer(head_.data() + sent, head_.size() - sent);
      } else {
        parts[0] = asio::const_buffer();
        parts[1] = asio::buffer(body.data() + (sent - head_.size()), whole - sent);
      }
      sent += co_await socket_.async_write_some(parts, asio::redirect_error(asio::use_awaitable, ec));
    }
    co_return !ec;
  }

  /// Tells the peer that we are done, so that what it still sends does not turn our answer into a reset.
  void shut() {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  std::shared_ptr<IoThread> io_;
  Socket socket_;
  bool from_socket_;
  std::string peer_;
  std::shared_ptr<SessionCall> call_;  ///< while it is being answered
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string_view encoding_;
  std::string head_;
  std::int64_t deadline_ = kNever;
  bool waiting_for_first_byte_ = true;
  bool limit_checked_ = false;
  bool answered_any_ = false;
  int bad_status_ = 400;
  Error bad_;
};

void start_session(const std::shared_ptr<IoThread>& io, Socket socket, bool from_socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  const auto session = std::make_shared<Session>(io, std::move(socket), from_socket);
  asio::co_spawn(
      io->context, [](std::shared_ptr<Session> s) -> asio::awaitable<void> { co_await s->run(); }(session),
      asio::detached);
}

void sweep_sessions(IoThread& io) {
  const bool draining = io.shared.draining;
  const std::int64_t now = now_ms();
  for (Session* session : io.sessions) {
    session->look_for_peer();
    session->end_if_due(now, draining);
  }
}

}  // namespace rapport::http::detail
