#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "decide/detail/assistant_turn.h"

namespace rapport::decide {
namespace {

constexpr std::size_t kOrdersShown = 3;
constexpr std::string_view kReasons[] = {"size",       "damaged",      "defective",
                                         "wrong_item", "changed_mind", "other"};

}  // namespace

void Turn::begin(const std::string& task) {
  forget_task();
  s_.task = task;
  if (task == "return_wanted" && !reason_.empty()) s_.reason = reason_;
  if (named_ != nullptr) {
    s_.order = named_->order_id;
  } else if (points_back() && order(s_.last_order) != nullptr) {
    s_.order = s_.last_order;
  }
  if (f_.mine->orders.empty()) {
    forget_task();
    return no_orders();
  }
  step();
}

/// The task is under way: a slot, a correction, or something else in between.
void Turn::go_on() {
  const bool other_task = sure_ && is_task(heard_.intent) && heard_.intent != s_.task && named_ == nullptr;
  if (other_task && !(s_.task == "change_address" && !s_.order.empty()))
    return begin(std::string(heard_.intent));
  bool filled_slot = false;
  if (named_ != nullptr) {
    filled_slot = true;
    s_.order = named_->order_id;
  }
  if (s_.task == "return_wanted" && !reason_.empty()) {
    filled_slot = true;
    s_.reason = reason_;
  }
  const bool asks =
      sure_ && !is_task(heard_.intent) && heard_.intent != "other" && heard_.intent != "complaint";
  if (!filled_slot && asks && !(s_.task == "change_address" && has_digit())) return in_between();
  if (!filled_slot && s_.task == "change_address" && !s_.order.empty() && said_.size() >= 6) {
    filled_slot = true;
    s_.address = said_.substr(0, 300);
  }
  if (!filled_slot && s_.task == "return_wanted" && !s_.order.empty() && s_.reason.empty()) {
    filled_slot = true;
    s_.reason = "other";
  }
  // "How much is the purifier" to "shall I": what the model is not sure of may be plain all the same.
  if (!filled_slot && !sure_ && s_.confirming && answers_in_between()) return;
  if (!filled_slot && s_.misses > 0) return offer_person();
  if (!filled_slot) ++s_.misses;
  const std::uint32_t misses = s_.misses;
  step();
  if (!filled_slot) {
    reply_.abstained = true;
    s_.misses = misses - 1;
  }
}

/// Answers what is asked in the middle of a task, then goes back to it.
void Turn::in_between() {
  AssistantState kept = s_;
  question();
  if (s_.task != "offer") resume(std::move(kept));
}

bool Turn::answers_in_between() {
  AssistantState kept = s_;
  const AssistantReply before = reply_;
  by_intent();
  if (reply_.abstained) {
    s_ = std::move(kept);
    reply_ = before;
    return false;
  }
  resume(std::move(kept));
  return true;
}

void Turn::resume(AssistantState kept) {
  const AssistantReply answered = std::move(reply_);
  s_ = std::move(kept);
  reply_ = {};
  is_appointment_task(s_.task) ? step_appointment() : step();
  AssistantReply back = std::move(reply_);
  reply_ = answered;
  reply_.text += "\n" + std::string(sentence("resume", s_.tongue)) + back.text;
  reply_.choices = std::move(back.choices);
}

void Turn::forget_task() {
  s_.task.clear();
  s_.confirming = false;
  s_.order.clear();
  s_.reason.clear();
  s_.address.clear();
  for (std::string* told : {&s_.service, &s_.slot, &s_.held, &s_.day, &s_.hours, &s_.part}) told->clear();
}

/// Asks for what is missing, or for confirmation.
void Turn::step() {
  s_.confirming = false;
  if (s_.order.empty()) choose_order();
  const VisitorOrder* chosen = order(s_.order);
  if (chosen == nullptr) return ask_order();
  s_.last_order = chosen->order_id;
  if (s_.task == "return_wanted") return step_return(*chosen);
  if (!before_pick_up(*chosen)) {
    const std::string_view act = s_.task == "cancel_order" ? "refuse_cancel" : "refuse_address";
    forget_task();
    plain(act, {chosen->order_id, word(chosen->state)});
    if (may_return(*chosen)) offer("choice_return");
    return offer("person");
  }
  if (s_.task == "cancel_order") return confirm("confirm_cancel", {chosen->order_id, word(chosen->state)});
  if (s_.address.empty()) return plain("ask_address", {chosen->order_id});
  confirm("confirm_address", {chosen->order_id, s_.address});
}

void Turn::step_return(const VisitorOrder& chosen) {
  const auto open = std::find_if(f_.mine->returns.begin(), f_.mine->returns.end(), [&](const auto& one) {
    return one.order_id == chosen.order_id && one.state != "rejected" && one.state != "closed";
  });
  if (open != f_.mine->returns.end()) {
    forget_task();
    return tell_returns();
  }
  if (!may_return(chosen)) {
    forget_task();
    plain("refuse_return", {chosen.order_id, word(chosen.state)});
    if (before_pick_up(chosen))
      reply_.choices.push_back({filled("choice_cancel", s_.tongue, {chosen.order_id})});
    return offer("person");
  }
  if (s_.reason.empty()) {
    plain("ask_reason", {chosen.order_id});
    for (const std::string_view reason : kReasons) reply_.choices.push_back({std::string(word(reason))});
    return;
  }
  confirm("confirm_return", {chosen.order_id, word(s_.reason)});
}

/// The only one that it can be.
void Turn::choose_order() {
  const VisitorOrder* only = nullptr;
  std::size_t count = 0;
  for (const VisitorOrder& one : f_.mine->orders) {
    if (!(s_.task == "return_wanted" ? may_return(one) : before_pick_up(one))) continue;
    only = &one;
    ++count;
  }
  if (count == 1) s_.order = only->order_id;
  if (count == 0 && f_.mine->orders.size() == 1) s_.order = f_.mine->orders.front().order_id;
}

void Turn::ask_order() {
  plain("ask_order");
  for (const VisitorOrder& one : f_.mine->orders) {
    if (reply_.choices.size() == kOrdersShown) break;
    if (s_.task == "return_wanted" ? may_return(one) : before_pick_up(one))
      reply_.choices.push_back({filled("choice_order", s_.tongue, {one.order_id})});
  }
  if (reply_.choices.empty()) offer("person");
}

/// She said yes.
void Turn::act() {
  if (is_appointment_task(s_.task)) return act_appointment();
  reply_.confidence = 1;
  const VisitorOrder* chosen = order(s_.order);
  const std::string id = s_.order;
  if (chosen == nullptr) return offer_person();
  if (s_.task == "return_wanted") {
    reply_.action = {AssistantAction::Kind::request_return, id, {}, s_.reason, {}, "normal"};
    const auto before = std::count_if(f_.mine->returns.begin(), f_.mine->returns.end(),
                                      [&](const model::VisitorReturn& one) { return one.order_id == id; });
    reply_.action.return_id = before == 0 ? "R-" + id : fmt::format("R-{}-{}", id, before + 1);
    if (chosen->lines.size() == 1) reply_.action.product_id = chosen->lines[0].product_id;
    plain("do_return", {reply_.action.return_id});
  } else if (s_.task == "cancel_order") {
    // It may have left meanwhile.
    if (!before_pick_up(*chosen)) return step();
    reply_.action = {AssistantAction::Kind::cancel_order, id, {}, "changed_mind", {}, "normal"};
    plain("do_cancel", {id});
  } else {
    reply_.action = {AssistantAction::Kind::hand_over, id, {}, "change_address", "logistics", "high"};
    s_.handed_over = true;
    plain("do_address");
    // The address stays for the packet.
    const std::string address = s_.address;
    forget_task();
    s_.address = address;
    s_.order = id;
    return;
  }
  forget_task();
}

}  // namespace rapport::decide
