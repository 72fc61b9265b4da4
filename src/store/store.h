#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/seal.h"
#include "model/identifier.h"
#include "model/record.h"
#include "store/file_system.h"
#include "store/log.h"

/// Everything durable of one data folder.
namespace rapport::store {

enum class Compression : std::uint8_t { on, off };
/// Whether a write waits for the disk. An unsynced write survives the end of the process, not of the power.
enum class Sync : std::uint8_t { yes, no };
/// What a callback says: go on, or that was enough.
enum class Walk : std::uint8_t { on, stop };

struct StoreOptions {
  std::string path;  ///< made when absent, with its parents
  Compression compression = Compression::on;
  FileSystem* file_system = nullptr;  ///< null = FileSystem::real(); must outlive the store
  std::size_t cache_bytes = 32 << 20;
  std::size_t write_buffer_bytes = 96 << 20;  ///< of all families together
  /// How often the witness file is brought to the disk by a thread of the store; 0 = only at close.
  Duration witness_every = seconds(1);
};

struct ShopInfo {
  ShopNo shop;
  std::string name;
  HashKey pepper{};  ///< of its node index and de-duplication ids; drawn when the shop is created
};

/// First sight of an identifier value: its number, its place in the index, its key.
struct NewNode {
  NodeId node;
  model::IdentifierKind kind = model::IdentifierKind::user_id;
  Hash128 hash;  ///< keyed_hash(pepper, kind and value): the engine's choice, the store only keeps it
  codec::NodeKey key{};
  std::string sealed_value;  ///< the value under its key, kept beside it so that it is found without the log
};

/// What is stored under a node's number.
struct StoredKey {
  codec::NodeKey key{};
  std::string sealed_value;  ///< "" in folders of before 0.2: the log's record of the node's birth has it
};

struct DedupEntry {
  Hash128 id;
  EventSeq seq;  ///< of the record that took the id
};

struct NewDeadLetter {
  Instant at;
  std::string_view body;  ///< in clear; the store seals it under the key of its day
};

/// Tables of opaque values. settings: API keys, webhooks, users, suppression. outbox: side effects on their
/// way. ledger: tiles and positions of the Merkle tree over satisfaction records.
enum class Table : std::uint8_t { settings, outbox, ledger };

struct Change {
  Table table = Table::settings;
  ShopNo shop;  ///< 0 = the folder's own
  std::string_view key;
  std::optional<std::string_view> value;  ///< none = delete
};

/// What one shop commits at once. All of it becomes durable, or none.
struct Append {
  ShopNo shop;
  /// A finished batch that continues the log (its first seq is last + 1, its `previous` the head's digest),
  /// or "" when there are only dead letters or letters to close.
  std::string_view batch;
  Digest digest{};                         ///< of `batch`
  std::span<const DedupEntry> dedup;       ///< remembered for the window
  std::span<const DedupEntry> import_ids;  ///< remembered for good
  std::span<const NewNode> nodes;
  std::span<const NewDeadLetter> dead_letters;
  /// Rows of the small tables that must hold exactly when the batch does.
  std::span<const Change> changes;
  /// Dead letters that were taken after all: deleted with the batch that holds their events.
  std::span<const std::uint64_t> closed_letters;
};

struct NodeRow {
  NodeId node;
  model::IdentifierKind kind = model::IdentifierKind::user_id;
  Hash128 hash;
};

struct DeadLetter {
  std::uint64_t id = 0;  ///< unique in the shop; grows with time
  Instant at;
  std::string body;
};

/// A derived record: a customer entered or left a segment because of the record `cause`.
struct FlipRow {
  EventSeq cause;
  CustomerId customer;
  std::string_view body;
};

struct CheckpointHead {
  EventSeq seq;         ///< the state is the fold of records 1..seq; the last record of a batch
  Digest log_digest{};  ///< of the batch that ends at seq
  std::uint32_t view_version = 0;
  Digest state_hash{};
  std::uint64_t bytes = 0;  ///< of all chunks, no fewer; of those read only
};

/// One RocksDB a data folder, all shops in it. Any thread may call anything; appends are serialised inside.
/// After a write or sync that failed every later write gives unavailable until the store is opened anew: what
/// the disk holds is unknown until recovery has read it. Errors common to all calls: corrupt (stored bytes
/// are not what was written), io, unavailable.
class Store {
 public:
  /// Errors: conflict when another process holds the folder; corrupt when the witness knows of acknowledged
  /// records that the log no longer has, or the end of a log is not whole; unsupported for a folder of a
  /// later release.
  static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // --- shops
  /// Durable when it returns. Errors: conflict when the name is taken; too_large past 65,535 shops.
  Result<ShopInfo> create_shop(std::string_view name);
  /// In the order of their numbers, from 1.
  std::vector<ShopInfo> shops() const;
  std::optional<ShopInfo> find_shop(std::string_view name) const;

