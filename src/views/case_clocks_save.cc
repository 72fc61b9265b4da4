#include "views/case_clocks.h"

// The clocks of cases as bytes: what was told of each case and what was published. Timers are a function of
// these and are set again by refresh_all().
namespace rapport::views {

std::size_t CaseClocks::memory_bytes() const {
  std::size_t bytes = tickets_.memory_bytes() + reviews_.memory_bytes();
  for (std::size_t i = 1; i < tickets_.size(); ++i) bytes += tickets_[i].memory_bytes();
  for (const TimerWheel& wheel : wheels_) bytes += wheel.bytes();
  for (const std::vector<bool>& live : live_) bytes += live.capacity() / 8;
  for (const auto& [ref, steps] : told_) bytes += 64 + 64 * steps.size();
  for (const LevelsFrom& each : levels_) bytes += 2 * each.text.capacity() + sizeof(ServiceLevels);
  for (const auto& [name, history] : calendars_.all()) {
    for (const CalendarHistory::Version& version : history.versions())
      bytes += version.text.capacity() + version.hours.memory_bytes();
  }
  return bytes + 112 * ripe_.size();
}

void CaseClocks::save(ByteWriter& out) const {
  out.varint(tickets_.size());
  for (std::size_t i = 1; i < tickets_.size(); ++i) {
    out.varint(tickets_[i].size());
    for (const TicketStep& step : tickets_[i]) {
      out.i64(step.at.ms);
      out.u64(step.order);
      for (const std::uint8_t each : {step.state, step.priority, step.feedback_class}) out.u8(each);
      out.u8(step.opening ? 1 : 0);
    }
  }
  out.varint(reviews_.size());
  for (std::size_t i = 1; i < reviews_.size(); ++i) {
    const ReviewCase& review = reviews_[i];
    out.varint(review.node.value);
    out.i64(review.posted.ms);
    out.i64(review.replied.ms);
    out.u64(review.founder);
    out.u8(review.from_page ? 1 : 0);
    out.svarint(review.rating);
    out.varint(review.product);
  }
  for (const std::vector<bool>& live : live_) {
    out.varint(live.size());
    for (const bool each : live) out.u8(each ? 1 : 0);
  }
  out.varint(told_.size());
  for (const auto& [ref, steps] : told_) {
    out.u8(static_cast<std::uint8_t>(ref.kind));
    out.varint(ref.number);
    out.varint(steps.size());
    for (const auto& [key, at] : steps) {
      out.u8(key.first);
      out.u8(key.second);
      out.i64(at.ms);
    }
  }
  out.varint(levels_.size());
  for (const LevelsFrom& each : levels_) {
    out.i64(each.from.ms);
    out.text(each.text);
  }
  out.varint(calendars_.all().size());
  for (const auto& [name, history] : calendars_.all()) {
    out.text(name);
    out.varint(history.versions().size());
    for (const CalendarHistory::Version& version : history.versions()) {
      out.i64(version.from.ms);
      out.text(version.text);
    }
  }
}

bool CaseClocks::load(ByteReader& in, Instant now) {
  *this = CaseClocks(now);
  const auto sized = [&in](auto& items) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.left() + 1) return false;
    items.resize(count);
    return true;
  };
  if (!sized(tickets_)) return false;
  for (std::size_t i = 1; i < tickets_.size() && in.ok(); ++i) {
    if (!sized(tickets_[i])) return false;
    for (TicketStep& step : tickets_[i]) {
      step.at = Instant{in.i64()};
      step.order = in.u64();
      for (std::uint8_t* each : {&step.state, &step.priority, &step.feedback_class}) *each = in.u8();
      step.opening = in.u8() != 0;
    }
  }
  if (!sized(reviews_)) return false;
  for (std::size_t i = 1; i < reviews_.size() && in.ok(); ++i) {
    ReviewCase& review = reviews_[i];
    review.node = NodeId{static_cast<std::uint32_t>(in.varint())};
    review.posted = Instant{in.i64()};
    review.replied = Instant{in.i64()};
    review.founder = in.u64();
    review.from_page = in.u8() != 0;
    review.rating = in.svarint();
    review.product = static_cast<std::uint32_t>(in.varint());
  }
  for (std::vector<bool>& live : live_) {
    if (!sized(live)) return false;
    for (std::size_t i = 0; i < live.size() && in.ok(); ++i) live[i] = in.u8() != 0;
  }
  for (std::uint64_t cases = in.varint(); cases > 0 && in.ok(); --cases) {
    const std::uint8_t kind = in.u8();
    if (kind >= kCaseKinds) return false;
    auto& steps = told_[{static_cast<CaseKind>(kind), static_cast<std::uint32_t>(in.varint())}];
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      const std::uint8_t clock = in.u8(), step = in.u8();
      if (clock >= kClockKinds) return false;
      steps[{clock, step}] = Instant{in.i64()};
    }
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const Instant from{in.i64()};
    if (!publish_levels(from, in.text())) return false;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::string name(in.text());
    for (std::uint64_t versions = in.varint(); versions > 0 && in.ok(); --versions) {
      const Instant from{in.i64()};
      if (!calendars_.publish(name, from, in.text()).value_or(false)) return false;
    }
  }
  return in.ok();
}

}  // namespace rapport::views
