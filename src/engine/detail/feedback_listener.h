#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/detail/feedback_source.h"
#include "engine/detail/shop.h"
#include "learn/feedback_model.h"
#include "store/store.h"

/// Listens to what customers say, once it is durable, and publishes by the front door what it is about.
namespace rapport::engine {

struct ShopUnit;

/// One a shop, with a thread of its own that trails the log. Where it has come to is a row that commits with
/// what it publishes, and message ids come of the originals': each is told exactly once, whenever the process
/// is killed. What it has not come to yet waits in the log, so that no import waits for it; `behind()` tells
/// how much.
class FeedbackListener {
 public:
  /// What was said earlier than this before now is left alone: a history of years is no work list.
  static constexpr Duration kLookBack = hours(24 * 90);
  /// Tickets are opened for what was said within this time.
  static constexpr Duration kFresh = hours(48);
  /// A ticket that was done so long ago is not opened again by what is said later: that is a new one.
  static constexpr Duration kReopens = hours(24 * 14);

  FeedbackListener(store::Store& store, Shop& shop) : store_(store), shop_(shop) {}
  ~FeedbackListener() { stop(); }
  /// Begins to listen; the second call does nothing. `simulated`: the shop opens the tickets of its
  /// conversations itself.
  void start(bool simulated);
  void stop();
  /// Something was folded. Any thread; cheap.
  void notice();

  /// What tells now: the shipped model until corrections were learned.
  std::shared_ptr<const learn::FeedbackModel> model() const;
  std::uint64_t classified() const { return classified_; }
  std::uint64_t tickets() const { return tickets_; }
  /// Records of the log that were not read yet; 0 while it does not listen.
  std::uint64_t behind() const;
  bool listening() const { return listening_; }

 private:
  struct Heard {
    FeedbackSource source;
    std::vector<learn::ClauseFeedback> clauses;
    std::shared_ptr<const learn::FeedbackModel> model;  ///< keeps the aspects' names
  };
  /// What only the shop's thread knows of a source.
  struct Known {
    std::optional<model::Identifier> author;  ///< none: erased
    bool has_ticket = false;
    bool again = false;  ///< the conversation's tickets were done too long ago to be opened again
  };
  void run();
  Status listen();
  void hear(const model::RecordView& record, Instant now);
  void hear_correction(const model::RecordView& record);
  /// Of what is said to the assistant only a plain complaint, which blames something, is feedback: requests,
  /// matters alone, answers to what it asked, order numbers and courtesies are not, and what it hands over
  /// has its ticket already.
  static void keep_complaints(ToAssistant said, std::string_view text,
                              std::vector<learn::ClauseFeedback>& clauses);
  Status publish(std::size_t begin, std::size_t end, EventSeq upto);
  std::vector<Known> ask_about(std::size_t begin, std::size_t end);
  /// What customers say moves their tickets on: what waited for them goes on, what was done is opened again.
  Status move_tickets();
  std::vector<model::Event> moves_of(const FeedbackSource& source);
  std::optional<model::Event> classified_event(const Heard& heard, const Known& known) const;
  std::optional<model::Event> ticket_event(const Heard& heard, const Known& known) const;
  void keep_position();
  void learn_corrections();

  store::Store& store_;
  Shop& shop_;
  std::vector<Heard> heard_;
  std::vector<FeedbackSource> spoken_;    ///< messages in conversations that may be a ticket's
  std::vector<TableChange> corrections_;  ///< rows not written yet
  EventSeq read_upto_, kept_upto_;
  Instant now_;
  bool simulated_ = false, unlearned_ = false;
  std::int64_t learned_ns_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const learn::FeedbackModel> model_;
  bool noticed_ = true, stopping_ = false;
  std::atomic<bool> listening_{false};
  std::atomic<std::uint64_t> classified_{0}, tickets_{0}, read_{0};
  std::thread thread_;
};

/// "fb-" and 16 hex digits: of the conversation, or of what it is about.
std::string feedback_ticket_id(const FeedbackSource& source);
/// The same for what is said in a conversation after its ticket was done long ago.
std::string next_feedback_ticket_id(const FeedbackSource& source);

}  // namespace rapport::engine
