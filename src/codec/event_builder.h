#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "model/event.h"

/// The one way from names and values to a valid model::Event: wire messages of tracking clients and rows of
/// imported files both end here, so they are held to the same catalogue. Pure; any thread.
namespace rapport::codec {

/// A JSON value as text that is known to be well-formed; what no declared type covers.
struct RawJson {
  std::string_view text;
};

/// An amount of money or a decimal as the sender wrote it. Text is exact, a double is rounded half away from
/// zero; monostate = not given.
using DecimalInput = std::variant<std::monostate, std::int64_t, double, std::string_view>;

struct LineInput {
  std::string_view product_id;  ///< required
  std::int64_t quantity = 1;
  DecimalInput price;  ///< of one piece; 0 when not given
};

/// An order's products. `rest` is the whole list as JSON text when its items held more than the declared
/// three fields; it is then kept in the personal part, as every undeclared property is.
struct LinesInput {
  std::vector<LineInput> lines;
  std::string_view rest;
};

struct AnswerInput {
  std::string_view item;
  std::variant<std::int64_t, double, std::string_view> value;  ///< a text answer is personal
};

struct ClauseInput {
  std::string_view klass;
  double sentiment = 0;  ///< -1..1
  std::string_view aspect;
};

/// What a property may be given as. Views must outlive the call of build_event only.
using PropertyValue = std::variant<std::int64_t, double, bool, std::string_view, Instant, RawJson,
                                   std::vector<std::string_view>, LinesInput, std::vector<AnswerInput>,
                                   std::vector<ClauseInput>>;

struct PropertyInput {
  std::string_view name;
  PropertyValue value;
};

/// One message before validation. Leave out properties that are null or missing.
struct EventInput {
  model::EventType type = model::EventType::track;
  std::string_view name;  ///< of track, page and screen
  std::string_view message_id;
  std::optional<Instant> timestamp;
  std::optional<Instant> sent_at;
  /// As written, in any order; for alias the two user ids. Blocked values and repeats are dropped here.
  std::vector<std::pair<model::IdentifierKind, std::string_view>> identifiers;
  /// Properties, or the traits of identify and group. `device_id`, `member_id`, `openid` and `unionid` among
  /// them name the customer too, and so do `email` and `phone` of identify and User Registered.
  std::vector<PropertyInput> properties;
  Currency shop_currency;  ///< of amounts when the event names none
  bool from_import = false;
};

/// Limits of one event, beside the 32 KB that the front desk holds a whole message to.
inline constexpr std::size_t kMostNameBytes = 200;
inline constexpr std::size_t kMostMessageIdBytes = 256;
inline constexpr std::size_t kMostClearTextBytes = 512;
inline constexpr std::size_t kMostListItems = 1000;

/// Declared clear properties go into Event::clear, declared personal and all undeclared ones into
/// Event::personal under "properties" or "traits"; a noun's whole object goes into `noun_body`. An event the
/// catalogue does not know is kept with kind 0, its properties all personal. Numbers given where a text is
/// declared are taken as their text, and numeric text where a number is declared; nothing else is converted.
/// Errors: bad_input with `where` = "properties.total", "messageId", ... for a missing required property, a
/// value that is not of its type, a word not in its list, an identifier that does not parse, nobody named in
/// an event that is no noun, or text over kMostClearTextBytes; too_large for the other limits.
Result<model::Event> build_event(const EventInput& input);

/// For callers that hold JSON: how a declared property of `event` wants its value; nullopt = undeclared, give
/// it as a scalar or RawJson.
std::optional<model::PropertyType> declared_type(const model::EventSpec* event, std::string_view name);

}  // namespace rapport::codec
