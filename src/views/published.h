#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/record.h"
#include "views/tables.h"

namespace rapport::views {

/// The catalogue and the policies as last published: of each noun the whole JSON text with the latest event
/// time (at equal times the greater text); of a hypothesis the one with the earliest.
class Published {
 public:
  /// Folds an event whose catalogue entry is a noun. Returns the noun's id, "" when it named none; `text` is
  /// what now holds under it.
  struct Change {
    std::string_view id;
    std::string_view text;
    bool took_effect = false;
  };
  /// `id` is set and `took_effect` is not for what came later than what it holds.
  Change fold(const model::RecordView& record, ShopTables& tables);
  std::string_view find(model::EventKind kind, std::string_view id) const;
  std::vector<std::string_view> ids(model::EventKind kind) const;
  std::size_t memory_bytes() const;
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Noun {
    Instant at = Instant::min();
    std::string text;
  };
  using Key = std::pair<std::uint16_t, std::string>;
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.first != b.first ? a.first < b.first : std::string_view(a.second) < std::string_view(b.second);
    }
  };
  std::map<Key, Noun, Less> nouns_;
};

/// The JSON text of the noun that the record publishes.
std::string_view noun_body_of(const model::RecordView& record);

/// The number that a `Value Published` tells, as rules compare it: with a `currency` in minor units, with
/// `"scale":"thousandths"` in thousandths, else a whole number. Nothing when it is no such number.
std::optional<std::int64_t> published_value(std::string_view body);

/// A member of a JSON object as text: a string's characters, another scalar as it stands; "" when absent.
std::string json_member(std::string_view object, std::string_view name);

}  // namespace rapport::views
