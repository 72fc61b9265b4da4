#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/assert.h"
#include "base/random.h"
#include "codec/properties.h"
#include "lens/lens.h"
#include "model/catalogue_ids.h"

// 10 M events of 1 M customers over 400 days, as visits: a customer does about five things within the hour.
// RAPPORT_BENCH_EVENTS asks for another number of events.
namespace rapport::lens {
namespace {

std::uint64_t events_wanted() {
  const char* asked = std::getenv("RAPPORT_BENCH_EVENTS");
  return asked == nullptr ? 10'000'000 : std::strtoull(asked, nullptr, 10);
}

struct Made {
  std::string folder;
  std::unique_ptr<Lens> lens;
  double append_seconds = 0;
  ~Made() {
    lens.reset();
    std::filesystem::remove_all(folder);
  }
};

void must(const Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().describe().c_str());
  ASSERT(status.ok());
}

void feed(Made& made, std::uint64_t total) {
  Random random(20261122);
  const std::uint64_t customers = std::max<std::uint64_t>(1, total / 10);
  const Instant first = *parse_instant("2025-01-01");
  std::vector<bool> born(customers + 1);
  std::uint64_t seq = 0;
  std::uint32_t node = 1;
  int left = 0;
  std::string clear, message_id;
  model::RecordView record;
  record.kind = model::kind::product_viewed;
  record.personal = "sealed bytes of a personal part, as long as they often are";
  const std::int64_t begun = monotonic_ns();
  while (seq < total) {
    must(made.lens->begin());
    for (int i = 0; i < 200'000 && seq < total; ++i) {
      if (left-- == 0) {
        node = static_cast<std::uint32_t>(random.between(1, static_cast<std::int64_t>(customers)));
        left = static_cast<int>(random.below(9));
      }
      record.seq = EventSeq{++seq};
      record.event_time =
          first + milliseconds(static_cast<std::int64_t>(seq * (400ull * 86'400'000 / total)));
      record.received = record.event_time;
      clear.clear();
      codec::PropertyWriter out(clear);
      out.text(model::property::product_id, fmt::format("P{}", random.below(20'000)));
      out.number(model::property::price, random.between(100, 99'999));
      record.clear = clear;
      message_id = fmt::format("{:032x}", seq * 0x9e3779b97f4a7c15ull);
      record.message_id = message_id;
      record.nodes = {{NodeId{node}, model::IdentifierKind::user_id, !born[node], "sealed identifier"}};
      born[node] = true;
      must(made.lens->add(record));
    }
    must(made.lens->commit({EventSeq{seq}, {}}));
  }
  made.append_seconds = static_cast<double>(monotonic_ns() - begun) / 1e9;
}

Made& shop() {
  static Made* made = [] {
    auto* fresh = new Made;
    std::string pattern = (std::filesystem::temp_directory_path() / "lens-bench-XXXXXX").string();
    fresh->folder = ::mkdtemp(pattern.data());
    fresh->lens = *Lens::open({fresh->folder + "/lens.duckdb"});
    feed(*fresh, events_wanted());
    return fresh;
  }();
  return *made;
}

void ask(benchmark::State& state, const char* query) {
  Made& made = shop();
  std::size_t rows = 0;
  for (auto _ : state) {
    auto answer = made.lens->sql(query, {}, false);
    ASSERT(answer.ok());
    rows = answer->rows.size();
  }
  state.counters["rows"] = static_cast<double>(rows);
  state.counters["events"] = static_cast<double>(events_wanted());
}

// The rate at which records become rows, and how large the file is.
void lens_append(benchmark::State& state) {
  Made& made = shop();
  for (auto _ : state) benchmark::DoNotOptimize(made.append_seconds);
  state.counters["events_per_s"] = static_cast<double>(events_wanted()) / made.append_seconds;
  state.counters["bytes_per_event"] =
      static_cast<double>(std::filesystem::file_size(made.folder + "/lens.duckdb")) /
      static_cast<double>(events_wanted());
}
BENCHMARK(lens_append)->Iterations(1);

void lens_sql_count_customers(benchmark::State& state) {
  ask(state,
      "SELECT event_time::DATE AS day, count_customers(customer) FROM events GROUP BY day ORDER BY day");
}
BENCHMARK(lens_sql_count_customers)->Unit(benchmark::kMillisecond)->Iterations(5);

void lens_sql_distinct_number(benchmark::State& state) {
  ask(state,
      "SELECT event_time::DATE AS day, count(DISTINCT customer) FROM events GROUP BY day ORDER BY day");
}
BENCHMARK(lens_sql_distinct_number)->Unit(benchmark::kMillisecond)->Iterations(3);

void lens_sql_distinct_id(benchmark::State& state) {
  ask(state,
      "SELECT event_time::DATE AS day, count(DISTINCT customer_id) FROM events GROUP BY day ORDER BY day");
}
BENCHMARK(lens_sql_distinct_id)->Unit(benchmark::kMillisecond)->Iterations(3);

void lens_sql_cohorts(benchmark::State& state) {
  ask(state,
      "WITH firsts AS (SELECT customer, min(event_time) AS first FROM events GROUP BY customer) "
      "SELECT date_trunc('month', first) AS cohort, count(*) FROM firsts GROUP BY cohort ORDER BY cohort");
}
BENCHMARK(lens_sql_cohorts)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace rapport::lens
