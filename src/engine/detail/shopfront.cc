#include "engine/detail/shopfront.h"

#include <algorithm>
#include <map>

#include "codec/json_index.h"
#include "codec/properties.h"
#include "codec/record.h"
#include "decide/review_order.h"
#include "engine/detail/feedback_source.h"
#include "engine/detail/impl.h"
#include "engine/detail/log_reading.h"
#include "model/catalogue_ids.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kNounsRest_ns = 2 * kSecond_ns;
/// Counting is a walk on the shop thread; it may take a thousandth of that thread's time.
constexpr std::int64_t kCountsRestFactor = 1'000;
constexpr std::int64_t kCountsRestLeast_ns = 5 * kSecond_ns;
constexpr std::size_t kRegionKept = 100;
constexpr std::int32_t kPeriods = 3;

constexpr std::string_view kProductMembers[] = {
    "product_id",        "name",        "name_en",        "title",      "title_en",      "brand",
    "brand_en",          "category",    "category_en",    "department", "department_en", "price",
    "currency",          "stock",       "parameters",     "scenes",     "functions",     "selling_points",
    "selling_points_en", "description", "description_en", "image",      "images",        "needs_installation",
    "repurchase_days",   "goes_with",   "simulated"};
constexpr std::string_view kServiceMembers[] = {
    "service_id",     "title",       "title_en",       "name",    "name_en",  "price",
    "currency",       "layer",       "type",           "purpose", "stage",    "place",
    "standard_hours", "description", "description_en", "image",   "simulated"};
constexpr std::string_view kCouponMembers[] = {"coupon_id", "title",    "title_en", "minimum",
                                               "terms",     "terms_en", "image"};

/// The text of a string, the texts of a list of strings.
std::vector<std::string> texts_of(codec::JsonValue value) {
  std::vector<std::string> out;
  if (!value.present()) return out;
  if (value.is(codec::JsonKind::string)) out.push_back(value.text());
  if (value.is(codec::JsonKind::array)) {
    for (codec::JsonItems items(value); items.next();) {
      if (items.value().is(codec::JsonKind::string)) out.push_back(items.value().text());
    }
  }
  return out;
}

void append_forms(std::vector<std::string>& out, codec::JsonValue value) {
  for (const std::string& text : texts_of(value)) out.push_back(text::comparison_form(text));
}

/// Whoever types traditional characters finds what was published in simplified ones.
void add_traditional(std::vector<std::string>& forms) {
  for (std::size_t i = 0, count = forms.size(); i < count; ++i) {
    std::string traditional = text::to_traditional(forms[i]);
    if (traditional != forms[i]) forms.push_back(std::move(traditional));
  }
}

