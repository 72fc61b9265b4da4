#include "learn/split.h"

#include <algorithm>

#include "base/random.h"

namespace rapport::learn {
namespace {

constexpr double kShownShare = 0.8;    ///< of a held-out customer's events
constexpr double kRepeatsFrom = 0.05;  ///< of what was taken

/// How many events lie before `index`'s basket.
std::size_t basket_start(std::span<const Interaction> events, std::size_t index) {
  while (index > 0 && events[index - 1].time_ms == events[index].time_ms) --index;
  return index;
}

/// The moment with about `share` of all events at or after it.
std::int64_t moment_of(const Interactions& all, double share) {
  std::vector<std::int64_t> times;
  times.reserve(all.size());
  for (const Interaction& event : all.all()) times.push_back(event.time_ms);
  const auto at = static_cast<std::size_t>(static_cast<double>(times.size()) * (1 - share));
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(at), times.end());
  return times[at];
}

/// How many of each customer's events are shown; all of them for whom nothing is hidden.
class Cut {
 public:
  Cut(const Interactions& all, const SplitOptions& options) : all_(all), options_(options) {
    if (options.by == SplitBy::time) moment_ = moment_of(all, options.hidden_share);
    if (options.by == SplitBy::customers) choose_customers();
  }
  bool is_held_out(std::size_t customer) const { return !held_out_.empty() && held_out_[customer] != 0; }
  std::size_t shown(std::size_t customer) const {
    const auto events = all_.of(customer);
    if (events.empty()) return 0;
    if (options_.by == SplitBy::last_basket) {
      const std::size_t start = basket_start(events, events.size() - 1);
      return start == 0 ? events.size() : start;  // whose only basket it is, is not asked about
    }
    if (options_.by == SplitBy::time) {
      const auto first = std::partition_point(
          events.begin(), events.end(), [&](const Interaction& event) { return event.time_ms < moment_; });
      return static_cast<std::size_t>(first - events.begin());
    }
    if (!is_held_out(customer)) return events.size();
    return basket_start(events, static_cast<std::size_t>(static_cast<double>(events.size()) * kShownShare));
  }
  std::int64_t now_ms(std::size_t customer, std::size_t shown) const {
    return options_.by == SplitBy::time ? moment_ : all_.of(customer)[shown].time_ms;
  }

 private:
  void choose_customers() {
    Random random(options_.seed);
    held_out_.resize(all_.customers());
    for (std::uint8_t& held_out : held_out_) held_out = random.chance(options_.hidden_share) ? 1 : 0;
  }
  const Interactions& all_;
  const SplitOptions& options_;
  std::int64_t moment_ = 0;
  std::vector<std::uint8_t> held_out_;
};

std::vector<std::uint32_t> items_of(std::span<const Interaction> events) {
  std::vector<std::uint32_t> items;
  for (const Interaction& event : events) items.push_back(event.item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

/// Who can be asked about, and what they took; counts the cold.
void find_cases(const Interactions& all, const Cut& cut, Split& split) {
  for (std::uint32_t customer = 0; customer < all.customers(); ++customer) {
    const auto events = all.of(customer);
    const std::size_t shown = cut.shown(customer);
    if (shown == events.size()) continue;
    if (shown == 0) {
      ++split.cold;
      continue;
    }
    split.cases.push_back({customer, shown, cut.now_ms(customer, shown), items_of(events.subspan(shown))});
  }
}

Repeats find_repeats(const Interactions& all, const std::vector<Case>& cases) {
  std::size_t taken = 0, again = 0;
  for (const Case& each : cases) {
    const std::vector<std::uint32_t> before = items_of(all.of(each.customer).first(each.shown));
    for (const std::uint32_t item : each.relevant) {
      ++taken;
      again += std::binary_search(before.begin(), before.end(), item);
    }
  }
  return static_cast<double>(again) >= kRepeatsFrom * static_cast<double>(taken) ? Repeats::yes : Repeats::no;
}

void keep_only_new(const Interactions& all, std::vector<Case>& cases) {
  for (Case& each : cases) {
    const std::vector<std::uint32_t> before = items_of(all.of(each.customer).first(each.shown));
    std::erase_if(each.relevant,
                  [&](std::uint32_t item) { return std::binary_search(before.begin(), before.end(), item); });
  }
  std::erase_if(cases, [](const Case& each) { return each.relevant.empty(); });
}

double unreachable_share(const Split& split) {
  std::vector<std::uint8_t> known(split.train.items(), 0);
  for (const Interaction& event : split.train.all()) known[event.item] = 1;
  std::size_t taken = 0, unknown = 0;
  for (const Case& each : split.cases) {
    taken += each.relevant.size();
    for (const std::uint32_t item : each.relevant) unknown += known[item] == 0;
  }
  return taken == 0 ? 0 : static_cast<double>(unknown) / static_cast<double>(taken);
}

}  // namespace

Result<SplitBy> parse_split(std::string_view text) {
  for (const SplitBy split : {SplitBy::time, SplitBy::last_basket, SplitBy::customers}) {
    if (text == split_name(split)) return split;
  }
  return Error{Errc::bad_input, fmt::format("no split '{}'", text), "split",
               "time, last-basket or customers"};
}

std::string_view split_name(SplitBy split) {
  return split == SplitBy::time ? "time" : split == SplitBy::last_basket ? "last-basket" : "customers";
}

Result<Split> make_split(const Interactions& all, const SplitOptions& options) {
  if (!(options.hidden_share > 0 && options.hidden_share < 1))
    return fail(Errc::bad_input, "a hidden share of {}", options.hidden_share).at("hidden_share");
  const Cut cut(all, options);
  Split split;
  find_cases(all, cut, split);
  split.repeats = options.repeats == Repeats::unknown ? find_repeats(all, split.cases) : options.repeats;
  if (split.repeats == Repeats::no) keep_only_new(all, split.cases);
  if (split.cases.empty())
    return Error{Errc::refused, "nobody has both a history and something hidden",
                 std::string(split_name(options.by)), "customers with two baskets at least"};
  // `where` asks for the customers in turn, so the cut of one is worked out once.
  std::size_t customer_in_hand = all.customers(), shown = 0;
  split.train = all.where([&](std::size_t customer, std::size_t index) {
    if (customer != customer_in_hand) shown = cut.is_held_out(customer) ? 0 : cut.shown(customer);
    customer_in_hand = customer;
    return index < shown;
  });
  if (split.train.size() == 0) return Error{Errc::refused, "nothing is left to learn from"};
  split.unreachable = unreachable_share(split);
  return split;
}

}  // namespace rapport::learn
