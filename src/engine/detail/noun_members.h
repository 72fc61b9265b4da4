#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/json_index.h"

/// Members of a noun's JSON, or of a request's, with errors that name them.
namespace rapport::engine {

class NounMembers {
 public:
  /// Errors: bad_input for no JSON object.
  static Result<std::unique_ptr<NounMembers>> parse(std::string_view json);
  /// "" when absent.
  std::string text(std::string_view name) const;
  /// A number, or a text that is one; nothing when absent or no number.
  std::optional<double> number(std::string_view name) const;
  /// Minor units; nothing for what is absent, no number, or finer than the currency's smallest coin.
  std::optional<std::int64_t> minor(std::string_view name, Currency currency) const;
  std::optional<Instant> time(std::string_view name) const;
  /// As it stands; "" when absent.
  std::string_view raw(std::string_view name) const;
  codec::JsonValue find(std::string_view name) const;
  /// Errors: bad_input when it is absent, no text or longer than `most` bytes.
  Result<std::string> need_text(std::string_view name, std::size_t most) const;
  /// Errors: bad_input when it is absent or no finite number.
  Result<double> need_number(std::string_view name) const;

 private:
  std::string text_;
  codec::JsonIndex index_;
};

/// The properties of what a timeline reveals of an entry; null when it reveals nothing.
std::unique_ptr<NounMembers> opened_members(std::string_view personal_json);

}  // namespace rapport::engine
