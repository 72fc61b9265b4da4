#include <algorithm>
#include <map>
#include <set>

#include "engine/detail/impl.h"
#include "model/catalogue.h"
#include "views/scores.h"
#include "views/tags/tags.h"

// What is known of one customer, copied out of the state on the shop thread.
namespace rapport::engine {
namespace {

constexpr std::size_t kOrdersShown = 20;
constexpr std::string_view kParcelStepNames[] = {"placed",           "packing", "picked_up", "in_transit",
                                                 "out_for_delivery", "signed",  "exception"};

class Describer {
 public:
  Describer(const views::ShopState& state, CustomerId customer, Instant at)
      : state_(state), customer_(customer), at_(at), facts_(state.facts(customer, at, buffer_)) {}

  void identities(IdentifierTexts* texts, bool reveal, model::CustomerAnswer& out) {
    const std::vector<NodeId> nodes = state_.nodes_of(customer_);
    out.identities.reserve(nodes.size());
    for (const NodeId node : nodes) {
      model::IdentityAnswer identity;
      identity.node = node;
      identity.kind = state_.kind_of(node).value_or(model::IdentifierKind::user_id);
      identity.shared = state_.is_shared(node);
      if (reveal && texts != nullptr) {
        if (const auto value = texts->find(node)) identity.value = std::string(*value);
      }
      out.identities.push_back(std::move(identity));
    }
  }

  void traits(model::CustomerAnswer& out) {
    std::vector<std::uint16_t> told;
    for (const views::TraitChange& change : facts_.trait_changes()) told.push_back(change.property.value);
    std::sort(told.begin(), told.end());
    told.erase(std::unique(told.begin(), told.end()), told.end());
    out.traits.reserve(told.size());
    for (const std::uint16_t property : told) {
      const auto found = facts_.trait(model::PropertyId{property});
      const model::PropertySpec* spec = model::find_property(model::PropertyId{property});
      if (found && spec != nullptr) out.traits.emplace_back(std::string(spec->name), std::string(*found));
    }
  }

  void segments(model::CustomerAnswer& out) {
    const std::vector<views::Membership> memberships = state_.memberships_at(facts_);
    for (const views::Membership& membership : memberships) {
      out.segments.push_back({std::string(name_of(membership.segment)), membership.since});
    }
    for (const views::Undetermined& undetermined : state_.undetermined(facts_)) {
      out.undetermined.push_back({std::string(name_of(undetermined.segment)), undetermined.reason});
    }
    const auto primary = state_.primary(memberships);
    out.primary = primary ? name_of(*primary) : "other";
  }

  void tags(model::CustomerAnswer& out) {
    std::vector<views::Tag> tags = views::tags_of(facts_);
    out.base.reserve(tags.size());
    out.behaviour.reserve(tags.size());
    for (views::Tag& tag : tags) {
      auto& layer = tag.layer == views::TagLayer::base        ? out.base
                    : tag.layer == views::TagLayer::behaviour ? out.behaviour
                                                              : out.need;
      layer.push_back({tag.name, std::move(tag.value), tag.strength, tag.since, tag.until, tag.source});
    }
  }

  void scores(model::CustomerAnswer& out) {
    const views::Scores scores = views::scores_of(facts_, views::ScoreParts::none);
    out.value_score = scores.value.points;
    out.urgency_score = scores.urgency.points;
  }

  void consent(model::CustomerAnswer& out) {
    for (const views::ConsentState& consent : state_.consent(customer_)) {
      out.consent.push_back(
          {word(consent.purpose_word), word(consent.channel_word), consent.granted, consent.at});
    }
  }

