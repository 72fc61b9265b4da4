#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "base/result.h"
#include "base/time.h"

/// Those of a simulated shop's staff who see to the tickets that its feedback opens (the world's own
/// conversations are worked by the world). They use the desk's doors as the console does: written answers,
/// updates, call-backs. What they do and when is a pure function of the seed and the ticket, so they keep
/// nothing themselves and go on after a stop from what the shop holds.
namespace rapport::app {

/// A ticket as GET /v1/tickets has it.
struct StaffTicket {
  std::string id, feedback_class, state, agent;
  Instant opened, since;  ///< since: of the state
};

enum class StaffMove : std::uint8_t { take, look, wait, solve, call_back };

struct StaffStep {
  StaffMove move;
  Instant at;              ///< not before
  bool satisfied = false;  ///< of a call-back
};

/// The desk's hours: 9:00 to 18:00 of UTC+8, every day, as the world's own.
Instant after_desk_minutes(Instant from, std::int64_t minutes);
/// Who of the staff sees to such a thing: "agent-1" to "agent-6", as the world names them, by skill.
std::string staff_agent(std::uint64_t seed, const StaffTicket& ticket);
/// What is done next with it; nothing once it is done with, or in the hands of somebody else.
std::optional<StaffStep> next_staff_step(std::uint64_t seed, const StaffTicket& ticket);

class DeskStaff {
 public:
  DeskStaff(Session& session, std::uint64_t seed, std::string shop)
      : session_(session), seed_(seed), shop_(std::move(shop)) {}
  /// The desk's hours, what it promises and its written answers, each unless the shop has some. Errors: the
  /// API's.
  Status open();
  /// Once the shop has listened to what was said until now, everything that is due at `now`; where one ticket
  /// cannot be moved the others are. `after`: the position to read at. Errors: io.
  Status work(Instant now, const std::string& after);
  /// The same at the end of a day of the history, which goes in as a whole: what was opened or solved the day
  /// before is seen to at once, so that the shop opens with one day's work before it and not with all of it.
  Status catch_up(Instant now, const std::string& after);
  std::uint64_t moves() const { return moves_; }

 private:
  Result<std::string> ask(const std::string& method, const std::string& target, const std::string& body = "");
  Status publish_once(const std::string& shown_at, std::string_view none, const std::string& target,
                      std::string_view body);
  void wait_for_listener();
  using Due = std::function<std::vector<StaffStep>(const StaffTicket&)>;
  Status work_queue(std::string_view queue, const Due& due);
  /// One call of the desk's doors.
  Status move(const StaffTicket& ticket, const StaffStep& step);

  Session& session_;
  std::uint64_t seed_;
  std::string shop_, after_;
  std::uint64_t moves_ = 0;
};

}  // namespace rapport::app
