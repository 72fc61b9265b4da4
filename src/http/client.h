#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// The one HTTP client: the command line speaks to the folder's server through it, and benches load it.
namespace rapport::http {

/// Where a server listens: a unix socket when `socket` is set, else TCP.
struct Place {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string socket;
};

struct ClientReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  std::string_view header(std::string_view lower_name) const;
};

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// One keep-alive connection, blocking; one thread at a time. Reconnects when the server has closed it.
class Client {
 public:
  explicit Client(Place place, Duration limit = seconds(60)) : place_(std::move(place)), limit_(limit) {}
  ~Client();
  Client(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Errors: unavailable when nobody listens, io when the connection breaks or the limit passes.
  Result<ClientReply> call(const ClientRequest& request);

 private:
  Status connect();
  Result<ClientReply> exchange(const std::string& bytes);
  void close();
  Place place_;
  Duration limit_;
  int socket_ = -1;
};

/// "Basic ..." for a key as user name.
std::string basic_authorization(std::string_view key);
/// The request's bytes as they travel.
std::string request_bytes(const ClientRequest& request, std::string_view host);

/// A load: `connections` keep-alive connections from one thread, each with up to `depth` requests under way.
struct LoadOptions {
  Place place;
  int connections = 64;
  int depth = 1;
  std::uint64_t requests = 0;  ///< stop after that many; 0: after `time`
  Duration time = seconds(5);
  double per_second =
      0;  ///< open loop: requests fall due at this rate whatever the answers do; 0: closed loop
  /// Appends the bytes of request number i to `out`.
  std::function<void(std::uint64_t i, std::string& out)> make;
};

struct LoadReport {
  std::uint64_t answers = 0;
  std::uint64_t failed = 0;  ///< other than 2xx, or broken connections
  double seconds = 0;
  std::vector<std::uint32_t> latency_us;  ///< sorted; in the open loop from the moment a request fell due
  double rate() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
  /// q in [0, 1]; 0 without answers.
  std::uint32_t quantile_us(double q) const;
};

Result<LoadReport> run_load(const LoadOptions& options);

}  // namespace rapport::http
