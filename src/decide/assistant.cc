#include "decide/assistant.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "decide/detail/assistant_words.h"
#include "text/normalise.h"
#include "text/quantities.h"
#include "text/slots.h"

namespace rapport::decide {
namespace {

using model::VisitorOrder;

constexpr double kSameQuestion = 0.97;
constexpr std::size_t kOrdersShown = 3;
constexpr std::string_view kReasons[] = {"size", "damaged", "defective", "wrong_item", "changed_mind", "other"};

bool is_task(std::string_view intent) {
  return intent == "return_wanted" || intent == "cancel_order" || intent == "change_address";
}
bool before_pick_up(const VisitorOrder& order) {
  return order.state == "placed" || order.state == "packing";
}
bool may_return(const VisitorOrder& order) {
  return !before_pick_up(order) && order.state != "cancelled" && order.state != "refunded";
}

std::string lower(std::string_view text) {
  return text::comparison_form(text);
}

/// One turn in the making.
class Turn {
 public:
  Turn(AssistantState before, std::string_view said, const AssistantFacts& facts)
      : s_(std::move(before)), said_(text::trim(said.substr(0, kUtteranceMost))), f_(facts) {}

  AssistantTurn run() {
    hear();
    decide();
    if (reply_.intent.empty()) reply_.intent = heard_.intent;
    ++s_.turn;
    s_.misses = reply_.abstained ? s_.misses + 1 : 0;
    s_.tried.emplace_back(reply_.act);
    if (s_.tried.size() > kTriedMost) s_.tried.erase(s_.tried.begin());
    return {std::move(reply_), std::move(s_)};
  }

 private:
  // --- what was said
  void hear() {
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
      if (own == nullptr && token.told) unknown_order_ = token.text;
    }
    const auto products = f_.book->named_in(said_);
    if (!products.empty()) s_.last_product = products.front()->id;
    if (s_.last_product.empty()) s_.last_product = f_.product_in_view;
    reason_ = text::return_reason_of(said_);
    const learn::IntentAnswer understood = f_.intents->understand(said_);
    heard_ = understood;
    sure_ = understood.confidence >= f_.intent_least;
    reply_.confidence = understood.confidence;
  }

  const VisitorOrder* order(std::string_view id) const {
    const std::string wanted = lower(id);
    for (const VisitorOrder& one : f_.mine->orders) {
      if (lower(one.order_id) == wanted) return &one;
    }
    return nullptr;
  }

  // --- which way
  void decide() {
    if (said_.empty()) return offer_person();
    if (s_.task == "offer" && assent_ == text::Assent::yes) return hand_over();
    if (s_.task == "offer") {
      s_.task.clear();
      if (assent_ == text::Assent::no) return plain("dropped");
    }
    if (s_.confirming && assent_ == text::Assent::yes) return act();
    if ((s_.confirming || is_task(s_.task)) && assent_ == text::Assent::no) {
      forget_task();
      return plain("dropped");
    }
    if (sure_ && (heard_.intent == "human" || (heard_.intent == "complaint" && (s_.task.empty() || reason_.empty()))))
      return hand_over();
    if (named_ == nullptr && !unknown_order_.empty() && !f_.mine->orders.empty() && is_about_orders())
      return not_yours();
    if (is_task(s_.task)) return go_on();
    if (s_.task == "ask_product" && !f_.book->named_in(said_).empty()) {
      s_.task.clear();
      const std::string asked = std::exchange(s_.question, {});
      return about_product(asked + " " + std::string(said_));
    }
    if (s_.task == "ask_product") s_.task.clear();
    if (const auto found = known(); !found.empty() && found[0].match >= kSameQuestion) return say(found[0]);
    by_intent();
  }

  bool is_about_orders() const {
    return is_task(s_.task) || !sure_ || is_task(heard_.intent) || heard_.intent == "order_state";
  }

