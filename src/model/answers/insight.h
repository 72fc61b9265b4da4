#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"

/// What the console shows of the shop as a whole. Figures over all customers come from a pass over them (the
/// census) and say at which moment and position it was taken; figures by day come from folded counters.
namespace rapport::model {

/// Where the customers or events behind a figure are found.
struct Drill {
  enum class Kind : std::uint8_t { none, condition, sql, path };
  Kind kind = Kind::none;
  std::string text;  ///< a rule of docs/formats/rules.md, a query, or a path of the console
};

/// A customer in a list.
struct CustomerRow {
  CustomerId id;
  std::string label;  ///< her name, or an identifier; masked for readers who may not see it
  std::string primary;
  std::vector<std::string> segments;
  std::int32_t value = 0, urgency = 0;
  std::optional<Instant> last_seen;
  std::uint64_t orders = 0;
  std::string city;  ///< "" when it was not told
};

struct CustomerList {
  std::vector<CustomerRow> customers;
  std::optional<std::uint64_t> total;  ///< when it is known without looking at everybody
  std::string next_cursor;             ///< "" at the end
  bool complete = true;                ///< false: time ran out; next_cursor goes on
  bool names_complete = true;          ///< false: names are still being read; a search may miss some
  Instant as_of;                       ///< of values, urgencies and the order
  EventSeq known_at;
};

struct ClassSummary {
  std::string name;
  std::uint64_t members = 0;                    ///< who is in the segment
  std::uint64_t primary = 0;                    ///< of whom this is the primary class
  std::int64_t value_sum = 0, urgency_sum = 0;  ///< of the members
  std::string undetermined;                     ///< why nobody can be in it; "" when somebody can
};

struct MatrixBin {
  std::int32_t value = 0, urgency = 0;  ///< tenths of the scores, 0 to 9
  std::uint64_t customers = 0;
  std::vector<std::pair<std::string, std::uint64_t>> classes;  ///< by primary class, none is 0
};

struct ClassFlow {
  std::string from, to;  ///< primary classes; from "absent": nothing was known of them then
  std::uint64_t customers = 0;
};

struct SegmentMatrix {
  std::vector<ClassSummary> classes;  ///< by precedence, then "other"
  std::vector<MatrixBin> bins;        ///< those with customers
  std::vector<ClassFlow> flows;
  std::int32_t flow_days = 30;
  std::uint64_t customers = 0;
  Instant as_of;
  EventSeq known_at;
};

/// A rule tried out: who would be in the segment now.
struct RuleTrial {
  bool parses = true;
  std::int64_t line = 0, column = 0;  ///< when it does not
  std::string message, expected;
  std::uint64_t count = 0;         ///< yes
  std::uint64_t undetermined = 0;  ///< neither yes nor no
  std::string reason;              ///< of the first of those
  std::uint64_t scanned = 0, customers = 0;
  bool complete = true;  ///< false: time ran out; the count is of the customers scanned
  std::vector<std::pair<CustomerId, std::string>> examples;  ///< with labels
  EventSeq known_at;
};

struct DayValue {
  Instant day;       ///< UTC moment at which the local day begins
  std::string date;  ///< "2026-11-22", local
  std::optional<double> value;
};

struct Tile {
  std::string id;
  std::optional<double> value;
  std::string reason;              ///< why there is no value
  std::string unit;                ///< "customers", "orders", "CNY", "share", "score", "tickets", "hours"
  std::optional<double> previous;  ///< of as many days before
  std::optional<double> target;    ///< of a published goal
  bool up_is_better = true;
  std::optional<std::int64_t> n;  ///< what a share or mean is of
  std::string definition;
  std::vector<DayValue> series;
  Drill drill;
};

struct FunnelStep {
  std::string step;
  std::uint64_t customers = 0;
  Drill drill;
};

struct AttentionItem {
  std::string kind;  ///< "ticket_open", "return_waiting", "contact_waiting"
  std::string id;
  CustomerId customer;
  Instant since;
  std::string text_key;
};

/// A day that was unlike the seven before it.
struct TileChange {
  std::string tile;
  double value = 0, previous = 0, change = 0;  ///< the day, the mean of the days before, their difference
  std::string day;
  double low = 0, high = 0;  ///< where 95 of 100 such days would lie if nothing had changed
  std::int32_t days = 7;
};

struct Overview {
  std::string shop;
  bool simulated = false;
  Instant as_of;
  EventSeq known_at;
  std::int32_t days = 30;
  std::string zone;
  std::vector<Tile> tiles;
  std::vector<FunnelStep> funnel;
  std::vector<AttentionItem> attention;                                 ///< oldest first
  std::vector<std::pair<std::string, std::uint64_t>> attention_totals;  ///< by kind, all of them
  std::vector<TileChange> changes;
};

struct GroupMean {
  std::uint64_t n = 0;
  double mean = 0;
};

struct ServiceCard {
  std::string service_id;
  std::string body;  ///< the noun as published, JSON; "" when it was not
  /// Customers by stage: offered known bought entitled booked delivered used rated renewed lapsed.
  std::vector<std::pair<std::string, std::uint64_t>> stages;
  std::uint64_t late = 0, errors = 0;  ///< deliveries
  std::uint64_t customers = 0;         ///< bought it or are entitled to it
  std::optional<double> attach_rate;   ///< of the customers who ever ordered
  std::uint64_t ratings = 0;
  std::optional<double> mean_rating;
  /// Satisfaction of those who had it against the others; Welch's interval of the difference.
  GroupMean users, non_users;
  std::optional<double> difference, ci_low, ci_high;
  std::string satisfaction_reason;  ///< why there is no comparison
};

struct ServiceBoard {
  std::vector<ServiceCard> services;
  std::uint64_t base = 0;  ///< customers who ever ordered
  std::uint64_t customers = 0;
  Instant as_of;
  EventSeq known_at;
};

struct JourneyStep {
  std::string phase, step;
  std::uint64_t customers = 0, events = 0;
  std::optional<std::int64_t> median_seconds_to_next;  ///< within 3 %
  std::optional<std::uint64_t> left;  ///< got here and no further; none beside the path and at its end
  Drill drill, left_drill;
};

struct Friction {
  std::string kind, where;
  std::uint64_t count = 0;  ///< customers
  Drill drill;
};

struct Journey {
  std::vector<JourneyStep> steps;
  std::vector<Friction> friction;
  std::int32_t days = 30;
  Instant as_of;
  EventSeq known_at;
};

struct PageAreas {
  std::vector<std::pair<std::string, std::uint64_t>> pages;  ///< most engaged first, with counts
  std::string page;
  struct Area {
    std::string area;
    std::int64_t dwell_ms = 0;
    std::uint64_t count = 0;
  };
  std::vector<Area> areas;
  Instant since;  ///< counts are of the 28-day periods from here on
  EventSeq known_at;
};

struct Goal {
  std::string id, body;  ///< the noun as published, JSON
  std::string metric;
  std::optional<double> actual;
  std::string reason;            ///< why there is no actual
  std::vector<DayValue> series;  ///< by month, the last twelve
};

struct Goals {
  std::vector<Goal> goals;
  std::vector<std::string> metrics;  ///< what `metric` may be
  Instant as_of;
  EventSeq known_at;
};

}  // namespace rapport::model
