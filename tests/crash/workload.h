#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulated_disk.h"
#include "store/store.h"

/// A scripted life of a store, and what somebody who was told "ok" may rely on afterwards.
namespace rapport::crash {

class Workload {
 public:
  /// The same seed gives the same script on any disk.
  Workload(SimulatedDisk& disk, std::uint64_t seed);

  /// Opens, works, closes and opens again, until the script ends or the disk fails for the first time. Gives
  /// the error that ended it.
  std::optional<Error> run(int steps);
  /// One step of the script on an open store.
  Status step();
  Status open();
  void close() { store_.reset(); }
  store::Store& store() { return *store_; }

  /// Opens the folder and holds it against what was promised. Every text is a broken promise.
  std::vector<std::string> broken_promises();
  /// The same on an open store.
  std::vector<std::string> check() { return check_all(true); }
  /// On an open store of a damaged folder: only what is wrong without any call having said so.
  std::vector<std::string> silently_broken() { return check_all(false); }
  /// The same promises, to be checked on a copy of the disk; closed.
  Workload on(SimulatedDisk& copy) const;
  bool is_open() const { return store_ != nullptr; }
  std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  struct Batch {
    EventSeq first;
    std::uint32_t count = 0;
    std::string bytes;
    Digest digest{};
    std::vector<store::NewNode> nodes;
    std::vector<store::DedupEntry> dedup;
  };
  struct Shop {
    std::string name;
    ShopNo number;
    std::vector<Batch> batches;  ///< acknowledged
    std::optional<Batch> in_flight;
    std::map<std::uint32_t, store::NewNode> nodes;
    std::map<std::uint32_t, codec::NodeKey> erased;    ///< acknowledged
    std::map<std::uint32_t, codec::NodeKey> in_doubt;  ///< an erasure that did not answer
    std::uint32_t next_node = 1;
  };

  Status create_shop();
  Status append(Shop& shop);
  Status erase(Shop& shop);
  Status put_setting();
  Status checkpoint(Shop& shop);
  Status follow(Shop& shop);
  Batch make_batch(Shop& shop);
  void settle_in_flight(Shop& shop);
  std::vector<std::string> check_all(bool errors_count);
  void check_tables(std::vector<std::string>& broken);
  void check_checkpoint(Shop& shop, std::vector<std::string>& broken);
  void check_followers(Shop& shop, std::vector<std::string>& broken);
  void check_shop(Shop& shop, std::vector<std::string>& broken);
  void check_log(Shop& shop, std::vector<std::string>& broken);
  void check_nodes(Shop& shop, std::vector<std::string>& broken);

  SimulatedDisk* disk_;
  bool errors_count_ = true;
  Random random_;
  std::unique_ptr<store::Store> store_;
  std::vector<Shop> shops_;
  std::optional<std::string> shop_in_flight_;
  std::map<std::string, std::string> settings_;
  std::optional<std::pair<std::string, std::string>> setting_in_flight_;
  std::uint64_t acknowledged_ = 0;
};

/// Where the workload's folder lies on its disk.
inline constexpr const char* kFolder = "/data/shop folder";
store::StoreOptions options_on(SimulatedDisk& disk);

}  // namespace rapport::crash
