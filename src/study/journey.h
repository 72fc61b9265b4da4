#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/table.h"

/// Where customers lose their way: a table of events cleaned, cut into visits, and searched for three shipped
/// kinds of pain. Pure, thread-safe.
namespace rapport::study {

/// The way to an order, in its order.
enum class JourneyStep { visited, viewed, in_cart, checkout, form, ordered };
inline constexpr std::size_t kJourneySteps = 6;
std::string_view journey_step_name(JourneyStep step);

enum class Pain {
  term_asked,      ///< read about a term (CADR, CCM, mAh), then asked the service about it
  form_abandoned,  ///< three form pages, or another app in between, and then nothing
  chased,          ///< asked again for the same matter
};
inline constexpr std::size_t kPains = 3;
std::string_view pain_name(Pain pain);

struct JourneyOptions {
  Duration visit_gap = minutes(30);   ///< a longer silence begins another visit
  Duration ask_within = minutes(60);  ///< from the term's explanation to the question
  Duration done_within = hours(24);   ///< from a form's first page to its completion
  Duration chase_within = days(14);   ///< from one contact to the next about the same matter
  Duration back_within = days(30);    ///< who does not come back so long after a pain is counted as away
  int form_pages = 3;
};

/// What was thrown away before anything was counted.
struct Cleaning {
  std::int64_t rows = 0, without_customer = 0, without_time = 0, repeated = 0, kept = 0;
};

/// What is counted of a customer; the order of kFeatureNames.
inline constexpr std::array<std::string_view, 11> kFeatureNames = {
    "visits",   "views",       "searches", "carts",       "orders",        "forms_left",
    "contacts", "terms_asked", "chases",   "low_ratings", "payment_failed"};
using Features = std::array<double, kFeatureNames.size()>;

struct Counted {
  std::string name;  ///< a term, a form with its page, a reason
  std::int64_t n = 0, hits = 0;
};

struct PainFinding {
  std::int64_t chances = 0;    ///< terms read, forms begun, matters brought to the service
  std::int64_t hits = 0;       ///< of these
  std::int64_t customers = 0;  ///< with at least one
  std::int64_t seen_after = 0,
               away_after = 0;  ///< customers observed long enough after their first; not back
  std::vector<Counted> where;   ///< most hits first
};

struct StepCount {
  std::int64_t visits = 0;     ///< that came so far
  double minutes_to_next = 0;  ///< median of those who went on; NaN for nobody
};

struct Journey {
  Cleaning cleaning;
  std::vector<std::string> customers;  ///< in order of first sight
  std::vector<Features> features;      ///< a row a customer
  std::vector<std::array<bool, kPains>> pains;
  std::array<PainFinding, kPains> findings;
  std::array<StepCount, kJourneySteps> steps;
  std::int64_t visits = 0, bounced = 0;  ///< one act and gone
  Instant from, until;
};

/// Columns: `customer_id` (or `customer`), `event_time`, `event` (names of docs/events.md); those of
/// category, channel, step, rating, order_id, form, page, term, reason, ticket_id, source that exist. Errors:
/// not_found for a needed column; bad_input for a time that is none; refused when nothing is left after
/// cleaning.
Result<Journey> read_journey(const model::Table& events, const JourneyOptions& options);

}  // namespace rapport::study
