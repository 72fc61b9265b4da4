#include "decide/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "decide/detail/wording.h"
#include "learn/intents.h"
#include "text/clauses.h"
#include "text/han.h"
#include "text/quantities.h"

namespace rapport::decide {
namespace {

constexpr std::size_t kJudgedFewest = 20;
constexpr double kOneSided95 = 1.645;
constexpr std::size_t kNamedMost = 3;

/// Without blanks and marks: two wordings that are the same question.
std::string same_question(std::string_view text) {
  constexpr std::string_view kMarks[] = {"？", "。", "，", "！", "?", ".", ",", "!", " ", "吗", "呢", "请问"};
  std::string out = text::plain_form(text);
  for (const std::string_view mark : kMarks) {
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark)) out.erase(at, mark.size());
  }
  return out;
}

/// What people call a parameter whose name holds one of the first.
struct Called {
  std::initializer_list<std::string_view> names, words;
};
std::span<const Called> called() {
  // An array, for whose members the lists live as long as it does.
  static const Called all[] = {
      {{"noise", "噪"}, {"噪", "吵", "声音", "安静", "静音", "loud", "noisy", "noise", "quiet"}},
      {{"battery", "电池", "续航"}, {"电池", "续航", "充一次", "battery"}},
      {{"capacity", "容量"}, {"容量", "能装", "装多少", "capacity", "hold"}},
      {{"power", "功率"}, {"功率", "瓦", "耗电", "power", "watt"}},
      {{"weight", "重"}, {"重", "weigh", "heavy"}},
      {{"filter life", "滤"}, {"滤芯", "滤网", "filter"}},
      {{"cadr", "洁净空气量"}, {"cadr", "净化量", "平米", "平方", "多大房间", "多大的房间", "room"}},
      {{"tank", "水箱"}, {"水箱", "tank", "水量"}},
      {{"keeps hot", "保温"}, {"保温", "hot"}},
      {{"waterproof", "防水"}, {"防水", "waterproof"}}};
  return all;
}

}  // namespace

std::string KnownProduct::called(Tongue tongue) const {
  if (tongue == Tongue::english) return name_en.empty() ? (name.empty() ? id : name) : name_en;
  const std::string& chosen = name.empty() ? (name_en.empty() ? id : name_en) : name;
  return tongue == Tongue::traditional ? text::to_traditional(chosen) : chosen;
}

std::shared_ptr<const KnowledgeBook> KnowledgeBook::make(std::vector<KnownAnswer> answers,
                                                         std::vector<KnownProduct> products,
                                                         std::vector<EverydayRule> rules) {
  auto book = std::make_shared<KnowledgeBook>();
  book->answers_ = std::move(answers);
  book->products_ = std::move(products);
  book->rules_ = std::move(rules);
  std::vector<learn::WordingIndex::Wording> wordings;
  for (std::uint32_t i = 0; i < book->answers_.size(); ++i) {
    for (const std::string& question : book->answers_[i].questions) wordings.push_back({question, i});
  }
  book->index_ = learn::WordingIndex::build(wordings);
  for (std::size_t i = 0; i < wordings.size(); ++i) {
    if (book->answers_[wordings[i].of].questions.size() < 2) continue;
    const auto found = book->index_.find(wordings[i].text, 1, i);
    if (!found.empty()) book->judged_.push_back({found[0].match, found[0].of == wordings[i].of});
  }
  for (const learn::LabelledText& phrase : learn::starter_intent_phrases()) {
    if (phrase.label != "other") continue;
    const auto found = book->index_.find(phrase.text, 1);
    if (!found.empty()) book->judged_.push_back({found[0].match, false});
  }
  std::stable_sort(book->judged_.begin(), book->judged_.end(),
                   [](const Judged& a, const Judged& b) { return a.match > b.match; });
  for (std::size_t i = 0; i < book->products_.size(); ++i) {
    const KnownProduct& product = book->products_[i];
    book->by_id_.emplace(product.id, i);
    std::vector<std::string>& names = book->names_.emplace_back();
    for (const std::string* name : {&product.name, &product.name_en}) {
      std::string form = text::plain_form(*name);
      if (form.size() >= 4) names.push_back(std::move(form));
    }
  }
  return book;
}

double KnowledgeBook::threshold(double precision) const {
  double least = 2;
  std::size_t right = 0;
  for (std::size_t i = 0; i < judged_.size(); ++i) {
    right += judged_[i].right ? 1 : 0;
    const std::size_t n = i + 1;
    if (n < kJudgedFewest || (n < judged_.size() && judged_[n].match == judged_[i].match)) continue;
    const double share = static_cast<double>(right) / static_cast<double>(n);
    const double spare = kOneSided95 * std::sqrt(share * (1 - share) / static_cast<double>(n));
    if (share - spare >= precision) least = judged_[i].match;
  }
  return least > 1 ? kCautious : std::max(least, kLeast);
}

const KnownProduct* KnowledgeBook::product(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &products_[at->second];
}

