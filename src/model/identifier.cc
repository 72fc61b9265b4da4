#include "model/identifier.h"

#include <algorithm>
#include <charconv>

namespace rapport::model {
namespace {

constexpr std::pair<IdentifierKind, std::string_view> kNames[] = {
    {IdentifierKind::user_id, "user_id"},     {IdentifierKind::anonymous_id, "anonymous_id"},
    {IdentifierKind::email, "email"},         {IdentifierKind::phone, "phone"},
    {IdentifierKind::member_id, "member_id"}, {IdentifierKind::device_id, "device_id"},
    {IdentifierKind::openid, "openid"},       {IdentifierKind::unionid, "unionid"},
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Result<std::string> normal_email(std::string_view raw) {
  const auto at = raw.find('@');
  const bool good = at != std::string_view::npos && at > 0 && at + 1 < raw.size() &&
                    raw.find('@', at + 1) == std::string_view::npos &&
                    raw.find(' ') == std::string_view::npos;
  if (!good)
    return Error{Errc::bad_input, "not an e-mail address", "", "a text with one @, such as name@example.com"};
  return lower_ascii(raw);
}

// Mainland numbers have 11 digits and begin with 1 and 3-9; they arrive bare or with +86, 0086 or 86 before
// them.
bool is_mainland_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

Result<std::string> normal_phone(std::string_view raw) {
  std::string digits;
  const bool international = !raw.empty() && raw.front() == '+';
  for (const char c : raw.substr(international ? 1 : 0)) {
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
    } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.') {
      return Error{Errc::bad_input, "not a phone number", "", "digits, such as +86 138 0013 8000"};
    }
  }
  std::string_view rest = digits;
  bool full = international;
  if (!full && rest.starts_with("00")) {
    rest.remove_prefix(2);
    full = true;
  }
  if (!full && is_mainland_mobile(rest)) return "+86" + std::string(rest);
  if (!full && rest.starts_with("86") && is_mainland_mobile(rest.substr(2))) full = true;
  // "+86 0138..." : a trunk zero after the country code.
  if (full && rest.starts_with("860") && is_mainland_mobile(rest.substr(3)))
    return "+86" + std::string(rest.substr(3));
  if (rest.size() < 5 || rest.size() > 15) {
    return Error{Errc::bad_input, "not a phone number", "", "5 to 15 digits, such as +86 138 0013 8000"};
  }
  return (full ? "+" : "") + std::string(rest);
}

}  // namespace

std::string_view identifier_kind_name(IdentifierKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  return "unknown";
}

std::optional<IdentifierKind> identifier_kind_from_name(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

Result<Identifier> Identifier::parse(IdentifierKind kind, std::string_view raw) {
  const std::string_view text = trim(raw);
  const auto where = [&](Error error) {
    error.where = identifier_kind_name(kind);
    return error;
  };
  if (text.empty()) return where(Error{Errc::bad_input, "empty identifier", "", "a value"});
  if (text.size() > kMostBytes) {
    return where(
        fail(Errc::bad_input, "identifier of {} bytes, at most {} are taken", text.size(), kMostBytes));
  }
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return where(Error{Errc::bad_input, "identifier holds control characters"});
  }
  Result<std::string> normal = kind == IdentifierKind::email   ? normal_email(text)
                               : kind == IdentifierKind::phone ? normal_phone(text)
                                                               : Result<std::string>(std::string(text));
  if (!normal.ok()) return where(std::move(normal).error());
  return Identifier{kind, std::move(normal).value()};
}

bool is_blocked_identifier(const Identifier& identifier) {
  static constexpr std::string_view kBlocked[] = {"0",
                                                  "-1",
                                                  "null",
                                                  "nil",
                                                  "none",
                                                  "nan",
                                                  "undefined",
                                                  "unknown",
                                                  "anonymous",
                                                  "guest",
                                                  "n/a",
                                                  "na",
                                                  "(null)",
                                                  "[object object]",
                                                  "true",
                                                  "false",
                                                  "test",
                                                  "user",
                                                  "userid",
                                                  "user_id",
                                                  "void",
                                                  "00000000-0000-0000-0000-000000000000",
                                                  "000000000000000",
                                                  "00000000000000000000",
                                                  "+8613800000000",
                                                  "+8613800138000",
                                                  "test@test.com",
                                                  "noreply@example.com"};
  // Every identifier of every event comes through here, so lengths are compared before letters.
  const auto same = [&](std::string_view blocked) {
    return blocked.size() == identifier.value.size() &&
           std::equal(blocked.begin(), blocked.end(), identifier.value.begin(), [](char b, char c) {
             return b == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
           });
  };
  return std::any_of(std::begin(kBlocked), std::end(kBlocked), same);
}

Result<CustomerRef> CustomerRef::parse(std::string_view text) {
  CustomerRef ref;
  if (text.starts_with("c_")) {
    std::uint32_t number = 0;
    const auto [end, bad] = std::from_chars(text.data() + 2, text.data() + text.size(), number);
    if (bad == std::errc{} && end == text.data() + text.size() && number > 0) {
      ref.id = CustomerId{number};
      return ref;
    }
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    if (const auto kind = identifier_kind_from_name(text.substr(0, colon))) {
      RAPPORT_TRY(ref.identifier, Identifier::parse(*kind, text.substr(colon + 1)));
      return ref;
    }
  }
  RAPPORT_TRY(ref.identifier, Identifier::parse(IdentifierKind::user_id, text));
  return ref;
}

std::string format_customer_id(CustomerId id) {
  return fmt::format("c_{}", id.value);
}

}  // namespace rapport::model
