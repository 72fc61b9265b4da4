#include "decide/detail/assistant_turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "decide/detail/wording.h"
#include "text/blame.h"
#include "text/han.h"
#include "text/normalise.h"
#include "text/quantities.h"

namespace rapport::decide {
namespace {

constexpr double kSameQuestion = 0.97;

/// "Cancel", and not "do not cancel".
bool speaks_of_cancelling(std::string_view said) {
  const std::string form = text::comparison_form(said);
  for (const std::string_view not_to :
       {"不取消", "别取消", "不要取消", "不用取消", "not cancel", "n't cancel"}) {
    if (form.find(not_to) != std::string::npos) return false;
  }
  return form.find("取消") != std::string::npos || form.find("cancel") != std::string::npos;
}

/// Letters as A and digits as 9, runs as one: "AB-1004" is A-9.
std::string shape_of(std::string_view number) {
  std::string shape;
  for (const char c : number) {
    const char kind = c >= '0' && c <= '9' ? '9' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? 'A' : c;
    if (shape.empty() || shape.back() != kind || (kind != '9' && kind != 'A')) shape += kind;
  }
  return shape;
}

bool looks_like_an_order_of(const std::vector<model::VisitorOrder>& orders, std::string_view number) {
  const std::string shape = shape_of(number);
  // Digits alone may be anything: an hour, a price.
  if (shape == "9") return false;
  return std::any_of(orders.begin(), orders.end(),
                     [&](const model::VisitorOrder& one) { return shape_of(one.order_id) == shape; });
}

}  // namespace

bool is_task(std::string_view intent) {
  return intent == "return_wanted" || intent == "cancel_order" || intent == "change_address";
}
bool before_pick_up(const model::VisitorOrder& order) {
  return order.state == "placed" || order.state == "packing";
}
bool may_return(const model::VisitorOrder& order) {
  return !before_pick_up(order) && order.state != "cancelled" && order.state != "refunded";
}

std::string lower(std::string_view text) {
  return text::comparison_form(text);
}

Turn::Turn(AssistantState before, std::string_view said, const AssistantFacts& facts)
    : s_(std::move(before)), said_(text::trim(said.substr(0, kUtteranceMost))), f_(facts) {}

AssistantTurn Turn::run() {
  was_offered_ = std::exchange(s_.offered, {});
  hear();
  const bool in_task = !s_.task.empty();
  decide();
  remember_booking();
  if (reply_.basis.empty() && sure_ && !by_rule_ && !in_task && !reply_.abstained &&
      heard_.intent != "other") {
    reply_.basis = "intent";
    reply_.basis_confidence = heard_.confidence;
  }
  if (reply_.intent.empty()) reply_.intent = heard_.intent;
  ++s_.turn;
  s_.misses = reply_.abstained ? s_.misses + 1 : 0;
  s_.tried.emplace_back(reply_.act);
  if (s_.tried.size() > kTriedMost) s_.tried.erase(s_.tried.begin());
  return {std::move(reply_), std::move(s_)};
}

void Turn::hear() {
  const text::Script script = text::script_of(said_);
  if (script.written) {
    s_.tongue = *script.written == text::Written::simplified    ? Tongue::simplified
                : *script.written == text::Written::traditional ? Tongue::traditional
                                                                : Tongue::english;
  } else if (script.is_chinese && s_.tongue == Tongue::english) {
    s_.tongue = Tongue::simplified;
  }
  assent_ = text::assent_of(said_);
  if (const std::string phone = text::phone_in(said_); !phone.empty()) s_.phone = phone;
  for (const text::NumberToken& token : text::number_tokens(said_)) {
    const VisitorOrder* own = order(token.text);
    if (own != nullptr) named_ = own;
    if (own == nullptr && (token.told || looks_like_an_order_of(f_.mine->orders, token.text)))
      unknown_order_ = token.text;
  }
  const auto products = f_.book->named_in(said_);
  const KnownProduct* spoken = products.empty() ? f_.book->only_of_category_in(said_) : products.front();
  names_product_ = spoken != nullptr;
  if (names_product_) s_.last_product = spoken->id;
  if (s_.last_product.empty()) s_.last_product = f_.product_in_view;
  reason_ = text::return_reason_of(said_);
  const learn::IntentAnswer understood = f_.intents->understand(said_);
  heard_ = understood;
  const auto raised = f_.raised.find(understood.intent);
  sure_ = understood.confidence >= (raised == f_.raised.end() ? f_.intent_least : raised->second);
  reply_.confidence = understood.confidence;
  hear_who_wants_a_person();
  hear_by_rule();
}

/// A wish for a person, and a complaint, lead to one; so the first is heard by its words too, however sure
/// the model has to be, and the second is believed only where something is blamed: a question alone is none.
void Turn::hear_who_wants_a_person() {
  if (sure_ && heard_.intent == "complaint" && text::asks_something(said_) && !text::states_fault(said_))
    sure_ = false;
  if ((sure_ && heard_.intent == "complaint") || !text::asks_for_person(said_)) return;
  heard_.intent = "human";
  sure_ = by_rule_ = true;
}

void Turn::hear_by_rule() {
  const std::string form = text::plain_form(said_);
  const auto holds = [&](std::initializer_list<std::string_view> words) { return holds_any(form, words); };
  constexpr std::size_t kShort = 60;
  if (form.size() > kShort || (sure_ && (heard_.intent == "human" || heard_.intent == "complaint"))) return;
  // A price asked for is no answer to "shall I".
  if (s_.confirming && !sure_ && heard_.intent == "product" &&
      holds({"多少钱", "什么价", "价格", "how much", "price"})) {
    sure_ = by_rule_ = true;
    return;
  }
  const bool coupons =
      holds({"优惠券", "优惠卷", "折价券", "代金券", "满减券", "抵用券", "coupon", "voucher"}) &&
      holds({"有没有", "有没", "有吗", "还有", "有什么", "有哪些", "有几", "any ", "do i have", "do you have",
             "have you got", "got a"});
  const bool late = holds({"会不会晚", "会不会迟", "会不会延", "会晚到", "会迟到", "会延误", "会延迟",
                           "能按时到", "能准时到", "能不能按时", "能不能准时", "按时送到", "准时送到",
                           "来得及到", "be late", "be delayed", "on time", "running late", "arrive late"}) &&
                    !holds({"师傅", "技师", "上门", "预约", "technician", "appointment", "退", "refund"});
  if (!coupons && !late) return;
  any_coupons_ = coupons;
  const std::string_view meant = coupons ? "coupon" : "order_state";
  if (sure_ && heard_.intent == meant) return;
  heard_.intent = meant;
  sure_ = by_rule_ = true;
}

const model::VisitorOrder* Turn::order(std::string_view id) const {
  const std::string wanted = lower(id);
  for (const VisitorOrder& one : f_.mine->orders) {
    if (lower(one.order_id) == wanted) return &one;
  }
  return nullptr;
}

void Turn::decide() {
  if (said_.empty()) return offer_person();
  if (s_.task == "offer" && assent_ == text::Assent::yes) return hand_over();
  if (s_.task == "offer") {
    s_.task.clear();
    if (assent_ == text::Assent::no) return plain("dropped");
  }
  if (s_.turn > 0 && s_.task.empty() && text::was_not_it(said_)) return not_it();
  if (s_.confirming && assent_ == text::Assent::yes) return act();
  // "Cancel" to "shall I cancel the appointment?" is no refusal.
  const bool cancels = (s_.task == "cancel_booking" || (s_.task == "cancel_order" && s_.confirming)) &&
                       assent_ == text::Assent::no && speaks_of_cancelling(said_);
  if (cancels && s_.task == "cancel_order") return act();
  if ((s_.confirming || is_task(s_.task) || is_appointment_task(s_.task)) && assent_ == text::Assent::no &&
      !cancels) {
    forget_task();
    return plain("dropped");
  }
  if (s_.task.empty() && assent_ == text::Assent::yes && was_offered_ == "return")
    return begin("return_wanted");
  if (s_.task.empty() && assent_ == text::Assent::yes && was_offered_ == "book" &&
      begin_appointment(Wish::book))
    return;
  if (sure_ &&
      (heard_.intent == "human" || (heard_.intent == "complaint" && (s_.task.empty() || reason_.empty()))))
    return hand_over();
  if (named_ == nullptr && !unknown_order_.empty() && !f_.mine->orders.empty() && is_about_orders())
    return not_yours();
  if (is_task(s_.task)) return go_on();
  if (is_appointment_task(s_.task)) return go_on_appointment();
  if (const Wish wish = appointment_wish(); wish != Wish::none && begin_appointment(wish)) return;
  if (begin_with_a_time()) return;
  if (names_service_and_time() && begin_appointment(Wish::book)) return;
  // A yes or a no to nothing.
  if (s_.turn > 0 && s_.task.empty() && !sure_ && assent_ != text::Assent::none)
    return plain(assent_ == text::Assent::yes ? "what_else" : "dropped");
  if (s_.task == "ask_product" && names_product_) {
    s_.task.clear();
    const std::string asked = std::exchange(s_.question, {});
    return about_product(asked + " " + std::string(said_));
  }
  if (s_.task == "ask_product") s_.task.clear();
  if (const auto found = known(); !found.empty() && found[0].match >= kSameQuestion)
    return say_matched(found[0]);
  by_intent();
}

bool Turn::is_about_orders() const {
  return is_task(s_.task) || !sure_ || is_task(heard_.intent) || heard_.intent == "order_state";
}

void Turn::by_intent() {
  if (sure_ && heard_.intent != "other") {
    if (heard_.intent != "greeting" && heard_.intent != "thanks") s_.wanted = heard_.intent;
    if (is_task(heard_.intent)) return begin(std::string(heard_.intent));
    return question();
  }
  if (named_ != nullptr) return tell_orders();
  const auto found = known();
  if (!found.empty() && found[0].match >= f_.match_least) return say_matched(found[0]);
  if (names_product_ || text::quantities_of(said_).size() == 1 || term_in(said_)) return about_product(said_);
  offer_person();
}

/// What is asked and changes nothing.
void Turn::question() {
  const std::string_view intent = heard_.intent;
  if (intent == "greeting" || intent == "thanks") return plain(intent);
  if (intent == "order_state") return tell_orders();
  if (intent == "return_progress") return tell_returns();
  if (intent == "parameter" || intent == "product") return about_product(said_);
  if (intent == "service" && !f_.mine->services.empty()) return tell_services();
  // "Are there any": hers, else what the shop says of them.
  const bool some = intent == "coupon" && any_coupons_;
  if (intent == "coupon" && asks_for_own_coupons() && !(some && f_.mine->coupons.empty()))
    return tell_coupons();
  if (some && !f_.mine->coupons.empty()) return tell_coupons();
  const auto bound = f_.book->of_intent(intent, question_of(said_));
  const auto found = known();
  const bool matches = !found.empty() && found[0].match >= f_.match_least;
  const auto is_its = [&](const KnowledgeBook::Found& one) {
    return !s_.last_product.empty() && one.answer->product_id == s_.last_product;
  };
  // What is said of the product that is spoken of goes before what is said of all.
  if (matches && is_its(found[0]) && (bound.empty() || !is_its(bound[0]))) return say_matched(found[0]);
  if (!bound.empty()) return say(bound[0]);
  if (matches) return say_matched(found[0]);
  if (intent == "coupon" && (some || !f_.mine->coupons.empty())) return tell_coupons();
  offer_person();
}

KnowledgeBook::Question Turn::question_of(std::string_view text) const {
  return {text, s_.last_product, f_.now, false, 3};
}

std::vector<KnowledgeBook::Found> Turn::known(std::string_view asked) const {
  auto found = f_.book->find(question_of(asked));
  const bool product = !s_.last_product.empty();
  // Among those that are sure: of the product that is spoken of before the general; where none is, and both
  // match alike, the general one.
  const auto rank = [&](const KnowledgeBook::Found& one) {
    if (one.match < f_.match_least) return 2;
    const bool its = !one.answer->product_id.empty();
    return its == product ? 0 : 1;
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    if (product || a.match == b.match) return rank(a) < rank(b);
    return false;
  });
  return found;
}

