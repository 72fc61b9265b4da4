#include "text/detail/ascii.h"
#include "text/detail/when_reader.h"
#include "text/detail/when_words.h"

namespace rapport::text {
namespace {

int month_days(int year, int month) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kLengths[month - 1] + (month == 2 && leap ? 1 : 0);
}
bool is_day(const LocalDay& day) {
  return day.year >= 1970 && day.year <= 9998 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
         day.day <= month_days(day.year, day.month);
}

}  // namespace

void WhenReader::add_day(const LocalDay& day) {
  if (!is_day(day)) {
    out_.is_none = true;
  } else if (day < today_) {
    out_.is_over = true;
  } else {
    out_.days.push_back(day);
  }
}

void WhenReader::add_month_day(int month, int day) {
  LocalDay wanted{today_.year, month, day};
  for (int years = 0; years < 5 && month >= 1 && month <= 12; ++years) {
    if (is_day(wanted) && wanted >= today_) break;
    if (!is_day(wanted) && !(month == 2 && day == 29)) break;
    ++wanted.year;
  }
  add_day(wanted);
}

bool WhenReader::relative_day() {
  for (const WhenWord& day : kDayParts) {
    if (!take(day.said)) continue;
    add_day(day_after(today_, day.value));
    return true;
  }
  for (const WhenWord& day : kDays) {
    if (!take(day.said)) continue;
    add_day(day_after(today_, day.value));
    return true;
  }
  return false;
}

bool WhenReader::weekday() {
  const std::size_t begin = at_;
  int weeks = -1;  // -1: the next one that comes
  bool is_next = false, is_last = false;
  constexpr WhenWord kBefore[] = {{"下下个", 2}, {"下下", 2},    {"下个", 1},  {"下", 1},  {"这个", 0},
                                  {"这", 0},     {"本", 0},      {"上个", -2}, {"上", -2}, {"this", 0},
                                  {"next", 1},   {"coming", -1}, {"last", -2}};
  for (const WhenWord& word : kBefore) {
    if (!take(word.said)) continue;
    weeks = word.value;
    is_next = word.said == "next";
    is_last = word.value == -2;
    blanks();
    break;
  }
  int which = -1;
  bool weekend = false;
  if (take("周") || take("星期") || take("礼拜")) {
    constexpr std::string_view kNames[] = {"一", "二", "三", "四", "五", "六", "日"};
    for (int i = 0; i < 7; ++i) {
      if (which < 0 && (take(kNames[i]) || (rest().size() > 0 && rest()[0] == '1' + i &&
                                            take(std::string(1, static_cast<char>('1' + i))))))
        which = i;
    }
    if (which < 0 && take("天")) which = 6;
    weekend = which < 0 && take("末");
  } else {
    weekend = take("weekend");
    for (const WhenWord& day : kWeekdays) {
      if (which < 0 && !weekend && take(day.said)) which = day.value;
    }
  }
  if (which < 0 && !weekend) return back(begin);
  if (is_last) {
    out_.is_over = true;
    return true;
  }
  for (const int day : weekend ? std::vector<int>{5, 6} : std::vector<int>{which})
    add_weekday(day, weeks, is_next);
  return true;
}

void WhenReader::add_weekday(int which, int weeks, bool is_next) {
  const int now = weekday_of(today_);
  const LocalDay monday = day_after(today_, -now);
  if (weeks >= 0) {
    // "Next Wed" said on a Monday is this week's to some and next week's to others.
    if (is_next && which > now) add_day(day_after(monday, which));
    return add_day(day_after(monday, weeks * 7 + which));
  }
  const int ahead = (which - now + 7) % 7;
  add_day(day_after(today_, ahead));
  // Said on that very day it may be today or in a week.
  if (ahead == 0) add_day(day_after(today_, 7));
}

bool WhenReader::month_name() {
  const std::size_t begin = at_;
  for (const WhenWord& month : kMonths) {
    if (!take(month.said)) continue;
    if (at_ < text_.size() && text_[at_] == '.') ++at_;
    blanks();
    const int day = figure();
    // "may 3pm" is no day.
    if (day < 1 || take("pm") || take("am")) return back(begin);
    ordinal();
    add_month_day(month.value, day);
    return true;
  }
  return false;
}

void WhenReader::ordinal() {
  for (const std::string_view end : {"st", "nd", "rd", "th"}) {
    if (take(end)) return;
  }
}

bool WhenReader::year(int value) {
  blanks();
  const int number = figure();
  if (number < 0 || !take("月")) return true;
  return month(number, value);
}

bool WhenReader::month(int value, int year) {
  blanks();
  const int day = figure();
  if (day < 0) return true;
  take("号") || take("日");
  if (year > 0) {
    add_day({year, value, day});
  } else {
    add_month_day(value, day);
  }
  return true;
}

void WhenReader::day_of_month(int day) {
  LocalDay wanted{today_.year, today_.month, day};
  for (int months = 0; months < 12 && day >= 1 && day <= 31; ++months) {
    if (is_day(wanted) && wanted >= today_) break;
    wanted.month = wanted.month % 12 + 1;
    wanted.year += wanted.month == 1 ? 1 : 0;
  }
  add_day(wanted);
}

}  // namespace rapport::text
