#include "views/indicators.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

std::int64_t hour_number(Instant at) {
  const std::int64_t ms_an_hour = rapport::hours(1).ms;
  return at.ms >= 0 ? at.ms / ms_an_hour : -((-at.ms + ms_an_hour - 1) / ms_an_hour);
}

}  // namespace

bool is_done(const Ticket& ticket) {
  return ticket.done != Instant::min() && ticket.done >= ticket.reopened;
}

std::size_t Indicators::HashKey::operator()(const Key& key) const {
  return mix64(std::uint64_t{key.page} << 32 | key.area);
}

void Indicators::add(Instant at, Indicator indicator, std::int64_t amount) {
  const std::int64_t hour = hour_number(at);
  if (last_hour_.second == nullptr || last_hour_.first != hour) last_hour_ = {hour, &hours_[hour]};
  (*last_hour_.second)[static_cast<std::size_t>(indicator)] += amount;
  total_[static_cast<std::size_t>(indicator)] += amount;
}

void Indicators::fold(const model::RecordView& record, const std::vector<Fact>& facts, ShopTables& tables) {
  const Instant at = record.event_time;
  switch (record.kind.value) {
    case k::user_registered.value:
      return add(at, Indicator::registrations, 1);
    case k::recommendation_shown.value:
      return add(at, Indicator::recommendations_shown, 1);
    case k::recommendation_clicked.value:
      return add(at, Indicator::recommendations_clicked, 1);
    case k::review_posted.value:
    case k::survey_answered.value:
      break;
    case k::area_engaged.value: {
      Key key{0, 0};
      Engaged seen{1, 0};
      codec::Property property;
      for (codec::PropertyReader in(record.clear); in.next(property);) {
        Dictionary& words = tables.dictionary(DictionaryKind::words);
        if (property.id == p::page) key.page = words.intern(property.bytes);
        if (property.id == p::area) key.area = words.intern(property.bytes);
        if (property.id == p::dwell_ms)
          seen.dwell_ms = std::clamp<std::int64_t>(property.number, 0, days(1).ms);
      }
      Engaged& sums = areas_[static_cast<std::int32_t>(day_number(at) / 28)][key];
      sums.count += seen.count;
      sums.dwell_ms += seen.dwell_ms;
      return;
    }
    default:
      return;
  }
  for (const Fact& fact : facts) {
    if (fact.kind() != record.kind) continue;
    const std::int64_t value = tables.wide.value(fact.stored_value());
    if (record.kind == k::review_posted) {
      add(at, Indicator::ratings, 1);
      add(at, Indicator::rating_thousandths, value);
      continue;
    }
    const std::string_view item = tables.words().text(fact.object());
    // What no form could have asked for is no answer: pages write events too.
    if (item == "nps" && value >= 0 && value <= 10'000) {
      add(at, Indicator::nps_answers, 1);
      if (value >= 9000) add(at, Indicator::nps_promoters, 1);
      if (value <= 6000) add(at, Indicator::nps_detractors, 1);
    } else if (item == "csat" && value >= 1'000 && value <= 5'000) {
      add(at, Indicator::csat_answers, 1);
      if (value >= 4000) add(at, Indicator::csat_satisfied, 1);
    }
  }
}

void Indicators::count(const Order& order, std::int64_t sign) {
  if (order.placed == Instant::min() || order.cancelled != Instant::min()) return;
  add(order.placed, Indicator::orders, sign);
  if (order.currency_slot == 0) {
    add(order.placed, Indicator::revenue_minor, sign * order.total_minor);
  } else {
    add(order.placed, Indicator::orders_foreign, sign);
  }
}

void Indicators::count(const Return& item, std::int64_t sign) {
  if (item.requested != Instant::min()) add(item.requested, Indicator::returns, sign);
}

void Indicators::count(const Ticket& ticket, std::int64_t sign) {
  if (ticket.opened == Instant::min()) return;
  add(ticket.opened, Indicator::tickets_opened, sign);
  if (ticket.solved == Instant::min()) return;
  if (is_done(ticket)) add(ticket.solved, Indicator::tickets_done, sign);
  add(ticket.solved, Indicator::tickets_solved, sign);
  add(ticket.solved, Indicator::resolution_ms,
      sign * std::max<std::int64_t>(0, (ticket.solved - ticket.opened).ms));
}

