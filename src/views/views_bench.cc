#include <benchmark/benchmark.h>
#include <malloc.h>

#include <memory>

#include "base/random.h"
#include "views/detail/sample_log.h"

// How fast one thread folds a shop with the six classes, and what a customer costs in memory.
namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;

const Instant kBegin = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});

SampleEvent random_event(Random& random, std::uint32_t customer) {
  SampleEvent event;
  event.who = {{IdentifierKind::user_id, "u" + std::to_string(customer)},
               {IdentifierKind::anonymous_id, "a" + std::to_string(customer)},
               {IdentifierKind::email, "e" + std::to_string(customer) + "@x.cn"}};
  if (random.below(3) != 0) event.who.resize(2);
  const std::string product = "P" + std::to_string(random.below(2000));
  const std::uint64_t pick = random.below(100);
  if (pick < 35) {
    event.kind = k::page;
    event.clear = Properties().text(p::page_name, "Product").text(p::path, "/products/p100");
  } else if (pick < 75) {
    event.kind = k::product_viewed;
    event.clear = Properties().text(p::product_id, product).number(p::price, 89900).text(p::currency, "CNY");
  } else if (pick < 87) {
    event.kind = k::product_added;
    event.clear = Properties().text(p::product_id, product).number(p::quantity, 1);
  } else if (pick < 92) {
    event.kind = k::order_completed;
    event.clear = Properties()
                      .text(p::order_id, "O" + std::to_string(random.next() >> 30))
                      .number(p::total, static_cast<std::int64_t>(random.below(200'000)))
                      .text(p::currency, "CNY")
                      .lines({{product, 1, 89900}});
  } else if (pick < 94) {
    event.kind = k::user_registered;
  } else if (pick < 96) {
    event.kind = k::review_posted;
    event.clear = Properties().text(p::product_id, product).number(p::rating, random.between(1, 5) * 1000);
  } else if (pick < 98) {
    event.kind = k::contact_started;
    event.clear =
        Properties().text(p::contact_id, "K" + std::to_string(random.next() >> 40)).text(p::channel, "chat");
  } else {
    event.kind = k::identify;
    event.clear = Properties().text(model::trait::region, "浙江").text(model::trait::age_band, "25-35");
  }
  return event;
}

/// 90 days of a shop, 20 events a customer.
SampleLog make_log(std::uint32_t customers) {
  SampleLog log;
  Random random(7);
  const std::uint64_t events = std::uint64_t{customers} * 20;
  for (std::uint64_t i = 0; i < events; ++i) {
    SampleEvent event = random_event(random, static_cast<std::uint32_t>(random.below(customers)));
    const Instant received =
        kBegin + Duration{static_cast<std::int64_t>(i * static_cast<std::uint64_t>(days(90).ms) / events)};
    event.at = received - milliseconds(200);
    log.add(event, received);
  }
  return log;
}

void BM_Fold(benchmark::State& state) {
  const SampleLog log = make_log(static_cast<std::uint32_t>(state.range(0)));
  std::int64_t folded = 0;
  for (auto _ : state) {
    auto shop = std::make_unique<ShopState>();
    FlipList flips;
    log.fold_into(*shop, flips);
    folded += static_cast<std::int64_t>(log.size());
    state.counters["flips"] = static_cast<double>(flips.flips.size());
    benchmark::DoNotOptimize(shop->position());
    state.PauseTiming();
    shop.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(folded);
}
BENCHMARK(BM_Fold)->Arg(20'000)->Arg(50'000)->Unit(benchmark::kMillisecond);

/// Bytes of heap a customer with 3 identifiers and 20 events takes, as malloc counts them.
void BM_MemoryOfACustomer(benchmark::State& state) {
  const auto customers = static_cast<std::uint32_t>(state.range(0));
  const SampleLog log = make_log(customers);
  for (auto _ : state) {
    const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    ShopState shop;
    FlipList flips;
    log.fold_into(shop, flips);
    flips.flips = {};
    const std::size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
    state.counters["bytes_a_customer"] = static_cast<double>(after - before) / customers;
    state.counters["counted_by_state"] = static_cast<double>(shop.memory_bytes()) / customers;
  }
}
BENCHMARK(BM_MemoryOfACustomer)->Arg(50'000)->Iterations(1)->Unit(benchmark::kMillisecond);

void BM_SaveAndLoad(benchmark::State& state) {
  const SampleLog log = make_log(static_cast<std::uint32_t>(state.range(0)));
  ShopState shop;
  FlipList flips;
  log.fold_into(shop, flips);
  std::string bytes;
  shop.save([&bytes](std::string_view piece) { bytes += piece; });
  for (auto _ : state) {
    benchmark::DoNotOptimize(ShopState::load(bytes, ShopOptions()));
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(BM_SaveAndLoad)->Arg(50'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport::views