  void services(model::CustomerAnswer& out) {
    using enum views::ServiceStage;
    const std::vector<views::ServiceStep> steps = state_.services(customer_);
    const bool any_booked =
        std::any_of(steps.begin(), steps.end(), [](const auto& step) { return step.stage == booked; });
    std::map<std::uint32_t, Instant> standing;  ///< services of which an appointment stands, since when
    if (any_booked) {
      for (const views::Booking& one : state_.bookings(customer_)) {
        if (one.part.standing == 0) continue;
        Instant& since = standing.try_emplace(one.service, Instant::min()).first->second;
        since = std::max(since, one.part.since);
      }
    }
    const auto& names = state_.tables().dictionary(views::DictionaryKind::services);
    for (std::size_t i = 0; i < steps.size();) {
      const std::uint32_t service = steps[i].service;
      model::ServiceLifeAnswer life{.service_id = std::string(names.text(service)), .since = Instant::min()};
      Instant called_off = Instant::min();  ///< appointments that will not be kept
      bool is_hers = false;
      for (; i < steps.size() && steps[i].service == service; ++i) {
        const views::ServiceStep& step = steps[i];
        life.counts[std::string(views::stage_name(step.stage))] = step.count;
        if (step.stage == delivered) {
          life.late += step.count - std::min(step.count, step.on_time);
          life.errors += step.errors;
        }
        is_hers = is_hers || step.stage != booking_cancelled;
        const auto stands = standing.find(service);
        const bool is_off =
            step.stage == booking_cancelled || (step.stage == booked && stands == standing.end());
        if (is_off) {
          called_off = std::max(called_off, step.last);
          continue;
        }
        const Instant since = step.stage == booked ? stands->second : step.last;
        if (since < life.since) continue;
        life.since = since;
        life.stage = views::stage_name(step.stage);
      }
      // A cancellation of what was never booked is no service of hers.
      if (!is_hers) continue;
      if (life.stage.empty()) {
        life.stage = views::stage_name(booking_cancelled);
        life.since = called_off;
      }
      out.services.push_back(std::move(life));
    }
  }

  void orders(model::CustomerAnswer& out) {
    const std::vector<std::uint32_t> numbers = state_.orders_of(customer_);
    out.orders_total = numbers.size();
    const auto& products = state_.tables().dictionary(views::DictionaryKind::products);
    const auto& ids = state_.tables().dictionary(views::DictionaryKind::orders);
    const std::size_t shown = std::min(numbers.size(), kOrdersShown);
    out.orders.reserve(shown);
    // Ids lie anywhere in a large dictionary: fetched together, their waits overlap.
    for (std::size_t i = numbers.size() - shown; i < numbers.size(); ++i)
      __builtin_prefetch(ids.text(numbers[i]).data());
    for (std::size_t i = numbers.size(); i > 0 && out.orders.size() < kOrdersShown; --i) {
      const std::uint32_t number = numbers[i - 1];
      const views::Order* order = state_.order(number);
      if (order == nullptr) continue;
      model::OrderAnswer answer;
      answer.order_id = ids.text(number);
      answer.placed = order->placed;
      answer.state = order_state(*order);
      const Currency currency = state_.tables().currencies.currency(order->currency_slot);
      answer.total = format_minor(order->total_minor, currency);
      answer.currency = currency.text();
      for (const views::Fact& fact : facts_.facts()) {
        if (fact.kind() == views::fact_kind::order_line && fact.time() == views::Fact::clamp(order->placed)) {
          answer.lines.emplace_back(std::string(products.text(fact.object())), fact.aux());
        }
      }
      out.orders.push_back(std::move(answer));
    }
  }

  void open_problems(model::CustomerAnswer& out) {
    const auto& tables = state_.tables();
    std::set<std::uint32_t> told;  ///< conversations of which a ticket tells how they stand
    for (const std::uint32_t number : state_.tickets_of(customer_)) {
      const views::Ticket* ticket = state_.ticket(number);
      if (ticket == nullptr || ticket->opened == Instant::min()) continue;
      if (ticket->contact != 0) told.insert(ticket->contact);
      const views::TicketStanding standing = state_.case_clocks().standing(number);
      if (standing.done()) continue;
      out.open_problems.push_back(
          {"ticket", std::string(tables.dictionary(views::DictionaryKind::tickets).text(number)),
           word_of(model::PropertyType::word, "ticket_state", standing.state), ticket->opened});
    }
    for (const std::uint32_t number : state_.returns_of(customer_)) {
      const views::Return* back = state_.return_of(number);
      if (back == nullptr || back->requested == Instant::min()) continue;
      const std::string state = word_of(model::PropertyType::word, "return_state", back->state);
      if (state == "closed" || state == "refunded" || state == "rejected") continue;
      out.open_problems.push_back(
          {"return", std::string(tables.dictionary(views::DictionaryKind::returns).text(number)), state,
           back->requested});
    }
    for (const std::uint32_t number : state_.contacts_of(customer_)) {
      const views::Contact* contact = state_.contact(number);
      if (contact == nullptr || contact->started == Instant::min() || contact->ended != Instant::min())
        continue;
      if (told.contains(number)) continue;
      out.open_problems.push_back(
          {"contact", std::string(tables.dictionary(views::DictionaryKind::contacts).text(number)), "open",
           contact->started});
    }
  }