void Indicators::count(const Contact& contact, std::int64_t sign) {
  if (contact.started == Instant::min()) return;
  add(contact.started, Indicator::contacts, sign);
  if (contact.first_answer == Instant::min()) return;
  add(contact.started, Indicator::contacts_answered, sign);
  add(contact.started, Indicator::first_answer_ms,
      sign * std::max<std::int64_t>(0, (contact.first_answer - contact.started).ms));
}

void Indicators::moved(const Order& before, const Order& after) {
  if (before.placed == after.placed && before.cancelled == after.cancelled &&
      before.total_minor == after.total_minor && before.currency_slot == after.currency_slot) {
    return;
  }
  count(before, -1);
  count(after, 1);
}

void Indicators::moved(const Return& before, const Return& after) {
  if (before.requested == after.requested) return;
  count(before, -1);
  count(after, 1);
}

void Indicators::moved(const Ticket& before, const Ticket& after) {
  if (before.opened == after.opened && before.solved == after.solved && is_done(before) == is_done(after))
    return;
  count(before, -1);
  count(after, 1);
}

void Indicators::moved(const Contact& before, const Contact& after) {
  if (before.started == after.started && before.first_answer == after.first_answer) return;
  count(before, -1);
  count(after, 1);
}

std::vector<HourSums> Indicators::hours(Instant from, Instant to) const {
  std::vector<HourSums> all;
  // The first hour that does not begin before `from`.
  const std::int64_t first = hour_number(from - milliseconds(1)) + 1;
  for (auto at = hours_.lower_bound(first); at != hours_.end(); ++at) {
    const auto& [hour, sums] = *at;
    if (Instant{hour * rapport::hours(1).ms} >= to) break;
    const bool is_empty = std::all_of(sums.begin(), sums.end(), [](std::int64_t sum) { return sum == 0; });
    if (!is_empty) all.push_back({hour, sums});
  }
  return all;
}

std::vector<AreaCount> Indicators::areas(std::int32_t from_period) const {
  std::vector<AreaCount> all;
  for (auto at = areas_.lower_bound(from_period); at != areas_.end(); ++at) {
    const std::size_t begin = all.size();
    for (const auto& [key, seen] : at->second)
      all.push_back({key.page, key.area, at->first, seen.count, seen.dwell_ms});
    std::sort(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end(),
              [](const AreaCount& a, const AreaCount& b) {
                return std::tuple(a.page_word, a.area_word) < std::tuple(b.page_word, b.area_word);
              });
  }
  return all;
}

std::size_t Indicators::memory_bytes() const {
  std::size_t bytes = hours_.size() * (sizeof(Sums) + 48);
  for (const auto& [period, areas] : areas_) bytes += areas.size() * (sizeof(Key) + sizeof(Engaged) + 16);
  return bytes;
}

void Indicators::save(ByteWriter& out) const {
  const std::vector<HourSums> all = hours(Instant::min(), Instant::max());
  out.varint(all.size());
  for (const HourSums& row : all) {
    out.svarint(row.hour);
    for (const std::int64_t sum : row.sums) out.svarint(sum);
  }
  const std::vector<AreaCount> engaged = areas(std::numeric_limits<std::int32_t>::min());
  out.varint(engaged.size());
  for (const AreaCount& area : engaged) {
    out.varint(area.page_word);
    out.varint(area.area_word);
    out.svarint(area.period);
    out.varint(area.count);
    out.svarint(area.dwell_ms);
  }
}

bool Indicators::load(ByteReader& in) {
  hours_.clear();
  areas_.clear();
  total_ = {};
  last_hour_ = {0, nullptr};
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Sums& sums = hours_[in.svarint()];
    for (std::size_t i = 0; i < kIndicators; ++i) {
      sums[i] = in.svarint();
      total_[i] += sums[i];
    }
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Key key{};
    key.page = static_cast<std::uint32_t>(in.varint());
    key.area = static_cast<std::uint32_t>(in.varint());
    const auto period = static_cast<std::int32_t>(in.svarint());
    Engaged& seen = areas_[period][key];
    seen.count = in.varint();
    seen.dwell_ms = in.svarint();
  }
  return in.ok();
}

}  // namespace rapport::views
