#pragma once

#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "model/table.h"

/// Files that were handed over for a study, as tables. They may hold what is personal, so they live in memory
/// only, under a name that nobody guesses, and not long. Thread-safe.
namespace rapport::engine {

class StudyTables {
 public:
  /// The name under which it is found.
  std::string put(model::Table table) {
    std::array<std::uint8_t, 16> random{};
    secure_random(random);
    std::string token = to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
    const std::lock_guard lock(mutex_);
    kept_.push_back({token, std::make_shared<const model::Table>(std::move(table))});
    if (kept_.size() > kKept) kept_.pop_front();
    return token;
  }
  /// Errors: not_found.
  Result<std::shared_ptr<const model::Table>> find(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    for (const Kept& one : kept_) {
      if (one.token == token) return one.table;
    }
    return Error{Errc::not_found, "that table is not kept any more", "table",
                 "the answer of POST /v1/study-tables; the last eight are kept"};
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
  }

 private:
  static constexpr std::size_t kKept = 8;
  struct Kept {
    std::string token;
    std::shared_ptr<const model::Table> table;
  };
  mutable std::mutex mutex_;
  std::deque<Kept> kept_;
};

}  // namespace rapport::engine
