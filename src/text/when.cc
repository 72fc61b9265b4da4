#include "text/when.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "text/detail/when_words.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::text {
namespace {

constexpr std::size_t kReadMost = 2'000;  ///< bytes

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

int month_days(int year, int month) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kLengths[month - 1] + (month == 2 && leap ? 1 : 0);
}
bool is_day(const LocalDay& day) {
  return day.year >= 1970 && day.year <= 9998 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
         day.day <= month_days(day.year, day.month);
}

/// Of 一, 十, 二十三, 零五 and the like, up to 99, at the beginning of `text`; {-1, 0} when none stands
/// there.
std::pair<int, std::size_t> han_number(std::string_view text) {
  constexpr std::pair<std::string_view, int> kDigits[] = {{"零", 0}, {"〇", 0}, {"一", 1}, {"二", 2},
                                                          {"两", 2}, {"三", 3}, {"四", 4}, {"五", 5},
                                                          {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}};
  const auto digit = [&](std::size_t at) {
    for (const auto& [said, value] : kDigits) {
      if (text.substr(at).starts_with(said)) return value;
    }
    return -1;
  };
  constexpr std::size_t kWidth = 3;
  constexpr std::string_view kTen = "十";
  std::size_t at = 0;
  int value = digit(at);
  if (value >= 0) at += kWidth;
  if (text.substr(at).starts_with(kTen)) {
    at += kWidth;
    value = (value < 0 ? 1 : value) * 10;
    if (const int ones = digit(at); ones >= 0) {
      value += ones;
      at += kWidth;
    }
  } else if (value == 0) {
    if (const int ones = digit(at); ones >= 0) {
      value = ones;
      at += kWidth;
    }
  }
  return {value, at};
}

/// Numbers of hours and days in figures: 十点半 -> 10点半; those of weekdays (周三) and 一点 in 早一点 stay.
std::string in_figures(std::string_view text) {
  constexpr std::string_view kWeeks[] = {"周", "星期", "礼拜"};
  constexpr std::string_view kMore[] = {"早", "晚", "快", "慢", "有", "近", "好"};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = han_number(text.substr(at));
    const auto ends = [&](std::string_view word) { return out.ends_with(word); };
    const bool week = std::any_of(std::begin(kWeeks), std::end(kWeeks), ends);
    const bool more = value == 1 && text.substr(at + length).starts_with("点") &&
                      std::any_of(std::begin(kMore), std::end(kMore), ends);
    if (value < 0 || week || more) {
      const std::size_t step = value < 0 ? 1 : length;
      out += more ? std::string("少") : std::string(text.substr(at, step));
      at += step;
    } else {
      out += std::to_string(value);
      at += length;
    }
  }
  return out;
}

class Reader {
 public:
  Reader(std::string text, const CivilTime& now)
      : text_(std::move(text)),
        today_{now.year, now.month, now.day},
        is_english_(std::none_of(text_.begin(), text_.end(),
                                 [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {}

  WhenSaid read() {
    read_parts();
    while (at_ < text_.size()) {
      if (!(stamp() || figures() || relative_day() || weekday() || month_name() || hour_words() || number()))
        step();
    }
    settle_hour();
    std::sort(out_.days.begin(), out_.days.end());
    out_.days.erase(std::unique(out_.days.begin(), out_.days.end()), out_.days.end());
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return std::string_view(text_).substr(at_); }
  void step() {
    // Whole words of English at once: "sat" is no part of "saturated".
    if (is_letter(text_[at_])) {
      while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    } else {
      ++at_;
    }
  }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    const bool letters = is_letter(word.back());
    if (letters && rest().size() > word.size() && is_letter(rest()[word.size()])) return false;
    at_ += word.size();
    return true;
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == ',')) ++at_;
  }
  /// Up to four figures; -1 when none stands there.
  int figure() {
    int value = -1;
    for (std::size_t n = 0; n < 4 && at_ < text_.size() && is_digit(text_[at_]); ++n, ++at_)
      value = std::max(value, 0) * 10 + (text_[at_] - '0');
    return value;
  }
  void add_day(const LocalDay& day) {
    if (!is_day(day)) {
      out_.is_none = true;
    } else if (day < today_) {
      out_.is_over = true;
    } else {
      out_.days.push_back(day);
    }
  }
  /// The next such day from today on.
  void add_month_day(int month, int day) {
    LocalDay wanted{today_.year, month, day};
    for (int years = 0; years < 5 && month >= 1 && month <= 12; ++years) {
      if (is_day(wanted) && wanted >= today_) break;
      if (!is_day(wanted) && !(month == 2 && day == 29)) break;
      ++wanted.year;
    }
    add_day(wanted);
  }

