#include "engine/detail/ledger.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/bytes.h"
#include "base/log.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

using views::TileName;

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kPositionKey = "p";
constexpr std::size_t kSeqBytes = 8;
constexpr std::size_t kBundleBytes = views::kTileWidth * kSeqBytes;
/// Leaves are written by so many at once, or by so many records that were passed over.
constexpr std::size_t kLeavesAtOnce = 50'000;
constexpr std::uint64_t kRecordsAtOnce = 2'000'000;

void add_big_endian(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

std::string tile_key(TileName name) {
  std::string key = "t";
  key.push_back(static_cast<char>(name.level));
  add_big_endian(key, name.number);
  return key;
}

std::string entries_key(std::uint64_t bundle) {
  std::string key = "e";
  add_big_endian(key, bundle);
  return key;
}

std::uint64_t seq_at(std::string_view entries, std::size_t at) {
  ByteReader in(entries.substr(at * kSeqBytes, kSeqBytes));
  return in.u64();
}

/// Calls `take(record, received)` for the satisfaction records of one batch after `upto`.
template <class Take>
Status read_batch(std::string_view bytes, EventSeq upto, Take take) {
  RAPPORT_TRY(auto records, codec::StoredRecords::open(bytes));
  codec::StoredRecord record;
  while (records.next(record)) {
    if (record.seq > upto && is_satisfaction_record(record)) take(record, records.header().received);
  }
  return records.status();
}

}  // namespace

bool is_satisfaction_record(const codec::StoredRecord& record) {
  namespace k = model::kind;
  static constexpr std::array kHeld = {k::survey_answered, k::review_posted,    k::review_followed_up,
                                       k::review_replied,  k::service_rated,    k::ticket_opened,
                                       k::ticket_updated,  k::return_requested, k::return_updated};
  return record.type == model::RecordType::event &&
         std::find(kHeld.begin(), kHeld.end(), record.kind) != kHeld.end();
}

std::string ledger_leaf(EventSeq seq, Instant received, std::string_view record) {
  std::string leaf;
  leaf.reserve(16 + record.size());
  ByteWriter out(leaf);
  out.u64(seq.value);
  out.i64(received.ms);
  out.raw(record);
  return leaf;
}

views::TileReader Ledger::reader() const {
  return [this](TileName name) -> Result<std::string> {
    RAPPORT_TRY(auto tile, store_.get(store::Table::ledger, info_.shop, tile_key(name)));
    if (!tile) return fail(Errc::corrupt, "tile {}/{} of the ledger is missing", name.level, name.number);
    return std::move(*tile);
  };
}

Result<std::string> Ledger::entries(std::uint64_t bundle) const {
  RAPPORT_TRY(auto row, store_.get(store::Table::ledger, info_.shop, entries_key(bundle)));
  if (!row) return fail(Errc::corrupt, "entries {} of the ledger are missing", bundle);
  return std::move(*row);
}

Status Ledger::open() {
  if (opened_) return {};
  RAPPORT_TRY(const auto row, store_.get(store::Table::ledger, info_.shop, kPositionKey));
  Position found;
  if (row) {
    ByteReader in(*row);
    const std::uint8_t version = in.u8();
    found = {EventSeq{in.u64()}, in.u64()};
    if (!in.ok() || version != kVersion) found.upto = EventSeq{~std::uint64_t{0}};
  }
  if (found.upto > store_.last(info_.shop).seq) {
    // A folder brought back from an older backup: the tree of that log is made again.
    log(LogLevel::warn, "the ledger is ahead of the log and is made again", {{"shop", info_.name}});
    RAPPORT_CHECK(forget_all());
    found = {};
  }
  roots_.clear();
  RAPPORT_TRY(tiles_, views::TileWriter::open(found.size, reader()));
  last_entries_.clear();
  full_entries_.clear();
  if (const std::size_t rest = found.size % views::kTileWidth; rest != 0) {
    RAPPORT_TRY(last_entries_, entries(found.size / views::kTileWidth));
    if (last_entries_.size() != rest * kSeqBytes)
      return Error{Errc::corrupt, "the last entries of the ledger are of another length"};
  }
  position_ = found;
  head_.reset();
  opened_ = true;
  return {};
}

