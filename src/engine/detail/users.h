#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/seal.h"
#include "engine/detail/workers.h"
#include "engine/engine.h"
#include "model/answers/user.h"
#include "store/store.h"

namespace rapport::engine {

/// Argon2id with libsodium's interactive limits: 64 MiB and some 0.1 s each, so never on a thread that
/// somebody waits for. The text holds salt and parameters.
std::string hash_password(std::string_view password);
bool is_password(const std::string& hash, std::string_view password);

/// The users of the console and their one-time links. They belong to the folder (shop 0 of the settings): a
/// row holds role, shops and times in clear; name and password hash are sealed under the user's own key,
/// which a removal destroys. Everything is in memory as well. Any thread.
class Users {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kLinksMost = 1'000;
  static constexpr Duration kLinkHolds = hours(24);

  Users(store::Store& store, Clock& clock) : store_(store), clock_(clock), passwords_(1, 32) {}

  /// Reads what is stored. A row whose key is gone is a removal that a crash cut short: it is finished.
  Status load();
  /// Answers what is queued, then takes no more.
  void stop() { passwords_.stop(); }
  /// Runs `task` on the one thread that hashes passwords; false when too many wait.
  bool run(std::function<void()> task) { return passwords_.run(std::move(task)); }

  std::vector<model::UserAnswer> all() const;
  std::optional<model::UserAnswer> find(std::uint64_t id) const;
  bool has_owner() const;

  /// These hash and write: on the thread of run() only. Errors: bad_input, conflict (a name that is taken;
  /// the last owner; an owner exists), not_found, unauthorized.
  Result<model::UserAnswer> add(const NewUser& asked);
  Result<model::UserAnswer> change(std::uint64_t id, const UserChange& asked);
  /// Takes as long for a name that nobody has as for a wrong password.
  Result<model::UserAnswer> check(std::string_view name, std::string_view password) const;
  /// Destroys the key, then the row. Takes 0.1 to 1 s.
  Status remove(std::uint64_t id);

  Result<model::NewLink> add_link(const model::LinkAnswer& what);
  /// Holds once. Errors: unauthorized for a token that is unknown, used or too old, without telling which.
  Result<model::LinkAnswer> take_link(std::string_view token);

 private:
  struct Stored {
    model::UserAnswer user;
    std::string hash;  ///< of the password; "" = none
    codec::NodeKey key{};
  };
  struct Link {
    model::LinkAnswer what;
    Instant expires;
  };
  Status write(const Stored& stored);
  Result<std::optional<Stored>> read(std::string_view row) const;
  Status load_links();
  void drop_old_links();
  bool is_last_owner(std::uint64_t id) const;

  store::Store& store_;
  Clock& clock_;
  std::mutex writing_;               ///< one change at a time
  mutable std::shared_mutex mutex_;  ///< of what follows; held for look-ups and swaps only
  std::map<std::uint64_t, Stored> by_id_;
  std::unordered_map<std::string, std::uint64_t> by_name_;  ///< comparison form -> id
  std::map<Digest, Link> links_;
  Workers passwords_;
};

}  // namespace rapport::engine
