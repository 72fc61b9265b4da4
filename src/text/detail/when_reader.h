#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "text/when.h"

namespace rapport::text {

/// One pass over a text for when_in(): each step takes what names a day or an hour, else goes on by a
/// character, or by a whole word of English. What reads days stands in when_days.cc, hours in when_hours.cc.
class WhenReader {
 public:
  /// `text` in small letters, simplified characters and figures (detail/han_figures.h).
  WhenReader(std::string text, const CivilTime& now);
  WhenSaid read();

 private:
  // The text.
  std::string_view rest() const { return std::string_view(text_).substr(at_); }
  void step();
  /// Goes behind the word, when it stands here and, in English, ends here.
  bool take(std::string_view word);
  void blanks();
  /// Up to four figures; -1 when none stands there.
  int figure();
  /// False, for what was no such thing: the place is where it was.
  bool back(std::size_t begin);

  // What a step takes; true when it took something.
  /// 2026-12-03, 2026/12/3, 2026-12-03T15:00[:00][Z].
  bool stamp();
  /// 15:00, 3:30 pm; 12/3.
  bool figures();
  /// 3点半, 12月3号, 3天后, "3 Dec", "in 3 days", "3pm", "the 3rd".
  bool number();
  /// "three pm", "in two days".
  bool number_word();

  // Days.
  bool relative_day();
  bool weekday();
  /// "Dec 3rd", "December 3".
  bool month_name();
  /// 2026年12月3号, behind 年.
  bool year(int value);
  /// Behind 月; `year` 0: none was told.
  bool month(int value, int year);
  /// The next month that has it, from today on.
  void day_of_month(int day);
  /// Behind a figure: "3rd".
  void ordinal();
  void add_day(const LocalDay& day);
  /// The next such day from today on.
  void add_month_day(int month, int day);
  /// `weeks` ahead of this one; -1: the next one that comes.
  void add_weekday(int which, int weeks, bool is_next);

  // Hours.
  /// The greatest part that the whole text names.
  void read_parts();
  /// "half past ten", "quarter to 4", "at three", "noon".
  bool hour_words();
  /// "pm", "p.m." behind an hour.
  void half_of_day();
  /// Behind the figure of an hour.
  bool clock(int hour);
  /// `exact`: 03:00, which is not three in the afternoon.
  void set_hour(int hour, int minute, bool exact);
  /// Morning or afternoon, by what else was told.
  void settle_hour();

  std::string text_;
  std::size_t at_ = 0;
  LocalDay today_;
  bool is_english_ = false, is_noon_ = false, is_exact_ = false;
  int hour_ = -1, minute_ = 0;
  int half_ = -1;  ///< 0 before noon, 1 after it
  WhenSaid out_;
};

}  // namespace rapport::text
