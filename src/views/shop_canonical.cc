#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "views/detail/shop_impl.h"

// The state by names instead of numbers, in text order: equal for equal sets of events.
namespace rapport::views {
namespace {

using Name = std::function<std::string(NodeId)>;

template <class... Args>
void line(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
  out += '\n';
}

std::string join_sorted(std::vector<std::string> blocks) {
  std::sort(blocks.begin(), blocks.end());
  std::string out;
  for (const std::string& block : blocks) out += block;
  return out;
}

/// "" for no node.
std::string name_or_none(const Name& name, NodeId node) {
  return node.value == 0 ? std::string() : name(node);
}

std::string aux_text(const ShopTables& tables, model::EventKind kind, std::uint8_t aux) {
  return fact_aux_is_currency(kind) ? std::string(tables.currencies.currency(aux).text())
                                    : std::to_string(aux);
}

void put_facts(std::string& out, const FactsView& view) {
  const ShopTables& tables = view.tables();
  for (const Fact& fact : view.facts()) {
    line(out, "  fact {} {} {} {} {}", fact.time().ms, fact.kind().value, view.object_text(fact),
         view.value(fact), aux_text(tables, fact.kind(), fact.aux()));
  }
  std::vector<std::string> blocks;
  for (const FactBucket& bucket : view.buckets()) {
    const model::EventKind kind{bucket.kind};
    blocks.push_back(fmt::format("  bucket {} {} {} {} {} {}\n", bucket.day, bucket.kind,
                                 aux_text(tables, kind, bucket.aux), bucket.count, bucket.sum,
                                 bucket.latest_ms));
  }
  for (const TraitChange& change : view.trait_changes()) {
    blocks.push_back(fmt::format("  trait {} {} {}\n", change.property.value, change.at.ms,
                                 tables.words().text(change.word)));
  }
  out += join_sorted(std::move(blocks));
}

std::string edge_text(const Identity::Told& told, const Name& name) {
  std::string one = name(NodeId{told.a}), two = name(NodeId{told.b});
  if (two < one) std::swap(one, two);
  return fmt::format("edge {} {} {} {}\n", one, two, told.asserted.ms, told.unlinked.ms);
}

}  // namespace

static std::string customer_text(const ShopState& state, CustomerId id, const Name& name) {
  const ShopTables& tables = state.tables();
  const Dictionary& words = tables.words();
  std::string out = "customer";
  std::vector<std::string> names;
  for (const NodeId node : state.nodes_of(id))
    names.push_back(name(node) + (state.is_shared(node) ? "!" : ""));
  std::sort(names.begin(), names.end());
  for (const std::string& each : names) out += ' ' + each;
  out += '\n';
  FactsBuffer buffer;
  put_facts(out, state.facts(id, Instant::never(), buffer));
  std::vector<std::string> segments;
  for (const Membership& in : state.memberships(id)) {
    segments.push_back(fmt::format("  in {} since {}\n", state.rules()[in.segment.value].name, in.since.ms));
  }
  out += join_sorted(std::move(segments));
  for (const ConsentState& consent : state.consent(id)) {
    line(out, "  consent {} {} {}", words.text(consent.purpose_word), words.text(consent.channel_word),
         consent.granted);
  }
  std::vector<std::string> blocks;
  for (const ServiceStep& step : state.services(id)) {
    blocks.push_back(fmt::format("  service {} {} {} {} {} {} {} {}\n",
                                 tables.dictionary(DictionaryKind::services).text(step.service),
                                 static_cast<int>(step.stage), step.count, step.first.ms, step.last.ms,
                                 step.sum, step.on_time, step.errors));
  }
  for (const Booking& booking : state.bookings(id)) {
    blocks.push_back(fmt::format("  booking {} {} {} {} {} {}\n",
                                 tables.dictionary(DictionaryKind::services).text(booking.service),
                                 booking.for_time.ms, name(booking.part.node), booking.part.made,
                                 booking.part.standing, booking.part.since.ms));
  }
  for (const CouponState& coupon : state.coupons(id)) {
    blocks.push_back(fmt::format("  coupon {} {} {} {} {} {} {}\n",
                                 tables.dictionary(DictionaryKind::coupons).text(coupon.coupon),
                                 coupon.granted, coupon.redeemed, coupon.expired, coupon.last_granted.ms,
                                 coupon.until.ms, coupon.value_minor));
  }
  for (const NeedState& need : state.needs(id)) {
    blocks.push_back(fmt::format("  need {} {} {} {}\n", words.text(need.need_word),
                                 need.strength_thousandths, need.at.ms, need.until.ms));
  }
  for (const std::uint32_t order : state.orders_of(id)) {
    blocks.push_back(fmt::format("  order {}\n", tables.dictionary(DictionaryKind::orders).text(order)));
  }
  out += join_sorted(std::move(blocks));
  const Points points = state.points(id);
  if (points.changes != 0) line(out, "  points {} {}", points.balance, points.changes);
  const CsatSum csat = state.csat(id);
  if (csat.answers != 0) line(out, "  csat {} {}", csat.answers, csat.thousandths);
  return out;
}

static std::string order_text(const ShopState& state, std::uint32_t number, const Name& name) {
  const Order& order = *state.order(number);
  const ShopTables& tables = state.tables();
  std::string out;
  line(out, "order {} {} {} {} {} {} {} {}", tables.dictionary(DictionaryKind::orders).text(number),
       name_or_none(name, order.node), order.placed.ms, order.total_minor,
       tables.currencies.currency(order.currency_slot).text(), order.cancelled.ms, order.refunded.ms,
       order.refunded_minor);
  if (order.from_page) line(out, "  told by pages alone");
  if (order.paid_back() != order.refunded_minor) line(out, "  paid back {}", order.paid_back());
  if (const Parcel* parcel = state.parcel(order)) {
    for (std::size_t step = 0; step < kParcelSteps; ++step) {
      line(out, "  step {} {} {}", step, parcel->reached[step].ms, parcel->promised[step].ms);
    }
  }
  const ParcelLane* lane = state.parcel_notes().lane(number);
  if (lane != nullptr && (lane->carrier_word != 0 || lane->region_word != 0)) {
    line(out, "  lane {} {}", tables.words().text(lane->carrier_word),
         tables.words().text(lane->region_word));
  }
  if (const ParcelNote* note = state.parcel_notes().find(number)) {
    line(out, "  delay {} {} {} {} {} {}", note->likely_told.ms, note->late_told.ms, note->coupon_at.ms,
         note->coupon_minor, note->promise_told.ms, note->estimate_told.ms);
  }
  return out;
}

/// A case of which only a clock was told is none yet.
static bool happened(std::initializer_list<Instant> moments) {
  return std::max(moments) != Instant::min();
}

static void put_cases(std::vector<std::string>& blocks, const ShopState& state, const Name& name) {
  const ShopTables& tables = state.tables();
  const auto count = [&](DictionaryKind kind) { return tables.dictionary(kind).size(); };
  for (std::uint32_t number = 1; number <= count(DictionaryKind::returns); ++number) {
    if (const Return* item = state.return_of(number);
        item != nullptr && happened({item->requested, item->state_since})) {
      blocks.push_back(fmt::format(
          "return {} {} {} {} {} {} {} {}\n", tables.dictionary(DictionaryKind::returns).text(number),
          name_or_none(name, item->node), item->requested.ms, item->state, item->state_since.ms,
          item->decided.ms, item->approved.ms, item->arranged.ms));
    }
  }
  for (std::uint32_t number = 1; number <= count(DictionaryKind::contacts); ++number) {
    if (const Contact* item = state.contact(number);
        item != nullptr && happened({item->started, item->ended, item->last_message})) {
      blocks.push_back(fmt::format("contact {} {} {} {} {} {} {} {} {} {}\n",
                                   tables.dictionary(DictionaryKind::contacts).text(number),
                                   name_or_none(name, item->node), item->started.ms, item->ended.ms,
                                   item->last_message.ms, item->last_from, item->customer_messages,
                                   item->staff_messages, item->first_answer.ms, item->first_human.ms));
    }
  }
  for (std::uint32_t number = 1; number <= count(DictionaryKind::tickets); ++number) {
    if (const Ticket* item = state.ticket(number);
        item != nullptr && happened({item->opened, item->state_since, item->assigned})) {
      blocks.push_back(fmt::format("ticket {} {} {} {} {} {} {} {} {} {}\n",
                                   tables.dictionary(DictionaryKind::tickets).text(number),
                                   name_or_none(name, item->node), item->feedback_class, item->opened.ms,
                                   item->state, item->state_since.ms, item->solved.ms, item->done.ms,
                                   item->reopened.ms, tables.words().text(item->agent_word)));
    }
  }
}

static void put_clocks(std::vector<std::string>& blocks, const ShopState& state, const Name& name) {
  const ShopTables& tables = state.tables();
  const CaseClocks& clocks = state.case_clocks();
  for (std::size_t kind = 0; kind < kCaseKinds; ++kind) {
    const DictionaryKind dictionary = dictionary_of(static_cast<CaseKind>(kind));
    for (std::uint32_t number = 1; number <= tables.dictionary(dictionary).size(); ++number) {
      const CaseRef ref{static_cast<CaseKind>(kind), number};
      std::string text =
          fmt::format("clocks {} {}\n", case_name(ref.kind), tables.dictionary(dictionary).text(number));
      if (ref.kind == CaseKind::ticket) {
        for (const TicketStep& step : clocks.steps(number))
          line(text, "  step {} {} {} {}", step.at.ms, step.state, step.priority, step.feedback_class);
      }
      if (const ReviewCase* review = ref.kind == CaseKind::review ? clocks.review(number) : nullptr) {
        line(text, "  review {} {} {} {}", name_or_none(name, review->node), review->posted.ms,
             review->replied.ms, review->rating);
      }
      for (const CaseClocks::Told& told : clocks.told(ref))
        line(text, "  told {} {} {}", clock_name(told.clock), told.step, told.at.ms);
      for (const CaseClock& clock : state.clocks_of(ref, Instant::max())) {
        line(text, "  clock {} {} {} {} {}", clock_name(clock.kind), run_name(clock.reading.run),
             clock.reading.used_ms, clock.reading.breached.ms, clock.reading.due_at.ms);
      }
      blocks.push_back(std::move(text));
    }
  }
}

std::string ShopState::canonical_state(const std::function<std::string(NodeId)>& name) const {
  std::vector<std::string> blocks;
  for_each_customer(CustomerId{}, [&](CustomerId id) {
    blocks.push_back(customer_text(*this, id, name));
    return true;
  });
  for (std::uint32_t number = 1; number <= tables().dictionary(DictionaryKind::orders).size(); ++number) {
    if (order(number) != nullptr) blocks.push_back(order_text(*this, number, name));
  }
  put_cases(blocks, *this, name);
  put_clocks(blocks, *this, name);
  for (const Identity::Told& told : impl_->identity.all_told()) blocks.push_back(edge_text(told, name));
  for (const DayCount& count : day_counts()) {
    blocks.push_back(fmt::format("day {} {} {}\n", count.day, count.kind.value, count.count));
  }
  for (const ProductCount& count : product_counts()) {
    blocks.push_back(fmt::format(
        "product {} {} {} {} {} {}\n", tables().dictionary(DictionaryKind::products).text(count.product),
        tables().words().text(count.region_word), count.period, count.views, count.orders, count.pieces));
  }
  for (const HourSums& hour : hour_sums(Instant::min(), Instant::max())) {
    for (std::size_t i = 0; i < kIndicators; ++i) {
      if (hour.sums[i] != 0) blocks.push_back(fmt::format("hour {} {} {}\n", hour.hour, i, hour.sums[i]));
    }
  }
  for (const AreaCount& area : area_counts(std::numeric_limits<std::int32_t>::min())) {
    blocks.push_back(fmt::format("area {} {} {} {} {}\n", tables().words().text(area.page_word),
                                 tables().words().text(area.area_word), area.period, area.count,
                                 area.dwell_ms));
  }
  const Dictionary& words = tables().words();
  for (std::uint32_t word = 1; word <= words.size(); ++word) {
    const Surveys::Counts counts = surveys().counts(word);
    if (counts.invited + counts.reminders + counts.answered == 0) continue;
    blocks.push_back(fmt::format("survey {} {} {} {}\n", words.text(word), counts.invited, counts.reminders,
                                 counts.answered));
  }
  for (const model::EventSpec& spec : model::event_specs()) {
    if (!spec.is_noun) continue;
    for (const std::string_view id : noun_ids(spec.kind)) {
      blocks.push_back(fmt::format("noun {} {} {}\n", spec.kind.value, id, noun(spec.kind, id)));
    }
  }
  return join_sorted(std::move(blocks));
}

}  // namespace rapport::views
