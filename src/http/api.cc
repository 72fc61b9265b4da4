#include "http/api.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/bytes.h"
#include "base/log.h"
#include "http/detail/ask.h"
#include "http/detail/console_access.h"
#include "http/detail/metrics.h"
#include "http/detail/script.h"
#include "http/detail/static_files.h"
#include "http/detail/visitor_files.h"
#include "model/keeping.h"

namespace rapport::http {
namespace {

constexpr std::size_t kWorkWaitingMost = 16;
/// A body for which no route speaks is read this far, so that the answer (404, 405) can be given.
constexpr std::size_t kUnknownBodyMost = 64 * 1024;

/// The key of "Basic base64(key:)" (the password is ignored) or "Bearer key".
Result<std::string> key_of(std::string_view authorization) {
  constexpr std::string_view kBasic = "Basic ", kBearer = "Bearer ";
  if (authorization.starts_with(kBearer)) return std::string(authorization.substr(kBearer.size()));
  if (authorization.starts_with(kBasic)) {
    auto text = from_base64(authorization.substr(kBasic.size()));
    if (text.ok()) return text->substr(0, text->find(':'));
  }
  return Error{Errc::unauthorized, "unreadable Authorization", "Authorization",
               "Basic with the key as user name"};
}

/// Requests a second by key, user or address: a bucket that holds one second's worth, or as many as are said.
class RateLimit {
 public:
  explicit RateLimit(double per_second) : RateLimit(per_second, per_second) {}
  RateLimit(double per_second, double most) : per_second_(per_second), most_(most) {}
  bool pass(std::uint64_t key) {
    const std::int64_t now = monotonic_ns();
    const std::lock_guard lock(mutex_);
    // Addresses are many: whoever has not come for a while has a full bucket, which need not be kept.
    if (buckets_.size() >= kBucketsMost) {
      const auto full_ns = static_cast<std::int64_t>(most_ / per_second_ * 1e9);
      std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.at_ns > full_ns; });
    }
    auto [at, fresh] = buckets_.try_emplace(key, Bucket{most_, now});
    Bucket& bucket = at->second;
    bucket.left = std::min(most_, bucket.left + static_cast<double>(now - bucket.at_ns) * 1e-9 * per_second_);
    bucket.at_ns = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

 private:
  struct Bucket {
    double left;
    std::int64_t at_ns;
  };
  static constexpr std::size_t kBucketsMost = 50'000;
  double per_second_, most_;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Bucket> buckets_;
};

/// One thread for what blocks.
class Beside {
 public:
  Beside() : thread_([this] { run(); }) {}
  ~Beside() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Status add(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() == kWorkWaitingMost) return Error{Errc::overloaded, "too much work is waiting"};
      waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
    return {};
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stop_ = false;
  std::thread thread_;
};

/// Counts the answer on its way out and adds what the route owes to browsers.
class CountedCall final : public Call {
 public:
  CountedCall(CallPtr inner, RouteCounter& counter, bool cors, bool nouns)
      : inner_(std::move(inner)), counter_(counter), cors_(cors), started_ns_(monotonic_ns()) {
    request = std::move(inner_->request);
    traditional_ = nouns && request.parameter("script") == "hant";
  }
  void respond(Response response) override {
    if (traditional_ && response.status == 200) response.body = detail::in_traditional(response.body);
    counter_.add(response.status, monotonic_ns() - started_ns_);
    if (cors_) {
      response.headers.emplace_back("Access-Control-Allow-Origin", "*");
      response.headers.emplace_back("Access-Control-Expose-Headers", "X-Log-Offset, Retry-After");
    }
    const bool cached = std::any_of(response.headers.begin(), response.headers.end(),
                                    [](const auto& header) { return header.first == "Cache-Control"; });
    if (!request.cookie.empty() && !cached) response.headers.emplace_back("Cache-Control", "no-store");
    // "Basic" would make the browser ask for a password of its own accord, over the console's form.
    if (response.status == 401 && !request.fetch_site.empty()) {
      for (auto& [name, value] : response.headers) {
        if (name == "WWW-Authenticate") value = "Session";
      }
    }
    inner_->respond(std::move(response));
  }
  void post(std::function<void()> work) override { inner_->post(std::move(work)); }
  void post_after(Duration wait, std::function<void()> work) override {
    inner_->post_after(wait, std::move(work));
  }
  void when_gone(std::function<void()> gone) override { inner_->when_gone(std::move(gone)); }
  bool draining() const override { return inner_->draining(); }

 private:
  CallPtr inner_;
  RouteCounter& counter_;
  bool traditional_ = false;  ///< what the shop is called and says, in traditional characters
  bool cors_;
  std::int64_t started_ns_;
};

Response preflight() {
  Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                      {"Access-Control-Allow-Headers",
                       "Authorization, Content-Type, Content-Encoding, X-Log-Offset, X-Rapport-Proof"},
                      {"Access-Control-Max-Age", "86400"}};
  return response;
}

