#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/record.h"
#include "views/cases.h"
#include "views/clocks.h"
#include "views/detail/chunked.h"
#include "views/detail/flat.h"
#include "views/identity.h"
#include "views/service_levels.h"
#include "views/timer_wheel.h"

/// The clocks of a shop's cases: contacts, tickets, returns and bad reviews.
namespace rapport::views {

/// Stored; never renumber. The order of the words of the property `case`.
enum class CaseKind : std::uint8_t { contact, ticket, returned, review };
inline constexpr std::size_t kCaseKinds = 4;
std::string_view case_name(CaseKind kind);
/// Which dictionary names the cases of a kind.
DictionaryKind dictionary_of(CaseKind kind);

/// A case by its number in the dictionary of its kind.
struct CaseRef {
  CaseKind kind = CaseKind::ticket;
  std::uint32_t number = 0;
  friend constexpr auto operator<=>(const CaseRef&, const CaseRef&) = default;
};

/// What one event told of a ticket; 255 = nothing of that kind.
struct TicketStep {
  Instant at;
  std::uint64_t order = 0;  ///< of events that one moment holds; never the order of arrival
  std::uint8_t state = 255, priority = 255, feedback_class = 255;
  bool opening = false;
};

/// A ticket as its steps leave it. Once it is done (solved, called back, closed) only `open` and `reopened`
/// open it again: an escalation that crossed the solution on its way does not.
struct TicketStanding {
  Instant opened = Instant::min();
  std::uint8_t state = 0, priority = 255, feedback_class = 255;
  Instant since = Instant::min();
  bool done() const { return state == 3 || state == 4 || state == 7; }
};

/// A review that may have to be answered in public.
struct ReviewCase {
  NodeId node;
  Instant posted = Instant::min(), replied = Instant::min();
  std::uint64_t founder = 0;  ///< which event named whose it is
  bool from_page = false;     ///< and whether a page sent it
  std::int64_t rating = 0;    ///< thousandths
  std::uint32_t product = 0;
};

struct CaseClock {
  ClockKind kind = ClockKind::closed;
  ClockReading reading;
  std::vector<TraceStep> trace;  ///< when asked for
};

/// What is to be told of a clock now.
struct ClockStep {
  static constexpr std::uint8_t kWarn = 0, kDue = 1, kLadder = 2;  ///< kLadder + i = step i of the ladder
  CaseRef ref;
  NodeId node;  ///< whose case it is
  ClockKind clock = ClockKind::closed;
  std::uint8_t step = kWarn;
  Instant moment;   ///< when it came up
  Instant started;  ///< of the clock: another call-back has steps of its own
  std::string department;
  std::string agent;  ///< whom the ladder names; "" for the others
};

class CaseClocks {
 public:
  static constexpr std::size_t kStepsMost = 512;  ///< of a ticket, the earliest

  /// The rest of the state that clocks look at.
  struct Around {
    const Cases& cases;
    const ShopTables& tables;
    const Identity& identity;
  };

  explicit CaseClocks(Instant now);

  // ---- folding ----
  /// Takes in a record of a case (`number` as Cases::fold() gave it), of a review, or of a clock that was
  /// told. Returns the case whose clocks may have changed.
  std::optional<CaseRef> fold(const model::RecordView& record, std::uint32_t number, ShopTables& tables);
  /// Service levels or a calendar published; whether the terms of clocks changed. What does not parse changes
  /// nothing.
  bool publish(const model::RecordView& record, std::string_view id, std::string_view body);
  void refresh(CaseRef ref, Instant now, const Around& around);
  void refresh_all(Instant now, const Around& around);
  /// After terms changed: live cases are looked at anew a piece at a time. Until a case's turn has come its
  /// clocks read right, as ever, and only what comes up of them may be told some moments late.
  void begin_refresh();
  /// How many are left, about.
  std::size_t refresh_some(std::size_t cases_most, Instant now, const Around& around);
  bool refreshing() const { return unrefreshed_.has_value(); }
  void fire(Instant to, const Around& around);
  /// Takes the person out of her reviews.
  void forget(NodeId node);

