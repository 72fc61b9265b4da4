#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_desk.h"

// Killed at any moment, an action of the desk is done once or not at all, and asked for again it is done once.
// A process of this very program acts and is killed again and again.
namespace rapport::engine {
namespace {

constexpr int kActions = 60;
constexpr const char* kFolderName = "RAPPORT_DESK_FOLDER";

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

/// Every action once more, whatever was done of it before.
void act_on_all(Engine& engine, ShopNo shop) {
  for (int n = 0; n < kActions; ++n) {
    const std::string key = "k" + std::to_string(n);
    const std::string what = n % 2 == 0 ? R"("action":"refund","amount":"3")" : R"("action":"coupon","value":"1")";
    const auto answer = wait<std::string>([&](auto reply) {
      act_on_ticket(engine, shop, {"T1", "{" + what + R"(,"reason":"late","key":")" + key + R"("})", {"user:1", "agent"}},
                    reply);
    });
    EXPECT_TRUE(answer.ok()) << key << " " << answer.error().describe();
  }
}

/// Runs in the process that is killed.
TEST(DeskKill, DISABLED_Child) {
  const char* folder = std::getenv(kFolderName);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  act_on_all(*engine, *engine->find_shop("desk"));
}

/// Whether it came to its end before it was killed.
bool run_and_kill(const std::string& folder, int after_ms) {
  std::string program = "/proc/self/exe", filter = "--gtest_filter=DeskKill.DISABLED_Child",
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

TEST(DeskKill, EveryActionOnceWhateverIsKilled) {
  const std::uint64_t seed = 9;
  SCOPED_TRACE(seed);
  Random random(seed);
  std::string folder = (std::filesystem::temp_directory_path() / "rapport_desk_XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {});
    auto parsed = codec::parse_batch(
        "{\"batch\":[" +
            track("ada", "Order Completed", "o1",
                  R"({"order_id":"O-1","total":200,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":200}]})") +
            "," + track("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"logistics","order_id":"O-1"})") +
            "]}",
        codec::EndpointKind::batch, {});
    ASSERT_TRUE(parsed.ok() && parsed->dead.empty());
    IngestRequest request;
    request.events = std::move(parsed->accepted);
    ASSERT_TRUE(wait<model::IngestAnswer>([&](auto reply) { engine->ingest(shop, std::move(request), reply); }).ok());
  }
  bool ended = false;
  int killed = 0;
  for (int round = 0; round < 8 && !ended; ++round) {
    ended = run_and_kill(folder, static_cast<int>(random.between(150, 700)));
    killed += ended ? 0 : 1;
  }
  EXPECT_GT(killed, 0);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  act_on_all(*engine, shop);
  std::map<std::string, int> counts;
  TailQuery query;
  while (true) {
    const auto tail = wait<TailAnswer>([&](auto reply) { engine->tail(shop, query, reply); });
    ASSERT_TRUE(tail.ok());
    if (tail->events.empty()) break;
    for (const model::TimelineEntry& entry : tail->events) ++counts[entry.event];
    query.after = tail->next;
  }
  EXPECT_EQ(counts["Order Refunded"], kActions / 2);
  EXPECT_EQ(counts["Coupon Granted"], kActions / 2);
  EXPECT_EQ(counts["Ticket Action Updated"], kActions);
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
