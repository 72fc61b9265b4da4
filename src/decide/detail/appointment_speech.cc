#include "decide/detail/appointment_speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "decide/detail/wording.h"
#include "text/han.h"

namespace rapport::decide {
namespace {

/// "1,2,3" -> each.
template <typename Take>
void each(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (!one.empty()) take(one);
  }
}
int number_of(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

constexpr std::string_view kNoMove[] = {"like", "want", "need", "going", "have", "quarter",
                                        "able", "try",  "wish", "love",  "hope", "used"};

}  // namespace

std::string day_text(const text::LocalDay& day) {
  return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
}

std::vector<text::LocalDay> days_listed(std::string_view list) {
  std::vector<text::LocalDay> out;
  each(list, [&](std::string_view one) {
    if (const auto day = text::parse_local_day(one); day.ok()) out.push_back(*day);
  });
  return out;
}

std::vector<int> hours_listed(std::string_view list) {
  std::vector<int> out;
  each(list, [&](std::string_view one) { out.push_back(number_of(one)); });
  return out;
}

std::pair<int, int> part_told(std::string_view part) {
  const std::size_t dash = part.find('-');
  if (dash == std::string_view::npos) return {0, 1440};
  return {number_of(part.substr(0, dash)), number_of(part.substr(dash + 1))};
}

std::set<std::string> name_pieces(std::string_view name) {
  const std::string form = text::plain_form(name);
  std::set<std::string> out;
  std::string word;
  for (std::size_t at = 0; at <= form.size(); ++at) {
    const bool letter = at < form.size() && form[at] >= 'a' && form[at] <= 'z';
    if (letter) {
      word.push_back(form[at]);
    } else {
      if (word.size() >= 4) out.insert(word);
      word.clear();
    }
    const bool han = at + 6 <= form.size() && (form[at] & 0xf0) == 0xe0 && (form[at + 3] & 0xf0) == 0xe0;
    if (han) out.insert(form.substr(at, 6));
  }
  return out;
}

std::pair<std::string, std::string> from_and_to(std::string_view said) {
  const std::string form = text::plain_form(said);
  std::size_t at = std::string::npos, length = 0;
  const auto earliest = [&](std::string_view word) {
    const std::size_t found = form.find(word);
    if (found < at) at = found, length = word.size();
  };
  for (const std::string_view word :
       {"改到",   "改成",   "改为",   "换到",     "换成",       "挪到",       "推迟到",
        "提前到", "延到",   "延后到", "推后到",   "推到",       "调到",       "移到",
        "改在",   "改约到", "改约",   "make it ", "make that ", "switch to ", "reschedule for "})
    earliest(word);
  // "I would like to", "quarter to four" move nothing.
  for (std::size_t to = form.find(" to "); to != std::string::npos && to < at;
       to = form.find(" to ", to + 1)) {
    const std::string_view before = std::string_view(form).substr(0, to);
    const bool other = std::any_of(std::begin(kNoMove), std::end(kNoMove),
                                   [&](std::string_view word) { return before.ends_with(word); });
    if (other) continue;
    at = to, length = 4;
  }
  if (at != std::string::npos) return {form.substr(0, at), form.substr(at + length)};
  if (form.find("instead") != std::string::npos) return {"", form};
  return {form, ""};
}

bool tells_day_or_hour(std::string_view said, const CivilTime& now) {
  const text::WhenSaid when = text::when_in(said, now);
  return !when.days.empty() || !when.minutes.empty() || when.at;
}

bool is_about_goods(std::string_view form) {
  return holds_any(form, {"送", "快递", "包裹", "订单", "地址", "发货", "取件", "deliver", "parcel",
                          "package", "order", "address", "ship", "pick-up", "pickup"});
}

}  // namespace rapport::decide