void add_traditional(std::vector<std::string>& names, std::string& words) {
  const bool plain =
      std::all_of(words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (plain) return;
  if (const std::string traditional = text::to_traditional(words); traditional != words)
    words += "\n" + traditional;
  add_traditional(names);
}

/// Neither hidden nor out of its time. `until` comes down to the moment at which that may change.
bool on_show(const codec::JsonValue& noun, Instant now, Instant& until) {
  const codec::JsonValue hidden = noun.find("hidden");
  if (hidden.present() && hidden.is_true()) return false;
  const auto moment = [&](const char* member, Instant otherwise) {
    const codec::JsonValue value = noun.find(member);
    if (!value.present() || !value.is(codec::JsonKind::string)) return otherwise;
    const auto read = parse_instant(value.text());
    return read.ok() ? *read : otherwise;
  };
  const Instant from = moment("from", Instant::min()), to = moment("until", Instant::never());
  for (const Instant change : {from, to}) {
    if (change > now) until = std::min(until, change);
  }
  return from <= now && now < to;
}

bool holds(const std::vector<std::string>& forms, const std::string& wanted) {
  return wanted.empty() || std::find(forms.begin(), forms.end(), wanted) != forms.end();
}

std::vector<std::string> words_of(const std::string& form) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t end = std::min(form.find(' ', at), form.size());
    if (end > at) words.push_back(form.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// A text member of what was sealed with a record; "" when its key is destroyed.
std::string opened_text(Keyring& keyring, const model::RecordView& record, std::string_view member) {
  if (record.nodes.empty() || record.personal.empty()) return {};
  const auto personal = keyring.open(SealedAs::personal, record.nodes.front().node, record.personal);
  codec::JsonIndex index;
  if (!personal || !index.parse(*personal).ok()) return {};
  codec::JsonValue properties = index.root().find("properties");
  if (!properties.present()) properties = index.root();
  const codec::JsonValue value = properties.find(member);
  return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
}

}  // namespace

bool is_public_member(model::EventKind kind, std::string_view member) {
  if (kind == k::product_published)
    return std::find(std::begin(kProductMembers), std::end(kProductMembers), member) !=
           std::end(kProductMembers);
  if (kind == k::coupon_published)
    return std::find(std::begin(kCouponMembers), std::end(kCouponMembers), member) !=
           std::end(kCouponMembers);
  return kind == k::service_published && std::find(std::begin(kServiceMembers), std::end(kServiceMembers),
                                                   member) != std::end(kServiceMembers);
}

model::NounMembers public_members(model::EventKind kind, std::string_view noun) {
  model::NounMembers members;
  codec::JsonIndex index;
  if (!index.parse(noun).ok()) return members;
  for (codec::JsonMembers all(index.root()); all.next();) {
    if (is_public_member(kind, all.key())) members.emplace_back(all.key(), all.value().raw());
  }
  return members;
}

Result<bool> Shopfront::refresh(Duration budget) {
  const std::int64_t now = monotonic_ns();
  const std::int64_t until = now + budget.ms * 1'000'000;
  RAPPORT_TRY(const bool whole, read_log(until));
  if (stale_ && now >= nouns_due_ns_) {
    stale_ = false;
    RAPPORT_CHECK(fetch_nouns());
    nouns_due_ns_ = monotonic_ns() + kNounsRest_ns;
    counts_due_ns_ = 0;
  }
  if (now >= counts_due_ns_) {
    const std::int64_t began = monotonic_ns();
    fetch_counts();
    const std::int64_t took = monotonic_ns() - began;
    counts_due_ns_ = monotonic_ns() + std::max(took * kCountsRestFactor, kCountsRestLeast_ns);
  }
  return whole;
}

Status Shopfront::fetch_nouns() {
  using Nouns = std::vector<std::pair<std::string, std::string>>;
  const auto fetch = [this](model::EventKind kind) {
    Nouns nouns;
    std::string after;
    for (bool more = true; more;) {
      std::promise<void> done;
      shop_.post([&] {
        const auto ids = shop_.state().noun_ids(kind);
        auto at =
            nouns.empty() ? ids.begin() : std::upper_bound(ids.begin(), ids.end(), std::string_view(after));
        for (std::size_t i = 0; i < kPiece && at != ids.end(); ++i, ++at)
          nouns.emplace_back(*at, shop_.state().noun(kind, *at));
        more = at != ids.end();
        now_ = shop_.now();
        done.set_value();
      });
      done.get_future().wait();
      if (!nouns.empty()) after = nouns.back().first;
    }
    return nouns;
  };
  products_.clear();
  nouns_until_ = Instant::never();
  codec::JsonIndex index;
  for (auto& [id, noun] : fetch(k::product_published)) {
    if (!index.parse(noun).ok()) continue;
    const codec::JsonValue root = index.root();
    if (!on_show(root, now_, nouns_until_)) continue;
    Product product;
    product.shown.id = id;
    product.shown.members = public_members(k::product_published, noun);
    for (const char* member : {"name", "name_en", "title", "title_en"})
      append_forms(product.names, root.find(member));
    product.words = text::comparison_form(id);
    for (const std::string& name : product.names) product.words += "\n" + name;
    for (const char* member : {"category", "category_en", "department", "department_en"})
      append_forms(product.categories, root.find(member));
    for (const char* member : {"scene", "scenes"}) append_forms(product.scenes, root.find(member));
    for (const char* member : {"function", "functions"}) append_forms(product.functions, root.find(member));
    std::vector<std::string> brands;
    for (const char* member : {"brand", "brand_en"}) append_forms(brands, root.find(member));
    for (const auto* forms : {&brands, &product.categories, &product.scenes, &product.functions}) {
      for (const std::string& form : *forms) product.words += "\n" + form;
    }
    add_traditional(product.names, product.words);
    for (auto* forms : {&product.categories, &product.scenes, &product.functions}) add_traditional(*forms);
    const auto first_text = [&](const char* member) {
      const auto texts = texts_of(root.find(member));
      return texts.empty() ? std::string() : texts.front();
    };
    product.category = first_text("category");
    product.category_en = first_text("category_en");
    products_.push_back(std::move(product));
  }
  services_.clear();
  for (const auto& [id, noun] : fetch(k::service_published)) {
    auto members = public_members(k::service_published, noun);
    if (!members.empty()) services_.push_back(std::move(members));
  }
  sort_categories();
  return {};
}

void Shopfront::sort_categories() {
  std::map<std::string, model::ShopCategory> by_name;
  for (const Product& product : products_) {
    if (product.category.empty()) continue;
    model::ShopCategory& category = by_name[product.category];
    category.name = product.category;
    category.name_en = product.category_en;
    ++category.products;
  }
  categories_.clear();
  for (auto& [name, category] : by_name) categories_.push_back(std::move(category));
  std::stable_sort(categories_.begin(), categories_.end(),
                   [](const auto& a, const auto& b) { return a.products > b.products; });
}

/// The last three periods that anything was counted in, summed by product and by (region, product).
void Shopfront::fetch_counts() {
  struct Count {
    std::string product, region;
    std::uint64_t views, orders, pieces;
  };
  std::vector<Count> counts;
  std::promise<void> done;
  shop_.post([&] {
    const auto all = shop_.state().product_counts();
    const auto& tables = shop_.state().tables();
    const auto& ids = tables.dictionary(views::DictionaryKind::products);
    for (auto row = all.rbegin(); row != all.rend() && row->period > all.back().period - kPeriods; ++row) {
      counts.push_back({std::string(ids.text(row->product)),
                        std::string(tables.words().text(row->region_word)), row->views, row->orders,
                        row->pieces});
    }
    now_ = shop_.now();
    done.set_value();
  });
  done.get_future().wait();
  if (now_ >= nouns_until_) stale_ = true;
  std::unordered_map<std::string, Count> sums;
  std::map<std::pair<std::string, std::string>, std::uint64_t> pieces;
  for (const Count& count : counts) {
    Count& sum = sums.try_emplace(count.product, Count{}).first->second;
    sum.views += count.views;
    sum.orders += count.orders;
    sum.pieces += count.pieces;
    if (!count.region.empty() && count.pieces > 0) pieces[{count.region, count.product}] += count.pieces;
  }
  for (Product& product : products_) {
    const auto found = sums.find(product.shown.id);
    const Count sum = found == sums.end() ? Count{} : found->second;
    product.shown.views = sum.views;
    product.shown.orders = sum.orders;
    product.shown.pieces = sum.pieces;
  }
  std::sort(products_.begin(), products_.end(), [](const Product& a, const Product& b) {
    return a.shown.pieces != b.shown.pieces ? a.shown.pieces > b.shown.pieces : a.shown.id < b.shown.id;
  });
  by_id_.clear();
  for (std::size_t i = 0; i < products_.size(); ++i) by_id_.emplace(products_[i].shown.id, i);
  regions_.clear();
  for (const auto& [key, count] : pieces) {
    if (by_id_.contains(key.second)) regions_[key.first].emplace_back(key.second, count);
  }
  for (auto& [region, sold] : regions_) {
    std::stable_sort(sold.begin(), sold.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (sold.size() > kRegionKept) sold.resize(kRegionKept);
  }
}

Result<bool> Shopfront::read_log(std::int64_t until_ns) {
  return read_folded(store_, shop_, read_upto_, until_ns,
                     [this](const model::RecordView& record) { take(record); });
}

void Shopfront::take(const model::RecordView& record) {
  if (record.type == model::RecordType::erased) return take_erased(record.body);
  if (record.type != model::RecordType::event) return;
  if (record.kind == k::product_published || record.kind == k::service_published) stale_ = true;
  if (record.kind == k::review_posted) take_review(record);
  if (record.kind == k::review_replied || record.kind == k::review_followed_up) take_answer(record);
  if (record.kind == k::feedback_classified || record.kind == k::feedback_corrected) take_told(record);
}

Shopfront::ReviewPlace* Shopfront::place_of(const std::string& review) {
  const auto product = product_of_review_.find(review);
  if (product == product_of_review_.end()) return nullptr;
  for (ReviewPlace& place : ratings_[product->second].newest) {
    if (place.id == review) return &place;
  }
  return nullptr;
}

/// What a review speaks of; a person's word holds against what is told anew.
void Shopfront::take_told(const model::RecordView& record) {
  const HeardFeedback heard = heard_clear(record);
  ReviewPlace* place = place_of(heard.about);
  const bool corrects = record.kind == k::feedback_corrected;
  if (place == nullptr || (place->corrected && !corrects)) return;
  place->corrected = corrects;
  place->aspects.clear();
  for (const HeardClause& clause : heard.clauses) {
    const bool known =
        std::find(place->aspects.begin(), place->aspects.end(), clause.aspect) != place->aspects.end();
    if (!clause.aspect.empty() && !known) place->aspects.push_back(clause.aspect);
  }
}

void Shopfront::take_erased(std::string_view body) {
  const auto erased = codec::decode_erased(body);
  if (!erased.ok()) return;
  for (auto& [product, ratings] : ratings_) {
    std::erase_if(ratings.newest, [&](const ReviewPlace& place) {
      const bool gone =
          std::find(erased->nodes.begin(), erased->nodes.end(), place.node) != erased->nodes.end();
      if (gone) product_of_review_.erase(place.id);
      return gone;
    });
  }
}

void Shopfront::Ratings::count_in(std::int64_t rating, int by) {
  count += static_cast<std::uint64_t>(by);
  sum += by * rating;
  const auto stars = std::clamp<std::int64_t>((rating + 500) / 1000, 1, 5);
  by_stars[static_cast<std::size_t>(stars - 1)] += static_cast<std::uint64_t>(by);
}

void Shopfront::remove_review(const std::string& review) {
  const auto product = product_of_review_.find(review);
  if (product == product_of_review_.end()) return;
  Ratings& ratings = ratings_[product->second];
  std::erase_if(ratings.newest, [&](const ReviewPlace& place) {
    if (place.id != review) return false;
    ratings.count_in(place.rating, -1);
    return true;
  });
  product_of_review_.erase(product);
}

void Shopfront::take_review(const model::RecordView& record) {
  ReviewPlace place{.seq = record.seq, .at = record.event_time, .from_page = record.from_page};
  std::string product;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::review_id) place.id = property.bytes;
    if (property.id == p::product_id) product = property.bytes;
    if (property.id == p::rating) place.rating = property.number;
    if (property.id == p::verified) place.verified = property.number != 0;
    if (property.id == p::has_media) place.has_media = property.number != 0;
  }
  if (product.empty() || place.id.empty()) return;
  if (product_of_review_.contains(place.id)) {
    // The shop's word goes before what a page said under the same number.
    const ReviewPlace* known = place_of(place.id);
    if (known == nullptr || !known->from_page || record.from_page) return;
    remove_review(place.id);
  }
  Ratings& ratings = ratings_[product];
  ratings.count_in(place.rating, 1);
  const auto at = std::find_if(ratings.newest.begin(), ratings.newest.end(),
                               [&](const ReviewPlace& other) { return other.at <= place.at; });
  if (at == ratings.newest.end() && ratings.newest.size() >= kReviewsKept) return;
  product_of_review_.emplace(place.id, product);
  if (!record.nodes.empty()) place.node = record.nodes[0].node;
  // How long it is, not what it says.
  for (const char c : opened_text(shop_.keyring(), record, "text"))
    place.characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  ratings.newest.insert(at, std::move(place));
  if (ratings.newest.size() <= kReviewsKept) return;
  product_of_review_.erase(ratings.newest.back().id);
  ratings.newest.pop_back();
}