/// Routes for which publishing is not enough.
std::optional<model::Keeping> keeping_of(const Route& route) {
  using model::Keeping;
  static constexpr std::pair<std::string_view, Keeping> kKept[] = {
      {"/v1/catalogue/{kind}/{id}", Keeping::catalogue}, {"/v1/packages/{id}", Keeping::catalogue},
      {"/v1/scenes/{id}", Keeping::catalogue},           {"/v1/scenes/{id}/draft", Keeping::catalogue},
      {"/v1/models/train", Keeping::catalogue},          {"/v1/knowledge/{id}", Keeping::catalogue},
      {"/v1/scenes/{id}/approve", Keeping::approval}};
  if (route.method == Method::get) return std::nullopt;
  for (const auto& [pattern, keeping] : kKept) {
    if (route.pattern == pattern) return keeping;
  }
  return std::nullopt;
}

/// "the permission act: a key of role admin", as the table of model/access has it.
std::string who_may(const Route& route, bool is_person) {
  const model::Permission permission = route.needs;
  const std::optional<model::Keeping> keeping = keeping_of(route);
  const auto all = [&](auto role) {
    return model::may(role, permission) && (!keeping || model::may(role, *keeping));
  };
  using model::KeyRole;
  using model::UserRole;
  std::vector<std::string_view> roles;
  if (is_person) {
    for (const UserRole role : {UserRole::owner, UserRole::analyst, UserRole::marketing, UserRole::product,
                                UserRole::logistics, UserRole::agent, UserRole::viewer})
      if (all(role)) roles.push_back(user_role_name(role));
  } else {
    for (const KeyRole role : {KeyRole::ingest, KeyRole::publik, KeyRole::read, KeyRole::admin})
      if (all(role)) roles.push_back(key_role_name(role));
  }
  return fmt::format("the permission {}: {} {}",
                     keeping ? model::keeping_name(*keeping) : permission_name(permission),
                     is_person ? "the role" : "a key of role", fmt::join(roles, " or "));
}

}  // namespace

struct Api::Impl {
  Impl(engine::Engine& e, ApiOptions o)
      : engine(e),
        options(std::move(o)),
        router(api_routes()),
        counters(router.routes().size() + 1),
        rate(options.requests_a_second),
        visitors(options.visitor_requests_a_second) {}

  RouteCounter& counter(const Route* route) {
    return route == nullptr ? counters.back()
                            : counters[static_cast<std::size_t>(route - router.routes().data())];
  }
  Result<model::Principal> principal(const Request& request, const Route& route);
  Result<std::string> key_in(const Request& request, const Route& route) const;
  Result<model::Principal> owner(const Request& request, const Route& route) const;

  engine::Engine& engine;
  ApiOptions options;
  Router router;
  mutable std::vector<RouteCounter> counters;  // by place of the route; the last for requests without one
  /// Whether this caller has asked too often of late; in words, how often would be right.
  std::optional<std::string> over_limit(const model::Principal& who, const Route& route,
                                        const Request& request) {
    if (who.key_id == 0) return std::nullopt;
    // A public key is everybody's; there it is the visitor who is counted.
    const bool public_key = !who.user && who.role == model::KeyRole::publik;
    const auto visitor = [&] { return std::hash<std::string>{}(detail::caller_address(request)); };
    if (public_key && route.pattern == detail::kFilesPattern && !photos.pass(visitor()))
      return fmt::format("{:.0f} at once, then one every {:.0f} s", detail::kPhotosAtOnce,
                         1 / detail::kPhotosASecond);
    if (public_key && route.needs == model::Permission::browse && !visitors.pass(visitor()))
      return fmt::format("at most {:.0f} a second", options.visitor_requests_a_second);
    if (rate.pass(who.key_id)) return std::nullopt;
    return fmt::format("at most {:.0f} a second", options.requests_a_second);
  }
  RateLimit rate, visitors;
  RateLimit photos{detail::kPhotosASecond, detail::kPhotosAtOnce};
  detail::ConsoleAccess console;
  std::mutex imports_mutex;
  std::unordered_map<ShopNo, double> imports;
  Beside beside;
};

/// Whoever may open the folder's socket owns the folder; the shop is named by a header. The route that makes
/// keys makes the shop as well.
Result<model::Principal> Api::Impl::owner(const Request& request, const Route& route) const {
  model::Principal principal{.role = model::KeyRole::admin};
  if (request.shop.empty() || (route.handle == handlers::add_key && route.method == Method::post))
    return principal;
  RAPPORT_TRY(principal.shop, engine.find_shop(percent_decode(request.shop, false)));
  return principal;
}

/// The key that the request names; "" when it names none.
Result<std::string> Api::Impl::key_in(const Request& request, const Route& route) const {
  if (!request.authorization.empty()) return key_of(request.authorization);
  if (request.from_socket || route.needs != model::Permission::ingest) return std::string();
  // Browsers' beacons cannot set headers: the key stands in the body.
  auto key = codec::write_key_of(request.body);
  if (!key.ok() && !detail::session_token(request).empty()) return std::string();
  return key;
}