  void by_intent() {
    if (sure_ && heard_.intent != "other") {
      if (heard_.intent != "greeting" && heard_.intent != "thanks") s_.wanted = heard_.intent;
      if (is_task(heard_.intent)) return begin(std::string(heard_.intent));
      return question();
    }
    if (named_ != nullptr) return tell_orders();
    const auto found = known();
    if (!found.empty() && found[0].match >= f_.match_least) return say(found[0]);
    const bool named = !f_.book->named_in(said_).empty();
    if (named || text::quantities_of(said_).size() == 1 || term_in(said_)) return about_product(said_);
    offer_person();
  }

  /// What is asked and changes nothing.
  void question() {
    const std::string_view intent = heard_.intent;
    if (intent == "greeting" || intent == "thanks") return plain(intent);
    if (intent == "order_state") return tell_orders();
    if (intent == "return_progress") return tell_returns();
    if (intent == "parameter" || intent == "product") return about_product(said_);
    if (intent == "service" && !f_.mine->services.empty()) return tell_services();
    const auto bound = f_.book->of_intent(intent, question_of(said_));
    if (!bound.empty()) return say(bound[0]);
    const auto found = known();
    if (!found.empty() && found[0].match >= f_.match_least) return say(found[0]);
    offer_person();
  }

  KnowledgeBook::Question question_of(std::string_view text) const {
    return {text, s_.last_product, f_.now, false, 3};
  }
  std::vector<KnowledgeBook::Found> known() const { return f_.book->find(question_of(said_)); }

