#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "model/record.h"
#include "views/tables.h"

namespace rapport::views {

/// Somebody was asked to answer a survey, or was reminded of it.
struct SurveyAsk {
  std::uint32_t survey_word = 0;
  Hash128 invitation;  ///< survey_key of its id
  Instant at;
  Instant until = Instant::never();  ///< the invitation's end
  bool reminder = false;
  friend bool operator==(const SurveyAsk&, const SurveyAsk&) = default;
};

/// What is kept and compared of an invitation's or answer sheet's id: the number itself of our own 24
/// hexadecimal digits, a hash of anything else.
Hash128 survey_key(std::string_view id);
/// The 24 digits again; nothing for a hash.
std::optional<std::string> survey_key_text(const Hash128& key);

/// Who was asked what and when, and which sheets of answers have come: what limits on asking and the refusal
/// of a second answer rest on. A function of the set of events.
class Surveys {
 public:
  static constexpr std::size_t kAsksKept = 64;  ///< newest of a node

  struct Counts {
    std::uint64_t invited = 0, reminders = 0;
    std::uint64_t answered = 0;  ///< sheets: each id once, and every answer without an id
  };

  /// Folds a `Survey Invited` or `Survey Answered`; others do nothing.
  void fold(const model::RecordView& record, ShopTables& tables);
  /// Forgets who was asked; counts and sheets stay, they name nobody.
  void forget(NodeId node);
  /// Of one node, oldest first.
  const std::vector<SurveyAsk>& asks(NodeId node) const;
  bool answered(const Hash128& sheet) const { return sheets_.contains(sheet); }
  Counts counts(std::uint32_t survey_word) const;
  std::size_t memory_bytes() const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  std::map<std::uint32_t, std::vector<SurveyAsk>> asks_;  ///< by node
  std::set<Hash128> sheets_;
  std::map<std::uint32_t, Counts> counts_;  ///< by word of the survey
};

}  // namespace rapport::views