bool KnowledgeBook::fits(const KnownAnswer& answer, const Question& question) const {
  if (answer.draft && !question.drafts) return false;
  if (question.now < answer.from || question.now >= answer.until) return false;
  if (question.product_id.empty()) return true;
  if (!answer.product_id.empty()) return answer.product_id == question.product_id;
  if (answer.category.empty()) return true;
  const KnownProduct* product = this->product(question.product_id);
  return product == nullptr || text::plain_form(answer.category) == text::plain_form(product->category) ||
         text::plain_form(answer.category) == text::plain_form(product->category_en);
}

std::vector<KnowledgeBook::Found> KnowledgeBook::find(const Question& question) const {
  std::vector<Found> out;
  for (const auto& found : index_.find(question.text, 50)) {
    const KnownAnswer& answer = answers_[found.of];
    if (fits(answer, question)) out.push_back({&answer, found.match});
    if (out.size() == question.most) break;
  }
  return out;
}

std::vector<KnowledgeBook::Found> KnowledgeBook::of_intent(std::string_view intent,
                                                           const Question& question) const {
  std::vector<Found> out;
  const auto matches = index_.find(question.text, answers_.size());
  for (std::uint32_t i = 0; i < answers_.size(); ++i) {
    if (intent.empty() || answers_[i].intent != intent || !fits(answers_[i], question)) continue;
    const auto match =
        std::find_if(matches.begin(), matches.end(), [&](const auto& one) { return one.of == i; });
    out.push_back({&answers_[i], match == matches.end() ? 0 : match->match});
  }
  // What is said of the very product goes before what is said of all.
  const auto key = [&](const Found& one) {
    const bool its = !question.product_id.empty() && one.answer->product_id == question.product_id;
    return std::pair(its, one.match);
  };
  std::stable_sort(out.begin(), out.end(), [&](const Found& a, const Found& b) { return key(a) > key(b); });
  return out;
}

