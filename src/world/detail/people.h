#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "world/detail/assortment.h"
#include "world/detail/draw.h"

/// The people of the shop: what they are (some of it logged as traits, some of it never), and their state.
namespace rapport::world {

enum class Archetype : std::uint8_t { browser, bargain, regular, affluent, fussy };
inline constexpr int kArchetypes = 5;
enum class AgeBand : std::uint8_t { to24, to35, to45, to60, over60 };
enum class Stage : std::uint8_t { unborn, guest, member };

/// One service of one customer.
struct Held {
  std::int32_t until = -1;      ///< last day on which it holds, -1 = not held
  std::int32_t taken_day = -1;  ///< of the first time
  bool offered = false, taken = false, booked = false;
  std::uint8_t used = 0;
};

/// A trading account, of the brokerage pack.
struct Account {
  std::int64_t equity_fen = 0, borrowed_fen = 0;
  std::int32_t deposited = -1;  ///< day of the first deposit
  std::int32_t thin_day = -1;   ///< first day on which the margin was thin
  std::int32_t told_day = -100, blowup_day = -1;
  std::uint8_t form_page = 0;  ///< how far the opening form has come; 4 = opened
  bool closed = false, arm = false;
};

/// Numbers without a unit are thousandths. Days count from the world's first.
struct Customer {
  std::uint32_t index = 0;
  // What they are. Logged as traits: age, gender, city, household, job, income.
  Archetype archetype = Archetype::browser;  ///< never logged
  AgeBand age = AgeBand::to35;
  bool female = false, english = false, has_baby = false, has_pet = false;
  std::uint8_t city = 0, job = 0, income = 0, devices = 1;
  Department taste = Department::appliance, second_taste = Department::beauty;
  std::int16_t patience = 0;    ///< -1000..1000, never logged: drives complaints and drift
  std::int16_t neediness = 0;   ///< -1000..1000, never logged: takes more services and stays longer anyway
  std::int16_t thrift = 0;      ///< -1000..1000, never logged
  std::int16_t tech_skill = 0;  ///< -1000..1000, never logged
  std::int16_t temper = 0;      ///< where satisfaction settles, never logged
  bool joins_by_word = false;
  // Where they are in life with the shop.
  Stage stage = Stage::unborn;
  bool drifted = false;
  std::uint8_t logged_in = 0;  ///< bit per device
  std::int32_t arrival = 0, registered = -1, last_visit = -1, last_order = -1, first_order = -1;
  std::int32_t mood_day = 0;
  std::int16_t mood = 0;        ///< satisfaction, -1000..1000
  std::uint8_t mission = 0xff;  ///< category that the next visit is about
  std::array<std::uint16_t, 4> cart{};
  std::uint8_t cart_size = 0, cart_quantities = 0;  ///< quantity - 1 in two bits each
  std::uint8_t coupon = 0;
  std::uint8_t tier = 0;
  // When it first happened to her, -1 = never: the reference days of the truth.
  std::int32_t late_day = -1, slow_day = -1, long_late_day = -1, recommended_day = -1;
  bool refers = false, referred_once = false;
  bool arm_set = false, arm = false, notice_arm_set = false, notice_arm = false;  ///< of two trials
  bool unadvised = false;     ///< in the arm of the third that sees no recommendations
  std::uint16_t piloted = 0;  ///< bit per service: the lot about it is drawn
  std::uint32_t referrer = 0xffffffff;
  std::int32_t coupon_until = -1;
  std::int32_t survey_day = -1'000;
  std::int64_t spent_fen = 0;
  std::int32_t points = 0;
  std::int64_t busy_until_ms = 0;  ///< when the last planned act of her latest visit is over
  std::uint32_t seq = 0, orders = 0, contacts = 0, tickets = 0, decisions = 0;
  std::array<std::int32_t, 3> last_durable{-1, -1, -1};  ///< products, the latest first
  std::array<Held, kServices> services{};
  Account account;

  Held& held(Service s) { return services[static_cast<std::size_t>(s)]; }
  const Held& held(Service s) const { return services[static_cast<std::size_t>(s)]; }
  bool holds(Service s, std::int32_t day) const { return held(s).until >= day; }
};

/// Customer `index` of a seed, before the first visit. `arrivals` are spread evenly over `days` with jitter,
/// so that every week has its newcomers.
Customer born(std::uint64_t seed, std::uint32_t index, std::uint32_t customers, std::int32_t days);

struct City {
  std::string_view zh, en, province, code;
  std::int8_t tier;
};
std::span<const City> cities();
std::string_view job_name(int job);
int jobs();
std::string_view income_name(int income);
std::string_view age_name(AgeBand age);
std::string_view household_name(const Customer& customer);

/// Invented; the e-mail is under example.com, the phone in the machine-to-machine range 140, which no person
/// is given.
std::string person_name(std::uint64_t seed, const Customer& customer);
void append_user_id(std::uint32_t index, std::string& out);  ///< "u0000123"
void append_phone(std::uint32_t index, std::string& out);    ///< "1400000123x"
void append_anonymous_id(std::uint64_t seed, std::uint32_t index, int device, std::string& out);

/// Satisfaction moves towards +1000 or -1000 by a share of what is left, so that the tenth kindness does less
/// than the first; a disappointment weighs 1.4 times as much (loss aversion).
void feel(Customer& customer, std::int32_t delta);
/// Lets satisfaction settle towards the customer's temper up to `day`: 1/64 of the way a day.
void settle(Customer& customer, std::int32_t day);

}  // namespace rapport::world