  void span(model::CustomerAnswer& out) {
    out.facts = facts_.facts().size();
    if (!facts_.facts().empty()) {
      out.first_seen = facts_.facts().front().time();
      out.last_seen = facts_.facts().back().time();
    }
    if (!facts_.buckets().empty()) out.first_seen = Instant{facts_.buckets().front().day * days(1).ms};
  }

  const views::FactsView& facts() const { return facts_; }

 private:
  std::string word(std::uint32_t number) const { return std::string(state_.tables().words().text(number)); }

  std::string_view name_of(views::SegmentNo segment) const {
    for (const views::RuleInfo& rule : state_.rules()) {
      if (rule.segment == segment) return rule.name;
    }
    return {};
  }

  // Words of the catalogue's lists by their index; the two state lists share the JSON name "state".
  static std::string word_of(model::PropertyType, std::string_view property, std::size_t index) {
    static const std::map<std::string_view, std::vector<std::string>> lists = [] {
      std::map<std::string_view, std::vector<std::string>> out;
      for (const model::PropertySpec& spec : model::property_specs()) {
        if (spec.words.empty()) continue;
        std::vector<std::string> words;
        for (std::size_t at = 0; at < spec.words.size();) {
          const std::size_t end = std::min(spec.words.find(' ', at), spec.words.size());
          words.emplace_back(spec.words.substr(at, end - at));
          at = end + 1;
        }
        if (words.front() == "open") out["ticket_state"] = words;
        if (words.front() == "under_review") out["return_state"] = words;
      }
      return out;
    }();
    const auto& words = lists.at(property);
    return index < words.size() ? words[index] : std::string();
  }

  std::string order_state(const views::Order& order) const {
    if (order.cancelled != Instant::min()) return "cancelled";
    if (order.refunded != Instant::min()) return "refunded";
    const views::Parcel* parcel = state_.parcel(order);
    if (parcel == nullptr) return "placed";
    std::size_t latest = 0;
    for (std::size_t step = 0; step < views::kParcelSteps; ++step) {
      if (parcel->reached[step] != Instant::min() && parcel->reached[step] >= parcel->reached[latest])
        latest = step;
    }
    return std::string(kParcelStepNames[latest]);
  }

  const views::ShopState& state_;
  CustomerId customer_;
  Instant at_;
  views::FactsBuffer buffer_;
  views::FactsView facts_;
};

}  // namespace

Result<CustomerId> resolve(ShopUnit& unit, std::string_view text) {
  RAPPORT_TRY(const model::CustomerRef ref, model::CustomerRef::parse(text));
  const views::ShopState& state = unit.shop.state();
  CustomerId found;
  if (ref.id) {
    found = state.resolve(*ref.id);
  } else if (const auto node = unit.shop.desk().find(*ref.identifier)) {
    found = state.customer_of(*node);
  }
  if (found.value == 0)
    return Error{Errc::not_found, "no such customer", "id", "c_<n>, a user id, or kind:value"};
  return found;
}

model::CustomerAnswer describe_customer(const views::ShopState& state, IdentifierTexts* texts,
                                        CustomerId customer, Instant at, bool reveal) {
  model::CustomerAnswer out;
  out.id = customer;
  Describer describe(state, customer, at);
  describe.identities(texts, reveal, out);
  describe.traits(out);
  describe.tags(out);
  describe.scores(out);
  describe.segments(out);
  describe.consent(out);
  describe.services(out);
  describe.orders(out);
  describe.open_problems(out);
  describe.span(out);
  out.valid_at = at;
  out.known_at = state.position();
  return out;
}

}  // namespace rapport::engine
