#include "app/simulated_shop.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "app/desk_staff.h"
#include "app/session.h"
#include "app/shown_lists.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"

namespace rapport::app {
namespace {

/// An event may lie this far before the shop's clock at most without being pulled back: the front desk's
/// limit.
constexpr Duration kStep = minutes(5);
constexpr std::chrono::milliseconds kBeat{200};
constexpr std::size_t kBatchEvents = 400;
constexpr std::size_t kBatchBytes = 300'000;
/// The history of days with lists goes in by so much at once: what is shown rests on what was known before.
constexpr Duration kPiece = days(1);
/// The staff looks at its queue so often.
constexpr Duration kStaffRound = minutes(15);

class Teller {
 public:
  Teller(const SimulatedShop& simulated, Session session)
      : simulated_(simulated),
        session_(std::move(session)),
        lists_(session_, (folder() / fmt::format("simulated_{}_lists.jsonl", simulated.shop)).string()),
        staff_(session_, simulated.world.seed, simulated.shop),
        world_(simulated.world) {}

  Result<SimulatedRun> tell() {
    const Instant end = world_.end();
    const Instant live_from = simulated_.live ? end - days(simulated_.live_days) : end;
    lists_days_ = std::min(simulated_.lists_days,
                           (simulated_.world.days - (simulated_.live ? simulated_.live_days : 0)) / 2);
    RAPPORT_TRY(const std::optional<Instant> left_at, find_shop());
    const Instant lists_from = live_from - days(lists_days_);
    if (lists_days_ > 0) {
      if (left_at) RAPPORT_CHECK(lists_.load());
      world_.answer_from(lists_from, [this](const world::Moment& moment) { return lists_.show(moment); });
    }
    more_ = world_.next(event_);
    Instant from = live_from;
    if (left_at) {
      from = *left_at;
      RAPPORT_CHECK(staff_.open());
      while (more_ && event_.timestamp < from) more_ = world_.next(event_);
    } else {
      RAPPORT_CHECK(make_shop());
      RAPPORT_CHECK(import_until(lists_from));
      if (simulated_.live) RAPPORT_CHECK(staff_.open());
      if (lists_days_ > 0) RAPPORT_CHECK(train());
      for (Instant until = lists_from; until < live_from;) {
        until = std::min(until + kPiece, live_from);
        RAPPORT_CHECK(import_until(until));
        if (simulated_.live) RAPPORT_CHECK(staff_.catch_up(until, offset_));
      }
      RAPPORT_CHECK(remember());
    }
    run_.clock = from;
    if (simulated_.told) simulated_.told(run_);
    if (simulated_.live) RAPPORT_CHECK(play_until(from, end));
    return run_;
  }

 private:
  /// Errors: the API's, as it words them.
  Result<std::string> ask(const std::string& method, const std::string& target, const std::string& body) {
    RAPPORT_TRY(const http::ClientReply reply, session_.try_call({method, target, body}));
    if (reply.status >= 400) return error_from_problem(reply);
    if (const auto offset = reply.header("x-log-offset"); !offset.empty()) {
      offset_ = std::string(offset);
      lists_.wrote(offset_);
    }
    return reply.body;
  }

  /// Where the shop's clock was left, when this very world was told to it before; nothing when there is no
  /// shop yet, or one without a history.
  Result<std::optional<Instant>> find_shop() {
    RAPPORT_TRY(const http::ClientReply shops, session_.try_call({"GET", "/v1/shops", ""}));
    if (shops.status >= 400 && shops.status != 404) return error_from_problem(shops);
    codec::JsonIndex json;
    RAPPORT_CHECK(json.parse(shops.body));
    for (codec::JsonItems items(json.root().find("shops")); items.next();) {
      if (items.value().find("name").text() != simulated_.shop) continue;
      if (!items.value().find("driven").is_true()) {
        return Error{Errc::conflict, "this shop's clock is the wall clock", simulated_.shop,
                     "a shop that does not exist yet, or one made with --clock driven"};
      }
      if (items.value().find("position").integer().value_or(0) <= 1) return std::optional<Instant>();
      const std::string before = remembered();
      // A shop from before there were lists goes on without.
      if (before == description(false)) lists_days_ = 0;
      if (simulated_.live && before == description(lists_days_ > 0)) {
        RAPPORT_TRY(const Instant now, parse_instant(items.value().find("now").text()));
        return std::optional(now);
      }
      return Error{Errc::conflict, "this shop has another history already", simulated_.shop,
                   "the name of a shop that does not exist yet, or --live with the options it was made with"};
    }
    return std::optional<Instant>();
  }

