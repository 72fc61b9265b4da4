#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "engine/engine.h"
#include "http/detail/guess_guard.h"
#include "http/message.h"

/// Who works at the console: sessions, the rules that keep other sites out of them, and the guard.
namespace rapport::http::detail {

inline constexpr std::string_view kSessionCookie = "rapport_session";
/// The folder's administrator, let in by a link of `rapport link`: no record, every shop, every permission.
inline constexpr std::uint64_t kAdministrator = 0;
/// Principal::key_id of the administrator; no key and no user has so low a number but by a chance of 2^-52.
inline constexpr std::uint64_t kAdministratorKey = 1;

struct ConsoleSession {
  std::uint64_t user = kAdministrator;
  ShopNo shop;       ///< the one that is looked at; 0 = none is there yet
  std::string csrf;  ///< what X-Rapport-CSRF must say
};

/// Sessions live in memory, under the hash of their token, until they are idle for 12 h or the server ends.
/// Any thread; times are monotonic nanoseconds.
class Sessions {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr Duration kIdle = hours(12);

  /// The token, which only the browser keeps. Over kMost the session that is idle longest ends.
  std::string open(std::uint64_t user, ShopNo shop, std::int64_t now_ns);
  /// Finding it is using it.
  std::optional<ConsoleSession> find(std::string_view token, std::int64_t now_ns);
  bool choose_shop(std::string_view token, ShopNo shop);
  void close(std::string_view token);
  /// Ends every session of the user but that of `kept` ("" = no exception).
  void close_all_of(std::uint64_t user, std::string_view kept);
  std::size_t size() const;

 private:
  struct Row {
    ConsoleSession session;
    std::int64_t used_ns = 0;
  };
  void drop_idle(std::int64_t now_ns);
  mutable std::mutex mutex_;
  std::map<Digest, Row> rows_;
};

struct ConsoleAccess {
  Sessions sessions;
  GuessGuard guard;
  GuessGuard orders;  ///< who opens an order by its number and contact
};

/// The session's token as the browser sent it; "" when it sent none.
std::string_view session_token(const Request& request);
/// Whether the request comes from a page of our own, as far as its Origin tells; false without one.
bool same_origin(const Request& request);
/// Where guesses are counted: the address of the other end, or of whom the proxy on this machine speaks for;
/// of IPv6 the network of 64 bits.
std::string caller_address(const Request& request);
/// The user as far as a session needs: the administrator has no record. None when removed.
std::optional<model::UserAnswer> session_user(const engine::Engine& engine, std::uint64_t id);
/// The shop if the user may see it, else the first that they may; 0 when there is none.
ShopNo shop_for(const engine::Engine& engine, const model::UserAnswer& user, ShopNo wanted);

/// Whom a request with a session speaks for. Errors: unauthorized when there is no session or it has ended;
/// forbidden when another site may have made the browser send it.
Result<model::Principal> session_principal(ConsoleAccess& access, const engine::Engine& engine,
                                           const Request& request);

/// The value of Set-Cookie: HttpOnly, SameSite=Strict, and Secure behind https. An empty token takes it away.
std::string session_cookie(const Request& request, std::string_view token);

}  // namespace rapport::http::detail
