#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "codec/seal.h"
#include "codec/stored_records.h"
#include "engine/ledger_receipt.h"
#include "store/store.h"
#include "views/merkle.h"

/// The ledger of one shop: a Merkle tree over its satisfaction records (answered surveys, reviews, ratings of
/// services, what became of tickets and returns) in the order of the log. It is a follower: what it keeps can
/// be made again from the log.
namespace rapport::engine {

/// Whether the record is one that the ledger holds.
bool is_satisfaction_record(const codec::StoredRecord& record);
/// What a leaf hashes: the seq and the receive time (8 bytes each, little-endian), then the record as stored.
std::string ledger_leaf(EventSeq seq, Instant received, std::string_view record);

struct LedgerHead {
  std::uint64_t size = 0;
  Digest root{};
  EventSeq upto;  ///< the tree is that of the records up to here
};

/// Any thread; calls take turns.
class Ledger {
 public:
  Ledger(store::Store& store, store::ShopInfo info) : store_(store), info_(std::move(info)) {}

  /// Follows the log to its durable end. Errors: those of the store; corrupt.
  Status catch_up();
  /// Of the tree as it stands after catch_up().
  Result<LedgerHead> head();
  /// The hashes of one tile of the present tree. Errors: not_found.
  Result<std::string> tile(views::TileName name);
  /// The leaf's number. Errors: not_found for a record that is none of the ledger's.
  Result<std::uint64_t> index_of(EventSeq seq);
  Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size);
  Result<std::vector<Digest>> consistency(std::uint64_t from, std::uint64_t to);
  Result<Digest> root_of(std::uint64_t size);
  /// Makes the tree again from the log, held to the chain of its digests, and compares every tile and every
  /// entry that is kept. Errors: corrupt naming what differs.
  Result<LedgerHead> verify();
  /// The key that signs this shop's checkpoints: made when it is first asked for.
  Result<LedgerSigner> signer();
  /// The signed note of the present tree.
  Result<std::string> checkpoint();

 private:
  struct Position {
    EventSeq upto;
    std::uint64_t size = 0;
  };
  Status open();
  Status forget_all();
  Status follow();
  Status keep(const Position& position);
  Result<LedgerHead> present();
  Result<const LedgerSigner*> present_signer();
  views::TileReader reader() const;
  Result<std::string> entries(std::uint64_t bundle) const;

  store::Store& store_;
  store::ShopInfo info_;
  std::mutex mutex_;
  bool opened_ = false;
  Position position_;
  views::TileWriter tiles_;
  views::SubtreeRoots roots_;  ///< of the tree that tiles_ goes on with
  std::string last_entries_;   ///< of the bundle that is not full
  std::vector<std::string> full_entries_;
  std::optional<LedgerSigner> signer_;
  std::optional<LedgerHead> head_;  ///< of position_, once somebody asked
  std::string checkpoint_;          ///< of head_
};

}  // namespace rapport::engine
