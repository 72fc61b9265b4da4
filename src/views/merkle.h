#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

/// The Merkle tree of the ledger: hashes and proofs as RFC 6962, section 2.1, defines them (SHA-256; a leaf
/// is hashed behind a byte 0, an inner node behind a byte 1, so that neither can pass for the other). Pure;
/// any thread.
namespace rapport::views {

/// RFC 6962, 2.1: SHA-256(0x00 || bytes).
Digest leaf_hash(std::string_view bytes);
/// RFC 6962, 2.1: SHA-256(0x01 || left || right).
Digest node_hash(const Digest& left, const Digest& right);
/// The root of a tree without leaves: SHA-256 of nothing.
Digest empty_root();

/// Hashes are kept in tiles of 256 as public logs keep them (c2sp.org/tlog-tiles): tile (level, number) holds
/// the hashes of the perfect subtrees of height 8 * level, from number * 256 on, left to right. Only the last
/// tile of a level is not full.
inline constexpr unsigned kTileHeight = 8;
inline constexpr std::size_t kTileWidth = std::size_t{1} << kTileHeight;
inline constexpr unsigned kTileLevels = 8;
struct TileName {
  unsigned level = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const TileName&, const TileName&) = default;
};
/// How many hashes the tile holds in a tree of `size` leaves; 0 = it is not there.
std::size_t tile_width(TileName tile, std::uint64_t size);
/// Gives the bytes of a tile, 32 for each hash: at least as many as tile_width() asks for.
using TileReader = std::function<Result<std::string>(TileName)>;

/// Takes leaves and fills tiles. Holds at most one tile a level; the full ones are handed out.
class TileWriter {
 public:
  /// Goes on after `size` leaves. Errors: those of `read`; corrupt for tiles of another width.
  static Result<TileWriter> open(std::uint64_t size, const TileReader& read);
  TileWriter() = default;

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }

  struct Tile {
    TileName name;
    std::string hashes;
  };
  /// Every tile that changed since the last call, full or not.
  std::vector<Tile> take_changed();

 private:
  void push(unsigned level, const Digest& hash);

  std::uint64_t size_ = 0;
  std::string partial_[kTileLevels];  ///< the last tile of each level
  bool changed_[kTileLevels] = {};
  std::vector<Tile> full_;
};

/// Roots of perfect subtrees higher than a tile, once they were needed: they never change while leaves are
/// only appended. One thread at a time.
class SubtreeRoots {
 public:
  static constexpr std::size_t kMost = 1 << 16;  ///< 32 bytes each; then it begins anew
  /// Of the subtree of that height which is the index-th from the left; null = not kept.
  const Digest* find(unsigned height, std::uint64_t index) const;
  void put(unsigned height, std::uint64_t index, const Digest& root);
  void clear() { roots_.clear(); }
  std::size_t size() const { return roots_.size(); }

 private:
  std::unordered_map<std::uint64_t, Digest> roots_;
};

/// A tree of `size` leaves seen through its tiles. `read` is asked for each tile at most once a call; what
/// `kept` holds is not asked for.
class MerkleTree {
 public:
  MerkleTree(std::uint64_t size, TileReader read, SubtreeRoots* kept = nullptr)
      : size_(size), read_(std::move(read)), kept_(kept) {}
  /// MTH(D[n]). Errors: those of the reader; corrupt for a tile that is too short.
  Result<Digest> root() const;
  /// RFC 6962, 2.1.1, PATH(index, D[n]): from the leaf upwards. Errors: bad_input unless index < size.
  Result<std::vector<Digest>> inclusion(std::uint64_t index) const;
  /// RFC 6962, 2.1.2, PROOF(from, D[n]). Errors: bad_input unless 1 <= from <= size.
  Result<std::vector<Digest>> consistency(std::uint64_t from) const;

 private:
  std::uint64_t size_ = 0;
  TileReader read_;
  SubtreeRoots* kept_ = nullptr;
};

/// Whether `proof` leads from the leaf to the root (RFC 9162, 2.1.3.2).
bool is_included(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                 const Digest& root);
/// Whether the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162, 2.1.4.2).
bool is_consistent(std::uint64_t from, std::uint64_t to, const Digest& from_root, const Digest& to_root,
                   std::span<const Digest> proof);

}  // namespace rapport::views
