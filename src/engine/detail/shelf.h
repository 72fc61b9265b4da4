#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "learn/artefact.h"
#include "store/store.h"

namespace rapport::engine {

/// The models of one shop that serve now: a published constant, kept in the store under its digest so that it
/// survives a restart. A training that fails leaves it as it is. Any thread but the shop's.
class Shelf {
 public:
  struct Models {
    learn::ModelSet set;
    Digest digest{};
    std::size_t bytes = 0;
    /// Models that the data did not carry, and why; of this training.
    std::vector<std::pair<std::string, std::string>> left_out;
  };
  /// What became of the last training.
  struct Attempt {
    Instant at;
    std::string failure;  ///< "" when it succeeded
  };

  Shelf(store::Store& store, ShopNo shop) : store_(store), shop_(shop) {}

  /// Null when none were trained yet. Read from the store at the first call. Errors: corrupt, unsupported.
  Result<std::shared_ptr<const Models>> current();
  /// Stores the models and then serves them; the ones before are deleted in the same write. Errors: those of
  /// encode_models and of the store.
  Result<std::shared_ptr<const Models>> replace(learn::ModelSet set,
                                                std::vector<std::pair<std::string, std::string>> left_out,
                                                Instant now);
  /// Remembers, also over a restart, that a training came to nothing.
  void failed(const Error& why, Instant now);
  Result<std::optional<Attempt>> last_attempt() const;

  /// What is kept of trainings and judgements, a JSON object each: the newest kNotesMost.
  static constexpr std::size_t kNotesMost = 60;
  Status note(std::string_view json);
  /// Oldest first.
  Result<std::vector<std::string>> notes() const;

 private:
  Result<std::shared_ptr<const Models>> load() const;
  store::Store& store_;
  ShopNo shop_;
  std::mutex mutex_;
  bool loaded_ = false;
  std::shared_ptr<const Models> models_;
  std::optional<Error> damage_;  ///< of what the store holds
};

}  // namespace rapport::engine