  // ---- reading ----
  /// Whether steps are told at all: from the first service levels that the shop published.
  bool acting() const { return !levels_.empty(); }
  std::optional<Instant> next_due();
  /// What came up and was not told yet, by (moment, case), at most so many cases' first steps.
  std::vector<ClockStep> ripe(std::size_t most, Instant now, const Around& around) const;
  std::size_t ripe_cases() const { return ripe_.size(); }
  std::size_t armed() const;
  /// The clocks of a case that anything was promised for and that began.
  std::vector<CaseClock> clocks(CaseRef ref, Instant at, const Around& around, bool trace = false) const;
  TicketStanding standing(std::uint32_t ticket) const;
  /// Tickets that are not done, and the agent of each (a word; 0 = nobody yet).
  const std::map<std::uint32_t, std::uint32_t>& open_tickets() const { return open_; }
  /// How many open tickets each agent has, by word.
  const std::map<std::uint32_t, std::uint32_t>& loads() const { return loads_; }
  /// Open tickets that nobody has, in order of first sight; imported ones are none of them.
  const std::set<std::uint32_t>& unassigned() const { return unassigned_; }
  std::span<const TicketStep> steps(std::uint32_t ticket) const;
  /// Null when nobody rated it badly or answered it.
  const ReviewCase* review(std::uint32_t number) const;
  std::uint32_t reviews() const { return static_cast<std::uint32_t>(reviews_.size()); }
  /// That hold at a moment.
  const ServiceLevels& levels(Instant at) const;
  const std::string& department(CaseRef ref, Instant at) const;
  const Calendars& calendars() const { return calendars_; }
  bool live(CaseRef ref) const;
  /// Steps of a case that were told, by (clock, step), with the moment at which they were told last.
  struct Told {
    ClockKind clock;
    std::uint8_t step;
    Instant at;
  };
  std::vector<Told> told(CaseRef ref) const;

  std::size_t memory_bytes() const;
  void save(ByteWriter& out) const;
  bool load(ByteReader& in, Instant now);

 private:
  struct LevelsFrom {
    Instant from;
    std::string text;
    std::shared_ptr<const ServiceLevels> levels;
  };
  using ToldKey = std::pair<std::uint8_t, std::uint8_t>;  // clock, step

  void mark_live(CaseRef ref, const model::RecordView& record);
  std::optional<CaseRef> fold_ticket(const model::RecordView& record, std::uint32_t number);
  std::optional<CaseRef> fold_review(const model::RecordView& record, ShopTables& tables);
  std::optional<CaseRef> fold_told(const model::RecordView& record, ShopTables& tables);
  bool publish_levels(Instant from, std::string_view body);
  NodeId node_of(CaseRef ref, const Around& around) const;
  void marks(CaseRef ref, ClockKind kind, const Around& around, std::vector<ClockMark>& out) const;
  void terms(CaseRef ref, ClockKind kind, const Around& around, std::vector<ClockTermsFrom>& out) const;
  /// Steps that are not told, of one case, in order; and the next moment at which one may come up.
  std::vector<ClockStep> steps_of(CaseRef ref, Instant now, const Around& around, Instant& next) const;
  void add_steps(const ClockStep& clock, const ClockReading& reading, Instant now,
                 std::vector<ClockStep>& out, Instant& next) const;
  void set_ripe(CaseRef ref, std::optional<Instant> moment);
  void set_open(std::uint32_t ticket, const Around& around);
  TimerWheel& wheel(CaseRef ref) { return wheels_[static_cast<std::size_t>(ref.kind)]; }

  Chunked<Flat<TicketStep>> tickets_;
  Chunked<ReviewCase> reviews_;
  std::array<std::vector<bool>, kCaseKinds> live_;  ///< not everything of it was imported
  std::map<CaseRef, std::map<ToldKey, Instant>> told_;
  std::vector<LevelsFrom> levels_;
  Calendars calendars_;
  // What only serves speed; a function of the rest and of now.
  std::vector<TimerWheel> wheels_;
  std::set<std::pair<Instant, CaseRef>> ripe_;
  std::map<CaseRef, Instant> ripe_since_;
  std::map<std::uint32_t, std::uint32_t> open_, loads_;
  std::set<std::uint32_t> unassigned_;
  std::optional<CaseRef> unrefreshed_;  ///< the next to be looked at anew
};

/// The states of a ticket that its steps pass through, in order; each with the step that brought it.
std::vector<TicketStanding> standings_of(std::span<const TicketStep> steps);

}  // namespace rapport::views
