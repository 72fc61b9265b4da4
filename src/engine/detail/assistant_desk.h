#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "codec/json_index.h"
#include "decide/assistant.h"
#include "decide/own_precision.h"
#include "engine/detail/shop.h"
#include "store/store.h"

namespace rapport::engine {

/// One message of a conversation with the assistant, as its record tells.
struct TalkMessage {
  EventSeq seq;
  Instant at;
  std::string from;  ///< customer, bot, agent
  std::string text;
  std::string note;  ///< JSON of the assistant's own messages: act, intent, state, reply; "" otherwise
};
/// Of a record that is a message in `contact` ("" = of any); nothing for others, or when the key is
/// destroyed.
std::optional<TalkMessage> talk_message(Keyring& keyring, const model::RecordView& record,
                                        std::string_view contact);

/// Marks of answers are Feedback Corrected about the assistant's message, with no clause; with this reason a
/// mark is taken back.
inline constexpr std::string_view kAssistantMessage = "as-", kMarkTakenBack = "taken_back";

std::string state_json(const decide::AssistantState& state);
decide::AssistantState state_of_json(std::string_view json);

/// Conversations under way, and what became of those that were held. What is kept in memory is made again of
/// the log.
class AssistantDesk {
 public:
  AssistantDesk(store::Store& store, Shop& shop) : store_(store), shop_(shop) {}

  struct Talk {
    decide::AssistantState state;
    std::string owner;  ///< kind:value
    std::string last_message, last_reply;
    std::string ticket;
  };
  static constexpr std::size_t kTalksKept = 20'000;
  /// Takes the conversation until give(): one turn at a time. Errors: overloaded while another turn is under
  /// way; not_found for one that is not in memory (fresh ones are given first), or of somebody else.
  Result<Talk> take(const std::string& contact, const std::string& owner);
  void give(const std::string& contact, Talk talk);
  void let_go(const std::string& contact);

  /// How the shop's own conversations went.
  struct Outcomes {
    std::uint64_t conversations = 0, turns = 0, answered = 0, abstained = 0, handed_over = 0, done = 0;
    std::uint64_t helped = 0;    ///< answers that thanks, or a next matter, followed
    std::uint64_t unhelped = 0;  ///< answers that a wish for a person followed at once, or "that was not it"
    std::uint64_t marked = 0;    ///< answers that people of the shop marked as wrong; they are in `unhelped`
    /// Of these the newest kJudgedKept each, of the last kRemembered: those that rest on an intent, and on
    /// the match of an answer. One visitor counts once a day for an intent; marks count whoever it was said
    /// to.
    std::vector<decide::JudgedAnswer> intents_judged, matches_judged;
    std::map<std::string, std::uint64_t> intents;
    std::vector<EventSeq> not_understood;  ///< questions, newest last, at most kQuestionsKept
    bool complete = true;
  };
  static constexpr std::size_t kQuestionsKept = 500, kJudgedKept = 2'000;
  /// Outcomes older than this say nothing any more: what the shop knows, and who asks, has changed.
  static constexpr Duration kRemembered = days(42);
  /// Reads on in the log for `budget` at most.
  Result<Outcomes> outcomes(Instant now, Duration budget);

  /// What became of its answers, for those that come; both empty until the log is read to its end. Looked for
  /// anew at most every kLearnedRest, for `budget`.
  struct Learned {
    std::vector<decide::JudgedAnswer> intents, matches;
  };
  /// What people of the shop said of one of its answers.
  struct Mark {
    std::uint32_t steps = 0;  ///< marked and taken back, together
    bool stands = false;      ///< it is marked as wrong now
  };
  /// Of the message of that id; reads on for `budget` at most. Errors: unavailable while the log is not read
  /// to its end.
  Result<Mark> mark_of(const std::string& answer, Duration budget);

  static constexpr Duration kLearnedRest = seconds(30);
  Result<std::shared_ptr<const Learned>> learned(Instant now, Duration budget);

 private:
  struct Held {
    Talk talk;
    bool busy = false;
    std::uint64_t used = 0;
  };
  /// An answer of which it is known what became of it, or that is marked.
  struct Judged {
    std::string id;  ///< of its message
    bool is_match = false;
    std::int32_t sure = -1;  ///< thousandths; -1 = nothing was guessed
    std::string intent;
    std::uint64_t who = 0;  ///< whom it was said to
    Instant at;
    bool tells = true;           ///< what follows tells something of it
    std::optional<bool> helped;  ///< by what the customer said next
    bool marked = false;         ///< a person marked it as wrong, whatever she said next
    bool right() const { return !marked && helped.value_or(false); }
    bool known() const { return marked || helped.has_value(); }
  };
  struct Followed {
    EventSeq question;
    bool answered = false;
    Judged answer;
  };
  void take_record(const model::RecordView& record);
  void take_answer(const model::RecordView& record, Followed& talk, codec::JsonValue note);
  void take_mark(const std::string& answer, bool stands);
  /// `helped`: none where what followed tells nothing of it; a person may mark it still.
  void judge(Judged answer, std::optional<bool> helped);
  /// Counts one more, or one less: `by` is 1 or -1.
  void count(const Judged& one, std::int64_t by);
  /// Those that rest on an intent, or on a match; oldest first.
  std::vector<decide::JudgedAnswer> judged(bool matches, Instant now) const;

  store::Store& store_;
  Shop& shop_;
  std::mutex mutex_;
  std::map<std::string, Held> talks_;
  std::uint64_t uses_ = 0;
  std::mutex reading_;
  Outcomes outcomes_;
  std::map<std::string, Followed> followed_;
  std::deque<Judged> judged_;          ///< newest last, at most 2 * kJudgedKept
  std::map<std::string, Mark> marks_;  ///< by message
  EventSeq read_upto_;
  std::shared_ptr<const Learned> learned_;
  std::int64_t learned_until_ns_ = 0;
};

}  // namespace rapport::engine