  // --- tasks
  void begin(const std::string& task) {
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

  /// 它, 那个, it: what was spoken of last.
  bool points_back() const {
    const std::string form = lower(said_);
    for (const std::string_view word : {"它", "这个", "這個", "那个", "那個", "这单", "這單", "刚才", "剛才", "this", "that"}) {
      if (form.find(word) != std::string::npos) return true;
    }
    return (" " + form + " ").find(" it ") != std::string::npos;
  }

  /// The task is under way: a slot, a correction, or something else in between.
  void go_on() {
    const bool other_task = sure_ && is_task(heard_.intent) && heard_.intent != s_.task && named_ == nullptr;
    if (other_task && !(s_.task == "change_address" && !s_.order.empty())) return begin(std::string(heard_.intent));
    bool filled_slot = false;
    if (named_ != nullptr) {
      filled_slot = true;
      s_.order = named_->order_id;
    }
    if (s_.task == "return_wanted" && !reason_.empty()) {
      filled_slot = true;
      s_.reason = reason_;
    }
    const bool asks = sure_ && !is_task(heard_.intent) && heard_.intent != "other" && heard_.intent != "complaint";
    if (!filled_slot && asks && !(s_.task == "change_address" && has_digit())) return in_between();
    if (!filled_slot && s_.task == "change_address" && !s_.order.empty() && said_.size() >= 6) {
      filled_slot = true;
      s_.address = said_.substr(0, 300);
    }
    if (!filled_slot && s_.task == "return_wanted" && !s_.order.empty() && s_.reason.empty()) {
      filled_slot = true;
      s_.reason = "other";
    }
    if (!filled_slot && s_.misses > 0) return offer_person();
    if (!filled_slot) ++s_.misses;
    const std::uint32_t misses = s_.misses;
    step();
    if (!filled_slot) {
      reply_.abstained = true;
      s_.misses = misses - 1;
    }
  }

  bool has_digit() const {
    return std::any_of(said_.begin(), said_.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  /// Answers what is asked in the middle of a task, then goes back to it.
  void in_between() {
    const AssistantState kept = s_;
    question();
    if (s_.task == "offer") return;
    const AssistantReply answered = std::move(reply_);
    s_ = kept;
    reply_ = {};
    step();
    AssistantReply back = std::move(reply_);
    reply_ = answered;
    reply_.text += "\n" + std::string(sentence("resume", s_.tongue)) + back.text;
    reply_.choices = std::move(back.choices);
  }

  void forget_task() {
    s_.task.clear();
    s_.confirming = false;
    s_.order.clear();
    s_.reason.clear();
    s_.address.clear();
  }

  /// Asks for what is missing, or for confirmation.
  void step() {
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

  void step_return(const VisitorOrder& chosen) {
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
  void choose_order() {
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

  void ask_order() {
    plain("ask_order");
    for (const VisitorOrder& one : f_.mine->orders) {
      if (reply_.choices.size() == kOrdersShown) break;
      if (s_.task == "return_wanted" ? may_return(one) : before_pick_up(one))
        reply_.choices.push_back({filled("choice_order", s_.tongue, {one.order_id})});
    }
    if (reply_.choices.empty()) offer("person");
  }

  void confirm(std::string_view act, std::initializer_list<std::string_view> values) {
    plain(act, values);
    s_.confirming = true;
    offer("yes");
    offer("no");
  }

  /// She said yes.
  void act() {
    reply_.confidence = 1;
    const VisitorOrder* chosen = order(s_.order);
    const std::string id = s_.order;
    if (chosen == nullptr) return offer_person();
    if (s_.task == "return_wanted") {
      reply_.action = {AssistantAction::Kind::request_return, id, {}, s_.reason, {}, "normal"};
      if (chosen->lines.size() == 1) reply_.action.product_id = chosen->lines[0].product_id;
      plain("do_return", {"R-" + id});
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

  // --- answers
  std::string_view word(std::string_view key) const {
    const std::string_view found = told_word(key, s_.tongue);
    return found.empty() ? key : found;
  }
  void plain(std::string_view act, std::initializer_list<std::string_view> values = {}) {
    reply_.act = act;
    reply_.text = filled(act, s_.tongue, values);
  }
  void offer(std::string_view key) { reply_.choices.push_back({std::string(sentence(key, s_.tongue))}); }

  std::string moment(Instant at) const {
    const CivilTime local = f_.zone == nullptr ? civil_from_instant(at) : f_.zone->to_local(at);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month, local.day, local.hour, local.minute);
  }

  void offer_person() {
    forget_task();
    plain("offer_person");
    reply_.abstained = true;
    s_.task = "offer";
    offer("person");
    offer("choice_orders");
  }

  void no_orders() {
    plain("no_orders");
    offer("person");
  }
  void not_yours() {
    forget_task();
    plain("not_yours", {unknown_order_});
    offer("person");
  }

  void hand_over() {
    const bool angry = sure_ && heard_.intent == "complaint";
    const bool again = s_.handed_over && !angry;
    forget_task();
    plain(again ? "handed_again" : "hand_over");
    reply_.act = "hand_over";
    if (angry) reply_.text = std::string(sentence("sorry", s_.tongue)) + (s_.tongue == Tongue::english ? " " : "") + reply_.text;
    if (s_.wanted.empty() || angry) s_.wanted = angry ? "complaint" : heard_.intent;
    s_.handed_over = true;
    if (s_.order.empty()) s_.order = s_.last_order;
    reply_.action = {AssistantAction::Kind::hand_over, s_.order, s_.last_product, s_.wanted, class_of(s_.wanted),
                     angry ? std::string_view("urgent") : std::string_view("normal")};
    reply_.confidence = 1;
  }
  static std::string class_of(std::string_view wanted) {
    if (wanted == "order_state" || wanted == "shipping" || wanted == "change_address") return "logistics";
    if (wanted == "payment_failed" || wanted == "payment_ways" || wanted == "invoice") return "payment";
    if (wanted == "coupon") return "price";
    if (wanted == "parameter" || wanted == "product" || wanted == "warranty") return "product";
    return "service";
  }

  void say(const KnowledgeBook::Found& found) {
    reply_.act = "knowledge";
    reply_.text = found.answer->text.in(s_.tongue);
    reply_.media = found.answer->media;
    reply_.answer_id = found.answer->id;
    reply_.confidence = std::max(found.match, sure_ ? heard_.confidence : 0);
    if (found.answer->intent == "return_wanted") offer("choice_return");
  }

  std::string order_line(const VisitorOrder& one) const {
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
      state += filled(*next->promised < f_.now ? "order_broken" : "order_promise", s_.tongue, {moment(*next->promised)});
    return filled("order_line", s_.tongue, {one.order_id, state}) + (s_.tongue == Tongue::english ? "." : "。");
  }

  void tell_orders() {
    reply_.act = "order_state";
    const VisitorOrder* wanted = named_;
    if (wanted == nullptr && points_back()) wanted = order(s_.last_order);
    if (wanted == nullptr && !f_.book->named_in(said_).empty()) wanted = with_product(s_.last_product);
    if (f_.mine->orders.empty()) return no_orders();
    std::size_t shown = 0;
    for (const VisitorOrder& one : f_.mine->orders) {
      if (wanted != nullptr && &one != wanted) continue;
      // Without a number those that are still on their way are meant, or the latest.
      if (wanted == nullptr && shown > 0 && (one.state == "signed" || one.state == "cancelled" || one.state == "refunded"))
        continue;
      if (shown++ == kOrdersShown) break;
      reply_.text += (reply_.text.empty() ? "" : "\n") + order_line(one);
      if (shown == 1) s_.last_order = one.order_id;
      if (shown == 1 && one.lines.size() == 1) s_.last_product = one.lines[0].product_id;
    }
    if (reply_.text.find(sentence("order_broken", s_.tongue).substr(0, 6)) != std::string::npos) offer("person");
  }
  const VisitorOrder* with_product(std::string_view product) const {
    for (const VisitorOrder& one : f_.mine->orders) {
      for (const auto& line : one.lines) {
        if (line.product_id == product) return &one;
      }
    }
    return nullptr;
  }

  void tell_returns() {
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

  void tell_services() {
    reply_.act = "services";
    for (const model::VisitorService& service : f_.mine->services) {
      std::string title = service.service_id;
      const std::string_view wanted = s_.tongue == Tongue::english ? "title_en" : "title";
      for (const auto& [name, value] : service.members) {
        if (name == wanted && value.size() > 2) title = value.substr(1, value.size() - 2);
      }
      reply_.text += (reply_.text.empty() ? "" : "\n") +
                     filled("service_line", s_.tongue, {title, word(service.stage), moment(service.since)});
    }
    const auto found = known();
    if (!found.empty() && found[0].match >= f_.match_least) reply_.text += "\n" + found[0].answer->text.in(s_.tongue);
  }

  /// A number that stands beside a term: "5000 mAh", "CADR 400".
  static std::optional<double> value_in(std::string_view text, Term term) {
    using text::Dimension;
    for (const text::Quantity& one : text::quantities_of(text)) {
      const bool fits = (term == Term::mah && one.dimension == Dimension::charge) ||
                        (term == Term::decibel && one.dimension == Dimension::sound) ||
                        ((term == Term::cadr || term == Term::flow) && one.dimension == Dimension::air_flow);
      if (fits) return static_cast<double>(one.thousandths) / 1000;
    }
    if (term != Term::cadr && term != Term::spf && term != Term::ccm) return std::nullopt;
    for (const text::NumberToken& token : text::number_tokens(text)) {
      std::string_view digits = token.text;
      for (const std::string_view name : {"SPF", "spf", "CADR", "cadr", "CCM", "ccm"}) {
        if (digits.starts_with(name)) digits.remove_prefix(name.size());
      }
      double value = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error == std::errc() && end == digits.data() + digits.size()) return value;
    }
    return std::nullopt;
  }

  void about_product(std::string_view asked) {
    const KnownProduct* product = f_.book->product(s_.last_product);
    auto term = term_in(asked);
    if (!term && heard_.intent == "parameter" && !text::quantities_of(asked).empty()) {
      const auto dimension = text::quantities_of(asked).front().dimension;
      if (dimension == text::Dimension::charge) term = Term::mah;
      if (dimension == text::Dimension::sound) term = Term::decibel;
      if (dimension == text::Dimension::air_flow) term = Term::cadr;
    }
    const ProductFact* fact = product == nullptr ? nullptr : KnowledgeBook::fact_in(*product, asked);
    if (term) return explain(*term, asked, product, fact);
    const auto found = f_.book->find(question_of(asked));
    if (!found.empty() && found[0].match >= f_.match_least) return say(found[0]);
    if (product != nullptr && fact != nullptr) return tell_fact(*product, *fact);
    if (product != nullptr && tell_offer(*product, lower(asked))) return;
    if (product == nullptr && sure_ && heard_.intent == "product" && !f_.book->products().empty()) {
      plain("ask_product");
      s_.task = "ask_product";
      s_.question = std::string(asked);
      return;
    }
    offer_person();
  }

  void explain(Term term, std::string_view asked, const KnownProduct* product, const ProductFact* fact) {
    reply_.act = "parameter";
    reply_.text = meaning_of(term).in(s_.tongue);
    const std::string gap = s_.tongue == Tongue::english ? " " : "";
    if (const auto value = value_in(asked, term)) {
      const std::string home = everyday_of(term, *value).in(s_.tongue);
      if (!home.empty()) reply_.text += gap + home;
      return;
    }
    if (product == nullptr) return;
    for (const ProductFact& one : product->facts) {
      if (fact == nullptr && term_of(one) == term) fact = &one;
    }
    if (fact == nullptr) return;
    const std::string meaning = std::move(reply_.text);
    tell_fact(*product, *fact);
    reply_.act = "parameter";
    reply_.text = meaning + gap + reply_.text;
  }

  void tell_fact(const KnownProduct& product, const ProductFact& fact) {
    reply_.act = "product";
    const bool english = s_.tongue == Tongue::english;
    const Said name{{fact.name, {}, fact.name_en}};
    const std::string value = fact.unit.empty() ? fact.value : fact.value + " " + fact.unit;
    reply_.text = filled("fact", s_.tongue, {product.called(s_.tongue), name.in(s_.tongue), value});
    const std::string home =
        everyday_of(f_.book->rules(), product.category, product.category_en, fact).in(s_.tongue);
    if (!home.empty()) reply_.text += (english ? " " : "") + home;
  }

  /// Price and stock, as published.
  bool tell_offer(const KnownProduct& product, const std::string& form) {
    const auto holds = [&](std::initializer_list<std::string_view> words) {
      return std::any_of(words.begin(), words.end(),
                         [&](std::string_view one) { return form.find(one) != std::string::npos; });
    };
    reply_.act = "product";
    const std::string name = product.called(s_.tongue);
    if (!product.price.empty() && holds({"多少钱", "多少錢", "价格", "價格", "几块", "how much", "price", "cost"})) {
      reply_.text = filled("price", s_.tongue, {name, product.price, product.currency});
      return true;
    }
    if (product.stock && holds({"有货", "有貨", "现货", "現貨", "还有吗", "還有嗎", "库存", "庫存", "in stock", "available"})) {
      reply_.text = *product.stock > 0 ? filled("in_stock", s_.tongue, {name, std::to_string(*product.stock)})
                                       : filled("sold_out", s_.tongue, {name});
      return true;
    }
    return false;
  }

  AssistantState s_;
  std::string said_;
  const AssistantFacts& f_;
  AssistantReply reply_;
  learn::IntentAnswer heard_;
  bool sure_ = false;
  text::Assent assent_ = text::Assent::none;
  const VisitorOrder* named_ = nullptr;
  std::string unknown_order_;
  std::string reason_;
};

}  // namespace

AssistantTurn answer(AssistantState before, std::string_view said, const AssistantFacts& facts) {
  return Turn(std::move(before), said, facts).run();
}

}  // namespace rapport::decide
