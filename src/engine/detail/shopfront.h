#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/detail/shop.h"
#include "engine/engine.h"
#include "model/answers/shopfront.h"
#include "store/store.h"

namespace rapport::engine {

/// The members of a published product, service or coupon that the public may see; everything else a shop
/// publishes (costs, owners, margins) stays inside.
bool is_public_member(model::EventKind kind, std::string_view member);
/// The public members of a noun's JSON text.
model::NounMembers public_members(model::EventKind kind, std::string_view noun);

/// What the storefront asks for again and again, kept in memory: the published products with their search
/// texts and counters (fetched from the state in small pieces, anew when something was published, else once
/// in a while), and where the newest reviews of each product lie in the log. Made at the first question, from
/// nothing; never persisted; holds no personal part: texts of reviews are opened for each answer, so an
/// erased author's are gone.
///
/// Every method runs on the shopfront's own thread, one at a time.
class Shopfront {
 public:
  static constexpr std::size_t kReviewsKept = 200;  ///< a product, the newest
  static constexpr std::size_t kPiece = 200;        ///< nouns copied at once on the shop thread

  Shopfront(store::Store& store, Shop& shop) : store_(store), shop_(shop) {}

  /// Nobody asked yet.
  bool is_new() const { return read_upto_.value == 0; }
  /// Brings catalogue and counters up to date where it is due, and reads on in the log for `budget` at most.
  /// False when the log was not read to its end.
  Result<bool> refresh(Duration budget);

  model::ShopProductPage products(const ShopProductQuery& query) const;
  Result<model::ShopProduct> product(std::string_view id) const;
  model::ShopBestsellers bestsellers(const std::string& region, std::size_t most) const;
  std::vector<model::NounMembers> services() const { return services_; }
  model::NounNames names() const;
  /// Errors: not_found; the store's.
  Result<model::ShopReviews> reviews(const ShopReviewQuery& query) const;

 private:
  struct Product {
    model::ShopProduct shown;
    std::string words;               ///< comparison form of all its names: what is searched
    std::vector<std::string> names;  ///< ... of its own names: what a prefix may match first
    std::vector<std::string> categories, scenes, functions;  ///< comparison forms
    std::string category, category_en;
  };
  struct ReviewPlace {
    std::string id;
    EventSeq seq, follow_up, reply;
    Instant at;
    std::int64_t rating = 0;
    NodeId node;
    bool verified = false, has_media = false, corrected = false, from_page = false;
    std::size_t characters = 0;
    Instant followed = Instant::min(), replied = Instant::min();
    std::vector<std::string> aspects;
  };
  struct Ratings {
    void count_in(std::int64_t rating, int by);

    std::uint64_t count = 0;
    std::int64_t sum = 0;
    std::array<std::uint64_t, 5> by_stars{};
    std::deque<ReviewPlace> newest;  ///< by time, newest first
  };
  Status fetch_nouns();
  void fetch_counts();
  void sort_categories();
  Result<bool> read_log(std::int64_t until_ns);
  void take(const model::RecordView& record);
  void take_review(const model::RecordView& record);
  void remove_review(const std::string& review);
  void take_answer(const model::RecordView& record);
  void take_told(const model::RecordView& record);
  void take_erased(std::string_view body);
  ReviewPlace* place_of(const std::string& review);
  Status open_page(const std::vector<const ReviewPlace*>& page, model::ShopReviews& answer) const;
  void add_ratings(model::ShopProduct& product) const;

  store::Store& store_;
  Shop& shop_;
  std::vector<Product> products_;  ///< sold most first, then by id
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<model::NounMembers> services_;
  std::vector<model::ShopCategory> categories_;
  /// By region, products (their ids) and pieces, sold most first.
  std::unordered_map<std::string, std::vector<std::pair<std::string, std::uint64_t>>> regions_;
  std::unordered_map<std::string, Ratings> ratings_;                ///< by product id
  std::unordered_map<std::string, std::string> product_of_review_;  ///< of the reviews that are kept
  EventSeq read_upto_;
  bool stale_ = true;  ///< something was published since the nouns were fetched
  std::int64_t nouns_due_ns_ = 0, counts_due_ns_ = 0;
  Instant now_;                             ///< by the shop's clock when it was last walked
  Instant nouns_until_ = Instant::never();  ///< when a product comes on show, or goes, by its own times
};

}  // namespace rapport::engine
