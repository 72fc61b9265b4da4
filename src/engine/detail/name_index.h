#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/detail/keyring.h"
#include "store/log.h"
#include "store/store.h"

/// Names of customers, for searching by a part of one. In memory only and made from the log when somebody who
/// may see names first asks; an erased node's name is wiped with its key. Thread-safe.
namespace rapport::engine {

class NameIndex {
 public:
  NameIndex(const store::Store& store, ShopNo shop, Keyring& keyring)
      : store_(store), shop_(shop), keyring_(keyring) {}

  /// Reads the log on from where the last call stopped, until its end or about the deadline (monotonic). True
  /// at the end. Reading costs about a microsecond a record, decryption included.
  bool catch_up(std::int64_t deadline_ns);
  /// Nodes in whose name `part` occurs, whatever the case and width of its letters; at most `most`.
  std::vector<NodeId> find(std::string_view part, std::size_t most) const;
  /// "" when none is known.
  std::string name_of(NodeId node) const;
  /// Forgets names for good, whatever is still read of them.
  void forget(const std::vector<NodeId>& nodes);

 private:
  struct Entry {
    NodeId node;
    Instant at;
    std::string name, form;  ///< as told, and as compared
  };
  void take(const model::RecordView& record);
  void put(NodeId node, Instant at, std::string name);

  const store::Store& store_;
  ShopNo shop_;
  Keyring& keyring_;
  std::mutex reading_;  ///< one reader of the log at a time
  std::unique_ptr<store::LogReader> reader_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::unordered_map<std::uint32_t, std::size_t> places_;  ///< node -> place in entries_
};

}  // namespace rapport::engine
