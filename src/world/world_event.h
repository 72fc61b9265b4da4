#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/event.h"

/// One event of a simulated shop, neutral towards transport: `write_json_line` gives Segment's wire shape.
namespace rapport::world {

struct Amount {
  std::int64_t fen = 0;  ///< hundredths of the currency unit
};
struct Thousandths {
  std::int64_t value = 0;
};
struct Json {
  std::string_view text;  ///< well-formed
};
struct Line {
  std::string_view product_id;
  std::int64_t quantity = 1;
  Amount price;
};
struct Answer {
  std::string_view item;
  std::int64_t value = 0;
  std::string_view text;  ///< when not empty, the answer is this text
};

using Value = std::variant<std::int64_t, bool, std::string_view, Amount, Thousandths, Instant, Json,
                           std::span<const std::string_view>, std::span<const Line>, std::span<const Answer>>;

struct NamedValue {
  std::string_view name;
  Value value;
};

struct NamedIdentifier {
  model::IdentifierKind kind;
  std::string_view value;
};

/// Bytes that the views of one event point to; they stay where they are until reset().
class Arena {
 public:
  std::string_view copy(std::string_view text);
  /// Uninitialised room for `size` bytes, aligned for any plain value.
  char* room(std::size_t size);
  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = reinterpret_cast<T*>(room(sizeof(T) * count));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return {first, count};
  }
  void reset() {
    block_ = used_ = 0;
    large_.clear();
  }

 private:
  static constexpr std::size_t kBlockBytes = 16'384;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<char[]>> large_;
  std::size_t block_ = 0, used_ = 0;
};

/// Views point into the arena or to constants; they are good until the event is filled again.
struct WorldEvent {
  model::EventType type = model::EventType::track;
  std::string_view name;        ///< of track, page and screen; "" for identify and alias
  std::string_view message_id;  ///< unique within a world of one seed, pack and size
  Instant timestamp;
  /// At most user id, anonymous id; for alias the two user ids, the new one first. Empty for nouns.
  std::vector<NamedIdentifier> identifiers;
  std::vector<NamedValue> properties;  ///< traits, for identify
  Arena arena;

  void clear();
  void add(std::string_view property, Value value) { properties.push_back({property, value}); }
};

/// Appends the event as one line of JSON ending in '\n', in the shape of an element of Segment's `batch`. A
/// noun names nobody and carries neither userId nor anonymousId.
void write_json_line(const WorldEvent& event, std::string& out);

/// Appends `text` as a JSON string with its quotes.
void write_json_text(std::string_view text, std::string& out);
/// Appends "899.00".
void write_amount(Amount amount, std::string& out);

}  // namespace rapport::world
