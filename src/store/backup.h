#pragma once

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
};

/// Copies the backup, verifies every log in the copy, and destroys again the keys of the ledger that the copy
/// still holds. Nodes that the copy has not yet given a number are left out: after the restore those numbers
/// will belong to others. Errors: not_found, conflict, corrupt; on an error no folder is left at `to`.
/// Gives the copy, open; the caller appends an `erased` record for every erased_nodes() that its log lacks.
Result<std::unique_ptr<Store>> restore(const RestoreOptions& options);

}  // namespace rapport::store
