#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

/// One timer a customer, exact to the millisecond, over centuries.
namespace rapport::views {

/// A hierarchical timing wheel (Varghese & Lauck, SOSP 1987, scheme 7) of seven levels of 256 slots; a slot
/// of level 0 is one millisecond. A timer is 16 bytes in an array indexed by the customer's number: its due
/// time and the two links of its slot's list. Arming and disarming are O(1); a timer moves down at most six
/// times before it is due. Timers armed at or before now() wait in a heap, so that a customer whose clock
/// lags (an import) settles in order. The order of pop() is (due, customer), whatever the order of arming,
/// and the same on every machine. One thread at a time.
class TimerWheel {
 public:
  static constexpr std::uint32_t kMostCustomers = 0x7fff'0000;

  struct Due {
    CustomerId customer;
    Instant due;
    friend constexpr bool operator==(const Due&, const Due&) = default;
  };

  explicit TimerWheel(Instant now);

  /// Replaces the customer's timer. Instant::never() disarms. customer < kMostCustomers.
  void arm(CustomerId customer, Instant due);
  void disarm(CustomerId customer);
  /// The customer's timer, if armed.
  std::optional<Instant> due(CustomerId customer) const;

  /// The next timer due at or before `to`, in (due, customer) order, disarmed by being returned; now() moves
  /// to its due time. When there is none, now() moves to `to`. A caller may arm and disarm between two calls,
  /// so a long drain can be sliced.
  std::optional<Due> pop(Instant to);
  /// pop() until nothing is due: fn(CustomerId, Instant due), which may arm again. Returns how many fired.
  template <class Fn>
  std::size_t advance(Instant to, Fn&& fn) {
    std::size_t fired = 0;
    while (const std::optional<Due> next = pop(to)) {
      fn(next->customer, next->due);
      ++fired;
    }
    return fired;
  }

  /// The exact earliest due time; remembered between changes that do not touch it.
  std::optional<Instant> next_due();
  Instant now() const { return instant_of(now_); }
  std::size_t armed() const { return armed_; }
  /// Memory held, all included.
  std::size_t bytes() const;

  /// now() and every (customer, due) by customer: the same bytes for the same timers, however they came
  /// about.
  void encode(std::string& out) const;
  /// `customers`: one more than the highest number there can be. Errors: corrupt.
  static Result<TimerWheel> decode(std::string_view bytes, std::uint32_t customers);

 private:
  static constexpr int kLevels = 7;
  static constexpr std::uint32_t kSlots = 256;
  static constexpr std::uint32_t kChunk = 65'536;
  static constexpr std::uint64_t kUnarmed = ~std::uint64_t{0};
  // Entry::previous of a list's first timer is kHead + slot; of a timer outside the lists one of the others.
  static constexpr std::uint32_t kHead = 0x8000'0000;
  static constexpr std::uint32_t kInBatch = 0xffff'fffe;
  static constexpr std::uint32_t kOverdue = 0xffff'fffd;
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  struct Entry {
    std::uint64_t tick = kUnarmed;
    std::uint32_t next = kNone;
    std::uint32_t previous = kNone;
  };
  static_assert(sizeof(Entry) == 16);
  struct Late {
    std::uint64_t tick;
    std::uint32_t customer;
    friend constexpr auto operator<=>(const Late&, const Late&) = default;
  };
  struct Slot {
    int level;
    std::uint32_t index;
    std::uint64_t start;
  };

  static std::uint64_t tick_of(Instant instant) {
    return static_cast<std::uint64_t>(instant.ms - Instant::min().ms);
  }
  static Instant instant_of(std::uint64_t tick) {
    return {static_cast<std::int64_t>(tick) + Instant::min().ms};
  }
  Entry& entry(std::uint32_t customer) { return chunks_[customer / kChunk][customer % kChunk]; }
  const Entry& entry(std::uint32_t customer) const { return chunks_[customer / kChunk][customer % kChunk]; }
  bool known(std::uint32_t customer) const {
    return customer / kChunk < chunks_.size() && chunks_[customer / kChunk] != nullptr;
  }
  void link(std::uint32_t customer, Entry& timer);
  void unlink(Entry& timer);
  std::optional<Slot> next_slot() const;
  void open(const Slot& slot);
  void push_late(Late late);
  void drop_stale();
  std::optional<Late> first_waiting();

  std::uint64_t now_ = 0;
  std::size_t armed_ = 0;
  std::vector<std::unique_ptr<Entry[]>> chunks_;  // null until one of its customers is armed
  std::array<std::uint32_t, kLevels * kSlots> heads_;
  std::array<std::array<std::uint64_t, kSlots / 64>, kLevels> occupied_{};
  std::vector<std::uint32_t> batch_;  // timers of the current millisecond, by customer
  std::size_t batch_at_ = 0;
  std::vector<Late> late_;  // min-heap; entries that no longer match their timer are skipped
  std::size_t late_live_ = 0;
  std::uint64_t next_due_ = kUnarmed;
  bool next_due_known_ = true;
};

}  // namespace rapport::views
