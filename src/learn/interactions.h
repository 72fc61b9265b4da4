#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace rapport::learn {

/// A customer took an item: bought it, rated it, looked at it. What a model learns from.
struct Interaction {
  std::uint32_t item = 0;
  float weight = 1;          ///< > 0: how much it says; 1 when nothing is known
  std::int64_t time_ms = 0;  ///< interactions of one customer at one time are one basket
};

/// What one customer did before a moment: all that a model is told about her.
struct History {
  std::span<const Interaction> events;  ///< by rising time
  std::int64_t now_ms = 0;              ///< not before the last event
};

/// Interactions of many customers over one list of items, each customer's by rising time (as they were given
/// within one time). An immutable value; const access from any thread.
class Interactions {
 public:
  static constexpr std::size_t kMost = 2'000'000'000;

  std::size_t customers() const { return begins_.size() - 1; }
  std::size_t items() const { return names_->items.size(); }
  std::size_t size() const { return events_.size(); }
  std::span<const Interaction> of(std::size_t customer) const {
    return {events_.data() + begins_[customer], begins_[customer + 1] - begins_[customer]};
  }
  std::span<const Interaction> all() const { return events_; }
  const std::string& item_name(std::uint32_t item) const { return names_->items[item]; }
  const std::string& customer_name(std::uint32_t customer) const { return names_->customers[customer]; }

  /// The same customers and items with only the events for which `keep(customer, index within the customer)`.
  template <class Keep>
  Interactions where(Keep keep) const {
    Interactions kept;
    kept.names_ = names_;
    kept.begins_.reserve(begins_.size());
    for (std::size_t customer = 0; customer < customers(); ++customer) {
      const auto events = of(customer);
      for (std::size_t i = 0; i < events.size(); ++i) {
        if (keep(customer, i)) kept.events_.push_back(events[i]);
      }
      kept.begins_.push_back(kept.events_.size());
    }
    return kept;
  }

 private:
  friend class InteractionsBuilder;
  struct Names {
    std::vector<std::string> items, customers;
  };
  std::shared_ptr<const Names> names_ = std::make_shared<Names>();
  std::vector<std::size_t> begins_{0};
  std::vector<Interaction> events_;
};

/// Takes interactions in any order.
class InteractionsBuilder {
 public:
  /// Errors: bad_input for a weight that is not above 0 and finite or an empty name; too_large over
  /// Interactions::kMost.
  Status add(std::string_view customer, std::string_view item, std::int64_t time_ms, double weight = 1);
  /// Gives an item its number although nobody took it yet. Errors: bad_input for an empty name.
  Status add_item(std::string_view item);
  /// Errors: bad_input when no interaction was added.
  Result<Interactions> build() &&;

 private:
  struct Record {
    std::uint32_t customer = 0;
    Interaction event;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;
  static std::uint32_t number(Numbers& numbers, std::vector<std::string>& names, std::string_view name);

  Interactions::Names names_;
  Numbers item_numbers_, customer_numbers_;
  std::vector<Record> records_;
};

/// A time as files write it: "2026-11-22", "2026-11-22 09:30:00", with T or Z or a fraction of a second; or a
/// plain number, which is milliseconds from 1e11, seconds from 1e8, and else a count of days (or of steps).
/// Errors: bad_input.
Result<std::int64_t> parse_time_ms(std::string_view text);

/// Lines "customer item item ...", one basket a line, a customer's lines in time order; separators as in
/// parse_baskets(). With `one_by_one` every item of a line is a basket of its own, in order. There is no
/// clock in such a file: a customer's baskets are a day apart. Errors: bad_input with the line.
Result<Interactions> parse_customer_baskets(std::string_view text, bool one_by_one);

}  // namespace rapport::learn
