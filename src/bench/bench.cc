#include "bench/bench.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "base/time.h"

namespace rapport::bench {

std::span<const Driver> drivers() {
  static constexpr Driver kDrivers[] = {
      {"ingest_batch", "batches of 100 events over HTTP, durable before the answer", bench_ingest_batch},
      {"ingest_single", "single events over HTTP, 64 connections", bench_ingest_single},
      {"flip", "from durability to the flip, at 75,000 events a second", bench_flip},
      {"replay", "folding a log from its first event", bench_replay},
      {"profile_read", "profiles over HTTP; start and idle memory of that shop", bench_profile_read},
      {"clocks", "a million clocks of open tickets while events pour in: lateness, bytes, a policy's change",
       bench_clocks},
      {"desk", "two hundred simulated shops lived twice: tickets by round robin and by the desk's own choice",
       bench_desk},
      {"timers", "ten million timers: lag, bytes, drain", bench_timers},
      {"lens_sql", "exact distinct customers by day over ten million events", bench_lens_sql},
      {"insight", "overview, matrix and lists over HTTP while events come, ten million events",
       bench_insight},
      {"rules", "itemsets, rules and live pair counts over generated baskets", bench_rules},
      {"models", "training ALS and item neighbours on nine million interactions, folding a customer in",
       bench_models},
      {"next_basket", "next baskets of a grocer's households by the model `habits`", bench_next_basket},
      {"study", "models, drivers, value and effects on data in memory, and the whole loop of a service",
       bench_study},
      {"recommend", "lists with reasons over HTTP with 12,000 items, and in process with a million",
       bench_recommend},
      {"scenes", "what a scene's policies earn of an oracle's, lanes of 12, 8, 5 and 2 %", bench_scenes},
      {"policies",
       "two hundred simulated shops lived twice: does the default policy earn more than `literal`",
       bench_policies},
      {"feedback",
       "what customers say: told by class in process and over HTTP, and a new pain among the rest",
       bench_feedback},
      {"assistant", "questions it has not learned from: right and how many; turns over HTTP, training",
       bench_assistant},
      {"parcels", "late parcels warned of twelve hours ahead, on simulated lanes and on Olist's deliveries",
       bench_parcels},
      {"claims", "two hundred simulated shops: do intervals drawn from events hold what was planted",
       bench_claims},
      {"ledger", "satisfaction records durable and in the Merkle tree; proofs and receipts of them",
       bench_ledger},
      {"worth", "two hundred simulated shops: is each service's effect held and its verdict right",
       bench_worth},
      {"memory", "bytes a customer in the folded state", bench_memory},
  };
  return kDrivers;
}

std::string figure_json(const Figure& figure) {
  std::string line =
      fmt::format(R"({{"name":"{}","value":{:.6g},"unit":"{}")", figure.name, figure.value, figure.unit);
  if (figure.must != 0)
    line += fmt::format(R"(,"must":{:.6g},"aim":{:.6g},"met":{})", figure.must, figure.aim, figure.met());
  for (const auto& [name, value] : figure.beside) line += fmt::format(R"(,"{}":{:.6g})", name, value);
  return line + "}";
}

Result<DiskProbe> probe_disk(const std::string& folder) {
  const std::string path = folder + "/disk_probe";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return Error{Errc::io, "the scratch folder cannot be written", folder};
  std::vector<double> ms;
  const std::string page(4096, 'x');
  const std::int64_t until = monotonic_ns() + 1'000'000'000;
  while (ms.size() < 20 || (monotonic_ns() < until && ms.size() < 5'000)) {
    const std::int64_t start = monotonic_ns();
    if (::write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
        ::fdatasync(file) != 0)
      break;
    ms.push_back(static_cast<double>(monotonic_ns() - start) / 1e6);
  }
  ::close(file);
  ::unlink(path.c_str());
  if (ms.empty()) return Error{Errc::io, "the scratch folder cannot be synced", folder};
  std::sort(ms.begin(), ms.end());
  return DiskProbe{ms[ms.size() / 2], ms[ms.size() * 99 / 100]};
}

StealReading read_steal() {
  std::ifstream stat("/proc/stat");
  std::string cpu;
  stat >> cpu;
  StealReading reading;
  std::uint64_t value = 0;
  for (int field = 0; field < 8 && stat >> value; ++field) {
    reading.all += value;
    if (field == 7) reading.steal = value;
  }
  return reading;
}

double steal_percent(const StealReading& before, const StealReading& after) {
  const double all = static_cast<double>(after.all - before.all);
  return all > 0 ? 100.0 * static_cast<double>(after.steal - before.steal) / all : 0;
}

std::uint64_t resident_bytes(int process) {
  std::ifstream statm(fmt::format("/proc/{}/statm", process));
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace rapport::bench
