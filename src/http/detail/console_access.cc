#include "http/detail/console_access.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::http::detail {
namespace {

constexpr std::size_t kTokenMostBytes = 64;

std::string fresh_token() {
  std::array<std::uint8_t, 24> secret{};
  secure_random(secret);
  return to_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string Sessions::open(std::uint64_t user, ShopNo shop, std::int64_t now_ns) {
  std::string token = fresh_token();
  const std::lock_guard lock(mutex_);
  drop_idle(now_ns);
  if (rows_.size() >= kMost) {
    rows_.erase(std::min_element(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
      return a.second.used_ns < b.second.used_ns;
    }));
  }
  rows_.insert_or_assign(sha256(token), Row{{user, shop, fresh_token()}, now_ns});
  return token;
}

std::optional<ConsoleSession> Sessions::find(std::string_view token, std::int64_t now_ns) {
  if (token.empty() || token.size() > kTokenMostBytes) return std::nullopt;
  const Digest hash = sha256(token);
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(hash);
  if (found == rows_.end()) return std::nullopt;
  if (now_ns - found->second.used_ns > kIdle.ms * 1'000'000) {
    rows_.erase(found);
    return std::nullopt;
  }
  found->second.used_ns = now_ns;
  return found->second.session;
}

bool Sessions::choose_shop(std::string_view token, ShopNo shop) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(sha256(token));
  if (found == rows_.end()) return false;
  found->second.session.shop = shop;
  return true;
}

void Sessions::close(std::string_view token) {
  const std::lock_guard lock(mutex_);
  rows_.erase(sha256(token));
}

void Sessions::close_all_of(std::uint64_t user, std::string_view kept) {
  const Digest spared = sha256(kept);
  const std::lock_guard lock(mutex_);
  std::erase_if(
      rows_, [&](const auto& entry) { return entry.second.session.user == user && entry.first != spared; });
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

void Sessions::drop_idle(std::int64_t now_ns) {
  std::erase_if(rows_,
                [&](const auto& entry) { return now_ns - entry.second.used_ns > kIdle.ms * 1'000'000; });
}

std::string_view session_token(const Request& request) {
  std::string_view rest = request.cookie;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kSessionCookie)
      return pair.substr(equals + 1);
  }
  return {};
}

bool same_origin(const Request& request) {
  const auto scheme = request.origin.find("://");
  if (scheme == std::string_view::npos || request.host.empty()) return false;
  // Behind https a page of the same host without it is a stranger: anybody on the way may have written it.
  if (request.forwarded_proto == "https" && request.origin.substr(0, scheme) != "https") return false;
  return request.origin.substr(scheme + 3) == request.host;
}

std::string caller_address(const Request& request) {
  std::string text(request.peer);
  // A proxy on this machine tells last for whom it speaks; from elsewhere the field is anybody's claim.
  const bool from_here = text == "127.0.0.1" || text == "::1" || text == "::ffff:127.0.0.1";
  if (from_here && !request.forwarded_for.empty()) {
    text = without_blanks(request.forwarded_for.substr(request.forwarded_for.rfind(',') + 1));
  }
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1 || text.starts_with("::ffff:"))
    return text.substr(0, 64);
  return {reinterpret_cast<const char*>(address.s6_addr), 8};
}

std::optional<model::UserAnswer> session_user(const engine::Engine& engine, std::uint64_t id) {
  if (id != kAdministrator) return engine.user(id);
  model::UserAnswer administrator;
  administrator.role = model::UserRole::owner;
  return administrator;
}

ShopNo shop_for(const engine::Engine& engine, const model::UserAnswer& user, ShopNo wanted) {
  const auto shops = engine.shops();
  ShopNo first;
  for (const model::ShopSummary& shop : shops) {
    if (!user.sees(shop.no)) continue;
    if (shop.no == wanted) return wanted;
    if (first.value == 0) first = shop.no;
  }
  return first;
}

Result<model::Principal> session_principal(ConsoleAccess& access, const engine::Engine& engine,
                                           const Request& request) {
  const std::string_view token = session_token(request);
  const auto session = access.sessions.find(token, monotonic_ns());
  if (!session) return Error{Errc::unauthorized, "the session has ended", "Cookie", "a new POST /v1/session"};
  const auto user = session_user(engine, session->user);
  if (!user) {
    access.sessions.close(token);
    return Error{Errc::unauthorized, "the session has ended", "Cookie", "a new POST /v1/session"};
  }
  const bool reads = request.method == Method::get;
  if (!same_origin(request) && !(reads && request.origin.empty()))
    return Error{Errc::forbidden, "a session speaks for pages of this server only", "Origin",
                 "this server's own"};
  if (!reads && !equal_in_constant_time(request.csrf, session->csrf))
    return Error{Errc::forbidden, "the session's second secret is missing or wrong", "X-Rapport-CSRF",
                 "csrf of GET /v1/session"};
  model::Principal who;
  who.key_id = user->id == kAdministrator ? kAdministratorKey : user->id;
  who.shop = session->shop;
  who.user = user->role;
  // A shop may have come, or been taken from the user, since the session began.
  if (who.shop.value == 0 || !user->sees(who.shop)) who.shop = shop_for(engine, *user, who.shop);
  return who;
}

std::string session_cookie(const Request& request, std::string_view token) {
  std::string value = fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", kSessionCookie, token);
  if (request.forwarded_proto == "https") value += "; Secure";
  if (token.empty()) value += "; Max-Age=0";
  return value;
}

}  // namespace rapport::http::detail
