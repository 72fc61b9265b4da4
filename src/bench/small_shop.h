#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "decide/lane_shares.h"
#include "decide/recommend.h"
#include "learn/artefact.h"
#include "model/scene.h"
#include "world/world.h"

/// A simulated shop in memory that answers its visitors out of `decide` and `learn` alone: what a policy
/// earns where taste, place and price decide, without a log and a server.
namespace rapport::bench {

struct SmallShopOptions {
  world::WorldOptions world;
  std::int32_t lists_days = 60;  ///< the last so many days are answered, by models of the days before
  model::ScenePolicy policy = model::ScenePolicy::thompson;
};

class SmallShop {
 public:
  struct Lane {
    std::string scene, lane;
    std::uint64_t shown = 0, taken = 0;
  };
  struct Earned {
    std::uint64_t shown = 0, taken = 0;  ///< closed impressions that a lane filled
    std::vector<Lane> lanes;
  };

  explicit SmallShop(const SmallShopOptions& options);
  /// The whole world once. Errors: those of training and of the scenes.
  Result<Earned> run();

 private:
  struct Person {
    std::vector<decide::Seen> seen;
    std::string region;
  };
  struct Scene {
    model::Scene scene;
    decide::SceneTally tally;
    std::vector<double> shares;
  };
  struct Open {
    std::size_t scene = 0, lane = 0;
    Instant at;
    std::string person, item;
  };

  Status open_scenes();
  Status open_book();
  world::ShownList answer(const world::Moment& moment);
  void take(const world::WorldEvent& event);
  void publish(const world::WorldEvent& event);
  void buy(const world::WorldEvent& event, const std::string& person);
  void show(const world::WorldEvent& event, const std::string& person);
  void close(const std::string& key, bool taken);
  void close_before(Instant moment);
  void learn_shares(Instant now);
  std::string person_of(std::string_view user_id, std::string_view anonymous_id) const;
  std::string person_of(const world::WorldEvent& event);

  SmallShopOptions options_;
  world::World world_;
  Instant lists_from_;
  decide::OfferBookParts parts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  ///< of products
  std::vector<std::vector<std::uint32_t>> attributes_;
  std::unordered_map<std::string, std::uint32_t> words_;
  std::unordered_map<std::string, Person> people_;
  std::unordered_map<std::string, std::string> users_;  ///< by anonymous id
  std::unique_ptr<const decide::OfferBook> book_;
  learn::ModelSet models_;
  std::vector<Scene> scenes_;
  struct Shown {
    std::size_t scene = 0;
    std::vector<std::uint8_t> lanes;
  };
  std::unordered_map<std::string, Shown> lists_;  ///< by decision
  std::unordered_map<std::string, Open> open_;    ///< by decision and position
  std::deque<std::pair<Instant, std::string>> by_age_;
  std::map<std::pair<std::size_t, std::size_t>, std::pair<std::uint64_t, std::uint64_t>> outcomes_;
  Instant learned_at_ = Instant::min();
  Status failed_;
};

}  // namespace rapport::bench