  /// The greatest part that the whole text names.
  void read_parts() {
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

  /// 2026-12-03, 2026/12/3, 2026-12-03T15:00[:00][Z].
  bool stamp() {
    const std::size_t begin = at_;
    const int year = figure();
    if (at_ - begin != 4 || at_ >= text_.size() ||
        (text_[at_] != '-' && text_[at_] != '/' && text_[at_] != '.'))
      return back(begin);
    const char mark = text_[at_++];
    const int month = figure();
    if (month < 0 || at_ >= text_.size() || text_[at_] != mark) return back(begin);
    ++at_;
    const int day = figure();
    if (day < 0) return back(begin);
    if (at_ < text_.size() && text_[at_] == 't') {
      std::size_t end = at_ + 1;
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == ':' || text_[end] == '.')) ++end;
      const bool zoned = end < text_.size() && (text_[end] == 'z' || text_[end] == '+' || text_[end] == '-');
      if (zoned) {
        std::size_t last = end + 1;
        while (last < text_.size() && (is_digit(text_[last]) || text_[last] == ':')) ++last;
        std::string moment = text_.substr(begin, last - begin);
        std::transform(moment.begin(), moment.end(), moment.begin(), [](char c) {
          return c == 't' ? 'T' : c == 'z' ? 'Z' : c;
        });
        const auto read = parse_instant(moment);
        if (read.ok()) out_.at = *read;
        out_.is_none = out_.is_none || !read.ok();
        at_ = last;
        return true;
      }
      ++at_;
    }
    add_day({year, month, day});
    return true;
  }
  bool back(std::size_t begin) {
    at_ = begin;
    return false;
  }

  /// 15:00, 3:30 pm; 12/3.
  bool figures() {
    if (at_ >= text_.size() || !is_digit(text_[at_])) return false;
    const std::size_t begin = at_;
    const int first = figure();
    const std::size_t width = at_ - begin;
    if (width > 2 || at_ + 1 >= text_.size() || !is_digit(text_[at_ + 1])) return back(begin);
    const char mark = text_[at_];
    if (mark != ':' && mark != '/') return back(begin);
    ++at_;
    const std::size_t second_at = at_;
    const int second = figure();
    if (at_ - second_at > 2) return back(begin);
    if (mark == ':') {
      if (at_ < text_.size() && text_[at_] == ':') {
        ++at_;
        figure();
      }
      set_hour(first, second, width == 2);
      half_of_day();
      return true;
    }
    const bool month_first = first >= 1 && first <= 12 && second >= 1 && second <= 31;
    const bool day_first = is_english_ && second >= 1 && second <= 12 && first >= 1 && first <= 31;
    if (month_first) add_month_day(first, second);
    if (day_first && first != second) add_month_day(second, first);
    out_.is_none = out_.is_none || (!month_first && !day_first);
    return true;
  }

  bool relative_day() {
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

  bool weekday() {
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
  void add_weekday(int which, int weeks, bool is_next) {
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

  /// "Dec 3rd", "December 3".
  bool month_name() {
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
  void ordinal() {
    for (const std::string_view end : {"st", "nd", "rd", "th"}) {
      if (take(end)) return;
    }
  }

  /// "half past ten", "quarter to 4", "at three", "noon".
  bool hour_words() {
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
  /// "pm", "p.m." behind an hour.
  void half_of_day() {
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

  /// 3点半, 12月3号, 3天后, "3 Dec", "in 3 days", "3pm", "the 3rd".
  bool number() {
    if (at_ >= text_.size() || !is_digit(text_[at_])) {
      for (const WhenWord& word : kNumbers) {
        const std::size_t begin = at_;
        if (!take(word.said)) continue;
        blanks();
        if (take("o'clock") || rest().starts_with("pm") || rest().starts_with("am")) {
          set_hour(word.value, 0, false);
          half_of_day();
          return true;
        }
        if ((take("days") || take("day")) && text_.substr(0, begin).ends_with("in ")) {
          add_day(day_after(today_, word.value));
          return true;
        }
        return back(begin + word.said.size()), true;
      }
      return false;
    }
    // A part of a word or of a longer number is none of ours: D-3.
    const bool inside =
        at_ > 0 && (is_letter(text_[at_ - 1]) || text_[at_ - 1] == '-' || text_[at_ - 1] == '#');
    const std::size_t begin = at_;
    const int value = figure();
    if (inside || (at_ < text_.size() && is_digit(text_[at_]))) {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      return true;
    }
    const std::size_t behind = at_;
    blanks();
    if (take("年")) return year(value);
    if (take("月")) return month(value, 0);
    if (rest().starts_with("点") || (rest().starts_with("时") && !rest().starts_with("时间")))
      return clock(value);
    if (take("天后") || take("天之后") || take("天以后")) return add_day(day_after(today_, value)), true;
    if (take("周后") || take("个星期后") || take("星期后"))
      return add_day(day_after(today_, 7 * value)), true;
    if (take("days") || take("day")) {
      if (text_.substr(0, begin).ends_with("in ")) add_day(day_after(today_, value));
      return true;
    }
    if (take("号") || take("日")) return day_of_month(value), true;
    if (rest().starts_with("pm") || rest().starts_with("am") || rest().starts_with("p.m") ||
        rest().starts_with("a.m") || take("o'clock")) {
      set_hour(value, 0, false);
      half_of_day();
      return true;
    }
    const std::size_t before_ordinal = at_;
    ordinal();
    const bool counted = at_ != before_ordinal;
    blanks();
    take("of");
    blanks();
    for (const WhenWord& named : kMonths) {
      if (take(named.said)) return add_month_day(named.value, value), true;
    }
    if (counted) return day_of_month(value), true;
    at_ = behind;
    return true;
  }
  bool year(int value) {
    blanks();
    const int number = figure();
    if (number < 0 || !take("月")) return true;
    return month(number, value);
  }
  bool month(int value, int year) {
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
  /// The next month that has it, from today on.
  void day_of_month(int day) {
    LocalDay wanted{today_.year, today_.month, day};
    for (int months = 0; months < 12 && day >= 1 && day <= 31; ++months) {
      if (is_day(wanted) && wanted >= today_) break;
      wanted.month = wanted.month % 12 + 1;
      wanted.year += wanted.month == 1 ? 1 : 0;
    }
    add_day(wanted);
  }
  /// Behind the figure of an hour.
  bool clock(int hour) {
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

  void set_hour(int hour, int minute, bool exact) {
    if (hour > 24 || minute > 59 || hour * 60 + minute > 1440 || hour < 0 || minute < 0) {
      out_.is_none = true;
      return;
    }
    hour_ = hour;
    minute_ = minute;
    is_exact_ = exact;
  }
  /// Morning or afternoon, by what else was told.
  void settle_hour() {
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

  std::string text_;
  std::size_t at_ = 0;
  LocalDay today_;
  bool is_english_ = false, is_noon_ = false, is_exact_ = false;
  int hour_ = -1, minute_ = 0;
  int half_ = -1;  ///< 0 before noon, 1 after it
  WhenSaid out_;
};

}  // namespace

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
  std::string text = comparison_form(simplified_characters(nfkc(utf8.substr(0, kReadMost))));
  // A cut through a character would not be found again.
  return Reader(in_figures(text), now).read();
}

}  // namespace rapport::text
