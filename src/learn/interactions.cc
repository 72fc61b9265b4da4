#include "learn/interactions.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/time.h"

namespace rapport::learn {
namespace {

constexpr double kMilliseconds = 1e11, kSeconds = 1e8;  ///< numbers from here on are a clock's
constexpr std::int64_t kDayMs = 86'400'000;

/// Two or four digits at a place.
Result<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  if (at + count > text.size()) return Error{Errc::bad_input, "a time is cut off"};
  const auto [end, problem] = std::from_chars(text.data() + at, text.data() + at + count, value);
  if (problem != std::errc{} || end != text.data() + at + count)
    return fail(Errc::bad_input, "'{}' is not a time", text);
  return value;
}

bool is_separator(char c, char line_separator) {
  return c == line_separator || (line_separator == ' ' && (c == '\t' || c == '\r'));
}

}  // namespace

std::uint32_t InteractionsBuilder::number(Numbers& numbers, std::vector<std::string>& names,
                                          std::string_view name) {
  const auto known = numbers.find(name);
  if (known != numbers.end()) return known->second;
  const auto next = static_cast<std::uint32_t>(names.size());
  names.emplace_back(name);
  numbers.emplace(names.back(), next);
  return next;
}

Status InteractionsBuilder::add(std::string_view customer, std::string_view item, std::int64_t time_ms,
                                double weight) {
  if (customer.empty() || item.empty())
    return Error{Errc::bad_input, "an interaction without a customer or an item"};
  if (!(weight > 0) || !std::isfinite(static_cast<float>(weight)))
    return fail(Errc::bad_input, "weight {} of item '{}' is not above 0", weight, item);
  if (records_.size() == Interactions::kMost)
    return fail(Errc::too_large, "more than {} interactions", Interactions::kMost);
  const std::uint32_t who = number(customer_numbers_, names_.customers, customer);
  const std::uint32_t what = number(item_numbers_, names_.items, item);
  records_.push_back({who, {what, static_cast<float>(weight), time_ms}});
  return {};
}

Status InteractionsBuilder::add_item(std::string_view item) {
  if (item.empty()) return Error{Errc::bad_input, "an item without a name"};
  number(item_numbers_, names_.items, item);
  return {};
}

Result<Interactions> InteractionsBuilder::build() && {
  if (records_.empty()) return Error{Errc::bad_input, "no interaction", "", "customer, item, time[, weight]"};
  std::stable_sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
    return a.customer != b.customer ? a.customer < b.customer : a.event.time_ms < b.event.time_ms;
  });
  Interactions built;
  built.names_ = std::make_shared<const Interactions::Names>(std::move(names_));
  built.begins_.assign(built.names_->customers.size() + 1, 0);
  built.events_.reserve(records_.size());
  for (const Record& record : records_) {
    ++built.begins_[record.customer + 1];
    built.events_.push_back(record.event);
  }
  for (std::size_t c = 1; c < built.begins_.size(); ++c) built.begins_[c] += built.begins_[c - 1];
  return built;
}

Result<std::int64_t> parse_time_ms(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc{} && end == text.data() + text.size()) {
    if (!std::isfinite(value) || std::abs(value) > 1e15)
      return fail(Errc::bad_input, "'{}' is not a time", text);
    const double unit = std::abs(value) >= kMilliseconds ? 1 : std::abs(value) >= kSeconds ? 1'000 : kDayMs;
    return static_cast<std::int64_t>(value * unit);
  }
  CivilTime civil;
  RAPPORT_TRY(civil.year, digits(text, 0, 4));
  RAPPORT_TRY(civil.month, digits(text, 5, 2));
  RAPPORT_TRY(civil.day, digits(text, 8, 2));
  if (text.size() >= 16) {
    RAPPORT_TRY(civil.hour, digits(text, 11, 2));
    RAPPORT_TRY(civil.minute, digits(text, 14, 2));
  }
  if (text.size() >= 19) {
    RAPPORT_TRY(civil.second, digits(text, 17, 2));
  }
  const bool valid = civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31 &&
                     civil.hour < 24 && civil.minute < 60 && civil.second < 61;
  if (!valid) return fail(Errc::bad_input, "'{}' is not a time", text);
  return instant_from_civil(civil).ms;
}

Result<Interactions> parse_customer_baskets(std::string_view text, bool one_by_one) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::string_view start = text.substr(0, 64 << 10);
  const char separator = start.find('\t') != std::string_view::npos  ? '\t'
                         : start.find(';') != std::string_view::npos ? ';'
                         : start.find(',') != std::string_view::npos ? ','
                                                                     : ' ';
  InteractionsBuilder builder;
  std::unordered_map<std::string, std::int64_t> baskets_of;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string_view customer;
    std::int64_t* baskets = nullptr;
    bool any = false;
    while (!line.empty()) {
      std::size_t size = 0;
      while (size < line.size() && !is_separator(line[size], separator)) ++size;
      const std::string_view word = line.substr(0, size);
      line.remove_prefix(std::min(line.size(), size + 1));
      if (word.empty()) continue;
      if (customer.empty()) {
        customer = word;
        baskets = &baskets_of[std::string(customer)];
        continue;
      }
      if (any && one_by_one) ++*baskets;
      any = true;
      Status added = builder.add(customer, word, *baskets * kDayMs);
      if (!added.ok()) return std::move(added).error().at(fmt::format("line {}", line_number));
    }
    if (any) ++*baskets;
  }
  return std::move(builder).build();
}

}  // namespace rapport::learn
