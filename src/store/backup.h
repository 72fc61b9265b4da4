#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "store/store.h"

/// Bringing a backup back. A backup made before an erasure still holds the keys that were destroyed since, so
/// a restore needs the ledger of erasures: without it the erased would come back.
namespace rapport::store {

struct Erasure {
  std::string shop;
  NodeId node;
  friend auto operator<=>(const Erasure&, const Erasure&) = default;
};

/// The whole ledger of an open folder.
Result<std::vector<Erasure>> erasure_ledger(const Store& store);
/// As text, one "shop<tab>node" a line, to be kept beside the backups; and back. Errors: bad_input naming the
/// line.
std::string format_ledger(const std::vector<Erasure>& ledger);
Result<std::vector<Erasure>> parse_ledger(std::string_view text);

struct RestoreOptions {
  std::string from;  ///< a folder made by Store::backup
  StoreOptions to;   ///< its path must not exist
  std::vector<Erasure> ledger;
  /// Told of each node of the ledger that the copy still holds, before its key goes.
  std::function<void(const ShopInfo&, const NodeRow&)> erasing = {};
  /// Runs on the erased copy before it becomes the folder; an error leaves nothing at `to`.
  std::function<Status(Store&)> finish = {};
};

/// Copies the backup beside `to`, verifies every log in the copy, destroys again the keys of the ledger that
/// the copy still holds, and only then names it `to`: a restore cut short leaves nothing that could be
/// served. Numbers of the ledger that the copy has not given yet are never given by it. Errors: not_found,
/// conflict, corrupt. Gives the copy, open; its log still lacks the `erased` records (engine/restore.h adds
/// them in `finish`).
Result<std::unique_ptr<Store>> restore(const RestoreOptions& options);

}  // namespace rapport::store
