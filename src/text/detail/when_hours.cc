#include "text/detail/ascii.h"
#include "text/detail/when_reader.h"
#include "text/detail/when_words.h"

namespace rapport::text {

void WhenReader::read_parts() {
  for (const DayPart& part : kParts) {
    const std::size_t found = text_.find(part.said);
    if (found == std::string::npos) continue;
    const bool inside =
        is_letter(part.said[0]) &&
        ((found > 0 && is_letter(text_[found - 1])) ||
         (found + part.said.size() < text_.size() && is_letter(text_[found + part.said.size()])));
    if (inside) continue;
    out_.from = part.from * 60;
    out_.to = part.to * 60;
    is_noon_ = part.said == "noon" || part.said == "midday" || part.said == "正午";
    return;
  }
}

bool WhenReader::hour_words() {
  if (rest().starts_with("noon") || rest().starts_with("midday")) return false;
  const std::size_t begin = at_;
  int shift = 0;
  if (take("half past")) {
    shift = 30;
  } else if (take("quarter past")) {
    shift = 15;
  } else if (take("quarter to")) {
    shift = -15;
  } else if (take("half")) {
    shift = 30;  // "half ten"
  } else if (!take("at")) {
    return false;
  }
  blanks();
  int hour = figure();
  for (const WhenWord& word : kNumbers) {
    if (hour < 0 && take(word.said)) hour = word.value;
  }
  if (hour < 0 || (at_ < text_.size() && text_[at_] == ':')) return back(begin);
  blanks();
  take("o'clock");
  const int minutes = hour * 60 + shift;
  set_hour(minutes / 60, minutes % 60, false);
  half_of_day();
  return true;
}

void WhenReader::half_of_day() {
  const std::size_t begin = at_;
  blanks();
  if (take("p.m") || take("pm")) {
    half_ = 1;
  } else if (take("a.m") || take("am")) {
    half_ = 0;
  } else {
    at_ = begin;
  }
}

bool WhenReader::clock(int hour) {
  if (!take("点钟") && !take("点")) take("时");
  int minute = 0;
  if (take("半")) {
    minute = 30;
  } else if (take("1刻")) {
    minute = 15;
  } else if (take("3刻")) {
    minute = 45;
  } else if (at_ < text_.size() && is_digit(text_[at_])) {
    minute = figure();
    take("分");
  }
  set_hour(hour, minute, false);
  return true;
}

void WhenReader::set_hour(int hour, int minute, bool exact) {
  if (hour > 24 || minute > 59 || hour * 60 + minute > 1440 || hour < 0 || minute < 0) {
    out_.is_none = true;
    return;
  }
  hour_ = hour;
  minute_ = minute;
  is_exact_ = exact;
}

void WhenReader::settle_hour() {
  if (hour_ < 0) {
    if (is_noon_) out_.minutes = {720};
    return;
  }
  const int as_said = hour_ * 60 + minute_, later = (hour_ % 12 + 12) * 60 + minute_;
  if (half_ >= 0 && hour_ <= 12) {
    out_.minutes = {half_ == 1 ? later : hour_ % 12 * 60 + minute_};
  } else if (hour_ > 12 || hour_ == 0 || is_exact_) {
    out_.minutes = {as_said};
  } else if (out_.to > 0 && hour_ < 12) {
    out_.minutes = {out_.from < 360 || (out_.to <= 720 && out_.from >= 360) ? as_said
                    : out_.from == 660 && hour_ >= 10                       ? as_said
                                                                            : later};
  } else if (out_.to > 0) {
    // 12 at night is the end of a day or its begin: which is not told.
    if (out_.from == 0 || out_.from >= 1020) return;
    out_.minutes = {720 + minute_};
  } else if (hour_ == 12) {
    out_.minutes = {720 + minute_};
  } else {
    out_.minutes = {as_said, later};
  }
}

}  // namespace rapport::text
