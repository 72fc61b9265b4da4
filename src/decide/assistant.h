#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decide/appointment.h"
#include "decide/knowledge.h"
#include "learn/intents.h"
#include "model/answers/shopfront.h"
#include "text/zone.h"

/// What a shop's assistant says next: (what was said before, what is said now, what is hers, what the shop
/// knows) -> a reply, what it proposes to do, or a hand-over to a person. It says what the data say, and
/// offers a person where they say nothing. Pure; any thread.
namespace rapport::decide {

/// What is remembered of a conversation between two turns.
struct AssistantState {
  std::uint32_t turn = 0;
  Tongue tongue = Tongue::simplified;
  /// return_wanted, cancel_order, change_address; book, move_booking, cancel_booking; ask_product; offer (of
  /// a person); "" = none
  std::string task;
  bool confirming = false;
  std::string order, reason, address, question;  ///< what the task has so far
  std::string service, slot;                     ///< of an appointment: what, and when, as UTC
  std::string held;                              ///< the appointment that is moved or cancelled: service@time
  std::string day, hours;  ///< what is told of the time so far: local days, minutes of the day, by commas
  std::string part;        ///< of the day: "720-1080"
  std::string last_order, last_product;  ///< what "it" means
  std::string last_service;              ///< the appointment that was spoken of last was of this
  std::uint32_t booking_turn = 0;        ///< the turn at which appointments were spoken of last; 0 = never
  std::string offered;                   ///< a task that was offered last, which a yes begins: book, return
  std::string phone;
  std::string wanted;              ///< the last intent that was more than manners
  std::vector<std::string> tried;  ///< acts, in order; the last kTriedMost
  std::uint32_t misses = 0;        ///< turns in a row that were not understood
  bool handed_over = false;
};
inline constexpr std::size_t kTriedMost = 12;

/// Something to be done, each only after she confirmed it; hand_over at once.
struct AssistantAction {
  enum class Kind : std::uint8_t {
    none,
    request_return,
    cancel_order,
    hand_over,
    book,
    move_booking,
    cancel_booking
  };
  Kind kind = Kind::none;
  std::string order_id, product_id, reason;
  std::string feedback_class;  ///< of the ticket, for hand_over
  std::string_view priority = "normal";
  std::string service_id = {};  ///< of an appointment
  Instant for_time = {};        ///< book, move_booking: when it is to be
  Instant held_time = {};       ///< move_booking, cancel_booking: when it was to be
  NodeId held_node = {};        ///< and who made it
  std::string return_id = {};   ///< request_return: its number, another one for each return of an order
};

struct AssistantChoice {
  std::string label;  ///< also what is said when it is chosen
};

struct AssistantReply {
  std::string act;  ///< greeting, order_state, ask_order, confirm_return, do_return, knowledge,
                    ///< offer_person, hand_over, ...
  std::string text;
  std::vector<AssistantChoice> choices;
  std::vector<std::string> media;
  AssistantAction action;
  std::string intent;     ///< as understood
  double confidence = 0;  ///< of the intent, or the match of the answer
  /// What made it sure: the intent, or the match of an answer; "" where nothing had to be guessed (a slot, a
  /// yes).
  std::string_view basis;
  double basis_confidence = 0;
  std::string answer_id;   ///< of the knowledge it said
  bool abstained = false;  ///< below the confidence wanted, or nothing is known
};

struct AssistantFacts {
  const KnowledgeBook* book = nullptr;
  const learn::IntentModel* intents = nullptr;
  const model::VisitorAnswer* mine = nullptr;  ///< nothing of anybody else
  const text::Zone* zone = nullptr;            ///< of the times told
  Instant now;
  double intent_least = 0, match_least = 0;  ///< confidences below which it abstains
  /// Of these intents it has to be surer than of the others, by what became of its answers.
  std::map<std::string, double, std::less<>> raised = {};
  std::string product_in_view;
  std::vector<BookableService> bookable = {};  ///< only where may_concern_appointments() says so
  std::int32_t book_days = 60;
};
/// Whether this turn may be about an appointment, so that `bookable` matters.
bool may_concern_appointments(const AssistantState& state, std::string_view said);

struct AssistantTurn {
  AssistantReply reply;
  AssistantState state;
};
inline constexpr std::size_t kUtteranceMost = 2'000;  ///< bytes; what follows is left unread
AssistantTurn answer(AssistantState before, std::string_view said, const AssistantFacts& facts);

/// Names of return reasons, order and return states as they are told to customers; "" for one that is none.
std::string_view told_word(std::string_view word, Tongue tongue);

}  // namespace rapport::decide
