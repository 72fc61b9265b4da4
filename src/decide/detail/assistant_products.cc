#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "decide/detail/assistant_turn.h"
#include "decide/detail/wording.h"
#include "text/quantities.h"

namespace rapport::decide {
namespace {

/// A number that stands beside a term: "5000 mAh", "CADR 400".
std::optional<double> value_in(std::string_view text, Term term) {
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

}  // namespace

void Turn::about_product(std::string_view asked) {
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
  const auto found = known(asked);
  if (!found.empty() && found[0].match >= f_.match_least) return say_matched(found[0]);
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

void Turn::explain(Term term, std::string_view asked, const KnownProduct* product, const ProductFact* fact) {
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

void Turn::tell_fact(const KnownProduct& product, const ProductFact& fact) {
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
bool Turn::tell_offer(const KnownProduct& product, const std::string& form) {
  const auto holds = [&](std::initializer_list<std::string_view> words) { return holds_any(form, words); };
  reply_.act = "product";
  const std::string name = product.called(s_.tongue);
  if (!product.price.empty() &&
      holds({"多少钱", "多少錢", "价格", "價格", "几块", "how much", "price", "cost"})) {
    reply_.text = filled("price", s_.tongue, {name, product.price, product.currency});
    return true;
  }
  if (product.stock &&
      holds({"有货", "有貨", "现货", "現貨", "还有吗", "還有嗎", "库存", "庫存", "in stock", "available"})) {
    reply_.text = *product.stock > 0 ? filled("in_stock", s_.tongue, {name, std::to_string(*product.stock)})
                                     : filled("sold_out", s_.tongue, {name});
    return true;
  }
  return false;
}

}  // namespace rapport::decide
