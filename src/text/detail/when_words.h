#pragma once

#include <string_view>

/// Words for days, hours and parts of the day; Chinese in simplified characters, English in small letters.
namespace rapport::text {

struct WhenWord {
  std::string_view said;
  int value;
};
/// Longer ones first: 大后天 holds 后天.
inline constexpr WhenWord kDays[] = {{"day after tomorrow", 2},
                                     {"大后天", 3},
                                     {"大后日", 3},
                                     {"后天", 2},
                                     {"后日", 2},
                                     {"明天", 1},
                                     {"明日", 1},
                                     {"明儿", 1},
                                     {"今天", 0},
                                     {"今日", 0},
                                     {"今儿", 0},
                                     {"前天", -2},
                                     {"昨天", -1},
                                     {"tomorrow", 1},
                                     {"tmrw", 1},
                                     {"tmr", 1},
                                     {"yesterday", -1},
                                     {"today", 0}};
/// A day and its part in one word.
inline constexpr WhenWord kDayParts[] = {{"明早", 1}, {"明晚", 1}, {"今早", 0},
                                         {"今晚", 0}, {"后晚", 2}, {"tonight", 0}};
inline constexpr WhenWord kWeekdays[] = {
    {"monday", 0}, {"tuesday", 1}, {"wednesday", 2}, {"thursday", 3}, {"friday", 4}, {"saturday", 5},
    {"sunday", 6}, {"tues", 1},    {"thurs", 3},     {"thur", 3},     {"mon", 0},    {"tue", 1},
    {"wed", 2},    {"thu", 3},     {"fri", 4},       {"sat", 5},      {"sun", 6}};
inline constexpr WhenWord kMonths[] = {
    {"january", 1}, {"february", 2},  {"march", 3},    {"april", 4},     {"june", 6},      {"july", 7},
    {"august", 8},  {"september", 9}, {"october", 10}, {"november", 11}, {"december", 12}, {"sept", 9},
    {"jan", 1},     {"feb", 2},       {"mar", 3},      {"apr", 4},       {"may", 5},       {"jun", 6},
    {"jul", 7},     {"aug", 8},       {"sep", 9},      {"oct", 10},      {"nov", 11},      {"dec", 12}};
inline constexpr WhenWord kNumbers[] = {{"twelve", 12}, {"eleven", 11}, {"seven", 7}, {"three", 3},
                                        {"eight", 8},   {"nine", 9},    {"four", 4},  {"five", 5},
                                        {"one", 1},     {"two", 2},     {"six", 6},   {"ten", 10}};
struct DayPart {
  std::string_view said;
  int from, to;  ///< hours
};
inline constexpr DayPart kParts[] = {
    {"凌晨", 0, 6},      {"清晨", 6, 9},      {"早上", 6, 12},  {"早晨", 6, 12},    {"上午", 6, 12},
    {"中午", 11, 14},    {"正午", 11, 14},    {"下午", 12, 18}, {"午后", 12, 18},   {"傍晚", 17, 20},
    {"晚上", 18, 24},    {"晚间", 18, 24},    {"夜里", 18, 24}, {"morning", 6, 12}, {"afternoon", 12, 18},
    {"evening", 17, 24}, {"明早", 6, 12},     {"今早", 6, 12},  {"明晚", 18, 24},   {"今晚", 18, 24},
    {"后晚", 18, 24},    {"tonight", 18, 24}, {"noon", 11, 14}, {"midday", 11, 14}};

}  // namespace rapport::text