  // --- the log
  /// Group commit: one atomic, synced write for all of `appends`; several of one shop continue one another.
  /// Durable when it returns ok; on an error nothing of it counts as accepted. Errors: unavailable after an
  /// earlier failure; io for this one (which is then the last).
  Status append(std::span<const Append> appends);
  Status append(const Append& one) { return append(std::span(&one, 1)); }
  LogHead last(ShopNo shop) const;
  /// Batches that overlap from..to, both inclusive, in order.
  Status read(ShopNo shop, EventSeq from, EventSeq to,
              const std::function<Walk(const StoredBatch&)>& visit) const;
  /// The records with these seqs, ascending; each is visited once. Errors: not_found past the end.
  Status read_records(ShopNo shop, std::span<const EventSeq> seqs,
                      const std::function<void(const model::RecordView&)>& visit) const;
  /// Reads and decodes the whole log and recomputes its chain. `visit` may be null. Errors: corrupt naming
  /// shop and seq.
  Status verify_log(ShopNo shop, const std::function<void(const StoredBatch&)>& visit = {}) const;

  // --- de-duplication
  /// Ids of the window taken at or after `since`, oldest first, for the engine's table at the start.
  Status load_dedup(ShopNo shop, Instant since, const std::function<void(const DedupEntry&)>& visit) const;
  /// Forgets ids taken before `before`; unsynced.
  Status expire_dedup(ShopNo shop, Instant before);
  /// The record that took this import id, if any.
  Result<std::optional<EventSeq>> find_import_id(ShopNo shop, const Hash128& id) const;
  /// The same for many; the answer is in the order asked. Several times faster than one by one.
  Result<std::vector<std::optional<EventSeq>>> find_import_ids(ShopNo shop,
                                                               std::span<const Hash128> ids) const;

  // --- nodes and keys
  Result<std::optional<NodeRow>> find_node(ShopNo shop, const Hash128& hash) const;
  Status load_nodes(ShopNo shop, const std::function<void(const NodeRow&)>& visit) const;
  /// The highest number ever given, also to nodes since erased; NodeId{0} before the first.
  Result<NodeId> last_node(ShopNo shop) const;
  /// Numbers up to `highest` count as given from now on, whether or not they were.
  Status reserve_nodes(ShopNo shop, NodeId highest);
  /// none = destroyed, or never made.
  Result<std::optional<codec::NodeKey>> key(ShopNo shop, NodeId node) const;
  /// The same with the sealed value of the identifier.
  Result<std::optional<StoredKey>> key_and_value(ShopNo shop, NodeId node) const;
  /// The same for up to `most` nodes above `after`, ascending. Returns the last node visited; `after` when
  /// there are no more.
  Result<NodeId> walk_keys(ShopNo shop, NodeId after, std::size_t most,
                           const std::function<void(NodeId, const StoredKey&)>& visit) const;
  /// In the order asked.
  Result<std::vector<std::optional<codec::NodeKey>>> keys(ShopNo shop, std::span<const NodeId> nodes) const;
  /// Erasure. Deletes the keys of these nodes, their index entries and files, forgets their positions, writes
  /// the ledger entry, and then sees to it that the bytes are gone: flushes, compacts the touched ranges to
  /// the bottom level, drops the write-ahead logs that held them. When it returns ok no file of the folder
  /// holds any of the keys. Takes some 0.1-1 s; erase many nodes in one call. Already destroyed nodes are
  /// passed over. Call drop_checkpoints as well.
  Status destroy_keys(ShopNo shop, std::span<const NodeId> nodes);
  /// Every node ever given to destroy_keys, ascending; restore() destroys these again in the copy.
  Result<std::vector<NodeId>> erased_nodes(ShopNo shop) const;

  // --- keys that belong to no shop's node: those of the users of the console, by a name of the caller's
  /// Durable when it returns; an earlier key of that name is lost.
  Status put_named_key(std::string_view name, const codec::NodeKey& key);
  /// none = destroyed, or never made.
  Result<std::optional<codec::NodeKey>> named_key(std::string_view name) const;
  /// As destroy_keys: when it returns ok no file of the folder holds the key.
  Status destroy_named_key(std::string_view name);

