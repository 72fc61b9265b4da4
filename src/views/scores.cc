#include "views/scores.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/detail/decay.h"
#include "views/detail/fact_match.h"
#include "views/detail/purchases.h"
#include "views/detail/rule_fields.h"
#include "views/shipped_rules.h"

namespace rapport::views {
namespace {

namespace k = model::kind;

/// Collects the points of one score.
class Sheet {
 public:
  Sheet(const FactsView& facts, ScoreParts parts)
      : facts_(facts), now_(detail::decay_moment(facts.at())), parts_(parts) {}

  /// Full points at age 0, falling evenly to none at `span`.
  std::int32_t fading(std::int32_t full, Instant time, Duration span) const {
    const std::int64_t age = std::max<std::int64_t>(0, now_.ms - time.ms);
    return age >= span.ms ? 0 : full - static_cast<std::int32_t>(full * age / span.ms);
  }
  bool within(const Fact& fact, Duration span) const { return now_ - fact.time() < span; }

  /// `detail()` says in words what the points are for; asked only when somebody will read it.
  template <class Detail>
  void add(std::string_view name, std::int32_t points, const Detail& detail,
           std::vector<std::uint32_t> facts) {
    if (points <= 0) return;
    score_.points += points;
    if (parts_ == ScoreParts::none) return;
    std::sort(facts.begin(), facts.end());
    score_.parts.push_back({name, points, detail(), std::move(facts)});
  }
  Score finish() {
    if (score_.points > 100) {
      if (parts_ == ScoreParts::told)
        score_.parts.push_back({"limit", 100 - score_.points, "a score ends at 100", {}});
      score_.points = 100;
    }
    return std::move(score_);
  }

  std::uint32_t place(const Fact& fact) const {
    return static_cast<std::uint32_t>(&fact - facts_.facts().data());
  }
  const FactsView& facts() const { return facts_; }

 private:
  const FactsView& facts_;
  Instant now_;
  ScoreParts parts_;
  Score score_;
};

// Spent in 365 days, up to 50: full at ten times the mean order value of a high-value customer.
void spent(Sheet& sheet, const std::vector<detail::Purchase>& purchases) {
  std::int64_t points = 0;
  std::vector<std::uint32_t> places;
  std::vector<std::pair<Currency, std::int64_t>> sums;
  for (const detail::Purchase& purchase : purchases) {
    if (!sheet.within(sheet.facts().facts()[purchase.fact], days(365))) continue;
    places.push_back(purchase.fact);
    const auto sum = std::find_if(sums.begin(), sums.end(),
                                  [&](const auto& one) { return one.first == purchase.currency; });
    if (sum == sums.end()) {
      sums.emplace_back(purchase.currency, purchase.minor);
    } else {
      sum->second += purchase.minor;
    }
  }
  std::sort(sums.begin(), sums.end());
  for (const auto& [currency, minor] : sums) {
    const std::optional<std::int64_t> bound = high_value_minor(currency);
    if (bound) points += std::min<std::int64_t>(50, std::max<std::int64_t>(0, minor) / (*bound / 5));
  }
  const auto detail = [&] {
    std::string text;
    for (const auto& [currency, minor] : sums)
      text +=
          fmt::format("{}{} {}", text.empty() ? "" : ", ", format_minor(minor, currency), currency.text());
    return text + " in 365 days";
  };
  sheet.add("spent", static_cast<std::int32_t>(std::min<std::int64_t>(50, points)), detail, places);
}

Score value_of(const FactsView& facts, const std::vector<detail::Purchase>& purchases, ScoreParts parts) {
  Sheet sheet(facts, parts);
  spent(sheet, purchases);
  std::vector<std::uint32_t> orders, views, referrals;
  for (const detail::Purchase& purchase : purchases) {
    if (sheet.within(facts.facts()[purchase.fact], days(365))) orders.push_back(purchase.fact);
  }
  for (const Fact& fact : facts.facts()) {
    if (fact.kind() == k::product_viewed && sheet.within(fact, days(30))) views.push_back(sheet.place(fact));
    if (fact.kind() == k::referral_made) referrals.push_back(sheet.place(fact));
  }
  const auto count = static_cast<std::int32_t>(std::min<std::size_t>(5, orders.size()));
  sheet.add(
      "orders", 4 * count, [&] { return fmt::format("{} purchases in 365 days", orders.size()); }, orders);
  if (!purchases.empty()) {
    const detail::Purchase& last = purchases.back();
    sheet.add("recency", sheet.fading(20, last.time, days(180)),
              [&] { return "last purchase " + format_instant(last.time); }, {last.fact});
  }
  if (views.size() >= 3)
    sheet.add(
        "interest", 5, [&] { return fmt::format("{} product views in 30 days", views.size()); }, views);
  if (!referrals.empty())
    sheet.add(
        "referral", 5, [&] { return fmt::format("{} referrals", referrals.size()); }, referrals);
  return sheet.finish();
}

bool is_closed(const FactsView& facts, const Fact& update) {
  static const detail::Field state = *detail::field_of(k::ticket_updated, model::property::ticket_state);
  const std::string_view word = detail::text_of(state, facts, update);
  return word == "closed" || word == "solved" || word == "called_back";
}

// Tickets opened in 90 days whose last state is neither solved nor closed.
void open_tickets(Sheet& sheet) {
  const std::span<const Fact> all = sheet.facts().facts();
  std::vector<std::uint32_t> open;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind() != k::ticket_opened || !sheet.within(all[i], days(90))) continue;
    bool closed = false;
    for (std::size_t j = i; j < all.size(); ++j) {
      if (all[j].kind() != k::ticket_updated || all[j].object() != all[i].object()) continue;
      closed = is_closed(sheet.facts(), all[j]);
    }
    if (!closed) open.push_back(static_cast<std::uint32_t>(i));
  }
  if (!open.empty())
    sheet.add(
        "unsolved", 25, [&] { return fmt::format("{} tickets not solved", open.size()); }, open);
}