void Shopfront::take_answer(const model::RecordView& record) {
  std::string id;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::review_id) id = property.bytes;
  }
  ReviewPlace* place = place_of(id);
  if (place == nullptr) return;
  const bool reply = record.kind == k::review_replied;
  // From a page only its author adds to a review.
  const bool by_author = std::any_of(record.nodes.begin(), record.nodes.end(),
                                     [&](const model::NodeRef& ref) { return ref.node == place->node; });
  if (!reply && record.from_page && !by_author) return;
  (reply ? place->reply : place->follow_up) = record.seq;
  (reply ? place->replied : place->followed) = record.event_time;
}

void Shopfront::add_ratings(model::ShopProduct& product) const {
  const auto found = ratings_.find(product.id);
  if (found == ratings_.end()) return;
  product.ratings = found->second.count;
  product.rating_sum = found->second.sum;
  product.by_stars = found->second.by_stars;
}

model::ShopProductPage Shopfront::products(const ShopProductQuery& query) const {
  const std::string wanted = text::comparison_form(query.query);
  const std::vector<std::string> words = words_of(wanted);
  const std::string category = text::comparison_form(query.category),
                    scene = text::comparison_form(query.scene),
                    function = text::comparison_form(query.function);
  // Names that begin with the query come first; within either group what is sold most.
  std::vector<const Product*> first, rest;
  for (const Product& product : products_) {
    if (!holds(product.categories, category) || !holds(product.scenes, scene) ||
        !holds(product.functions, function))
      continue;
    const bool matches = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return product.words.find(word) != std::string::npos;
    });
    if (!matches) continue;
    const bool prefix =
        !wanted.empty() && std::any_of(product.names.begin(), product.names.end(),
                                       [&](const auto& name) { return name.starts_with(wanted); });
    (prefix ? first : rest).push_back(&product);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  model::ShopProductPage page;
  page.total = first.size();
  page.categories = categories_;
  const std::size_t from = std::min<std::size_t>(query.from, first.size());
  const std::size_t to = std::min(from + query.most, first.size());
  for (std::size_t i = from; i < to; ++i) {
    page.products.push_back(first[i]->shown);
    add_ratings(page.products.back());
  }
  if (to < first.size()) page.next = to;
  return page;
}

