#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "text/when.h"

/// What is heard of appointments in a text, and how a conversation's state keeps the days and hours that were
/// told (AssistantState::day, hours, part). Pure; any thread.
namespace rapport::decide {

/// 2026-12-03.
std::string day_text(const text::LocalDay& day);
/// "2026-12-03,2026-12-04" -> each; what is no day is left out.
std::vector<text::LocalDay> days_listed(std::string_view list);
/// "540,1260", minutes of the day -> each.
std::vector<int> hours_listed(std::string_view list);
/// "720-1080", minutes of the day [from, to); the whole day for what tells no part of it.
std::pair<int, int> part_told(std::string_view part);

/// Two characters in a row of a name, and its words: what people repeat of it.
std::set<std::string> name_pieces(std::string_view name);
/// What stands before "to" and what behind it, where an appointment is moved from one time to another; the
/// second is "" when nothing is moved. In text::plain_form().
std::pair<std::string, std::string> from_and_to(std::string_view said);
/// `now`: what a clock of the place shows.
bool tells_day_or_hour(std::string_view said, const CivilTime& now);
/// What is moved is a parcel or an order, not an appointment. Of a text::plain_form().
bool is_about_goods(std::string_view form);

}  // namespace rapport::decide
