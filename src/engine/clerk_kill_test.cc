#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <map>

#include "base/random.h"
#include "engine/detail/test_engine.h"

// Killed at any moment, the service desk neither loses nor doubles a step. A process of this very program
// moves a shop's clock on and is killed again and again.
namespace rapport::engine {
namespace {

const Instant kStart = instant_from_civil({2026, 11, 23, 1, 0, 0, 0});
constexpr int kTickets = 12, kMinutes = 310;
constexpr int kStep = 5;  ///< minutes that the clock moves at once
constexpr const char* kFolderName = "RAPPORT_CLERK_FOLDER";

std::unique_ptr<Engine> open_folder(const std::string& folder) {
  EngineOptions options;
  options.data = folder;
  options.compression = false;
  auto opened = Engine::open(options);
  EXPECT_TRUE(opened.ok()) << opened.error().describe();
  return opened.ok() ? std::move(opened).value() : nullptr;
}

template <class T>
Result<T> wait(const std::function<void(Reply<T>)>& ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  ask([promise](Result<T> answer) { promise->set_value(std::move(answer)); });
  return future.get();
}

EventSeq send(Engine& engine, ShopNo shop, const std::string& messages) {
  auto parsed = codec::parse_batch("{\"batch\":[" + messages + "]}", codec::EndpointKind::batch, {});
  EXPECT_TRUE(parsed.ok() && parsed->dead.empty()) << messages;
  IngestRequest request;
  request.events = std::move(parsed->accepted);
  const auto answer =
      wait<model::IngestAnswer>([&](auto reply) { engine.ingest(shop, std::move(request), reply); });
  EXPECT_TRUE(answer.ok());
  return answer.ok() ? answer->offset : EventSeq{};
}

void live(Engine& engine, ShopNo shop) {
  for (int minute = 0; minute <= kMinutes; minute += kStep) {
    const Instant now = kStart + minutes(minute);
    // Before where the clock stood when the last one was killed it does not go back.
    if (!wait<EventSeq>([&](auto reply) { engine.drive_clock(shop, now, reply); }).ok()) continue;
    send(engine, shop, track("bob", "User Registered", "tick-" + std::to_string(minute)));
  }
}

std::vector<model::TimelineEntry> all_records(Engine& engine, ShopNo shop) {
  std::vector<model::TimelineEntry> all;
  TailQuery query;
  while (true) {
    auto tail = wait<TailAnswer>([&](auto reply) { engine.tail(shop, query, reply); });
    EXPECT_TRUE(tail.ok());
    if (!tail.ok() || tail->events.empty()) return all;
    for (model::TimelineEntry& entry : tail->events) all.push_back(std::move(entry));
    query.after = tail->next;
  }
}

/// Runs in the process that is killed.
TEST(ClerkKill, DISABLED_Child) {
  const char* folder = std::getenv(kFolderName);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  live(*engine, *engine->find_shop("desk"));
}

/// Whether it came to its end before it was killed.
bool run_and_kill(const std::string& folder, int after_ms) {
  std::string program = "/proc/self/exe", filter = "--gtest_filter=ClerkKill.DISABLED_Child",
              disabled = "--gtest_also_run_disabled_tests";
  char* arguments[] = {program.data(), filter.data(), disabled.data(), nullptr};
  ::setenv(kFolderName, folder.c_str(), 1);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_RDWR, 0);
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &files, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&files);
  ::unsetenv(kFolderName);
  int status = 0;
  for (int waited = 0; waited < after_ms; ++waited) {
    if (::waitpid(child, &status, WNOHANG) == child) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return false;
}

TEST(ClerkKill, EveryStepOnceWhateverIsKilled) {
  const std::uint64_t seed = 6;
  SCOPED_TRACE(seed);
  Random random(seed);
  std::string folder = (std::filesystem::temp_directory_path() / "rapport_clerk_XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {.clock = model::ClockKind::driven});
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine->drive_clock(shop, kStart, reply); }).ok());
    const std::string at = R"(","timestamp":")" + format_instant(kStart);
    send(
        *engine, shop,
        track(
            "boss", "Service Level Published", "p1" + at,
            R"({"service_level_id":"main","targets":[{"clock":"closed","target":"2h"}],"ladders":{"*":[{"after":"1h","agent":"lead"},{"after":"3h","agent":"head"}]}})"));
    send(*engine, shop,
         track("boss", "Roster Published", "p2" + at,
               R"({"roster_id":"main","agents":[{"agent":"li","departments":["price"]}]})"));
    for (int n = 1; n <= kTickets; ++n) {
      const std::string ticket = std::to_string(n);
      send(*engine, shop,
           track("user" + ticket, "Ticket Opened", "open-" + ticket + at,
                 R"({"ticket_id":"T)" + ticket + R"(","class":"price"})"));
    }
  }
  bool ended = false;
  for (int round = 0; round < 8 && !ended; ++round)
    ended = run_and_kill(folder, static_cast<int>(random.between(60, 300)));
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  live(*engine, shop);
  std::map<std::string, int> told, assigned;
  // The clerk's last batch follows the record that it answers; the log comes to rest when all of it is told.
  for (int tries = 0; tries < 100 && told.size() < kTickets * 4; ++tries) {
    told.clear();
    assigned.clear();
    for (const model::TimelineEntry& entry : all_records(*engine, shop)) {
      if (entry.event == "Clock Reached") ++told[entry.properties_json];
      if (entry.event == "Ticket Assigned") ++assigned[entry.properties_json];
    }
    send(*engine, shop, track("bob", "User Registered", "rest-" + std::to_string(tries)));
  }
  EXPECT_EQ(told.size(), kTickets * 4U) << "a warning, the due moment and two rungs each";
  for (const auto& [what, times] : told) EXPECT_EQ(times, 1) << what;
  EXPECT_EQ(assigned.size(), kTickets * 3U);
  for (const auto& [what, times] : assigned) EXPECT_EQ(times, 1) << what;
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