Result<model::ShopProduct> Shopfront::product(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return Error{Errc::not_found, "no such product", "id"};
  model::ShopProduct product = products_[found->second].shown;
  add_ratings(product);
  return product;
}

model::ShopBestsellers Shopfront::bestsellers(const std::string& region, std::size_t most) const {
  model::ShopBestsellers best;
  if (const auto found = regions_.find(region); !region.empty() && found != regions_.end()) {
    best.region = region;
    for (const auto& [id, pieces] : found->second) {
      if (best.items.size() == most) break;
      best.items.push_back(products_[by_id_.at(id)].shown);
      best.items.back().pieces = pieces;
      add_ratings(best.items.back());
    }
    return best;
  }
  for (const Product& product : products_) {
    if (best.items.size() == most || product.shown.pieces == 0) break;
    best.items.push_back(product.shown);
    add_ratings(best.items.back());
  }
  return best;
}

namespace {

constexpr std::int64_t kCriticalMost = 2'000;  ///< thousandths of a star

decide::ReviewFacts facts_of(const auto& place) {
  return {place.has_media, place.verified, place.at, place.followed, place.aspects.size(), place.characters};
}

std::int64_t points_of(const std::vector<decide::ReviewReason>& reasons) {
  std::int64_t sum = 0;
  for (const decide::ReviewReason& reason : reasons) sum += reason.points;
  return sum;
}

}  // namespace

