#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "world/detail/act.h"
#include "world/detail/assortment.h"
#include "world/detail/calendar.h"
#include "world/detail/desk.h"
#include "world/detail/draw.h"
#include "world/detail/people.h"
#include "world/moment.h"

/// What all parts of the simulation share: the assortment, the calendar, the people, planned acts and
/// effects.
namespace rapport::world {

enum class Mode : std::uint8_t {
  natural,  ///< customers take it as they like
  off,      ///< it does not exist
  always,   ///< whoever is eligible has it
};

/// A variant of the world. The natural one is what `simulate` writes; the others are its counterfactuals.
struct Regime {
  std::array<Mode, kServices> services{};
  Mode express_arm =
      Mode::natural;  ///< of the trial: natural = by lot, off = all control, always = all offered
  bool late_parcels = true;
  Mode notice_arm = Mode::natural;  ///< of the trial of delay notices, likewise
  bool slow_replies = true;
  bool recommendations = true;
  Mode recommend_arm = Mode::natural;  ///< of the trial of recommendations, where there is one, likewise
  Mode of(Service s) const { return services[static_cast<std::size_t>(s)]; }
};

enum class EffectKind : std::uint8_t {
  signed_for,     ///< a = order, b = hours late, c = products | noticed << 63
  ticket_solved,  ///< a = ticket, b = hours from opening, c = topic
  installed,      ///< b = p(on time, error)
  trained,        ///< b = p(on time, error)
  wakes,          ///< a = category to buy again
  told,           ///< a = the customer that will come
  returned,       ///< a = order, b = hours that it took
};

/// Something that reaches a customer's state at a later moment.
struct Effect {
  std::int64_t ms = 0;
  std::uint32_t customer = 0;
  EffectKind kind = EffectKind::wakes;
  std::int32_t a = 0, b = 0;
  std::int64_t c = 0;
};

/// The order in which acts are told.
inline bool happens_before(const Pending& x, const Pending& y) {
  return std::tie(x.ms, x.customer, x.seq) < std::tie(y.ms, y.customer, y.seq);
}

struct Shop {
  std::uint64_t seed = 0;
  Pack pack = Pack::retail;
  std::int32_t days = 0;
  std::int64_t first_local_day = 0;
  Regime regime;
  bool recommendation_trial = false;
  bool service_trials = false;
  bool record = true;  ///< false: only the states matter (counterfactuals)
  Assortment assortment;
  std::vector<DayFacts> calendar;    ///< by day
  std::vector<std::int32_t> market;  ///< by day, the return in 1/100000; of the brokerage
  std::vector<Customer> customers;
  std::vector<std::vector<Pending>> acts;    ///< by day
  std::vector<std::vector<Effect>> effects;  ///< by day
  Desk desk;
  /// Visits of this day ask for lists (World::answer_from) instead of seeing the world's own.
  bool asks = false;
  std::map<std::int64_t, ShownList> lists;  ///< that were shown of late, by their number
  std::int64_t lists_shown = 0;

  std::int64_t start_ms(std::int32_t day) const { return start_of_local_day(first_local_day + day).ms; }
  std::int64_t end_ms() const { return start_ms(days); }
  std::int32_t day_of(std::int64_t ms) const {
    return static_cast<std::int32_t>((ms - start_ms(0)) / 86'400'000);
  }
  /// Plans an act; one after the end of the world is dropped.
  void plan(Customer& customer, Pending act) {
    if (!record) return;
    act.customer = customer.index;
    act.seq = customer.seq++;
    if (act.ms < end_ms()) acts[static_cast<std::size_t>(day_of(act.ms))].push_back(act);
  }
  void later(const Effect& effect) {
    if (effect.ms < end_ms()) effects[static_cast<std::size_t>(day_of(effect.ms))].push_back(effect);
  }
};

/// One customer on one day.
struct Today {
  std::int32_t day;
  DayFacts facts;
  std::int64_t start_ms;
  Draw draw;
};

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kDayMs = 86'400'000;

/// An act written by the shop's own systems about a known customer.
inline Pending back_office(std::int64_t ms, Act act, std::int32_t a = 0, std::int32_t b = 0,
                           std::int64_t c = 0) {
  return {.ms = ms, .act = act, .device = kBackOffice, .known = true, .a = a, .b = b, .c = c};
}

// The parts, one a file.
void visit(Shop& shop, Customer& customer, const Today& today);  // shopping.cc
/// After her visit she comes back to what a list showed her and buys it, with what her cart held.
struct ListedBuy {
  std::int64_t ms = 0;  ///< not before
  std::uint8_t device = 0;
  bool known = false;
  std::int32_t product = 0, position = 1;
  std::int64_t list = 0;
  std::int64_t pull = 0;  ///< thousandths of a logit, beside her own
};
void buy_listed(Shop& shop, Customer& customer, const Today& today, const ListedBuy& buy);  // shopping.cc
/// What she does with the list that the shop shows her at the moment `asked`: acts from then on, this day's
/// and later ones'.
void take_list(Shop& shop, const Pending& asked, ShownList list);       // answering.cc
void broker_visit(Shop& shop, Customer& customer, const Today& today);  // brokerage.cc
void broker_day(Shop& shop, Customer& customer, const Today& today);    // brokerage.cc
void ship(Shop& shop, Customer& customer, const Today& today, std::int64_t ordered_ms,
          std::uint64_t products);                                                        // parcels.cc
void received(Shop& shop, Customer& customer, const Today& today, const Effect& effect);  // parcels.cc
struct Complaint {
  std::int64_t ms = 0;
  Topic topic = Topic::usage;
  std::int32_t product = 0, order = 0;
};
void make_contact(Shop& shop, Customer& customer, const Today& today, const Complaint& complaint);  // care.cc
void ticket_solved(Shop& shop, Customer& customer, const Today& today, const Effect& effect);       // care.cc
void answer_tickets(Shop& shop, std::int32_t day);                                                  // care.cc
void after_order(Shop& shop, Customer& customer, const Today& today, std::int64_t ms,
                 std::uint64_t products);                                                     // augment.cc
void service_done(Shop& shop, Customer& customer, const Today& today, const Effect& effect);  // augment.cc
void service_day(Shop& shop, Customer& customer, const Today& today);                         // augment.cc
std::int64_t drift_logit(const Customer& customer, std::int32_t day);                         // augment.cc
void ask(Shop& shop, Customer& customer, const Today& today, int survey, std::int64_t ms,
         std::int32_t product);  // voice.cc
void review(Shop& shop, Customer& customer, const Today& today, std::int32_t order, std::int32_t product,
            int late_hours);                                            // voice.cc
int nps_answer(const Customer& customer, const Draw& draw);             // voice.cc
void tell_friends(Shop& shop, Customer& customer, const Today& today);  // voice.cc

/// Of an order's lines: products in 16 bits each as index + 1, 0 = none.
inline std::int32_t line_product(std::uint64_t products, int line) {
  return static_cast<std::int32_t>((products >> (16 * line)) & 0xffff) - 1;
}
/// What the customer pays.
std::int64_t order_total(const Assortment& assortment, std::uint64_t products, int quantities, int coupon,
                         std::int32_t discount);  // shopping.cc

}  // namespace rapport::world
