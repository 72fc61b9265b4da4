#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "codec/seal.h"
#include "courier/mail.h"
#include "engine/detail/shop.h"
#include "engine/engine_mail.h"
#include "store/store.h"

/// Invitations of one shop on their way out by mail, and reminders that wait for their day. A letter's row is
/// written in the batch that decides it (Message Decided) and goes in the batch that says what became of it
/// (Message Sent or Message Failed): a crash neither loses nor doubles a decision. A letter that was taken by
/// the server just before a crash is sent again under the same Message-ID.
namespace rapport::engine {

/// An invitation to be sent, word of an order's delay, an answer to what was said, or a reply to a letter. It
/// names nobody: address and link are made when it is sent.
struct PostedLetter {
  std::string decision_id;
  std::string survey, sheet;  ///< the sheet's id, of the link
  NodeId node;
  Instant until;  ///< of the link
  bool reminder = false;
  std::uint32_t attempts = 0;
  Instant due;
  std::string order = {};   ///< whose parcel is late; "" = none
  std::string words = {};   ///< what an answer or a reply says, sealed for `node` (seal_words); "" = neither
  std::string ticket = {};  ///< of a reply: whose case it is
};

/// none = she was erased.
std::optional<std::string> seal_words(Keyring& keyring, NodeId node, std::string_view words);
/// One of hers that mail can be sent to: the one that was told of last; "" for none. On the shop thread.
std::string mail_address(Shop& shop, CustomerId customer);

/// An invitation to be recalled, if it is still open then.
struct WaitingReminder {
  std::string survey, sheet, channel;
  NodeId node;
  Instant due;
};

/// To be told of her own order, or of what was done about her words, by mail takes a yes to service messages
/// on that channel.
bool agrees_to_service_mail(const views::ShopState& state, CustomerId customer);

std::string encode_letter(const PostedLetter& letter);
Result<PostedLetter> decode_letter(std::string_view bytes);
std::string encode_reminder(const WaitingReminder& reminder);
Result<WaitingReminder> decode_reminder(std::string_view bytes);

class Letters {
 public:
  struct Parts {
    store::Store& store;
    Shop& shop;
    Clock& clock;
    std::shared_ptr<const MailSettings> mail;  ///< none = letters wait
    const codec::NodeKey& survey_key;
    const codec::NodeKey& link_key;  ///< of cases
  };
  explicit Letters(Parts parts) : parts_(std::move(parts)) {}
  ~Letters() { stop(); }
  /// Reads back what waits. Errors: the store's, corrupt.
  Status start();
  void stop();

  bool can_send() const { return parts_.mail != nullptr && !parts_.shop.driven(); }
  /// The rows of these, for the batch that decides them.
  static std::vector<TableChange> rows(const std::vector<PostedLetter>& letters,
                                       const std::vector<WaitingReminder>& reminders);
  /// Their batch is durable.
  void take(std::vector<PostedLetter> letters, std::vector<WaitingReminder> reminders);
  std::uint64_t waiting() const;

  std::vector<WaitingReminder> due_reminders(Instant now) const;
  /// none = no more of this invitation.
  Status reschedule(WaitingReminder reminder, std::optional<Instant> next);

 private:
  /// What a letter needs to leave, or why it does not.
  struct Ready {
    std::string drop;  ///< a code; "" = send it
    courier::Letter letter;
    std::optional<model::Identifier> who;  ///< none = erased
  };
  void run();
  void start_thread();
  void send_due(courier::MailSender& sender);
  void attempt(courier::MailSender& sender, PostedLetter letter);
  /// On the shop thread.
  Ready prepare(const PostedLetter& letter);
  void prepare_delay(const PostedLetter& letter, CustomerId customer, Ready& ready);
  void prepare_words(const PostedLetter& letter, CustomerId customer, Ready& ready);
  void settle(const PostedLetter& letter, const std::optional<model::Identifier>& who,
              std::string_view failed);

  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, PostedLetter> letters_;       ///< by decision
  std::map<std::string, WaitingReminder> reminders_;  ///< by sheet
  bool noticed_ = false, stopping_ = false;
  Random jitter_{0};
  std::thread thread_;
};

struct InvitationLink {
  std::string address;
  Instant until;
  bool reminder = false;
};
/// What a letter of a late parcel says.
struct DelayWords {
  std::string order;
  Instant promised, estimated;  ///< Instant::min() = no estimate
  std::string coupon;           ///< "5.00 CNY"; "" = none
};
/// What somebody of the shop wrote to her.
struct WrittenWords {
  std::string text;
  bool reply = false;     ///< to her own letter; else what was done about what she said
  std::string case_link;  ///< "" = none
};
/// The words as they are, what stands around them in the house's language; without whom it is to. Pure.
courier::Letter words_letter(const WrittenWords& words, const MailSettings& settings);
/// In the house's language, without whom it is to. Pure.
courier::Letter delay_letter(const DelayWords& words, const MailSettings& settings);
/// The letter of an invitation, in the house's language, the survey's own words first; without whom it is to.
/// Pure.
courier::Letter invitation_letter(const model::Survey& survey, const MailSettings& settings,
                                  const InvitationLink& link);

}  // namespace rapport::engine