Status Ledger::forget_all() {
  std::vector<std::string> keys;
  RAPPORT_CHECK(
      store_.scan(store::Table::ledger, info_.shop, "", [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return store::Walk::on;
      }));
  std::vector<store::Change> changes;
  for (const std::string& key : keys)
    changes.push_back({store::Table::ledger, info_.shop, key, std::nullopt});
  return store_.write(changes, store::Sync::no);
}

// Rows and position in one write; unsynced, for all of it can be made again from the log.
Status Ledger::keep(const Position& position) {
  std::map<std::string, std::string> rows;
  for (auto& tile : tiles_.take_changed()) rows[tile_key(tile.name)] = std::move(tile.hashes);
  std::uint64_t bundle = position_.size / views::kTileWidth;
  for (std::string& full : full_entries_) rows[entries_key(bundle++)] = std::move(full);
  full_entries_.clear();
  if (!last_entries_.empty()) rows[entries_key(bundle)] = last_entries_;
  std::string head;
  ByteWriter out(head);
  out.u8(kVersion);
  out.u64(position.upto.value);
  out.u64(position.size);
  rows[std::string(kPositionKey)] = head;
  std::vector<store::Change> changes;
  for (const auto& [key, value] : rows)
    changes.push_back({store::Table::ledger, info_.shop, key, std::string_view(value)});
  RAPPORT_CHECK(store_.write(changes, store::Sync::no));
  if (head_ && head_->size != position.size) head_.reset();
  if (head_) head_->upto = position.upto;
  position_ = position;
  return {};
}

Status Ledger::follow() {
  store::LogReader log(store_, info_.shop, position_.upto.next(), store::ChainCheck::no);
  store::StoredBatch stored;
  Position next = position_;
  while (true) {
    RAPPORT_TRY(const bool more, log.next(stored));
    if (more) {
      RAPPORT_CHECK(
          read_batch(stored.bytes, next.upto, [&](const codec::StoredRecord& record, Instant received) {
            tiles_.append(views::leaf_hash(ledger_leaf(record.seq, received, record.bytes)));
            ByteWriter(last_entries_).u64(record.seq.value);
            if (last_entries_.size() == kBundleBytes) {
              full_entries_.push_back(std::move(last_entries_));
              last_entries_.clear();
            }
            ++next.size;
          }));
      next.upto = stored.header.last();
    }
    const bool enough = next.size - position_.size >= kLeavesAtOnce ||
                        next.upto.value - position_.upto.value >= kRecordsAtOnce;
    if (next.upto != position_.upto && (enough || !more)) RAPPORT_CHECK(keep(next));
    if (!more) return {};
  }
}

Status Ledger::catch_up() {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  if (store_.last(info_.shop).seq == position_.upto) return {};
  const Status followed = follow();
  // What was half taken is taken anew from the rows.
  if (!followed.ok()) opened_ = false;
  return followed;
}

Result<LedgerHead> Ledger::head() {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  return present();
}

// The tree is asked for more often than it grows.
Result<LedgerHead> Ledger::present() {
  if (!head_) {
    RAPPORT_TRY(const Digest root, views::MerkleTree(position_.size, reader(), &roots_).root());
    head_ = LedgerHead{position_.size, root, position_.upto};
    checkpoint_.clear();
  }
  return *head_;
}

Result<std::string> Ledger::checkpoint() {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  RAPPORT_TRY(const LedgerHead now, present());
  RAPPORT_TRY(const LedgerSigner* signer, present_signer());
  if (checkpoint_.empty()) checkpoint_ = signer->sign(now.size, now.root);
  return checkpoint_;
}

Result<Digest> Ledger::root_of(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  if (size > position_.size)
    return Error{Errc::not_found, fmt::format("the ledger holds {} records", position_.size), "size"};
  return views::MerkleTree(size, reader(), &roots_).root();
}

Result<std::string> Ledger::tile(TileName name) {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  if (views::tile_width(name, position_.size) == 0)
    return Error{Errc::not_found, "the ledger has no such tile", "tile"};
  return reader()(name);
}