Result<model::ShopReviews> Shopfront::reviews(const ShopReviewQuery& query) const {
  model::ShopReviews answer;
  RAPPORT_TRY(answer.product, product(query.product));
  const auto found = ratings_.find(answer.product.id);
  if (found == ratings_.end()) return answer;
  std::vector<std::pair<std::int64_t, const ReviewPlace*>> all;
  std::map<std::string, std::size_t> aspects;
  for (const ReviewPlace& place : found->second.newest) {
    for (const std::string& aspect : place.aspects) ++aspects[aspect];
    const bool fits = query.aspect.empty() || std::find(place.aspects.begin(), place.aspects.end(),
                                                        query.aspect) != place.aspects.end();
    if (fits && (!query.critical || place.rating <= kCriticalMost))
      all.emplace_back(points_of(decide::review_reasons(facts_of(place), now_)), &place);
  }
  // Newest first they are already.
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  answer.total = all.size();
  for (const auto& [points, place] : all) {
    if (place->rating <= kCriticalMost && answer.critical.empty()) answer.critical = place->id;
  }
  answer.aspects.assign(aspects.begin(), aspects.end());
  std::stable_sort(answer.aspects.begin(), answer.aspects.end(),
                   [](const auto& x, const auto& y) { return x.second > y.second; });
  std::vector<const ReviewPlace*> page;
  for (std::size_t i = query.skip; i < all.size() && page.size() < query.most; ++i)
    page.push_back(all[i].second);
  if (query.skip + page.size() < all.size() && !page.empty()) answer.next = query.skip + page.size();
  RAPPORT_CHECK(open_page(page, answer));
  return answer;
}

