#pragma once

#include <array>
#include <optional>
#include <string>

#include "codec/detail/event_fields.h"
#include "codec/detail/personal_text.h"
#include "codec/detail/property_check.h"
#include "codec/json_index.h"
#include "codec/segment.h"

namespace rapport::codec::detail {

/// Members of a message that we read; the order is that of kMemberNames.
enum Member : std::uint8_t {
  kType,
  kEvent,
  kName,
  kCategory,
  kUserId,
  kAnonymousId,
  kPreviousId,
  kGroupId,
  kMessageId,
  kTimestamp,
  kSentAt,
  kContext,
  kProperties,
  kTraits,
  kMemberCount
};

/// One message of the wire -> one event. One per thread; memory is reused from message to message.
class EventParser {
 public:
  /// What a batch says for all its messages; a message's own members win.
  struct Shared {
    JsonValue context;
    JsonValue sent_at;
  };
  void start(const ParseOptions& options, const Shared& shared);
  /// False: error() says what is wrong and where. `type` is the endpoint's, or nothing when the message must
  /// name its own.
  bool parse(JsonValue message, std::optional<model::EventType> type, model::Event& out);
  Error& error() { return error_; }

 private:
  using Fields = std::array<JsonValue, EventFields::kMost>;

  bool wrong(std::string_view message, std::string_view where, std::string_view expected);
  bool read_members(JsonValue message);
  bool decide_type(std::optional<model::EventType> endpoint);
  bool decide_kind();
  bool read_times();
  bool read_instant(JsonValue value, std::string_view where, std::optional<Instant>& out);
  bool read_identifiers();
  bool read_alias();
  bool read_context(JsonValue context);
  bool read_external_ids(JsonValue list);
  bool add_identifier(model::IdentifierKind kind, JsonValue value, std::string_view section,
                      std::string_view name);
  bool named_identifier(std::string_view name, JsonValue value, std::string_view section);
  void order_identifiers();
  bool read_properties();
  /// Sorts an object's members into declared ones (fields_) and the rest, which goes to the personal part.
  bool read_section(JsonValue object, std::string_view section, bool declared);
  void use_envelope_fields();
  bool write_declared(std::string_view section);
  bool write_noun(JsonValue properties);

  const ParseOptions* options_ = nullptr;
  Shared shared_;
  std::array<JsonValue, kMemberCount> members_;
  Fields fields_;
  std::uint32_t from_envelope_ = 0;  ///< bit i: fields_[i] came from the message, not its properties
  const model::EventSpec* spec_ = nullptr;
  const EventFields* declared_ = nullptr;
  model::Event* event_ = nullptr;
  std::optional<PersonalText> personal_;
  PropertyCheck check_;
  std::string scratch_;
  Error error_;
};

}  // namespace rapport::codec::detail
