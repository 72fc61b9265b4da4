#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// IANA time zones, from ICU's tables.
namespace rapport::text {

/// One zone; copies share the tables. Const access from any thread.
class Zone {
 public:
  /// "Asia/Shanghai", "America/Sao_Paulo", "UTC". Errors: bad_input for a name that the tables do not hold.
  static Result<Zone> find(std::string_view name);

  /// The UTC moment of a local civil time. A time that clocks skip (the spring hour) is read with the offset
  /// before the change, one that they show twice is the earlier of the two.
  Instant to_utc(const CivilTime& local) const;
  /// All moments at which clocks of this zone show that time, ascending: none when they skip it, two when
  /// they show it twice.
  std::vector<Instant> moments_of(const CivilTime& local) const;
  /// What a clock of this zone shows at `instant`.
  CivilTime to_local(Instant instant) const;
  const std::string& name() const;

 private:
  struct Tables;
  explicit Zone(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const Tables> tables_;
};

/// "2024a": the version of the tables in use, which the log records.
std::string zone_data_version();

}  // namespace rapport::text
