#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"

/// The eight kinds of identifier by which a touchpoint can name a customer.
namespace rapport::model {

/// The numbers are stored; never renumber.
enum class IdentifierKind : std::uint8_t {
  user_id = 1,
  anonymous_id = 2,
  email = 3,
  phone = 4,
  member_id = 5,
  device_id = 6,
  openid = 7,
  unionid = 8,
};
inline constexpr std::array kIdentifierKinds = {
    IdentifierKind::user_id,   IdentifierKind::anonymous_id, IdentifierKind::email,  IdentifierKind::phone,
    IdentifierKind::member_id, IdentifierKind::device_id,    IdentifierKind::openid, IdentifierKind::unionid};

/// "user_id", "anonymous_id", ...
std::string_view identifier_kind_name(IdentifierKind kind);
std::optional<IdentifierKind> identifier_kind_from_name(std::string_view name);

/// One identifier value in its normal form: e-mail trimmed and lower-cased (ASCII), phone as E.164 (a bare
/// 11-digit mainland number, +86, 0086 and 86 forms all give +86...), the rest trimmed.
struct Identifier {
  static constexpr std::size_t kMostBytes = 256;
  IdentifierKind kind = IdentifierKind::user_id;
  std::string value;
  friend auto operator<=>(const Identifier&, const Identifier&) = default;

  /// Errors: bad_input when empty, over kMostBytes, holding control characters, an e-mail without one '@', or
  /// a phone without 5-15 digits.
  static Result<Identifier> parse(IdentifierKind kind, std::string_view raw);
};

/// Values that many senders emit for "nobody" ("null", "undefined", "0", "anonymous", all-zero UUIDs, ...).
/// They name nobody and link nobody. Compared after normalisation, without case.
bool is_blocked_identifier(const Identifier& identifier);

/// How a caller names a customer: "c_<n>", "kind:value", or a bare user id.
struct CustomerRef {
  std::optional<CustomerId> id;          ///< set for c_<n>
  std::optional<Identifier> identifier;  ///< set otherwise
  /// Errors: bad_input for an empty text or an identifier that does not parse.
  static Result<CustomerRef> parse(std::string_view text);
};

/// "c_17"
std::string format_customer_id(CustomerId id);

}  // namespace rapport::model
