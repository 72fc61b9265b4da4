#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rapport::bench {

/// Which way is better, and so what "met" means.
enum class Better : std::uint8_t { higher, lower };

struct Figure {
  std::string name;  ///< "ingest_batch", "ingest_single.p99"
  double value = 0;
  std::string unit;
  double must = 0, aim = 0;  ///< 0: none is set
  Better better = Better::higher;
  std::vector<std::pair<std::string, double>>
      beside;  ///< what was measured with it: "lens_lag_s", "disk_fdatasync_p99_ms"
  bool met() const { return must == 0 || (better == Better::higher ? value >= must : value <= must); }
};

struct Options {
  std::string scratch;  ///< folder for the shops it builds; removed afterwards
  std::uint64_t seed = 20'261'122;
  double scale = 1.0;  ///< 1 = the requirement's sizes; 0.1 = a quick look
  std::string
      write;  ///< folder that `models` leaves its data and results in, for other programs; empty: none
};

struct Driver {
  std::string_view name;
  std::string_view what;
  Result<std::vector<Figure>> (*run)(const Options& options);
};

std::span<const Driver> drivers();
/// One line of JSON: name, value, unit, must, aim, met, and what was measured beside it.
std::string figure_json(const Figure& figure);

/// Milliseconds of one 4 KB append and fdatasync in that folder: median and p99 of about a second of them.
struct DiskProbe {
  double p50_ms = 0, p99_ms = 0;
};
Result<DiskProbe> probe_disk(const std::string& folder);
/// Share of processor time stolen by other guests since the machine started, in thousandths; two readings
/// give a run's.
struct StealReading {
  std::uint64_t steal = 0, all = 0;
};
StealReading read_steal();
double steal_percent(const StealReading& before, const StealReading& after);
/// Resident memory of a process, in bytes; 0 when there is none.
std::uint64_t resident_bytes(int process);

Result<std::vector<Figure>> bench_ingest_batch(const Options& options);
Result<std::vector<Figure>> bench_ingest_single(const Options& options);
Result<std::vector<Figure>> bench_replay(const Options& options);
Result<std::vector<Figure>> bench_profile_read(const Options& options);
Result<std::vector<Figure>> bench_flip(const Options& options);
Result<std::vector<Figure>> bench_clocks(const Options& options);
Result<std::vector<Figure>> bench_desk(const Options& options);
Result<std::vector<Figure>> bench_timers(const Options& options);
Result<std::vector<Figure>> bench_memory(const Options& options);
Result<std::vector<Figure>> bench_lens_sql(const Options& options);
Result<std::vector<Figure>> bench_insight(const Options& options);
Result<std::vector<Figure>> bench_models(const Options& options);
Result<std::vector<Figure>> bench_claims(const Options& options);
Result<std::vector<Figure>> bench_ledger(const Options& options);
Result<std::vector<Figure>> bench_worth(const Options& options);
Result<std::vector<Figure>> bench_next_basket(const Options& options);
Result<std::vector<Figure>> bench_study(const Options& options);
Result<std::vector<Figure>> bench_rules(const Options& options);
Result<std::vector<Figure>> bench_recommend(const Options& options);
Result<std::vector<Figure>> bench_scenes(const Options& options);
Result<std::vector<Figure>> bench_policies(const Options& options);
Result<std::vector<Figure>> bench_feedback(const Options& options);
Result<std::vector<Figure>> bench_assistant(const Options& options);
Result<std::vector<Figure>> bench_parcels(const Options& options);

}  // namespace rapport::bench
