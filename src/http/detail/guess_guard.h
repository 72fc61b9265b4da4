#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"

namespace rapport::http::detail {

/// Slows down who guesses passwords or links. Failures are counted by what was guessed at from where (a name
/// and an address), by the address alone, and by the name alone; over a number of free ones each further
/// failure shuts that out for twice as long. So that nobody can shut out somebody else, the count by name
/// alone allows many more, and an address from which the name has come in before is not held to it. An
/// attempt counts as failed until it has succeeded, so many at once do not pass together. What is kept is a
/// keyed hash of name and address, in memory only. Any thread; times are monotonic nanoseconds.
class GuessGuard {
 public:
  static constexpr int kFreeByPair = 5;
  static constexpr int kFreeByAddress = 20;
  static constexpr int kFreeByName = 100;
  static constexpr Duration kFirstWait = seconds(30);
  static constexpr Duration kLongestWait = seconds(15 * 60);
  static constexpr Duration kForgottenAfter = hours(1);
  static constexpr std::size_t kMost = 20'000;

  GuessGuard();
  /// Seconds that the caller has to wait; 0 = go on, and the attempt is counted. `name` may be "".
  std::int64_t admit(std::string_view name, std::string_view address, std::int64_t now_ns);
  /// The attempt was right: the name starts afresh at this address; by name and by address it was no failure.
  void succeeded(std::string_view name, std::string_view address);
  std::size_t size() const;

 private:
  struct Row {
    Hash128 key;
    int failures = 0;
    std::int64_t last_ns = 0, shut_until_ns = 0;
    bool came_in = false;  ///< of a pair: the name has come in from the address
  };
  struct HashOf {
    std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
  };
  Hash128 key_of(char kind, std::string_view name, std::string_view address) const;
  /// The row, made when absent; the one that was touched longest ago makes room.
  Row& row(const Hash128& key, std::int64_t now_ns);
  static void fail(Row& row, int free, std::int64_t now_ns);
  void forgive(const Hash128& key, int free);

  HashKey pepper_{};
  mutable std::mutex mutex_;
  std::list<Row> rows_;  ///< touched last first
  std::unordered_map<Hash128, std::list<Row>::iterator, HashOf> index_;
};

}  // namespace rapport::http::detail
