#pragma once

#include <string>
#include <vector>

#include "base/money.h"
#include "codec/detail/personal_text.h"
#include "codec/json_index.h"
#include "codec/properties.h"
#include "model/catalogue.h"

namespace rapport::codec::detail {

inline constexpr std::size_t kClearTextMostBytes = 512;

/// Turns declared values into stored ones, or says what is wrong with them. What it accepts beyond the
/// obvious: a number where a text is declared (shops number their products), a decimal in quotes where money
/// is. One per thread; its scratch memory is reused.
class PropertyCheck {
 public:
  /// For each event anew: where to write, the currency of its amounts.
  void start(model::EventKind kind, std::string& clear, PersonalText* personal, Currency currency);
  /// Writes a clear property into `clear`, a personal one as it was sent. False: error() says why. `where` is
  /// "properties" or "traits".
  bool convert(const model::PropertySpec& spec, JsonValue value, std::string_view where);
  Error& error() { return error_; }

 private:
  bool wrong(const model::PropertySpec& spec, JsonValue value, std::string_view expected);
  bool wrong_item(const model::PropertySpec& spec, std::size_t i, std::string_view member,
                  std::string_view expected);
  bool text(const model::PropertySpec& spec, JsonValue value);
  bool word(const model::PropertySpec& spec, JsonValue value);
  bool currency_code(const model::PropertySpec& spec, JsonValue value);
  bool time(const model::PropertySpec& spec, JsonValue value);
  bool text_list(const model::PropertySpec& spec, JsonValue value);
  bool lines(const model::PropertySpec& spec, JsonValue value);
  bool line(const model::PropertySpec& spec, JsonValue item, std::size_t i, bool& extra);
  bool answers(const model::PropertySpec& spec, JsonValue value);
  bool clauses(const model::PropertySpec& spec, JsonValue value);
  bool clause(const model::PropertySpec& spec, JsonValue item, std::size_t i, bool& extra);
  bool number(const model::PropertySpec& spec, JsonValue value, std::optional<std::int64_t> number,
              std::string_view expected);
  std::optional<std::int64_t> minor(JsonValue value) const;
  bool personal_type_is_right(const model::PropertySpec& spec, JsonValue value) const;
  /// Text of a string or the spelling of a number; nothing for other kinds. Kept until the next event.
  std::optional<std::string_view> text_of(JsonValue value);

  model::EventKind kind_;
  std::string* clear_ = nullptr;
  PersonalText* personal_ = nullptr;
  Currency currency_;
  std::string_view where_;
  std::vector<std::unique_ptr<std::string>> scratch_;
  std::size_t scratch_used_ = 0;
  std::vector<std::string_view> texts_;
  std::vector<ProductLine> lines_;
  std::vector<AnswerItem> answers_;
  std::vector<ClauseItem> clauses_;
  Error error_;
};

/// The smallest unit's decimals: 2 for CNY.
std::optional<std::int64_t> minor_units(JsonValue value, Currency currency);

}  // namespace rapport::codec::detail