std::vector<const KnownProduct*> KnowledgeBook::named_in(std::string_view text) const {
  const std::string form = text::plain_form(text);
  std::vector<std::pair<std::size_t, const KnownProduct*>> found;
  for (std::size_t i = 0; i < products_.size(); ++i) {
    std::size_t longest = 0;
    for (const std::string& name : names_[i]) {
      if (form.find(name) != std::string::npos) longest = std::max(longest, name.size());
    }
    if (longest > 0) found.emplace_back(longest, &products_[i]);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const KnownProduct*> out;
  for (const auto& [length, product] : found) {
    // Of "净化器 X3 滤芯" the shorter "净化器 X3" is not meant.
    if (length == found.front().first && out.size() < kNamedMost) out.push_back(product);
  }
  return out;
}

const KnownProduct* KnowledgeBook::only_of_category_in(std::string_view text) const {
  const std::string form = text::plain_form(text);
  const KnownProduct* only = nullptr;
  for (const KnownProduct& product : products_) {
    const auto stands = [&](const std::string& category) {
      const std::string name = text::plain_form(category);
      return name.size() >= 6 && form.find(name) != std::string::npos;
    };
    if (!stands(product.category) && !stands(product.category_en)) continue;
    if (only != nullptr) return nullptr;
    only = &product;
  }
  return only;
}

const ProductFact* KnowledgeBook::fact_in(const KnownProduct& product, std::string_view text) {
  const std::string form = text::plain_form(text);
  for (const ProductFact& fact : product.facts) {
    const std::string name = text::plain_form(fact.name), name_en = text::plain_form(fact.name_en);
    if ((!name.empty() && form.find(name) != std::string::npos) ||
        (!name_en.empty() && form.find(name_en) != std::string::npos))
      return &fact;
  }
  for (const Called& one : called()) {
    if (!holds_any(form, one.words)) continue;
    for (const ProductFact& fact : product.facts) {
      if (holds_any(text::plain_form(fact.name), one.names) ||
          holds_any(text::plain_form(fact.name_en), one.names))
        return &fact;
    }
  }
  return nullptr;
}

// --- what cannot both be so
// ------------------------------------------------------------------------------------------------

namespace {

struct Stated {
  text::Quantity quantity;
  std::string words;   ///< the amount as written
  std::string clause;  ///< where it stands, comparison form
};

std::vector<Stated> stated_in(std::string_view text) {
  std::vector<Stated> out;
  for (const text::Clause& clause : text::clauses_of(text)) {
    const std::string_view words = clause.in(text);
    for (const text::Quantity& quantity : text::quantities_of(words))
      out.push_back({quantity, std::string(words.substr(quantity.from, quantity.to - quantity.from)),
                     text::plain_form(words)});
  }
  return out;
}

/// Whether the clause speaks of that parameter: by its name, by what people call it, or because no other of
/// the product's facts is measured so and the unit says enough (mAh, m³/h, dB).
bool speaks_of(const Stated& stated, const KnownProduct& product, const ProductFact& fact) {
  for (const std::string* name : {&fact.name, &fact.name_en}) {
    const std::string form = text::plain_form(*name);
    if (!form.empty() && stated.clause.find(form) != std::string::npos) return true;
  }
  if (KnowledgeBook::fact_in(product, stated.clause) == &fact) return true;
  const auto dimension = stated.quantity.dimension;
  if (dimension != text::Dimension::charge && dimension != text::Dimension::air_flow &&
      dimension != text::Dimension::sound)
    return false;
  return std::count_if(product.facts.begin(), product.facts.end(), [&](const ProductFact& other) {
           const auto value = text::quantity_of(other.value, other.unit);
           return value && value->dimension == dimension;
         }) == 1;
}

void against_product(const KnownAnswer& answer, const KnownProduct& product,
                     std::vector<Contradiction>& out) {
  for (const std::string& text : answer.text.by) {
    for (const Stated& stated : stated_in(text)) {
      for (const ProductFact& fact : product.facts) {
        const auto real = text::quantity_of(fact.value, fact.unit);
        if (!real || real->dimension != stated.quantity.dimension ||
            real->thousandths == stated.quantity.thousandths || !speaks_of(stated, product, fact))
          continue;
        out.push_back({Contradiction::Kind::product_fact, answer.id, product.id,
                       fact.name.empty() ? fact.name_en : fact.name, stated.words,
                       fact.value + " " + fact.unit});
      }
    }
  }
}

/// The first amount of `a` of a dimension that `b` states too, but never at that value.
bool differ(const std::vector<Stated>& a, const std::vector<Stated>& b, std::string& one,
            std::string& other) {
  for (const Stated& mine : a) {
    const Stated* differs = nullptr;
    bool same = false;
    for (const Stated& theirs : b) {
      if (theirs.quantity.dimension != mine.quantity.dimension) continue;
      same = same || theirs.quantity.thousandths == mine.quantity.thousandths;
      if (differs == nullptr) differs = &theirs;
    }
    if (same || differs == nullptr) continue;
    one = mine.words;
    other = differs->words;
    return true;
  }
  return false;
}

std::vector<Stated> stated_anywhere(const KnownAnswer& answer) {
  std::vector<Stated> out;
  for (const std::string& text : answer.text.by) {
    for (Stated& one : stated_in(text)) out.push_back(std::move(one));
  }
  return out;
}

void between_languages(const KnownAnswer& answer, std::vector<Contradiction>& out) {
  for (std::size_t a = 0; a < answer.text.by.size(); ++a) {
    for (std::size_t b = a + 1; b < answer.text.by.size(); ++b) {
      Contradiction found{Contradiction::Kind::other_language,
                          answer.id,
                          fmt::format("{}/{}", kTongues[a], kTongues[b]),
                          {},
                          {},
                          {}};
      if (!differ(stated_in(answer.text.by[a]), stated_in(answer.text.by[b]), found.stated, found.against))
        continue;
      out.push_back(std::move(found));
      return;
    }
  }
}

void between_answers(const std::vector<const KnownAnswer*>& all, std::vector<Contradiction>& out) {
  std::map<std::string, std::vector<const KnownAnswer*>> by_question;
  for (const KnownAnswer* answer : all) {
    for (const std::string& question : answer->questions) {
      auto& same = by_question[same_question(question)];
      if (same.empty() || same.back() != answer) same.push_back(answer);
    }
  }
  std::map<std::pair<std::string, std::string>, bool> told;
  for (const auto& [question, answers] : by_question) {
    for (std::size_t a = 0; a < answers.size(); ++a) {
      for (std::size_t b = a + 1; b < answers.size(); ++b) {
        // What holds for one product says nothing of another.
        if (answers[a]->product_id != answers[b]->product_id || answers[a]->category != answers[b]->category)
          continue;
        Contradiction found{Contradiction::Kind::other_answer, answers[a]->id, answers[b]->id, {}, {}, {}};
        if (!differ(stated_anywhere(*answers[a]), stated_anywhere(*answers[b]), found.stated, found.against))
          continue;
        if (std::exchange(told[{found.answer, found.other}], true)) continue;
        out.push_back(std::move(found));
      }
    }
  }
}

}  // namespace

std::vector<Contradiction> contradictions(const KnowledgeBook& book, Instant now) {
  std::vector<Contradiction> out;
  std::vector<const KnownAnswer*> standing;
  for (const KnownAnswer& answer : book.answers()) {
    if (now >= answer.until) continue;
    standing.push_back(&answer);
    between_languages(answer, out);
    if (answer.product_id.empty()) continue;
    const KnownProduct* product = book.product(answer.product_id);
    if (product == nullptr) {
      out.push_back({Contradiction::Kind::product_gone, answer.id, answer.product_id, {}, {}, {}});
    } else {
      against_product(answer, *product, out);
    }
  }
  between_answers(standing, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const Contradiction& a, const Contradiction& b) { return a.answer < b.answer; });
  // The same amount in three languages is one contradiction.
  const auto same = [](const Contradiction& a, const Contradiction& b) {
    return a.answer == b.answer && a.kind == b.kind && a.other == b.other && a.parameter == b.parameter;
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace rapport::decide
