#include "engine/detail/insight.h"

#include <algorithm>

#include "base/assert.h"
#include "engine/detail/slices.h"

namespace rapport::engine {
namespace {

constexpr std::int64_t kYoungNs = 1'000'000'000;
constexpr std::int64_t kNoTimeNs = 10'000'000;
constexpr std::size_t kSlotsMost = 4;

/// The first `most` characters of UTF-8 text.
std::string_view first_characters(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && most-- == 0) break;
  }
  return text.substr(0, end);
}

}  // namespace

const text::Zone& Insight::zone() {
  if (!zone_) {
    auto found = text::Zone::find(shop_.founding().zone);
    if (!found.ok()) found = text::Zone::find("UTC");
    ASSERT(found.ok());
    zone_ = std::move(found).value();
  }
  return *zone_;
}

std::vector<Instant> Insight::day_starts(Instant as_of, std::int32_t count) {
  CivilTime local = zone().to_local(as_of);
  local.hour = local.minute = local.second = local.millisecond = 0;
  std::vector<Instant> starts(static_cast<std::size_t>(count));
  // Civil days are counted as UTC days, which have no gaps.
  const Instant today = instant_from_civil(local);
  for (std::int32_t back = 0; back < count; ++back) {
    starts[static_cast<std::size_t>(count - 1 - back)] =
        zone().to_utc(civil_from_instant(today - days(back)));
  }
  return starts;
}

std::string Insight::date_of(Instant moment) {
  const CivilTime local = zone().to_local(moment);
  return fmt::format("{:04}-{:02}-{:02}", local.year, local.month, local.day);
}

bool Insight::census(std::int32_t days, std::optional<EventSeq> after, Use use) {
  return shop_.read(
      after, [this, days, after, use = std::move(use)]() mutable { ask(days, after, std::move(use)); });
}

bool Insight::is_fresh(const Census& census) {
  const auto hour = [](Instant at) { return at.ms / hours(1).ms; };
  const bool is_same = census.begun_at == shop_.state().position() && census.known_at == census.begun_at &&
                       hour(census.plan.as_of) == hour(shop_.now());
  return is_same || monotonic_ns() - census.taken_ns < std::max(kYoungNs, 10 * census.work_ns);
}

void Insight::ask(std::int32_t days, std::optional<EventSeq> after, Use use) {
  Slot& slot = slots_[days];
  const auto serves = [&](EventSeq begun) { return !after || begun >= *after; };
  if (slot.last && serves(slot.last->begun_at) && is_fresh(*slot.last)) return use(slot.last);
  const bool may_be_old = slot.last && !after && slot.last->work_ns > kNoTimeNs;
  if (!slot.run) begin(days, slot);
  if (may_be_old) return use(slot.last);
  // A run that began too early to know of `after` is followed by one that does.
  if (serves(slot.run->begun)) {
    slot.run->waiting.push_back(std::move(use));
  } else {
    slot.run->waiting.push_back([this, days, after, use = std::move(use)](const auto&) mutable {
      shop_.post([this, days, after, use = std::move(use)]() mutable { ask(days, after, std::move(use)); });
    });
  }
}

void Insight::begin(std::int32_t days, Slot& slot) {
  CensusPlan plan;
  plan.as_of = std::max(shop_.now(), shop_.state().now());
  plan.days = days;
  plan.day_starts = day_starts(plan.as_of, days);
  slot.run = std::make_shared<Run>(shop_.state(), std::move(plan));
  run_in_slices(shop_, [this, days, run = slot.run](std::int64_t deadline_ns) {
    if (!shop_.stopping() && run->taker.step(deadline_ns)) return true;
    end(days, run);
    return false;
  });
}

void Insight::end(std::int32_t days, const std::shared_ptr<Run>& run) {
  const std::shared_ptr<const Census> census = run->taker.finish();
  Slot& slot = slots_[days];
  slot.last = census;
  slot.run.reset();
  while (slots_.size() > kSlotsMost) {
    // The oldest of those that nobody waits for goes.
    auto oldest = slots_.end();
    for (auto at = slots_.begin(); at != slots_.end(); ++at) {
      if (at->first == days || at->second.run || !at->second.last) continue;
      if (oldest == slots_.end() || at->second.last->taken_ns < oldest->second.last->taken_ns) oldest = at;
    }
    if (oldest == slots_.end()) break;
    slots_.erase(oldest);
  }
  for (Use& use : std::exchange(run->waiting, {})) use(census);
}

std::string masked(const model::Identifier& identifier) {
  const std::string& value = identifier.value;
  switch (identifier.kind) {
    case model::IdentifierKind::phone: {
      const std::string_view national = std::string_view(value).substr(value.starts_with("+86") ? 3 : 0);
      if (national.size() < 8) return "****";
      return fmt::format("{}****{}", national.substr(0, 3), national.substr(national.size() - 4));
    }
    case model::IdentifierKind::email: {
      const std::size_t at = value.rfind('@');
      if (at == std::string::npos) return "***";
      return fmt::format("{}***{}", first_characters(value.substr(0, at), 1), value.substr(at));
    }
    default: {
      const std::string_view head = first_characters(value, 2);
      return head.size() == value.size() ? "***" : fmt::format("{}***", head);
    }
  }
}

std::string label_of(Shop& shop, const NameIndex& names, CustomerId customer, bool reveal) {
  using enum model::IdentifierKind;
  constexpr model::IdentifierKind kByRank[] = {phone,  email,   member_id,    user_id,
                                               openid, unionid, anonymous_id, device_id};
  const std::vector<NodeId> nodes = shop.state().nodes_of(customer);
  if (reveal) {
    for (const NodeId node : nodes) {
      std::string name = names.name_of(node);
      if (!name.empty()) return name;
    }
  }
  for (const model::IdentifierKind kind : kByRank) {
    for (const NodeId node : nodes) {
      if (shop.state().kind_of(node) != kind) continue;
      const auto value = shop.texts().find(node);
      if (!value) continue;
      return reveal ? std::string(*value) : masked({kind, std::string(*value)});
    }
  }
  return model::format_customer_id(customer);
}

}  // namespace rapport::engine
