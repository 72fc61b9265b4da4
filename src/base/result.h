#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

/// Errors are values. A function that can fail for a reason outside the program returns `Result<T>`; a bug in
/// the program is an ASSERT (base/assert.h).
namespace rapport {

/// What the caller can do about it; the HTTP status follows from it (http/problem.h).
enum class Errc {
  bad_input,     ///< the caller's value is wrong: mend it and call again (400)
  unauthorized,  ///< no key, or a key that is not known (401)
  forbidden,     ///< the key is known and may not do this (403)
  not_found,     ///< no such thing (404)
  conflict,      ///< the thing exists already, or somebody holds it (409)
  too_large,     ///< over a named limit (413)
  overloaded,    ///< a queue or budget is full: try again later (429)
  unavailable,   ///< stopping, read-only after a failed sync, or a follower is behind (503)
  corrupt,       ///< stored bytes are not what was written (500)
  io,            ///< the operating system said no (500)
  unsupported,   ///< valid, but not something this build or shop can do (501)
  refused,       ///< a study or policy declines to answer, naming the failed check (422)
  internal,      ///< should not happen (500)
};

/// The stable lower-case name of a code, as it appears in API errors ("bad_input").
std::string_view errc_name(Errc code);

/// `message` says what was wrong; `where` the place (a JSON path, a file and line, a property); `expected`
/// what would be right. `where` and `expected` may be empty.
struct Error {
  Errc code = Errc::internal;
  std::string message;
  std::string where = {};
  std::string expected = {};

  /// One line for a terminal: "message (at where; expected ...)".
  std::string describe() const;
  /// The same error with `prefix` put before `where`, joined by a dot: at("batch[3]") on "properties.price".
  Error at(std::string_view prefix) &&;
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  template <class U>
    requires(std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, T> && !std::is_same_v<std::remove_cvref_t<U>, Error> &&
             std::is_convertible_v<U, T>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }
  T value_or(T fallback) && { return ok() ? std::move(*this).value() : std::move(fallback); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

/// Builds an Error with a formatted message: fail(Errc::bad_input, "port: {} is not a number", text).
template <class... Args>
Error fail(Errc code, fmt::format_string<Args...> format, Args&&... args) {
  return Error{code, fmt::format(format, std::forward<Args>(args)...)};
}

}  // namespace rapport

#define RAPPORT_CONCAT_INNER(a, b) a##b
#define RAPPORT_CONCAT(a, b) RAPPORT_CONCAT_INNER(a, b)

/// RAPPORT_TRY(Email email, Email::parse(raw)); returns the error to the caller, or declares `email`.
#define RAPPORT_TRY(declaration, ...) \
  RAPPORT_TRY_INNER(RAPPORT_CONCAT(try_result_, __LINE__), declaration, __VA_ARGS__)
#define RAPPORT_TRY_INNER(result, declaration, ...)   \
  auto result = (__VA_ARGS__);                        \
  if (!result.ok()) return std::move(result).error(); \
  declaration = std::move(result).value()

/// RAPPORT_CHECK(write(bytes)); for Result<void>, or when the value is not needed.
#define RAPPORT_CHECK(...) RAPPORT_CHECK_INNER(RAPPORT_CONCAT(try_result_, __LINE__), __VA_ARGS__)
#define RAPPORT_CHECK_INNER(result, ...)                \
  do {                                                  \
    auto result = (__VA_ARGS__);                        \
    if (!result.ok()) return std::move(result).error(); \
  } while (false)

/// The coroutine twins. Two statements on purpose: a statement expression around co_await crashes GCC 12.
#define RAPPORT_CO_TRY(declaration, ...) \
  RAPPORT_CO_TRY_INNER(RAPPORT_CONCAT(try_result_, __LINE__), declaration, __VA_ARGS__)
#define RAPPORT_CO_TRY_INNER(result, declaration, ...)   \
  auto result = (__VA_ARGS__);                           \
  if (!result.ok()) co_return std::move(result).error(); \
  declaration = std::move(result).value()
