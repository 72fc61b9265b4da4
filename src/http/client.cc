#include "http/client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "base/bytes.h"
#include "http/detail/connect.h"
#include "http/detail/reply_reader.h"

namespace rapport::http {
namespace {

bool same_name(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Splits "Name: value" lines; calls take(name, value).
template <class Take>
void for_each_header(std::string_view head, Take take) {
  std::size_t at = head.find("\r\n");
  while (at != std::string_view::npos && at + 2 < head.size()) {
    const std::size_t from = at + 2;
    at = head.find("\r\n", from);
    const std::string_view line = head.substr(from, (at == std::string_view::npos ? head.size() : at) - from);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    take(line.substr(0, colon), value);
  }
}

}  // namespace

namespace detail {

FrameState find_reply(std::string_view bytes, ReplyFrame& frame) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return bytes.size() > 64 * 1024 ? FrameState::broken : FrameState::partial;
  if (!bytes.starts_with("HTTP/1.1 ")) return FrameState::broken;
  const auto parsed = std::from_chars(bytes.data() + 9, bytes.data() + 12, frame.status);
  if (parsed.ec != std::errc{}) return FrameState::broken;
  std::size_t length = 0;
  bool known = frame.status == 204 || frame.status == 304 || frame.status < 200;
  for_each_header(bytes.substr(0, end), [&](std::string_view name, std::string_view value) {
    if (!same_name(name, "content-length")) return;
    known = std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc{};
  });
  if (!known) return FrameState::broken;
  frame.body = end + 4;
  frame.end = frame.body + length;
  return bytes.size() < frame.end ? FrameState::partial : FrameState::whole;
}

Result<int> connect_to(const Place& place) {
  if (!place.socket.empty()) {
    sockaddr_un address{};
    if (place.socket.size() >= sizeof address.sun_path) {
      return Error{Errc::bad_input, "the path of the socket is too long", place.socket};
    }
    address.sun_family = AF_UNIX;
    place.socket.copy(address.sun_path, place.socket.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    if (fd >= 0) ::close(fd);
    return Error{Errc::unavailable, "nobody listens", place.socket};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &hints, &found) != 0) {
    return Error{Errc::unavailable, "no such host", place.host};
  }
  int fd = -1;
  for (const addrinfo* at = found; at != nullptr && fd < 0; at = at->ai_next) {
    fd = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, at->ai_addr, at->ai_addrlen) == 0) continue;
    ::close(fd);
    fd = -1;
  }
  ::freeaddrinfo(found);
  if (fd < 0) return Error{Errc::unavailable, "nobody listens", fmt::format("{}:{}", place.host, place.port)};
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace detail

std::string_view ClientReply::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

std::string basic_authorization(std::string_view key) {
  return "Basic " + to_base64(std::string(key) + ":");
}

std::string request_bytes(const ClientRequest& request, std::string_view host) {
  std::string out;
  out.reserve(request.body.size() + 256);
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(host);
  for (const auto& [name, value] : request.headers)
    out.append("\r\n").append(name).append(": ").append(value);
  if (!request.body.empty() || request.method != "GET") {
    out.append("\r\nContent-Length: ").append(std::to_string(request.body.size()));
  }
  out.append("\r\n\r\n").append(request.body);
  return out;
}

Client::~Client() {
  close();
}

Client::Client(Client&& other) noexcept
    : place_(std::move(other.place_)), limit_(other.limit_), socket_(std::exchange(other.socket_, -1)) {}

void Client::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Status Client::connect() {
  RAPPORT_TRY(socket_, detail::connect_to(place_));
  const timeval limit{static_cast<time_t>(limit_.ms / 1000),
                      static_cast<suseconds_t>(limit_.ms % 1000 * 1000)};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return {};
}

Result<ClientReply> Client::exchange(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return Error{Errc::io, fmt::format("the connection broke: {}", std::strerror(errno))};
    sent += static_cast<std::size_t>(n);
  }
  std::string in;
  detail::ReplyFrame frame;
  while (true) {
    const auto state = detail::find_reply(in, frame);
    if (state == detail::FrameState::broken) return Error{Errc::io, "the answer is not HTTP"};
    if (state == detail::FrameState::whole && frame.status >= 200) break;
    if (state == detail::FrameState::whole) {
      in.erase(0, frame.end);
      continue;
    }
    char chunk[64 * 1024];
    const auto n = ::recv(socket_, chunk, sizeof chunk, 0);
    if (n == 0) return Error{Errc::io, "the connection was closed before the answer"};
    if (n < 0) return Error{Errc::io, fmt::format("no answer: {}", std::strerror(errno))};
    in.append(chunk, static_cast<std::size_t>(n));
  }
  ClientReply reply;
  reply.status = frame.status;
  for_each_header(
      std::string_view(in).substr(0, frame.body - 2),
      [&](std::string_view name, std::string_view value) { reply.headers.emplace_back(lower(name), value); });
  reply.body = in.substr(frame.body, frame.end - frame.body);
  return reply;
}

Result<ClientReply> Client::call(const ClientRequest& request) {
  const std::string host =
      place_.socket.empty() ? fmt::format("{}:{}", place_.host, place_.port) : "localhost";
  const std::string bytes = request_bytes(request, host);
  const bool fresh = socket_ < 0;
  if (fresh) RAPPORT_CHECK(connect());
  auto reply = exchange(bytes);
  // A kept connection may have been closed while it was idle; only a request that repeats safely goes again.
  if (!reply.ok() && !fresh && request.method == "GET") {
    close();
    RAPPORT_CHECK(connect());
    reply = exchange(bytes);
  }
  if (!reply.ok() || reply->header("connection") == "close") close();
  return reply;
}

}  // namespace rapport::http
