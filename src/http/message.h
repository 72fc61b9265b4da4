#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

/// Requests and answers as handlers see them; how bytes travel is server.h's business.
namespace rapport::http {

enum class Method : std::uint8_t { get, post, put, del, options, head, other };
/// "GET", "DELETE", ...
std::string_view method_name(Method method);

/// One request. Every view, and the request itself, lives until the call is answered.
struct Request {
  Method method = Method::get;
  std::string_view path;   ///< as sent, percent signs and all, without the query
  std::string_view query;  ///< after the "?"
  std::string body;        ///< unzipped
  std::string_view authorization, content_type, origin, host, accept, log_offset, shop, forwarded_proto;
  std::string_view recipe;  ///< X-Rapport-Recipe: a recipe's JSON in base64
  std::string_view proof;   ///< X-Rapport-Proof: what a visitor's browser shows to be believed
  std::string_view cookie, csrf, if_none_match, accept_encoding, forwarded_for;
  std::string_view fetch_site;       ///< Sec-Fetch-Site: only browsers send it
  std::string_view accept_language;  ///< "zh-TW,zh;q=0.9"
  std::string_view peer;             ///< address of the other end, without port; "" over the folder's socket
  bool from_socket = false;          ///< over the folder's unix socket: whoever may open it owns the folder

  /// The first query parameter of that name, decoded; nothing when absent.
  std::optional<std::string> parameter(std::string_view name) const;
};

/// "%E6%9D%AD+x" -> its bytes; with `plus` a plus sign is a blank. Broken escapes stand as they are.
std::string percent_decode(std::string_view text, bool plus);
/// Letters, digits and -._~ pass; the rest becomes %XX.
std::string percent_encode(std::string_view text);

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  ///< a literal
  std::string body;
  /// Names are literals.
  std::vector<std::pair<std::string_view, std::string>> headers;
};

/// One request on its way to one answer. Kept alive by whoever still has to answer.
class Call {
 public:
  virtual ~Call() = default;
  Request request;
  /// Exactly once, from any thread.
  virtual void respond(Response response) = 0;
  /// Runs `work` on this connection's io thread, now or after `wait`. From any thread.
  virtual void post(std::function<void()> work) = 0;
  virtual void post_after(Duration wait, std::function<void()> work) = 0;
  /// Calls `gone` once, on the io thread, if the other end leaves before it has its answer: seen within a
  /// second or two. Once a call, on the io thread that handles it.
  virtual void when_gone(std::function<void()> gone) = 0;
  /// The server is stopping: answer what is pending rather than wait for more.
  virtual bool draining() const = 0;
};
using CallPtr = std::shared_ptr<Call>;

/// What a server serves. Called on io threads; must not block.
class Service {
 public:
  virtual ~Service() = default;
  /// Bytes of body this request may carry; asked before the body is read.
  virtual std::size_t body_limit(Method method, std::string_view path) const = 0;
  /// Answers the call, at once or later.
  virtual void handle(CallPtr call) = 0;
};

}  // namespace rapport::http
