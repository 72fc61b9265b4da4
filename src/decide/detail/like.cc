#include "decide/detail/like.h"

#include <algorithm>

#include "decide/recommend.h"

namespace rapport::decide {
namespace detail {
namespace {

/// The best by score that are allowed; a part is put in order at a time, mostly the first is enough.
std::vector<std::uint32_t> best_of(std::span<const double> scores, std::size_t most,
                                   const std::function<bool(std::uint32_t)>& allows) {
  std::vector<std::pair<double, std::uint32_t>> ranked;
  for (std::uint32_t item = 0; item < scores.size(); ++item) {
    if (scores[item] > 0) ranked.emplace_back(-scores[item], item);
  }
  std::vector<std::uint32_t> out;
  for (std::size_t begin = 0; begin < ranked.size() && out.size() < most;) {
    const std::size_t end = std::min(ranked.size(), begin + 2 * most);
    const auto first = ranked.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(end);
    if (last != ranked.end()) std::nth_element(first, last, ranked.end());
    std::sort(first, last);
    for (; begin < end && out.size() < most; ++begin) {
      if (allows(ranked[begin].second)) out.push_back(ranked[begin].second);
    }
    begin = std::max(begin, end);
  }
  return out;
}

}  // namespace
}  // namespace detail

bool is_taste(std::string_view spec) {
  const std::string_view name = spec.substr(0, spec.find(':'));
  return name.starts_with("item-") || name == "als" || name == "ease";
}

const learn::KeptModel* serving_like(const learn::ModelSet& models) {
  for (const learn::KeptModel& kept : models.models) {
    if (is_taste(kept.spec)) return &kept;
  }
  return nullptr;
}

namespace detail {

LikeModel like_model(const learn::ModelSet* models) {
  LikeModel out;
  const learn::KeptModel* kept = models == nullptr ? nullptr : serving_like(*models);
  if (kept == nullptr) return out;
  const learn::ModelKind* kind =
      learn::find_model_kind(std::string_view(kept->spec).substr(0, kept->spec.find(':')));
  out.neighbours = dynamic_cast<const learn::ItemNeighbours*>(kept->model.get());
  out.als = dynamic_cast<const learn::Als*>(kept->model.get());
  out.ease = dynamic_cast<const learn::Ease*>(kept->model.get());
  if (kind != nullptr) out.name = kind->name;
  return out;
}

std::vector<Liked> liked_most(const LikeModel& model, std::span<const LikeSource> sources, std::size_t most,
                              const std::function<bool(std::uint32_t)>& allows) {
  if (sources.empty() || (model.als == nullptr && model.ease == nullptr)) return {};
  std::vector<std::uint32_t> items;
  std::vector<double> weights;
  for (const LikeSource& source : sources) {
    items.push_back(source.item);
    weights.push_back(source.weight);
  }
  const std::vector<double> scores =
      model.als != nullptr ? model.als->scores_of(items) : model.ease->scores_of(items, weights);
  const std::vector<std::uint32_t> best = best_of(scores, most, allows);
  const std::vector<double> parts = model.als != nullptr ? model.als->contributions(items, best)
                                                         : model.ease->contributions(items, weights, best);
  std::vector<Liked> out;
  for (std::size_t i = 0; i < best.size(); ++i) {
    const std::span<const double> row(parts.data() + i * items.size(), items.size());
    Liked one{best[i], 0, 0, 0};
    std::size_t main = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
      one.score += row[j];
      if (row[j] > row[main]) main = j;
    }
    one.source = items[main];
    one.main = row[main];
    if (one.score > 0) out.push_back(one);
  }
  std::stable_sort(out.begin(), out.end(), [](const Liked& a, const Liked& b) { return a.score > b.score; });
  return out;
}

}  // namespace detail
}  // namespace rapport::decide
