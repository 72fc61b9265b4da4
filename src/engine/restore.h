#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

/// Bringing a backup back, without those who were erased after it was made.
namespace rapport::engine {

struct RestoreRequest {
  std::string from;    ///< a folder made by Engine::backup
  std::string to;      ///< must not exist
  std::string ledger;  ///< text of Engine::erasure_ledger, as late as there is one
  bool compression = true;
};

struct RestoreAnswer {
  std::uint64_t shops = 0;
  std::uint64_t nodes_erased = 0;  ///< held by the backup, gone from the copy
};

/// Copies the backup, checks every log, destroys the keys of the ledger again, appends the `erased` records
/// that the copy's log lacks and suppresses their identifiers as the first erasure did: whoever was erased
/// after the backup stays erased, in the bytes, in the state and at the door. All of it or nothing stands at
/// `to`. Errors: bad_input for the ledger, naming the line; not_found, conflict, corrupt.
Result<RestoreAnswer> restore(const RestoreRequest& request);

}  // namespace rapport::engine