  /// What makes two worlds the same, and where the live part begins.
  std::string description(bool with_lists) const {
    const world::WorldOptions& world = simulated_.world;
    return fmt::format("seed {} customers {} products {} days {} live {} start {} pack {} prose {}{}\n",
                       world.seed, world.customers, world.products, world.days, simulated_.live_days,
                       format_instant(world.start), static_cast<int>(world.pack), world.prose,
                       with_lists ? fmt::format(" lists {}", lists_days_) : "");
  }
  std::filesystem::path folder() const { return std::filesystem::absolute(simulated_.data); }
  std::filesystem::path note() const { return folder() / fmt::format("simulated_{}.txt", simulated_.shop); }
  std::string remembered() const {
    std::ifstream in(note(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// That the history is in, and which: the same command goes on from there.
  Status remember() const {
    std::ofstream out(note(), std::ios::binary | std::ios::trunc);
    out << description(lists_days_ > 0);
    if (!out.flush()) return Error{Errc::io, "this cannot be written (disk full?)", note().string()};
    return {};
  }

  Status make_shop() {
    std::string text;
    codec::JsonWriter body(text);
    body.begin_object();
    body.field("role", "ingest");
    body.field("label", "simulated shop");
    body.field("shop", simulated_.shop);
    body.field("clock", "driven");
    body.end_object();
    RAPPORT_TRY([[maybe_unused]] const std::string key, ask("POST", "/v1/keys", text));
    return {};
  }

  Status drive(Instant now) {
    RAPPORT_TRY([[maybe_unused]] const std::string moved,
                ask("POST", "/v1/clock", fmt::format(R"({{"now":"{}"}})", format_instant(now))));
    run_.clock = now;
    return {};
  }

  /// Out of what is known so far; a shop with too few orders shows what needs no models.
  Status train() {
    RAPPORT_TRY(const http::ClientReply reply, session_.try_call({"POST", "/v1/models/train", "{}"}));
    if (reply.status >= 500) return error_from_problem(reply);
    return {};
  }

  /// The history goes in as an import does: sorted, each customer's clock following her own events.
  Status import_until(Instant until) {
    const std::filesystem::path path =
        std::filesystem::absolute(simulated_.data) / fmt::format("simulated_{}.jsonl", ::getpid());
    const auto written = write_history(path, until);
    if (!written.ok()) {
      std::filesystem::remove(path);
      return written;
    }
    std::string text;
    codec::JsonWriter body(text);
    body.begin_object();
    body.field("recipe", "events-jsonl");
    body.key("paths");
    body.begin_array();
    body.text(path.string());
    body.end_array();
    body.end_object();
    Status moved = drive(until);
    auto imported = moved.ok() ? ask("POST", "/v1/imports/local", text) : Result<std::string>(moved.error());
    std::filesystem::remove(path);
    if (!imported.ok()) return imported.error();
    run_.imported += std::stoull("0" + field(*imported, "accepted"));
    run_.lists = lists_.shown();
    return {};
  }

  Status write_history(const std::filesystem::path& path, Instant until) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    std::string lines;
    for (; more_ && event_.timestamp < until; more_ = world_.next(event_)) {
      world::write_json_line(event_, lines);
      if (lines.size() < kBatchBytes) continue;
      out << lines;
      lines.clear();
    }
    out << lines;
    out.close();
    RAPPORT_CHECK(Status(lists_.status()));
    if (!out) return Error{Errc::io, "the history cannot be written (disk full?)", path.string()};
    return {};
  }

  /// In steps short enough that no event is late and none is ahead of the clock by more than the front desk
  /// allows: first what happened in the step, then the clock to its end.
  Status play_until(Instant from, Instant end) {
    const std::int64_t started = monotonic_ns();
    Instant clock = from;
    while (clock < end) {
      const double passed = static_cast<double>(monotonic_ns() - started) / 1e6 * simulated_.speed;
      const double whole = static_cast<double>((end - from).ms);
      const Instant target = from + milliseconds(static_cast<std::int64_t>(std::min(passed, whole)));
      while (clock < target) {
        const Instant step_end = std::min(target, clock + kStep);
        RAPPORT_CHECK(send_until(step_end));
        RAPPORT_CHECK(drive(step_end));
        clock = step_end;
        if (clock - rounds_ < kStaffRound) continue;
        rounds_ = clock;
        RAPPORT_CHECK(staff_.work(clock, offset_));
        run_.staff_moves = staff_.moves();
      }
      if (simulated_.told) simulated_.told(run_);
      if (clock < end) std::this_thread::sleep_for(kBeat);
    }
    return {};
  }

  Status send_until(Instant until) {
    while (more_ && event_.timestamp < until) {
      std::string body = "{\"batch\":[";
      for (std::size_t count = 0;
           more_ && event_.timestamp < until && count < kBatchEvents && body.size() < kBatchBytes;
           ++count, more_ = world_.next(event_)) {
        if (count > 0) body.push_back(',');
        world::write_json_line(event_, body);
        ++run_.played;
      }
      body += "]}";
      RAPPORT_CHECK(Status(lists_.status()));
      run_.lists = lists_.shown();
      RAPPORT_TRY([[maybe_unused]] const std::string taken, ask("POST", "/v1/batch", body));
    }
    return {};
  }

  const SimulatedShop& simulated_;
  Session session_;
  ShownLists lists_;
  DeskStaff staff_;
  Instant rounds_ = Instant::min();
  std::string offset_;
  std::int32_t lists_days_ = 0;
  world::World world_;
  world::WorldEvent event_;
  bool more_ = false;
  SimulatedRun run_;
};

}  // namespace

Result<SimulatedRun> tell_to_shop(const SimulatedShop& simulated) {
  RAPPORT_TRY(Session session, Session::open(simulated.data, simulated.shop, NoFolder::make));
  return Teller(simulated, std::move(session)).tell();
}

}  // namespace rapport::app