Result<std::uint64_t> Ledger::index_of(EventSeq seq) {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  std::uint64_t low = 0, high = (position_.size + views::kTileWidth - 1) / views::kTileWidth;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    RAPPORT_TRY(const std::string row, entries(middle));
    (seq_at(row, 0) <= seq.value ? low : high) = middle;
  }
  if (high > low) {
    RAPPORT_TRY(const std::string row, entries(low));
    for (std::size_t at = 0; at < row.size() / kSeqBytes; ++at) {
      if (seq_at(row, at) == seq.value) return low * views::kTileWidth + at;
    }
  }
  return Error{Errc::not_found, "no record of the ledger stands at this position", "seq",
               "the position of an answered survey, a review, a rating, or an update of a ticket or return"};
}

Result<std::vector<Digest>> Ledger::inclusion(std::uint64_t index, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  return views::MerkleTree(std::min(size, position_.size), reader(), &roots_).inclusion(index);
}

Result<std::vector<Digest>> Ledger::consistency(std::uint64_t from, std::uint64_t to) {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  if (to > position_.size)
    return Error{Errc::bad_input, fmt::format("the ledger holds {} records", position_.size), "to"};
  return views::MerkleTree(to, reader(), &roots_).consistency(from);
}

Result<LedgerHead> Ledger::verify() {
  const std::lock_guard lock(mutex_);
  RAPPORT_CHECK(open());
  views::TileWriter again;
  EventSeq upto;
  std::string row;
  std::uint64_t bundle = 0;
  const auto check_entries = [&]() -> Status {
    RAPPORT_TRY(const std::string kept, entries(bundle));
    if (kept != row) return fail(Errc::corrupt, "entries {} of the ledger differ from the log", bundle);
    ++bundle;
    row.clear();
    return {};
  };
  const auto check_tiles = [&]() -> Status {
    for (const auto& tile : again.take_changed()) {
      RAPPORT_TRY(const std::string kept, reader()(tile.name));
      // Of a tile that still grows, only what has been made again so far.
      if (kept.substr(0, tile.hashes.size()) != tile.hashes)
        return fail(Errc::corrupt, "tile {}/{} of the ledger differs from the log", tile.name.level,
                    tile.name.number);
    }
    return {};
  };
  Status wrong;
  RAPPORT_CHECK(store_.verify_log(info_.shop, [&](const store::StoredBatch& batch) {
    if (!wrong.ok() || batch.header.first > position_.upto) return;
    wrong = read_batch(batch.bytes, upto, [&](const codec::StoredRecord& record, Instant received) {
      again.append(views::leaf_hash(ledger_leaf(record.seq, received, record.bytes)));
      ByteWriter(row).u64(record.seq.value);
      if (row.size() == kBundleBytes && wrong.ok()) wrong = check_entries();
    });
    upto = batch.header.last();
    if (wrong.ok()) wrong = check_tiles();
  }));
  RAPPORT_CHECK(wrong);
  if (!row.empty()) RAPPORT_CHECK(check_entries());
  if (again.size() != position_.size)
    return fail(Errc::corrupt, "the ledger holds {} records, the log {}", position_.size, again.size());
  RAPPORT_TRY(const Digest root, views::MerkleTree(position_.size, reader()).root());
  return LedgerHead{position_.size, root, position_.upto};
}

Result<LedgerSigner> Ledger::signer() {
  const std::lock_guard lock(mutex_);
  RAPPORT_TRY(const LedgerSigner* signer, present_signer());
  return *signer;
}

Result<const LedgerSigner*> Ledger::present_signer() {
  if (!signer_) {
    const std::string name = fmt::format("ledger/{}", info_.shop.value);
    RAPPORT_TRY(auto seed, store_.named_key(name));
    if (!seed) {
      seed = codec::make_node_key();
      RAPPORT_CHECK(store_.put_named_key(name, *seed));
    }
    signer_.emplace("rapport/" + info_.name, *seed);
  }
  return &*signer_;
}

}  // namespace rapport::engine
