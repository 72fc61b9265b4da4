#include "text/when.h"

#include <string>

#include "text/detail/han_figures.h"
#include "text/detail/when_reader.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::text {

LocalDay day_after(const LocalDay& day, int days) {
  const CivilTime civil{day.year, day.month, day.day};
  const CivilTime then = civil_from_instant(instant_from_civil(civil) + rapport::days(days));
  return {then.year, then.month, then.day};
}

int weekday_of(const LocalDay& day) {
  // 1970-01-01 was a Thursday.
  const std::int64_t number = day_number(instant_from_civil({day.year, day.month, day.day}));
  return static_cast<int>(((number + 3) % 7 + 7) % 7);
}

WhenSaid when_in(std::string_view utf8, const CivilTime& now) {
  constexpr std::size_t kReadMost = 2'000;  // bytes
  // A cut through a character would not be found again.
  std::string text = plain_form(nfkc(utf8.substr(0, kReadMost)));
  return WhenReader(in_figures(text), now).read();
}

}  // namespace rapport::text
