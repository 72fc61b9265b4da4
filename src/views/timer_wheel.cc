#include "views/timer_wheel.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"
#include "base/bytes.h"

namespace rapport::views {

TimerWheel::TimerWheel(Instant now) : now_(tick_of(now)) {
  heads_.fill(kNone);
}

void TimerWheel::arm(CustomerId customer, Instant due) {
  ASSERT(customer.value < kMostCustomers);
  disarm(customer);
  if (due >= Instant::never()) return;
  const std::size_t chunk = customer.value / kChunk;
  if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
  if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<Entry[]>(kChunk);
  Entry& timer = entry(customer.value);
  timer.tick = tick_of(std::max(due, Instant::min()));
  ++armed_;
  if (next_due_known_) next_due_ = std::min(next_due_, timer.tick);
  if (timer.tick <= now_) {
    timer.previous = kOverdue;
    ++late_live_;
    push_late({timer.tick, customer.value});
  } else {
    link(customer.value, timer);
  }
}

void TimerWheel::disarm(CustomerId customer) {
  if (!known(customer.value)) return;
  Entry& timer = entry(customer.value);
  if (timer.tick == kUnarmed) return;
  if (timer.previous == kOverdue) {
    --late_live_;
  } else if (timer.previous != kInBatch) {
    unlink(timer);
  }
  if (timer.tick == next_due_) next_due_known_ = false;
  timer.tick = kUnarmed;
  --armed_;
}

std::optional<Instant> TimerWheel::due(CustomerId customer) const {
  if (!known(customer.value)) return std::nullopt;
  const Entry& timer = entry(customer.value);
  return timer.tick == kUnarmed ? std::nullopt : std::optional(instant_of(timer.tick));
}

// The level is the highest byte in which the due tick differs from now; the slot is that byte.
void TimerWheel::link(std::uint32_t customer, Entry& timer) {
  const int level = (63 - std::countl_zero((now_ ^ timer.tick) | 255)) / 8;
  const auto index = static_cast<std::uint32_t>((timer.tick >> (8 * level)) & 255);
  const std::uint32_t slot = static_cast<std::uint32_t>(level) * kSlots + index;
  timer.previous = kHead + slot;
  timer.next = heads_[slot];
  if (timer.next != kNone) entry(timer.next).previous = customer;
  heads_[slot] = customer;
  occupied_[static_cast<std::size_t>(level)][index / 64] |= std::uint64_t{1} << (index % 64);
}

void TimerWheel::unlink(Entry& timer) {
  if (timer.next != kNone) entry(timer.next).previous = timer.previous;
  if (timer.previous < kHead) {
    entry(timer.previous).next = timer.next;
    return;
  }
  const std::uint32_t slot = timer.previous - kHead;
  heads_[slot] = timer.next;
  if (timer.next == kNone) {
    occupied_[slot / kSlots][slot % kSlots / 64] &= ~(std::uint64_t{1} << (slot % 64));
  }
}

// The earliest occupied slot: a lower level is always earlier than a higher one, because its timers share
// more leading bytes with now. Level 0 includes the current millisecond, which moving down may have filled.
std::optional<TimerWheel::Slot> TimerWheel::next_slot() const {
  for (int level = 0; level < kLevels; ++level) {
    const std::uint32_t from = static_cast<std::uint32_t>((now_ >> (8 * level)) & 255) + (level > 0 ? 1 : 0);
    for (std::uint32_t word = from / 64; word < kSlots / 64; ++word) {
      std::uint64_t bits = occupied_[static_cast<std::size_t>(level)][word];
      if (word == from / 64) bits &= ~std::uint64_t{0} << (from % 64);
      if (bits == 0) continue;
      const std::uint32_t index = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
      const std::uint64_t above = level + 1 < 8 ? now_ >> (8 * (level + 1)) << (8 * (level + 1)) : 0;
      return Slot{level, index, above | (std::uint64_t{index} << (8 * level))};
    }
  }
  return std::nullopt;
}

// Moves now to the slot's start; its timers become the batch (level 0) or move down.
void TimerWheel::open(const Slot& slot) {
  now_ = slot.start;
  const std::uint32_t place = static_cast<std::uint32_t>(slot.level) * kSlots + slot.index;
  std::uint32_t customer = heads_[place];
  heads_[place] = kNone;
  occupied_[static_cast<std::size_t>(slot.level)][slot.index / 64] &=
      ~(std::uint64_t{1} << (slot.index % 64));
  if (slot.level > 0) {
    while (customer != kNone) {
      Entry& timer = entry(customer);
      const std::uint32_t next = timer.next;
      link(customer, timer);
      customer = next;
    }
    return;
  }
  batch_.clear();
  batch_at_ = 0;
  for (; customer != kNone; customer = entry(customer).next) {
    entry(customer).previous = kInBatch;
    batch_.push_back(customer);
  }
  std::sort(batch_.begin(), batch_.end());
}

void TimerWheel::push_late(Late late) {
  if (late_.size() >= 2 * late_live_ + 64) drop_stale();
  late_.push_back(late);
  std::push_heap(late_.begin(), late_.end(), std::greater<>());
}

// Entries left behind by disarming are dropped once they outnumber the live ones.
void TimerWheel::drop_stale() {
  std::sort(late_.begin(), late_.end());
  late_.erase(std::unique(late_.begin(), late_.end()), late_.end());
  std::erase_if(late_, [&](const Late& late) {
    const Entry& timer = entry(late.customer);
    return timer.previous != kOverdue || timer.tick != late.tick;
  });
}

// The first of the heap and the batch, left where it is.
std::optional<TimerWheel::Late> TimerWheel::first_waiting() {
  std::optional<Late> first;
  for (; batch_at_ < batch_.size(); ++batch_at_) {
    const Entry& timer = entry(batch_[batch_at_]);
    if (timer.tick == kUnarmed || timer.previous != kInBatch) continue;
    first = Late{timer.tick, batch_[batch_at_]};
    break;
  }
  while (!late_.empty()) {
    const Late late = late_.front();
    const Entry& timer = entry(late.customer);
    if (timer.previous == kOverdue && timer.tick == late.tick) {
      if (!first || late < *first) first = late;
      break;
    }
    std::pop_heap(late_.begin(), late_.end(), std::greater<>());
    late_.pop_back();
  }
  return first;
}

std::optional<TimerWheel::Due> TimerWheel::pop(Instant to) {
  const std::uint64_t until = tick_of(to);
  for (;;) {
    if (const std::optional<Late> first = first_waiting()) {
      if (first->tick > until) return std::nullopt;
      disarm(CustomerId{first->customer});
      return Due{CustomerId{first->customer}, instant_of(first->tick)};
    }
    const std::optional<Slot> slot = next_slot();
    if (!slot || slot->start > until) {
      now_ = std::max(now_, until);
      return std::nullopt;
    }
    open(*slot);
  }
}

std::optional<Instant> TimerWheel::next_due() {
  if (armed_ == 0) return std::nullopt;
  if (!next_due_known_) {
    next_due_ = kUnarmed;
    if (const std::optional<Late> first = first_waiting()) {
      next_due_ = first->tick;
    } else {
      const Slot slot = *next_slot();
      std::uint32_t customer = heads_[static_cast<std::uint32_t>(slot.level) * kSlots + slot.index];
      for (; customer != kNone; customer = entry(customer).next) {
        next_due_ = std::min(next_due_, entry(customer).tick);
      }
    }
    next_due_known_ = true;
  }
  return instant_of(next_due_);
}

std::size_t TimerWheel::bytes() const {
  std::size_t held = sizeof(*this) + chunks_.capacity() * sizeof(chunks_[0]);
  for (const auto& chunk : chunks_) held += chunk ? kChunk * sizeof(Entry) : 0;
  return held + batch_.capacity() * sizeof(batch_[0]) + late_.capacity() * sizeof(Late);
}

// now, count, then per timer: customer minus the last one, due minus now (zig-zag).
void TimerWheel::encode(std::string& out) const {
  ByteWriter writer(out);
  writer.varint(now_);
  writer.varint(armed_);
  std::uint64_t last = 0;
  for (std::uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    if (!chunks_[chunk]) continue;
    for (std::uint32_t i = 0; i < kChunk; ++i) {
      const Entry& timer = chunks_[chunk][i];
      if (timer.tick == kUnarmed) continue;
      const std::uint64_t customer = std::uint64_t{chunk} * kChunk + i;
      writer.varint(customer - last);
      writer.svarint(static_cast<std::int64_t>(timer.tick) - static_cast<std::int64_t>(now_));
      last = customer;
    }
  }
}

Result<TimerWheel> TimerWheel::decode(std::string_view bytes, std::uint32_t customers) {
  const auto damaged = [] { return Error{Errc::corrupt, "timers: damaged", "timer_wheel", ""}; };
  ASSERT(customers <= kMostCustomers);
  ByteReader reader(bytes);
  const std::uint64_t most = tick_of(Instant::max());
  const std::uint64_t now = reader.varint();
  const std::uint64_t count = reader.varint();
  if (!reader.ok() || now > most || count > reader.left()) return damaged();
  TimerWheel wheel(instant_of(now));
  std::uint64_t customer = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t step = reader.varint();
    const std::int64_t delta = reader.svarint();
    if (!reader.ok() || step > customers || (i > 0 && step == 0)) return damaged();
    customer += step;
    if (customer >= customers) return damaged();
    if (delta < -static_cast<std::int64_t>(now) || delta >= static_cast<std::int64_t>(most - now)) {
      return damaged();
    }
    wheel.arm(CustomerId{static_cast<std::uint32_t>(customer)}, Instant{wheel.now().ms + delta});
  }
  if (!reader.ok() || !reader.at_end()) return damaged();
  return wheel;
}

}  // namespace rapport::views
