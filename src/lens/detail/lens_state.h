#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "lens/detail/duck.h"
#include "lens/detail/mirror_rows.h"
#include "lens/detail/session.h"
#include "lens/lens.h"

namespace rapport::lens {

/// A node's first sight, kept until commit so that its row is written with the customer it then has.
struct NodeBirth {
  std::uint32_t node = 0;
  model::IdentifierKind kind = model::IdentifierKind::user_id;
  std::string sealed;
  EventSeq seq;
  Instant at;
};

namespace detail {

/// Queries under way, so that a stop need not wait for them.
struct RunningQueries {
  std::mutex mutex;
  std::vector<const DuckConnection*> connections;
  bool ended = false;
};

}  // namespace detail

struct Lens::State {
  LensOptions options;
  detail::Duck duck;
  detail::DuckConnection writer;

  // The writer's, between begin() and commit().
  std::unique_ptr<detail::MirrorRows> rows;
  bool open = false;
  std::vector<NodeBirth> births;
  std::unordered_map<std::uint32_t, std::uint32_t> identities;  ///< told in this feed, by node
  std::vector<std::uint32_t> erased;

  /// Held while what queries begin with changes: the committed rows, the customers, the position.
  mutable std::mutex publish;
  std::shared_ptr<const detail::CustomerMap> customers = std::make_shared<detail::CustomerMap>();
  LensPosition position;
  Reveal reveal;

  mutable detail::RunningQueries running;

  Status prepare();
  Status connect();
  Status start_over();
  Status create_tables();
  Status load();
  Status write_nodes();
  Status move_nodes(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& moved);
  Status write_position(const LensPosition& to);
  void forget_feed();
};

}  // namespace rapport::lens
