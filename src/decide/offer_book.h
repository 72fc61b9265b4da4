#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/offer.h"

namespace rapport::decide {

/// Number of an offer in its book. Products come first and keep the numbers of the models' items.
using OfferNo = std::uint32_t;

struct Ranked {
  OfferNo offer = 0;
  double share = 0;  ///< in [0, 1]
};

/// What was counted of a product: in a region, or with "" in the whole shop.
struct Sold {
  std::uint32_t product = 0;  ///< OfferNo
  std::string region;
  std::uint64_t pieces = 0;
};

/// What an offer book is made of.
struct OfferBookParts {
  struct Entry {
    model::Offer offer;
    bool published = true;  ///< false: a product that was only ever sold or seen
    Instant published_at = Instant::min();
  };
  std::vector<Entry> products;  ///< by number
  std::vector<Entry> others;    ///< bundles, contents, services, coupons, by kind and id
  std::vector<Sold> sold;
  std::vector<double> trend;  ///< share of each product lately, by number; may be shorter, or empty
};

/// Everything that may be recommended, and the rankings that need no customer. An immutable value; const
/// access from any thread.
class OfferBook {
 public:
  explicit OfferBook(OfferBookParts parts);

  std::size_t size() const { return rows_.size(); }
  std::size_t products() const { return products_; }
  const model::Offer& offer(OfferNo offer) const { return rows_[offer].offer; }
  bool published(OfferNo offer) const { return rows_[offer].published; }
  /// Number of its category, 0 = none told.
  std::uint32_t category(OfferNo offer) const { return rows_[offer].category; }
  const std::string& category_name(std::uint32_t category) const { return categories_[category]; }
  /// Number of the department, 0 = none told.
  std::uint32_t department(OfferNo offer) const { return rows_[offer].department; }
  /// In stock, not hidden, not expired at `now`.
  bool on_offer(OfferNo offer, Instant now) const {
    const Row& row = rows_[offer];
    return !row.closed && row.offer.from <= now && now < row.offer.until;
  }
  std::optional<OfferNo> find(model::OfferKind kind, std::string_view id) const;
  /// Of any kind; products first.
  std::optional<OfferNo> find(std::string_view id) const;

  /// Sold most first; the best kRankedMost.
  const std::vector<Ranked>& top() const { return top_; }
  const std::vector<Ranked>& trend() const { return trend_; }
  const std::vector<Ranked>& newest() const { return newest_; }
  /// Products of a category, sold most first; the best kRankedMost.
  const std::vector<Ranked>& in_category(std::uint32_t category) const { return by_category_[category]; }
  /// Shares in a region, pulled to the whole shop's with the strength of kPull pieces; null when nothing was
  /// sold there.
  const std::vector<Ranked>* in_region(const std::string& region) const;
  /// All that are no products, by number.
  OfferNo first_other() const { return static_cast<OfferNo>(products_); }
  /// Everything of one kind, by number.
  const std::vector<OfferNo>& of_kind(model::OfferKind kind) const {
    return by_kind_[static_cast<std::size_t>(kind)];
  }
  /// Bundles that hold a product; null when there are none.
  const std::vector<OfferNo>* bundles_of(OfferNo product) const;
  /// Its names, category and words in small letters: what a scene's words are looked for in.
  const std::string& words(OfferNo offer) const { return rows_[offer].words; }
  /// The category that goes with one, 0 = none told.
  std::uint32_t goes_with(std::uint32_t category) const { return goes_with_[category]; }

  static constexpr std::size_t kRankedMost = 200;
  static constexpr double kPull = 50;

 private:
  struct Row {
    model::Offer offer;
    bool published = true;
    bool closed = false;  ///< hidden or sold out
    std::uint32_t category = 0, department = 0;
    Instant published_at = Instant::min();
    std::string words;  ///< only of others than products
  };
  void number_categories();
  void rank(const OfferBookParts& parts);
  void rank_regions(const std::vector<Sold>& sold, const std::vector<double>& shares);

  std::vector<Row> rows_;
  std::size_t products_ = 0;
  std::unordered_map<std::string, OfferNo> by_id_;  ///< "kind/id"
  std::vector<std::string> categories_{""};
  std::vector<std::vector<Ranked>> by_category_{{}};
  std::vector<std::uint32_t> goes_with_{0};
  std::vector<Ranked> top_, trend_, newest_;
  std::map<std::string, std::vector<Ranked>> regions_;
  std::array<std::vector<OfferNo>, model::kOfferKinds.size()> by_kind_;
  std::unordered_map<OfferNo, std::vector<OfferNo>> bundles_;
};

}  // namespace rapport::decide
