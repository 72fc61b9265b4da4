#include "text/zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/assert.h"

namespace rapport::text {

struct Zone::Tables {
  std::string name;
  std::unique_ptr<icu::BasicTimeZone> zone;
};

Result<Zone> Zone::find(std::string_view name) {
  const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int>(name.size())));
  std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(id));
  const bool known = found != nullptr && *found != icu::TimeZone::getUnknown();
  auto* basic = known ? dynamic_cast<icu::BasicTimeZone*>(found.get()) : nullptr;
  if (basic == nullptr) {
    return Error{Errc::bad_input, fmt::format("unknown time zone '{}'", name.substr(0, 60)), "",
                 "an IANA name such as Asia/Shanghai"};
  }
  found.release();
  auto tables = std::make_shared<Tables>();
  tables->name = name;
  tables->zone.reset(basic);
  return Zone(std::move(tables));
}

Instant Zone::to_utc(const CivilTime& local) const {
  const Instant wall = instant_from_civil(local);
  std::int32_t raw = 0, daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  tables_->zone->getOffsetFromLocal(static_cast<UDate>(wall.ms), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER,
                                    raw, daylight, status);
  ASSERT(U_SUCCESS(status));
  return wall - milliseconds(std::int64_t{raw} + daylight);
}

std::vector<Instant> Zone::moments_of(const CivilTime& local) const {
  const Instant wall = instant_from_civil(local);
  std::vector<Instant> moments;
  for (const auto option : {UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_LATTER}) {
    std::int32_t raw = 0, daylight = 0;
    UErrorCode status = U_ZERO_ERROR;
    tables_->zone->getOffsetFromLocal(static_cast<UDate>(wall.ms), option, option, raw, daylight, status);
    ASSERT(U_SUCCESS(status));
    const Instant moment = wall - milliseconds(std::int64_t{raw} + daylight);
    const bool shows_it = instant_from_civil(to_local(moment)) == wall;
    if (shows_it && std::find(moments.begin(), moments.end(), moment) == moments.end())
      moments.push_back(moment);
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

CivilTime Zone::to_local(Instant instant) const {
  std::int32_t raw = 0, daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  tables_->zone->getOffset(static_cast<UDate>(instant.ms), false, raw, daylight, status);
  ASSERT(U_SUCCESS(status));
  return civil_from_instant(instant + milliseconds(std::int64_t{raw} + daylight));
}

const std::string& Zone::name() const {
  return tables_->name;
}

std::string zone_data_version() {
  UErrorCode status = U_ZERO_ERROR;
  const char* version = icu::TimeZone::getTZDataVersion(status);
  return U_SUCCESS(status) ? version : "unknown";
}

}  // namespace rapport::text
