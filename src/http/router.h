#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/message.h"
#include "model/access.h"

/// The one table of what the API has: paths, who may, what goes in and out, and the handler. Requests are
/// matched against it and openapi.h writes it out.
namespace rapport::http {

struct Ask;

struct Parameter {
  std::string_view name;
  std::string_view type;  ///< "string", "integer", "boolean", "date-time"
  std::string_view doc;
  bool required = false;
};

/// How a request may name its caller.
enum class Access : std::uint8_t {
  open,  ///< no key
  key,   ///< Route::needs
};

struct Route {
  Method method = Method::get;
  std::string_view pattern = {};  ///< "/v1/customers/{id}/explain"
  Access access = Access::key;
  model::Permission needs = model::Permission::read;
  std::string_view tag = {};                   ///< section of the document
  std::string_view summary = {};               ///< one sentence
  std::string_view body = {};                  ///< component schema of the request body, "" for none
  std::string_view answer = {};                ///< component schema of the 200 answer, "" when it is no JSON
  std::string_view media = {};                 ///< type of the answer when it is no JSON
  std::span<const Parameter> parameters = {};  ///< of the query
  void (*handle)(Ask ask) = nullptr;
  std::size_t body_most = 0;
  bool cors = false;                 ///< answers browsers of any origin
  std::string_view also_media = {};  ///< blank-separated types of the answer beside JSON, on request
  bool creates = false;              ///< answers 201
};

inline constexpr std::size_t kPathParametersMost = 2;

struct Match {
  const Route* route = nullptr;
  std::array<std::string, kPathParametersMost> values;  ///< of {..}, decoded, in order
  bool path_known = false;                              ///< another method has this path
};

/// Immutable after construction; any thread.
class Router {
 public:
  explicit Router(std::span<const Route> routes);
  Match find(Method method, std::string_view path) const;
  std::span<const Route> routes() const { return routes_; }

 private:
  struct Pattern {
    const Route* route;
    std::vector<std::string_view> parts;
  };
  using Patterns = std::vector<Pattern>;
  std::span<const Route> routes_;
  /// By the second part of the path, the one that tells most routes apart ("customers"): the patterns that
  /// begin with anything and it or a parameter, in the order of the table.
  std::unordered_map<std::string_view, Patterns> by_second_;
  Patterns others_;  ///< for every other second part
};

/// Everything the API serves.
std::span<const Route> api_routes();

}  // namespace rapport::http
