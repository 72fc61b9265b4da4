#include <cmath>

#include "base/hash.h"
#include "base/log.h"
#include "codec/json_writer.h"
#include "courier/mail.h"
#include "engine/detail/parcel_desk.h"
#include "engine/detail/told_event.h"
#include "model/answers/customer.h"

// What the announcement of a delay is made of: the announcement itself with its reasons, the coupon, the
// messages, the webhook's call; one batch.
namespace rapport::engine {
std::string delay_message_id(std::string_view order, std::string_view what) {
  const std::string digest = digest_hex(sha256(fmt::format("delay {}", order))).substr(0, 32);
  return what.empty() ? fmt::format("parcel-{}", digest) : fmt::format("parcel-{}-{}", digest, what);
}

bool ParcelDesk::add_event(NodeId node, std::string_view name, const std::string& id, Instant at,
                           std::vector<codec::PropertyInput> properties, Doing& doing) {
  auto event = told_event(shop_, {node, name, id, at, std::move(properties), currency()});
  if (!event) return false;
  doing.events.push_back(std::move(*event));
  return true;
}

/// Why no coupon is given now; "" = it is.
std::string ParcelDesk::withheld(CustomerId customer, const ParcelPolicy& policy, const Doing& doing,
                                 Instant now) const {
  const views::ShopState& state = shop_.state();
  const views::ParcelNotes& notes = state.parcel_notes();
  const Instant back = now - days(policy.days_back);
  const auto pending = doing.by_customer.find(customer);
  std::int64_t hers = pending == doing.by_customer.end() ? 0 : pending->second;
  for (const std::uint32_t order : state.orders_of(customer)) {
    const views::ParcelNote* note = notes.find(order);
    if (note != nullptr && note->coupon_at > back) ++hers;
  }
  if (hers >= policy.customer_most) return "cap_of_the_customer";
  std::int64_t today = doing.coupons, spent = doing.minor;
  for (const auto& [day, granted] : notes.granted()) {
    if (day == day_number(now)) today += granted.coupons;
    if (day > day_number(back)) spent += granted.minor;
  }
  if (today >= policy.day_most) return "cap_of_the_day";
  if (policy.budget_minor && spent + policy.compensation->minor > *policy.budget_minor) return "budget_spent";
  return {};
}

void ParcelDesk::announce(const Candidate& candidate, const ParcelPolicy& policy, Doing& doing) {
  const views::ShopState& state = shop_.state();
  const ParcelSight parcel = sight(state, candidate.order);
  const views::Order* order = state.order(candidate.order);
  const Instant now = state.now(), promised = parcel.trace.promised;
  const bool late = candidate.step == Step::late;
  // Looked at anew: what was signed for, cancelled or announced meanwhile is not announced.
  if (order == nullptr || order->node.value == 0 || order->cancelled != Instant::min() ||
      order->refunded != Instant::min() || parcel.note.coupon_at != Instant::min())
    return;
  if (late ? parcel.note.late_told != Instant::min()
           : parcel.note.told() != Instant::min() || parcel.trace.is_signed() || now >= promised)
    return;
  const CustomerId customer = state.customer_of(order->node);
  const std::string name(state.tables().dictionary(views::DictionaryKind::orders).text(candidate.order));
  const std::string step(late ? "late" : "likely"), decision = delay_message_id(name, step);
  const auto& given = policy.compensation;
  const bool far = late || (candidate.estimated &&
                            candidate.estimate.middle - promised >= (given ? given->after : days(0)));
  const std::string why_not = given && far ? withheld(customer, policy, doing, now) : std::string();
  const bool coupon = given && far && why_not.empty();
  const bool mail = policy.email && letters_.can_send() && agrees_to_service_mail(state, customer) &&
                    !mail_address(shop_, customer).empty();
  const std::string channels =
      fmt::format("{}{}{}", policy.app ? "app" : "", policy.app && mail ? "," : "", mail ? "email" : "");
  std::int64_t spent = doing.minor;
  for (const auto& [day, granted] : state.parcel_notes().granted()) {
    if (day > day_number(now - days(policy.days_back))) spent += granted.minor;
  }
  const std::string value = given ? format_minor(given->minor, given->currency) : "";
  const std::string currency_text = given ? std::string(given->currency.text()) : "";
  std::string evidence =
      candidate.estimated ? fmt::format("{} parcels like it, rung {}; chance {:.3f}",
                                        candidate.estimate.like_it, candidate.estimate.rung, candidate.chance)
                          : std::string("too few parcels like it for an estimate");
  if (late)
    evidence += fmt::format(
        "; {} late",
        format_duration(milliseconds(
            ((parcel.trace.is_signed() ? parcel.trace.reached[learn::kSignedNode] : now) - promised).ms /
            60'000 * 60'000)));
  if (given) {
    evidence += fmt::format(
        "; given in {} days before {}{}", policy.days_back, format_minor(spent, given->currency),
        policy.budget_minor ? fmt::format(" of {}", format_minor(*policy.budget_minor, given->currency))
                            : "");
  }
  std::vector<codec::PropertyInput> told = {{"order_id", std::string_view(name)},
                                            {"step", std::int64_t{late ? 1 : 0}},
                                            {"by", promised},
                                            {"strength", candidate.chance},
                                            {"evidence", std::string_view(evidence)},
                                            {"decision_id", std::string_view(decision)}};
  if (candidate.estimated) told.push_back({"estimated_delivery", candidate.estimate.if_late});
  if (!channels.empty()) told.push_back({"channel", std::string_view(channels)});
  if (!why_not.empty()) told.push_back({"reason", std::string_view(why_not)});
  if (coupon) {
    told.push_back({"coupon_id", std::string_view(given->coupon)});
    told.push_back({"coupon_value", std::string_view(value)});
    told.push_back({"currency", std::string_view(currency_text)});
  }
  if (!add_event(order->node, "Delay Announced", decision, now, std::move(told), doing)) return;
  doing.orders.push_back(candidate.order);
  if (coupon) {
    // The order alone names it: whatever is announced twice, there is one coupon.
    add_event(order->node, "Coupon Granted", delay_message_id(name, "coupon"), now,
              {{"coupon_id", std::string_view(given->coupon)},
               {"coupon_value", std::string_view(value)},
               {"currency", std::string_view(currency_text)},
               {"until", now + given->valid},
               {"reason", std::string_view("late_parcel")},
               {"decision_id", std::string_view(decision)}},
              doing);
    ++doing.coupons;
    doing.minor += given->minor;
    ++doing.by_customer[customer];
  }
  const std::string reason = "parcel:" + name;
  const auto decide = [&](std::string_view channel) {
    const std::string id = decision + "-" + std::string(channel);
    add_event(
        order->node, "Message Decided", "message-decided-" + id, now,
        {{"decision_id", std::string_view(id)}, {"channel", channel}, {"reason", std::string_view(reason)}},
        doing);
    return id;
  };
  if (policy.app) decide("app");
  if (mail) {
    PostedLetter letter;
    letter.decision_id = decide("email");
    letter.order = name;
    letter.node = order->node;
    letter.until = now + days(3);
    letter.due = now;
    doing.letters.push_back(std::move(letter));
  }
  call(candidate, decision, parcel, now, coupon ? given->coupon : std::string(), doing);
}

/// The service's webhook hears of it in the batch that says it.
void ParcelDesk::call(const Candidate& candidate, const std::string& id, const ParcelSight& parcel,
                      Instant at, const std::string& coupon, Doing& doing) {
  if (shop_.driven()) return;
  const views::ShopState& state = shop_.state();
  const std::string_view step = candidate.step == Step::late ? "late" : "likely";
  const std::vector<std::uint64_t> hooks = outbox_.listeners("parcel.delayed", step);
  if (hooks.empty()) return;
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("type", "parcel.delayed");
  json.field("timestamp", at);
  json.key("data");
  json.begin_object();
  json.field("id", id);
  json.field("order_id", state.tables().dictionary(views::DictionaryKind::orders).text(candidate.order));
  json.field("step", step);
  json.field("promised", parcel.trace.promised);
  if (candidate.estimated) json.field("estimated", candidate.estimate.if_late);
  json.key("chance");
  json.thousandths(std::llround(candidate.chance * 1000));
  if (!coupon.empty()) json.field("coupon", coupon);
  json.field("customer", model::format_customer_id(state.customer_of(state.order(candidate.order)->node)));
  json.end_object();
  json.end_object();
  tell_webhooks(hooks, id, body, at, doing.calls);
}

}  // namespace rapport::engine