/// 它, 那个, it: what was spoken of last.
bool Turn::points_back() const {
  const std::string form = lower(said_);
  for (const std::string_view word :
       {"它", "这个", "這個", "那个", "那個", "这单", "這單", "刚才", "剛才", "this", "that"}) {
    if (form.find(word) != std::string::npos) return true;
  }
  return (" " + form + " ").find(" it ") != std::string::npos;
}

bool Turn::has_digit() const {
  return std::any_of(said_.begin(), said_.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void Turn::confirm(std::string_view act, std::initializer_list<std::string_view> values) {
  plain(act, values);
  s_.confirming = true;
  offer("yes");
  offer("no");
}

std::string_view Turn::word(std::string_view key) const {
  const std::string_view found = told_word(key, s_.tongue);
  return found.empty() ? key : found;
}

void Turn::plain(std::string_view act, std::initializer_list<std::string_view> values) {
  reply_.act = act;
  reply_.text = filled(act, s_.tongue, values);
}

void Turn::offer(std::string_view key) {
  if (key == "choice_book") s_.offered = "book";
  if (key == "choice_return") s_.offered = "return";
  reply_.choices.push_back({std::string(sentence(key, s_.tongue))});
}

std::string Turn::moment(Instant at) const {
  const CivilTime local = f_.zone == nullptr ? civil_from_instant(at) : f_.zone->to_local(at);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month, local.day, local.hour,
                     local.minute);
}

void Turn::offer_person() {
  forget_task();
  plain("offer_person");
  reply_.abstained = true;
  s_.task = "offer";
  offer("person");
  offer("choice_orders");
}

/// She says that the answer before was none.
void Turn::not_it() {
  plain("not_it");
  reply_.abstained = true;
  s_.task = "offer";
  offer("person");
}

void Turn::no_orders() {
  plain("no_orders");
  offer("person");
}

void Turn::not_yours() {
  forget_task();
  plain("not_yours", {unknown_order_});
  offer("person");
}

void Turn::hand_over() {
  const bool angry = sure_ && heard_.intent == "complaint";
  const bool again = s_.handed_over && !angry;
  forget_task();
  plain(again ? "handed_again" : "hand_over");
  reply_.act = "hand_over";
  if (angry)
    reply_.text =
        std::string(sentence("sorry", s_.tongue)) + (s_.tongue == Tongue::english ? " " : "") + reply_.text;
  if (s_.wanted.empty() || angry) s_.wanted = angry ? "complaint" : heard_.intent;
  s_.handed_over = true;
  if (s_.order.empty()) s_.order = s_.last_order;
  reply_.action = {AssistantAction::Kind::hand_over,
                   s_.order,
                   s_.last_product,
                   s_.wanted,
                   class_of(s_.wanted),
                   angry ? std::string_view("urgent") : std::string_view("normal")};
  reply_.confidence = 1;
}

std::string Turn::class_of(std::string_view wanted) {
  if (wanted == "order_state" || wanted == "shipping" || wanted == "change_address") return "logistics";
  if (wanted == "payment_failed" || wanted == "payment_ways" || wanted == "invoice") return "payment";
  if (wanted == "coupon") return "price";
  if (wanted == "parameter" || wanted == "product" || wanted == "warranty") return "product";
  return "service";
}

}  // namespace rapport::decide