  // --- files sealed by the caller under a node's key; erased with it
  static constexpr std::size_t kMostFileBytes = 9 << 20;
  /// Errors: not_found for a node without a key; too_large.
  Status put_file(ShopNo shop, NodeId node, const Digest& name, std::string_view sealed);
  Result<std::optional<std::string>> get_file(ShopNo shop, NodeId node, const Digest& name) const;
  struct StoredFile {
    Digest name{};
    std::uint64_t bytes = 0;  ///< as sealed
  };
  /// By name.
  Result<std::vector<StoredFile>> files_of(ShopNo shop, NodeId node) const;
  /// The nodes that hold a file of this name, ascending.
  Result<std::vector<NodeId>> file_holders(ShopNo shop, const Digest& name) const;

  // --- followers: their rows and their position commit together, unsynced and outside the write-ahead log.
  // After a crash both fall back together, and the follower goes on from its position.
  /// Rows (node, seq), in any order, of records after positions_upto() and up to `upto`. Meant for long
  /// strides (100,000 rows cost 15 ms, 1,000 rows cost 3 ms): for records after positions_upto() readers look
  /// into the log itself.
  Status append_positions(ShopNo shop, EventSeq upto, std::span<const std::pair<NodeId, EventSeq>> rows);
  Result<EventSeq> positions_upto(ShopNo shop) const;
  /// Records that name the node, ascending.
  Result<std::vector<EventSeq>> positions(ShopNo shop, NodeId node) const;
  /// Flips of causes after flips_upto() and up to `upto`, in order of cause.
  Status append_flips(ShopNo shop, EventSeq upto, std::span<const FlipRow> flips);
  Result<EventSeq> flips_upto(ShopNo shop) const;
  /// Drops flips caused after `seq` and sets flips_upto() back to it.
  Status delete_flips_after(ShopNo shop, EventSeq seq);
  Status flips(ShopNo shop, EventSeq from, const std::function<Walk(const FlipRow&)>& visit) const;
  Status flips_of(ShopNo shop, CustomerId customer, const std::function<Walk(const FlipRow&)>& visit) const;

  // --- checkpoints: a cache of folds, one file each, outside RocksDB
  static constexpr std::size_t kMostChunkBytes = 64 << 20;
  /// `next_chunk` fills the text and gives true, or gives false at the end. The rows of followers are made
  /// durable first, so no checkpoint is ahead of the flips appended before it. Older checkpoints of the shop
  /// are deleted once this one is durable.
  Status save_checkpoint(ShopNo shop, const CheckpointHead& head,
                         const std::function<Result<bool>(std::string& chunk)>& next_chunk);
  /// The newest whole one that agrees with the log; damaged ones are passed over (a checkpoint can always be
  /// rebuilt).
  Result<std::optional<CheckpointHead>> latest_checkpoint(ShopNo shop) const;
  Status read_checkpoint(ShopNo shop, EventSeq seq,
                         const std::function<Status(std::string_view chunk)>& visit) const;
  Status drop_checkpoints(ShopNo shop);

  // --- dead letters, sealed under a key a day
  static constexpr Duration kDeadLettersKept = days(14);
  /// Ascending by id, from the first after `after`.
  Status dead_letters(ShopNo shop, std::uint64_t after,
                      const std::function<Walk(const DeadLetter&)>& visit) const;
  Status delete_dead_letter(ShopNo shop, std::uint64_t id);
  /// The same for many; their bytes are gone when it returns.
  Status destroy_dead_letters(ShopNo shop, std::span<const std::uint64_t> ids);
  /// Destroys the keys of days that ended kDeadLettersKept or more before `now`, and their letters; the bytes
  /// are gone when it returns. Cheap when nothing is due. Gives how many days were destroyed.
  Result<std::size_t> expire_dead_letters(ShopNo shop, Instant now);

  // --- settings and outbox
  Status put(Table table, ShopNo shop, std::string_view key, std::string_view value, Sync sync = Sync::yes);
  Status remove(Table table, ShopNo shop, std::string_view key, Sync sync = Sync::yes);
  /// All or none.
  Status write(std::span<const Change> changes, Sync sync = Sync::yes);
  Result<std::optional<std::string>> get(Table table, ShopNo shop, std::string_view key) const;
  /// Keys that begin with `prefix`, in byte order.
  Status scan(Table table, ShopNo shop, std::string_view prefix,
              const std::function<Walk(std::string_view key, std::string_view value)>& visit) const;

  // --- care
  /// A copy of the folder while it serves, without checkpoints (they are rebuilt). `folder` must not exist.
  /// Bring it back with restore() of backup.h.
  Status backup(const std::string& folder) const;
  /// Bytes of the folder on disk.
  Result<std::uint64_t> folder_bytes() const;
  /// False after a failed write.
  bool accepts_writes() const;
  /// The write failed because the disk was full: opened anew with space on it, the folder goes on.
  bool wants_space() const;

  struct Impl;

 private:
  friend class LogReader;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::store
