#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decide/appointment.h"
#include "decide/assistant.h"
#include "decide/detail/assistant_words.h"
#include "text/slots.h"
#include "text/when.h"

namespace rapport::decide {

/// One turn of the assistant in the making: what was heard, which way it goes, what is said. Its parts stand
/// in assistant_turn.cc (hearing and choosing the way), assistant_tasks.cc (returns, cancellations,
/// addresses), assistant_appointments.cc and assistant_moments.cc (when they are), assistant_answers.cc (what
/// is hers) and assistant_products.cc.
class Turn {
 public:
  Turn(AssistantState before, std::string_view said, const AssistantFacts& facts);
  AssistantTurn run();

 private:
  using VisitorOrder = model::VisitorOrder;
  static constexpr std::size_t kChoicesMost = 4;  ///< of services, of appointments, of times

  // Hearing, and choosing the way.
  void hear();
  const VisitorOrder* order(std::string_view id) const;
  void decide();
  bool is_about_orders() const;
  void by_intent();
  /// What is asked and changes nothing.
  void question();
  KnowledgeBook::Question question_of(std::string_view text) const;
  /// What the shop answers to it, the fittest first.
  std::vector<KnowledgeBook::Found> known(std::string_view asked) const;
  std::vector<KnowledgeBook::Found> known() const { return known(said_); }
  void hear_who_wants_a_person();
  /// What is plain by its words, whatever the model makes of them: coupons, a parcel that may be late.
  void hear_by_rule();
  /// 它, 那个, it: what was spoken of last.
  bool points_back() const;
  bool has_digit() const;
  void confirm(std::string_view act, std::initializer_list<std::string_view> values);
  std::string_view word(std::string_view key) const;
  void plain(std::string_view act, std::initializer_list<std::string_view> values = {});
  void offer(std::string_view key);
  std::string moment(Instant at) const;
  void offer_person();
  void not_it();
  void no_orders();
  void not_yours();
  void hand_over();
  static std::string class_of(std::string_view wanted);

  // Tasks about orders.
  void begin(const std::string& task);
  /// The task is under way: a slot, a correction, or something else in between.
  void go_on();
  /// Answers what is asked in the middle of a task, then goes back to it.
  void in_between();
  /// The same of what was not understood, where the shop's words or its products answer it; false where not.
  bool answers_in_between();
  void resume(AssistantState kept);
  void forget_task();
  /// Asks for what is missing, or for confirmation.
  void step();
  void step_return(const VisitorOrder& chosen);
  /// The only one that it can be.
  void choose_order();
  void ask_order();
  /// She said yes.
  void act();

  // Appointments.
  enum class Wish : std::uint8_t { none, book, move, cancel, list };
  Wish appointment_wish() const;
  /// False when there is nothing to book, and none of hers.
  bool begin_appointment(Wish wish);
  /// A day or an hour alone: for what was spoken of, or she is asked what for.
  bool begin_with_a_time();
  /// "Friday at three to install it": a service by its name and a time are a booking.
  bool names_service_and_time() const;
  bool spoke_of_booking() const;
  void remember_booking();
  void go_on_appointment();
  /// Whether anything of the appointment was told.
  bool hear_appointment(std::string_view said);
  bool hear_when(std::string_view said);
  void step_appointment();
  void choose_service(std::string_view said);
  const BookableService* service_in(std::string_view said) const;
  bool choose_held();
  void narrow_held(std::string_view said);
  void settle_when();
  void settle_moment(const std::vector<Instant>& moments);
  void settle_on(const std::vector<text::LocalDay>& days, const std::vector<int>& minutes);
  void move_on_its_day_or_hour(std::vector<text::LocalDay>& days, std::vector<int>& minutes) const;
  void ask_moment(std::string_view act, Instant from);
  void ask_nearest(std::string_view act, Instant wanted);
  void offer_moments(const std::vector<Instant>& moments);
  void act_appointment();
  void tell_appointments();
  Status judge(Instant at) const;  ///< of the service that is chosen
  const BookableService* service(std::string_view id) const;
  const model::VisitorAppointment* held() const;
  std::string service_name(std::string_view id) const;
  std::string told_moment(Instant at) const;
  CivilTime local(Instant at) const;
  Instant moment_of(const text::LocalDay& day, int minutes) const;
  /// None where clocks skip it, two where they show it twice.
  std::vector<Instant> moments_of(const text::LocalDay& day, int minutes) const;
  std::string choice_of(Instant at) const;

  // Answers.
  void say(const KnowledgeBook::Found& found);
  /// One that was found by its wording.
  void say_matched(const KnowledgeBook::Found& found);
  std::string order_line(const VisitorOrder& one) const;
  void tell_orders();
  const VisitorOrder* with_product(std::string_view product) const;
  void tell_returns();
  void tell_services();
  void tell_coupons();
  bool asks_for_own_coupons() const;

  // Products.
  void about_product(std::string_view asked);
  void explain(Term term, std::string_view asked, const KnownProduct* product, const ProductFact* fact);
  void tell_fact(const KnownProduct& product, const ProductFact& fact);
  /// Price and stock, as published.
  bool tell_offer(const KnownProduct& product, const std::string& form);

  AssistantState s_;
  std::string said_;
  const AssistantFacts& f_;
  AssistantReply reply_;
  learn::IntentAnswer heard_;
  bool sure_ = false, by_rule_ = false, any_coupons_ = false;
  bool names_product_ = false;  ///< by its name, or as the only one of its category
  text::Assent assent_ = text::Assent::none;
  const VisitorOrder* named_ = nullptr;
  std::string unknown_order_, was_offered_;
  std::string reason_;
};

bool is_task(std::string_view intent);
bool is_appointment_task(std::string_view task);
bool before_pick_up(const model::VisitorOrder& order);
bool may_return(const model::VisitorOrder& order);
std::string lower(std::string_view text);
std::string title_of(const model::NounMembers& members, Tongue tongue);

}  // namespace rapport::decide