/// What the reviews of a page say, opened for this answer alone.
Status Shopfront::open_page(const std::vector<const ReviewPlace*>& page, model::ShopReviews& answer) const {
  std::vector<EventSeq> seqs;
  for (const ReviewPlace* place : page) {
    for (const EventSeq seq : {place->seq, place->follow_up, place->reply}) {
      if (seq.value != 0) seqs.push_back(seq);
    }
  }
  std::sort(seqs.begin(), seqs.end());
  std::map<EventSeq, std::pair<std::string, std::string>> opened;  // title, text
  RAPPORT_CHECK(store_.read_records(shop_.info().shop, seqs, [&](const model::RecordView& record) {
    auto& [title, text] = opened[record.seq];
    text = opened_text(shop_.keyring(), record, "text");
    title = opened_text(shop_.keyring(), record, "title");
    codec::Property property;
    for (codec::PropertyReader in(record.clear); in.next(property);) {
      if (property.id == p::title_text) title = property.bytes;
    }
  }));
  for (const ReviewPlace* place : page) {
    const auto& [title, text] = opened[place->seq];
    if (text.empty()) continue;  // Its author was erased.
    model::ShopReview review;
    review.review_id = place->id;
    review.rating = place->rating;
    review.at = place->at;
    review.verified = place->verified;
    review.title = title;
    review.text = text;
    review.follow_up = opened[place->follow_up].second;
    review.reply = opened[place->reply].second;
    review.has_media = place->has_media;
    review.aspects = place->aspects;
    if (!review.follow_up.empty()) review.followed_at = place->followed;
    if (!review.reply.empty()) review.replied_at = place->replied;
    for (const decide::ReviewReason& reason : decide::review_reasons(facts_of(*place), now_))
      review.reasons.push_back({reason.kind, reason.points});
    for (const auto& reason : review.reasons) review.points += reason.points;
    answer.reviews.push_back(std::move(review));
  }
  return {};
}

model::NounNames Shopfront::names() const {
  const auto called = [](std::string id, const model::NounMembers& members) {
    model::NounName out{std::move(id), {}, {}};
    codec::JsonIndex index;
    for (const auto& [name, value] : members) {
      const bool is_own = name == "name" || name == "title";
      if ((!is_own && name != "name_en" && name != "title_en") || !index.parse(value).ok()) continue;
      std::string& into = is_own ? out.name : out.name_en;
      if (into.empty() && index.root().is(codec::JsonKind::string)) into = index.root().text();
    }
    return out;
  };
  model::NounNames out;
  out.products.reserve(products_.size());
  for (const Product& product : products_)
    out.products.push_back(called(product.shown.id, product.shown.members));
  for (const model::NounMembers& members : services_) {
    const auto id = std::find_if(members.begin(), members.end(),
                                 [](const auto& member) { return member.first == "service_id"; });
    if (id == members.end()) continue;
    codec::JsonIndex index;
    if (index.parse(id->second).ok()) out.services.push_back(called(index.root().text(), members));
  }
  return out;
}

}  // namespace rapport::engine
