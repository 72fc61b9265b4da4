#pragma once

#include <memory>
#include <string>

#include "assets/assets.h"
#include "codec/segment.h"
#include "engine/engine.h"
#include "http/message.h"
#include "http/router.h"

/// The API over one engine: who is asking, may they, how often; then the route's handler.
namespace rapport::http {

inline constexpr std::string_view kVersion = "0.1.0";

namespace detail {
struct ConsoleAccess;
}

struct ApiOptions {
  std::string scratch;  ///< folder for uploads on their way into an import and exports on their way out
  std::size_t event_bytes_max = codec::kEventMostBytes;
  std::size_t batch_bytes_max = codec::kBatchMostBytes;
  std::size_t upload_bytes_max = std::size_t{256} << 20;
  double requests_a_second = 100'000;      ///< per key or user, sustained; a burst of as many passes at once
  double visitor_requests_a_second = 100;  ///< per address, of those who come with a public key to read
  const assets::Bundle* console = &assets::console();  ///< what browsers are served; borrowed
};

class Api final : public Service {
 public:
  /// `engine` must outlive the server that serves this.
  Api(engine::Engine& engine, ApiOptions options);
  ~Api() override;

  std::size_t body_limit(Method method, std::string_view path) const override;
  void handle(CallPtr call) override;

  engine::Engine& engine();
  const ApiOptions& options() const;
  /// Sessions of the console and the guard against guessing.
  detail::ConsoleAccess& console_access();
  /// Prometheus' text format: the engine's totals and the rim's own.
  std::string metrics_text() const;
  /// How far the shop's running import is, 0..1; 0 when there was none. Any thread.
  double import_progress(ShopNo shop) const;
  void note_import(ShopNo shop, double part);
  /// Runs blocking work (a backup, a verification) one after the other beside the io threads. Errors:
  /// overloaded.
  Status run_beside(std::function<void()> work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::http
