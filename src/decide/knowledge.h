#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "decide/everyday.h"
#include "learn/retrieval.h"

/// What a shop knows: answers that people wrote, and the facts of its products. One place for page, assistant
/// and agent. Pure.
namespace rapport::decide {

struct KnownAnswer {
  std::string id;
  std::vector<std::string> questions;  ///< wordings, in any language
  Said text;
  std::string product_id, category;  ///< what it is about; "" = the shop
  std::string intent;                ///< of learn::kIntents: said to whoever wants that; "" = none
  std::vector<std::string> media;    ///< addresses of pictures and videos
  Instant from = Instant::min(), until = Instant::never();
  bool draft = false;  ///< shown to nobody
};

struct KnownProduct {
  std::string id, name, name_en, category, category_en, price, currency;
  std::optional<std::int64_t> stock;
  std::vector<ProductFact> facts;
  /// In the reader's language.
  std::string called(Tongue tongue) const;
};

/// Immutable; const access from any thread.
class KnowledgeBook {
 public:
  static std::shared_ptr<const KnowledgeBook> make(std::vector<KnownAnswer> answers,
                                                   std::vector<KnownProduct> products,
                                                   std::vector<EverydayRule> rules);
  struct Found {
    const KnownAnswer* answer = nullptr;
    double match = 0;  ///< 0..1
  };
  struct Question {
    std::string_view text;
    std::string_view product_id;  ///< in view or spoken of; "" = none
    Instant now;
    bool drafts = false;
    std::size_t most = 5;
  };
  /// Best first. An answer about a product, or a category, is found when that is spoken of, or nothing is.
  std::vector<Found> find(const Question& question) const;
  /// The answers bound to that intent and fit for the product, best match first.
  std::vector<Found> of_intent(std::string_view intent, const Question& question) const;

  /// How wordings fared that were left out while they were asked, and phrases that are no business of the
  /// shop's.
  struct Judged {
    double match = 0;
    bool right = false;
  };
  const std::vector<Judged>& judged() const { return judged_; }
  /// The least match at which found answers keep to that precision; kCautious where too little is known to
  /// tell.
  static constexpr double kCautious = 0.62, kLeast = 0.4;
  double threshold(double precision) const;

  const std::vector<KnownAnswer>& answers() const { return answers_; }
  const std::vector<KnownProduct>& products() const { return products_; }
  const std::vector<EverydayRule>& rules() const { return rules_; }
  const KnownProduct* product(std::string_view id) const;
  /// Products whose name or id stands in the text, longest name first; at most three.
  std::vector<const KnownProduct*> named_in(std::string_view text) const;
  /// The product of the category that the text names, where it is the only one; else null.
  const KnownProduct* only_of_category_in(std::string_view text) const;
  /// The fact of a product that a question is after, by name or by what people call it; null when none.
  static const ProductFact* fact_in(const KnownProduct& product, std::string_view text);

 private:
  bool fits(const KnownAnswer& answer, const Question& question) const;
  std::vector<KnownAnswer> answers_;
  std::vector<KnownProduct> products_;
  std::vector<EverydayRule> rules_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::vector<std::vector<std::string>> names_;  ///< of each product, comparison forms
  learn::WordingIndex index_;
  std::vector<Judged> judged_;
};

/// Two things that cannot both be so.
struct Contradiction {
  enum class Kind : std::uint8_t { product_fact, other_answer, other_language, product_gone };
  Kind kind = Kind::product_fact;
  std::string answer;     ///< the id
  std::string other;      ///< the product's or the other answer's id
  std::string parameter;  ///< of the product, for product_fact
  std::string stated;     ///< as the answer has it: "保修 12 个月" -> "12 个月"
  std::string against;    ///< as the product, the other answer or the other language has it
};
inline constexpr std::string_view kContradictionKinds[] = {"product_fact", "other_answer", "other_language",
                                                           "product_gone"};
/// By answer's id; compared with units: 24 months is two years. Drafts are looked at too, what is over is
/// not.
std::vector<Contradiction> contradictions(const KnowledgeBook& book, Instant now);

}  // namespace rapport::decide