Result<model::Principal> Api::Impl::principal(const Request& request, const Route& route) {
  RAPPORT_TRY(const std::string key, key_in(request, route));
  model::Principal principal;
  if (!key.empty()) {
    RAPPORT_TRY(principal, engine.authenticate(key));
  } else if (request.from_socket) {
    return owner(request, route);
  } else if (!detail::session_token(request).empty()) {
    RAPPORT_TRY(principal, detail::session_principal(console, engine, request));
  } else {
    return Error{Errc::unauthorized, "no key", "Authorization", "Basic with the key as user name"};
  }
  const std::optional<model::Keeping> keeping = keeping_of(route);
  if (!model::may(principal, route.needs) || (keeping && !model::may(principal, *keeping))) {
    return Error{Errc::forbidden,
                 principal.user
                     ? fmt::format("the role {} may not do this", user_role_name(*principal.user))
                     : fmt::format("a key of role {} may not do this", key_role_name(principal.role)),
                 "", who_may(route, principal.user.has_value())};
  }
  const bool from_web_page = !request.origin.empty() && !detail::same_origin(request);
  if (from_web_page && !model::may(principal, model::Permission::ingest_cors)) {
    return Error{Errc::forbidden, "a secret key in a web page of another origin", "Origin",
                 "a key of role public"};
  }
  return principal;
}

Api::Api(engine::Engine& engine, ApiOptions options)
    : impl_(std::make_unique<Impl>(engine, std::move(options))) {}
Api::~Api() = default;

engine::Engine& Api::engine() {
  return impl_->engine;
}
const ApiOptions& Api::options() const {
  return impl_->options;
}

detail::ConsoleAccess& Api::console_access() {
  return impl_->console;
}

std::string Api::metrics_text() const {
  return detail::metrics_text(impl_->engine.metrics(), impl_->router.routes(), impl_->counters);
}

double Api::import_progress(ShopNo shop) const {
  const std::lock_guard lock(impl_->imports_mutex);
  const auto at = impl_->imports.find(shop);
  return at == impl_->imports.end() ? 0 : at->second;
}

void Api::note_import(ShopNo shop, double part) {
  const std::lock_guard lock(impl_->imports_mutex);
  impl_->imports[shop] = part;
}

Status Api::run_beside(std::function<void()> work) {
  return impl_->beside.add(std::move(work));
}

std::size_t Api::body_limit(Method method, std::string_view path) const {
  const Match match = impl_->router.find(method, path);
  if (match.route == nullptr) return kUnknownBodyMost;
  if (match.route->handle == handlers::ingest) return impl_->options.batch_bytes_max;
  if (match.route->handle == handlers::import) return impl_->options.upload_bytes_max;
  return match.route->body_most;
}

void Api::handle(CallPtr incoming) {
  Method method = incoming->request.method;
  const bool asks_first = method == Method::options;
  Match match = impl_->router.find(method, incoming->request.path);
  if (asks_first) {
    match = impl_->router.find(Method::post, incoming->request.path);
    if (match.route == nullptr) match = impl_->router.find(Method::get, incoming->request.path);
  }
  const bool cors = match.route != nullptr && match.route->cors && !incoming->request.origin.empty();
  const bool nouns = method == Method::get && match.route != nullptr &&
                     (match.route->tag == "shopfront" || match.route->pattern == "/v1/names");
  const CallPtr call =
      std::make_shared<CountedCall>(std::move(incoming), impl_->counter(match.route), cors, nouns);
  if (const auto script = call->request.parameter("script");
      nouns && script && *script != "hant" && *script != "hans") {
    return call->respond(problem(Error{Errc::bad_input, "no script that we write", "script",
                                       "hant (traditional) or hans (as published)"}));
  }
  if (match.route == nullptr) {
    const bool page = method == Method::get && !match.path_known;
    if (auto file = page ? detail::static_file(*impl_->options.console, call->request) : std::nullopt)
      return call->respond(std::move(*file));
    if (match.path_known)
      return call->respond(problem(405, Error{Errc::bad_input, "another method belongs here"}));
    return call->respond(problem(
        Error{Errc::not_found, "no such path", std::string(call->request.path), "a path of /openapi.json"}));
  }
  if (asks_first)
    return call->respond(cors ? preflight() : problem(Error{Errc::forbidden, "not for other origins"}));
  model::Principal who;
  if (match.route->access == Access::open && match.route->cors && !call->request.from_socket &&
      !impl_->visitors.pass(std::hash<std::string>{}(detail::caller_address(call->request)))) {
    return call->respond(
        problem(Error{Errc::overloaded, "too many requests from this address", "",
                      fmt::format("at most {:.0f} a second", impl_->options.visitor_requests_a_second)}));
  }
  if (match.route->access == Access::key) {
    auto principal = impl_->principal(call->request, *match.route);
    if (!principal.ok()) return call->respond(problem(principal.error()));
    who = *principal;
    if (const auto limit = impl_->over_limit(who, *match.route, call->request)) {
      return call->respond(problem(Error{Errc::overloaded, "too many requests of this caller", "", *limit}));
    }
  }
  match.route->handle(Ask{*this, call, who, std::move(match.values), *match.route});
}

}  // namespace rapport::http
