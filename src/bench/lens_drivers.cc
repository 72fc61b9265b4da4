#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "bench/bench.h"
#include "codec/properties.h"
#include "lens/lens.h"
#include "model/catalogue_ids.h"

namespace rapport::bench {
namespace {

constexpr std::uint64_t kDays = 400;
constexpr int kCommitEvents = 200'000;

/// Visits of one customer in ten events: she does about four things, one after the other.
class Visits {
 public:
  Visits(std::uint64_t seed, std::uint64_t events)
      : random_(seed),
        step_ms_(static_cast<std::int64_t>(kDays * 86'400'000 / events)),
        customers_(events / 10 + 1),
        born_(customers_ + 1) {}

  const model::RecordView& next() {
    if (left_-- == 0) {
      node_ = static_cast<std::uint32_t>(random_.between(1, static_cast<std::int64_t>(customers_)));
      left_ = static_cast<int>(random_.below(9));
    }
    record_.seq = record_.seq.next();
    record_.event_time = first_ + milliseconds(static_cast<std::int64_t>(record_.seq.value) * step_ms_);
    record_.received = record_.event_time;
    record_.kind = model::kind::product_viewed;
    clear_.clear();
    codec::PropertyWriter out(clear_);
    out.text(model::property::product_id, fmt::format("P{}", random_.below(20'000)));
    out.number(model::property::price, random_.between(100, 99'999));
    record_.clear = clear_;
    message_id_ = fmt::format("{:032x}", record_.seq.value * 0x9e3779b97f4a7c15ULL);
    record_.message_id = message_id_;
    record_.personal = "sealed bytes of a personal part, as long as they often are";
    record_.nodes = {{NodeId{node_}, model::IdentifierKind::user_id, !born_[node_], "sealed identifier"}};
    born_[node_] = true;
    return record_;
  }
  EventSeq seq() const { return record_.seq; }

 private:
  Random random_;
  std::int64_t step_ms_;
  std::uint64_t customers_;
  std::vector<bool> born_;
  Instant first_{1'735'689'600'000};  // 2025-01-01
  std::uint32_t node_ = 1;
  int left_ = 0;
  std::string clear_, message_id_;
  model::RecordView record_;
};

Status fill(lens::Lens& lens, std::uint64_t seed, std::uint64_t events) {
  Visits visits(seed, events);
  while (visits.seq().value < events) {
    RAPPORT_CHECK(lens.begin());
    for (int i = 0; i < kCommitEvents && visits.seq().value < events; ++i)
      RAPPORT_CHECK(lens.add(visits.next()));
    RAPPORT_CHECK(lens.commit({visits.seq(), {}}));
  }
  return {};
}

// Median seconds of five runs after one that warms.
Result<double> ask(const lens::Lens& lens, const std::string& counted) {
  const std::string query =
      "SELECT event_time::DATE AS day, " + counted + " FROM events GROUP BY day ORDER BY day";
  std::vector<double> seconds;
  for (int i = 0; i < 6; ++i) {
    RAPPORT_TRY(const model::SqlAnswer answer, lens.sql(query, {}, false));
    if (i > 0) seconds.push_back(answer.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[2];
}

}  // namespace

Result<std::vector<Figure>> bench_lens_sql(const Options& options) {
  const auto events = std::max<std::uint64_t>(10'000, static_cast<std::uint64_t>(10e6 * options.scale));
  const std::string folder = options.scratch + "/lens";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  lens::LensOptions where;
  where.path = folder + "/lens.duckdb";
  RAPPORT_TRY(auto lens, lens::Lens::open(where));
  const std::int64_t start = monotonic_ns();
  RAPPORT_CHECK(fill(*lens, options.seed, events));
  const double append_s = static_cast<double>(monotonic_ns() - start) / 1e9;
  const auto steal = read_steal();
  RAPPORT_TRY(const double by_set, ask(*lens, "count_customers(customer)"));
  RAPPORT_TRY(const double by_distinct, ask(*lens, "count(DISTINCT customer)"));
  const double n = static_cast<double>(events);
  const double bytes = static_cast<double>(std::filesystem::file_size(where.path));
  Figure figure{"lens_sql", by_set, "s", 1.0, 0.6, Better::lower, {}};
  figure.beside = {{"events", n},
                   {"count_distinct_s", by_distinct},
                   {"append_events_per_s", n / append_s},
                   {"bytes_per_event", bytes / n},
                   {"steal_percent", steal_percent(steal, read_steal())}};
  lens.reset();
  std::filesystem::remove_all(folder);
  return std::vector<Figure>{figure};
}

}  // namespace rapport::bench