// The last purchase, cart and failed payment against each other.
void unfinished(Sheet& sheet, const std::vector<detail::Purchase>& purchases) {
  const FactsView& facts = sheet.facts();
  const Instant bought = purchases.empty() ? Instant::min() : purchases.back().time;
  const Fact* cart = facts.latest(k::product_added);
  if (cart != nullptr && cart->time() > bought && sheet.within(*cart, days(7)) &&
      !sheet.within(*cart, hours(24))) {
    sheet.add("cart", 10, [&] { return "in the cart and not bought since " + format_instant(cart->time()); },
              {sheet.place(*cart)});
  }
  const Fact* failed = facts.latest(k::payment_failed);
  if (failed != nullptr && failed->time() > bought && sheet.within(*failed, days(7))) {
    sheet.add("payment", 15, [&] { return "payment failed " + format_instant(failed->time()); },
              {sheet.place(*failed)});
  }
}

Score urgency_of(const FactsView& facts, const std::vector<detail::Purchase>& purchases, ScoreParts parts) {
  Sheet sheet(facts, parts);
  const Fact* contact = facts.latest(k::contact_started);
  if (const Fact* ticket = facts.latest(k::ticket_opened);
      ticket != nullptr && (contact == nullptr || ticket->time() > contact->time())) {
    contact = ticket;
  }
  if (contact != nullptr) {
    sheet.add("contact", sheet.fading(35, contact->time(), days(30)),
              [&] { return "last " + format_instant(contact->time()); }, {sheet.place(*contact)});
  }
  open_tickets(sheet);
  if (const Fact* review = facts.latest(k::review_posted);
      review != nullptr && sheet.within(*review, days(180))) {
    const std::int64_t rating = facts.value(*review);
    const std::int32_t points = rating <= 2000 ? 20 : rating <= 3000 ? 15 : 0;
    sheet.add("rating", points, [&] { return "last rating " + detail::format_thousandths(rating); },
              {sheet.place(*review)});
  }
  for (std::size_t i = facts.facts().size(); i-- > 0;) {
    const Fact& fact = facts.facts()[i];
    if (fact.kind() != k::shipment_updated || facts.value(fact) == 0) continue;
    if (sheet.within(fact, days(30))) {
      sheet.add("late", 10, [&] { return "a parcel came late " + format_instant(fact.time()); },
                {sheet.place(fact)});
    }
    break;
  }
  unfinished(sheet, purchases);
  if (!purchases.empty()) {
    const detail::Purchase& last = purchases.back();
    const Fact& fact = facts.facts()[last.fact];
    if (!sheet.within(fact, days(30)) && sheet.within(fact, days(180))) {
      sheet.add("slowing", 10, [&] { return "no purchase since " + format_instant(last.time); }, {last.fact});
    }
  }
  return sheet.finish();
}

}  // namespace

Scores scores_of(const FactsView& facts, ScoreParts parts) {
  const std::vector<detail::Purchase> purchases = detail::purchases_of(facts);
  return {value_of(facts, purchases, parts), urgency_of(facts, purchases, parts)};
}

}  // namespace rapport::views
