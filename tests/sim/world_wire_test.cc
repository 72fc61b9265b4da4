#include <gtest/gtest.h>

#include <map>

#include "codec/segment.h"
#include "model/catalogue_ids.h"
#include "world/world.h"

// Every line that the simulated shop writes is a valid event at the front desk.
namespace rapport {
namespace {

void expect_all_accepted(const world::WorldOptions& options) {
  const codec::ParseOptions parse;
  std::map<std::string, std::size_t> rejected;
  std::size_t accepted = 0, longest = 0;
  const auto status = world::run_simulation(options, [&](std::string_view lines) -> Status {
    for (std::size_t from = 0; from < lines.size();) {
      const std::size_t end = lines.find('\n', from);
      const std::string_view line = lines.substr(from, end - from);
      from = end + 1;
      longest = std::max(longest, line.size());
      const auto event = codec::parse_message(line, parse);
      if (!event.ok()) {
        ++rejected[event.error().describe() + "\n" + std::string(line.substr(0, 300))];
        continue;
      }
      ++accepted;
      EXPECT_NE(event->kind.value, 0) << "not in the catalogue: " << line;
      EXPECT_TRUE(event->timestamp.has_value());
    }
    return {};
  });
  ASSERT_TRUE(status.ok()) << status.error().describe();
  for (const auto& [why, count] : rejected) ADD_FAILURE() << count << " x " << why;
  EXPECT_GT(accepted, 10'000u);
  EXPECT_LT(longest, codec::kEventMostBytes);
}

TEST(WorldOnTheWire, EveryRetailEventIsAccepted) {
  world::WorldOptions options;
  options.seed = 4;
  options.customers = 600;
  options.products = 500;
  options.days = 420;
  expect_all_accepted(options);
}

TEST(WorldOnTheWire, EveryBrokerageEventIsAccepted) {
  world::WorldOptions options;
  options.seed = 4;
  options.pack = world::Pack::brokerage;
  options.customers = 600;
  options.products = 60;
  options.days = 420;
  expect_all_accepted(options);
}

}  // namespace
}  // namespace rapport
