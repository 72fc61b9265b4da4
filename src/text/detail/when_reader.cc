#include "text/detail/when_reader.h"

#include <algorithm>
#include <utility>

#include "text/detail/ascii.h"
#include "text/detail/when_words.h"

namespace rapport::text {

WhenReader::WhenReader(std::string text, const CivilTime& now)
    : text_(std::move(text)),
      today_{now.year, now.month, now.day},
      is_english_(std::none_of(text_.begin(), text_.end(),
                               [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {}

WhenSaid WhenReader::read() {
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

void WhenReader::step() {
  // Whole words of English at once: "sat" is no part of "saturated".
  if (is_letter(text_[at_])) {
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
  } else {
    ++at_;
  }
}

bool WhenReader::take(std::string_view word) {
  if (!rest().starts_with(word)) return false;
  const bool letters = is_letter(word.back());
  if (letters && rest().size() > word.size() && is_letter(rest()[word.size()])) return false;
  at_ += word.size();
  return true;
}

void WhenReader::blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == ',')) ++at_;
}

int WhenReader::figure() {
  int value = -1;
  for (std::size_t n = 0; n < 4 && at_ < text_.size() && is_digit(text_[at_]); ++n, ++at_)
    value = std::max(value, 0) * 10 + (text_[at_] - '0');
  return value;
}

bool WhenReader::back(std::size_t begin) {
  at_ = begin;
  return false;
}

bool WhenReader::stamp() {
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

bool WhenReader::figures() {
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

bool WhenReader::number() {
  if (at_ >= text_.size() || !is_digit(text_[at_])) return number_word();
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
  if (take("周后") || take("个星期后") || take("星期后")) return add_day(day_after(today_, 7 * value)), true;
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

bool WhenReader::number_word() {
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

}  // namespace rapport::text
