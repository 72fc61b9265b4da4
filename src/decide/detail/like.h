#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "learn/als.h"
#include "learn/artefact.h"
#include "learn/ease.h"
#include "learn/neighbours.h"

/// "Taken by those who took what she took", by whichever model of tastes the shop trained for it.
namespace rapport::decide::detail {

/// The first of the set that is a model of tastes (item-*, als, ease): whoever trains says by the order which
/// one serves, or has them judged. All null when there is none.
struct LikeModel {
  std::string_view name;  ///< of its kind; static
  const learn::ItemNeighbours* neighbours = nullptr;
  const learn::Als* als = nullptr;
  const learn::Ease* ease = nullptr;
};
LikeModel like_model(const learn::ModelSet* models);

struct LikeSource {
  std::uint32_t item = 0;
  double weight = 1;
};
struct Liked {
  std::uint32_t item = 0;
  double score = 0;          ///< above 0
  std::uint32_t source = 0;  ///< what of hers speaks for it most
  double main = 0;           ///< what that one adds to the score; the others may take from it
};
/// The best `most` items of als or ease that `allows` lets through, by falling score, ties by number, each
/// with its score parted by what she has: the columns of B for ease, and for als the implicit explanation of
/// Hu, Koren & Volinsky (2008, ICDM, section 5, eq. 7). Als takes no weights: how often or when does not
/// count there.
std::vector<Liked> liked_most(const LikeModel& model, std::span<const LikeSource> sources, std::size_t most,
                              const std::function<bool(std::uint32_t)>& allows);

}  // namespace rapport::decide::detail
