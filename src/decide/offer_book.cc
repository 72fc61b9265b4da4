#include "decide/offer_book.h"

#include <algorithm>
#include <numeric>

#include "text/normalise.h"

namespace rapport::decide {
namespace {

std::string key_of(model::OfferKind kind, std::string_view id) {
  return fmt::format("{}/{}", model::offer_kind_name(kind), id);
}

/// The best of all values above 0, by falling value, ties by number.
std::vector<Ranked> best_of(const std::vector<double>& values, std::size_t most) {
  std::vector<Ranked> ranked;
  for (OfferNo offer = 0; offer < values.size(); ++offer) {
    if (values[offer] > 0) ranked.push_back({offer, values[offer]});
  }
  const auto before = [](const Ranked& a, const Ranked& b) {
    return a.share != b.share ? a.share > b.share : a.offer < b.offer;
  };
  const std::size_t kept = std::min(most, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), before);
  ranked.resize(kept);
  return ranked;
}

/// The number of a name, given on first sight; 0 for "".
std::uint32_t number_of(std::unordered_map<std::string, std::uint32_t>& numbers, const std::string& name) {
  if (name.empty()) return 0;
  return numbers.emplace(name, static_cast<std::uint32_t>(numbers.size()) + 1).first->second;
}

}  // namespace

OfferBook::OfferBook(OfferBookParts parts) : products_(parts.products.size()) {
  rows_.reserve(parts.products.size() + parts.others.size());
  for (auto* entries : {&parts.products, &parts.others}) {
    for (OfferBookParts::Entry& entry : *entries) {
      Row& row = rows_.emplace_back();
      row.offer = std::move(entry.offer);
      row.published = entry.published;
      row.published_at = entry.published_at;
      row.closed = row.offer.hidden || row.offer.stock.value_or(1) <= 0 || row.offer.id.empty();
      by_id_.emplace(key_of(row.offer.kind, row.offer.id), static_cast<OfferNo>(rows_.size() - 1));
    }
  }
  for (OfferNo offer = 0; offer < rows_.size(); ++offer) {
    Row& row = rows_[offer];
    by_kind_[static_cast<std::size_t>(row.offer.kind)].push_back(offer);
    if (offer < products_) continue;
    row.words = text::comparison_form(fmt::format("{} {} {} {} {}", row.offer.id, row.offer.title,
                                                  row.offer.title_en, row.offer.category, row.offer.word));
    for (const std::string& product : row.offer.products) {
      if (const auto found = find(model::OfferKind::product, product)) bundles_[*found].push_back(offer);
    }
  }
  number_categories();
  rank(parts);
}

const std::vector<OfferNo>* OfferBook::bundles_of(OfferNo product) const {
  const auto found = bundles_.find(product);
  return found == bundles_.end() ? nullptr : &found->second;
}

void OfferBook::number_categories() {
  std::unordered_map<std::string, std::uint32_t> categories, departments;
  for (Row& row : rows_) {
    row.category = number_of(categories, row.offer.category);
    row.department = number_of(departments, row.offer.department);
    if (row.category >= categories_.size()) categories_.push_back(row.offer.category);
  }
  by_category_.resize(categories_.size());
  goes_with_.assign(categories_.size(), 0);
  for (const Row& row : rows_) {
    const auto other = categories.find(row.offer.goes_with);
    if (row.category != 0 && other != categories.end()) goes_with_[row.category] = other->second;
  }
}

void OfferBook::rank(const OfferBookParts& parts) {
  std::vector<double> shares(products_, 0);
  for (const Sold& sold : parts.sold) {
    if (sold.product < products_ && sold.region.empty())
      shares[sold.product] += static_cast<double>(sold.pieces);
  }
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= std::max(1.0, total);
  top_ = best_of(shares, kRankedMost);
  std::vector<double> trend = parts.trend;
  trend.resize(products_, 0);
  trend_ = best_of(trend, kRankedMost);

  std::vector<OfferNo> order(products_);
  std::iota(order.begin(), order.end(), OfferNo{0});
  std::stable_sort(order.begin(), order.end(), [&](OfferNo a, OfferNo b) { return shares[a] > shares[b]; });
  for (const OfferNo offer : order) {
    auto& list = by_category_[rows_[offer].category];
    if (rows_[offer].category != 0 && list.size() < kRankedMost) list.push_back({offer, shares[offer]});
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](OfferNo a, OfferNo b) { return rows_[a].published_at > rows_[b].published_at; });
  for (const OfferNo offer : order) {
    if (newest_.size() == kRankedMost || !rows_[offer].published) break;
    newest_.push_back({offer, 1.0 / (1.0 + static_cast<double>(newest_.size()))});
  }
  rank_regions(parts.sold, shares);
}

/// (count + s p) / (total + s): the mean of a Dirichlet posterior whose prior is the shop's shares
/// (learn::shrink_to_parent), worked out only for what was sold there and for the shop's best.
void OfferBook::rank_regions(const std::vector<Sold>& sold, const std::vector<double>& shares) {
  std::map<std::string, std::map<OfferNo, double>> counts;
  for (const Sold& one : sold) {
    if (one.product < products_ && !one.region.empty() && one.pieces > 0)
      counts[one.region][one.product] += static_cast<double>(one.pieces);
  }
  for (auto& [region, pieces] : counts) {
    double total = 0;
    for (const auto& [offer, count] : pieces) total += count;
    for (const Ranked& best : top_) pieces.try_emplace(best.offer, 0.0);
    std::vector<Ranked>& list = regions_[region];
    for (const auto& [offer, count] : pieces)
      list.push_back({offer, (count + kPull * shares[offer]) / (total + kPull)});
    std::stable_sort(list.begin(), list.end(),
                     [](const Ranked& a, const Ranked& b) { return a.share > b.share; });
    if (list.size() > kRankedMost) list.resize(kRankedMost);
  }
}

std::optional<OfferNo> OfferBook::find(model::OfferKind kind, std::string_view id) const {
  const auto found = by_id_.find(key_of(kind, id));
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<OfferNo> OfferBook::find(std::string_view id) const {
  for (const model::OfferKind kind : model::kOfferKinds) {
    if (const auto found = find(kind, id)) return found;
  }
  return std::nullopt;
}

const std::vector<Ranked>* OfferBook::in_region(const std::string& region) const {
  const auto found = regions_.find(region);
  return found == regions_.end() ? nullptr : &found->second;
}

}  // namespace rapport::decide
