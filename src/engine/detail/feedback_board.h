#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/detail/feedback_source.h"
#include "engine/detail/shop.h"
#include "learn/pains.h"
#include "store/store.h"

/// What was said and what became of it, so that it can be listed.
namespace rapport::engine {

/// One piece of feedback. Holds no text and no place of it: those are opened for each answer.
struct FeedbackEntry {
  FeedbackSource source;
  EventSeq told;                     ///< Feedback Classified or Corrected, whichever holds now
  EventSeq order;                    ///< of the first of them: the list's order
  std::vector<HeardClause> clauses;  ///< class, aspect, sentiment
  std::size_t unsure = 0;            ///< clauses that wait for a person
  bool corrected = false, replied = false;
  std::string ticket, ticket_state;  ///< "" without one

  std::int64_t sentiment() const;  ///< thousandths: the least of its clauses
  std::string_view state() const;  ///< "classified", "unsure", "corrected"
};

struct FeedbackFilter {
  std::string klass, sentiment, aspect, state, product, kind;  ///< "" = any
  /// A department's business is what blames or tells of one of these classes; none = any.
  std::vector<std::string> classes_of_department;
  EventSeq before;  ///< entries told earlier than this one; 0 = from the newest on
  std::size_t most = 50;
};

/// One a shop; any thread, one question after the other. Made at the first question out of the log and kept
/// in memory, the newest kEntriesMost.
class FeedbackBoard {
 public:
  static constexpr std::size_t kEntriesMost = 200'000, kSourcesMost = 400'000;

  FeedbackBoard(store::Store& store, Shop& shop) : store_(store), shop_(shop) {}

  /// Reads on in the log. False when it was not read to its end within `budget`.
  Result<bool> refresh(Duration budget);
  /// Newest first.
  std::vector<FeedbackEntry> list(const FeedbackFilter& filter) const;
  /// Errors: not_found.
  Result<FeedbackEntry> find(std::string_view about) const;
  struct Counts {
    std::map<std::string, std::size_t> classes, aspects;
    std::size_t all = 0, unsure = 0, negative = 0, corrected = 0;
  };
  Counts counts() const;
  /// Of what was said since then: one SaidClause for each clause told, without its text; `source` is the
  /// number of its entry in `entries`.
  std::vector<FeedbackEntry> since(Instant from, std::size_t most) const;

 private:
  void take(const model::RecordView& record);
  void take_told(const model::RecordView& record);
  void take_ticket(const model::RecordView& record);
  void take_reply(const model::RecordView& record);
  void take_erased(std::string_view body);
  FeedbackEntry* entry_of(const std::string& about);
  bool fits(const FeedbackEntry& entry, const FeedbackFilter& filter) const;

  store::Store& store_;
  Shop& shop_;
  mutable std::mutex mutex_;
  EventSeq read_upto_;
  std::unordered_map<std::string, FeedbackSource> sources_;  ///< by about, of what nothing was told yet
  std::deque<std::string> sources_order_;
  std::map<std::uint64_t, FeedbackEntry> entries_;  ///< by order
  std::unordered_map<std::string, std::uint64_t> by_about_, by_ticket_;
};

}  // namespace rapport::engine
