#include <fmt/format.h>

#include <algorithm>

#include "decide/detail/assistant_turn.h"
#include "decide/detail/wording.h"
#include "text/han.h"

namespace rapport::decide {
namespace {

constexpr std::size_t kOrdersShown = 3, kCouponsShown = 8;

}  // namespace

/// By its name in that language, else in what there is; "" when it has none.
std::string title_of(const model::NounMembers& members, Tongue tongue) {
  const auto member = [&](std::string_view name) {
    const auto at =
        std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.first == name; });
    const bool is_text = at != members.end() && at->second.size() > 2 && at->second.front() == '"';
    return is_text ? at->second.substr(1, at->second.size() - 2) : std::string();
  };
  const auto first = [&](std::string_view title, std::string_view other) {
    const std::string text = member(title);
    return text.empty() ? member(other) : text;
  };
  const Said said{{first("title", "name"), member("title_hant"), first("title_en", "name_en")}};
  return said.in(tongue);
}

void Turn::say_matched(const KnowledgeBook::Found& found) {
  say(found);
  reply_.basis = "knowledge";
  reply_.basis_confidence = found.match;
}

void Turn::say(const KnowledgeBook::Found& found) {
  reply_.act = "knowledge";
  reply_.text = found.answer->text.in(s_.tongue);
  reply_.media = found.answer->media;
  reply_.answer_id = found.answer->id;
  reply_.confidence = std::max(found.match, sure_ ? heard_.confidence : 0);
  if (found.answer->intent == "return_wanted") offer("choice_return");
}

std::string Turn::order_line(const VisitorOrder& one) const {
  const VisitorOrder::Node* latest = nullptr;
  const VisitorOrder::Node* next = nullptr;
  for (const VisitorOrder::Node& node : one.nodes) {
    if (node.reached && (latest == nullptr || *node.reached >= *latest->reached)) latest = &node;
    if (node.node == "signed" && !node.reached && node.promised) next = &node;
  }
  std::string state(word(one.state));
  if (latest != nullptr && latest->node == one.state)
    state = filled("order_at", s_.tongue, {state, moment(*latest->reached)});
  if (next != nullptr && one.state != "cancelled" && one.state != "refunded")
    state += filled(*next->promised < f_.now ? "order_broken" : "order_promise", s_.tongue,
                    {moment(*next->promised)});
  return filled("order_line", s_.tongue, {one.order_id, state}) + (s_.tongue == Tongue::english ? "." : "。");
}

void Turn::tell_orders() {
  reply_.act = "order_state";
  const VisitorOrder* wanted = named_;
  if (wanted == nullptr && points_back()) wanted = order(s_.last_order);
  if (wanted == nullptr && !f_.book->named_in(said_).empty()) wanted = with_product(s_.last_product);
  if (f_.mine->orders.empty()) return no_orders();
  std::size_t shown = 0;
  for (const VisitorOrder& one : f_.mine->orders) {
    if (wanted != nullptr && &one != wanted) continue;
    // Without a number those that are still on their way are meant, or the latest.
    if (wanted == nullptr && shown > 0 &&
        (one.state == "signed" || one.state == "cancelled" || one.state == "refunded"))
      continue;
    if (shown++ == kOrdersShown) break;
    reply_.text += (reply_.text.empty() ? "" : "\n") + order_line(one);
    if (shown == 1) s_.last_order = one.order_id;
    if (shown == 1 && one.lines.size() == 1) s_.last_product = one.lines[0].product_id;
  }
  if (reply_.text.find(sentence("order_broken", s_.tongue).substr(0, 6)) != std::string::npos)
    offer("person");
}

const model::VisitorOrder* Turn::with_product(std::string_view product) const {
  for (const VisitorOrder& one : f_.mine->orders) {
    for (const auto& line : one.lines) {
      if (line.product_id == product) return &one;
    }
  }
  return nullptr;
}

void Turn::tell_returns() {
  reply_.act = "return_progress";
  for (const model::VisitorReturn& back : f_.mine->returns) {
    if (named_ != nullptr && back.order_id != named_->order_id) continue;
    reply_.text += (reply_.text.empty() ? "" : "\n") +
                   filled("return_line", s_.tongue,
                          {back.return_id, back.order_id, word(back.state), moment(back.since)});
  }
  if (!reply_.text.empty()) return;
  plain("no_returns");
  offer("choice_return");
  offer("person");
}

void Turn::tell_services() {
  reply_.act = "services";
  for (const model::VisitorService& service : f_.mine->services) {
    std::string title = title_of(service.members, s_.tongue);
    if (title.empty()) title = service.service_id;
    reply_.text += (reply_.text.empty() ? "" : "\n") +
                   filled("service_line", s_.tongue, {title, word(service.stage), moment(service.since)});
  }
  for (const model::VisitorAppointment& one : f_.mine->appointments)
    reply_.text += "\n" + filled("appointment_line", s_.tongue,
                                 {service_name(one.service_id), told_moment(one.for_time)});
  const auto found = known();
  if (!found.empty() && found[0].match >= f_.match_least)
    reply_.text += "\n" + found[0].answer->text.in(s_.tongue);
}

/// "Which coupons do I have", not "how do I use one".
bool Turn::asks_for_own_coupons() const {
  const std::string form = text::plain_form(said_);
  return holds_any(form, {"我的",       "我有",      "有什么",     "有哪些",    "有几张",       "几张",
                          "还有",       "查",        "到期",       "过期",      "可用",         "可以用的",
                          "能用的",     "my coupon", "my voucher", "do i have", "which coupon", "what coupon",
                          "any coupon", "expire",    "my discount"});
}

void Turn::tell_coupons() {
  if (f_.mine->coupons.empty()) {
    plain("no_coupons");
    return offer("person");
  }
  reply_.act = "coupons";
  const auto member = [](const model::NounMembers& members, std::string_view name) {
    for (const auto& [key, value] : members) {
      if (key == name && value.size() > 2 && value.front() == '"') return value.substr(1, value.size() - 2);
      if (key == name && value != "null" && value.front() != '"') return value;
    }
    return std::string();
  };
  const bool english = s_.tongue == Tongue::english;
  std::size_t shown = 0;
  for (const model::VisitorCoupon& one : f_.mine->coupons) {
    if (shown++ == kCouponsShown) break;
    const Said title{{member(one.members, "title"), {}, member(one.members, "title_en")}};
    const Said terms{{member(one.members, "terms"), {}, member(one.members, "terms_en")}};
    std::string line = title.empty() ? one.coupon_id : title.in(s_.tongue);
    if (!one.value.empty()) line += filled("coupon_value", s_.tongue, {one.value, one.currency});
    if (one.until) line += filled("coupon_until", s_.tongue, {moment(*one.until)});
    if (const std::string minimum = member(one.members, "minimum"); !minimum.empty())
      line += filled("coupon_minimum", s_.tongue, {minimum, one.currency});
    if (!terms.empty()) line += (english ? "; " : "；") + terms.in(s_.tongue);
    reply_.text += (reply_.text.empty() ? "" : "\n") + line + (english ? "." : "。");
  }
}

}  // namespace rapport::decide
