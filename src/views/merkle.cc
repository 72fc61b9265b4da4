#include "views/merkle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "base/assert.h"

namespace rapport::views {
namespace {

constexpr std::size_t kHashBytes = 32;

Digest hash_at(std::string_view tile, std::size_t number) {
  Digest hash;
  std::copy_n(tile.begin() + static_cast<std::ptrdiff_t>(number * kHashBytes), kHashBytes, hash.begin());
  return hash;
}

// The root of a perfect subtree whose leaves are these hashes.
Digest perfect_root(std::string_view hashes) {
  std::size_t count = hashes.size() / kHashBytes;
  if (count == 1) return hash_at(hashes, 0);
  std::array<Digest, kTileWidth / 2> row;
  count /= 2;
  for (std::size_t i = 0; i < count; ++i)
    row[i] = node_hash(hash_at(hashes, 2 * i), hash_at(hashes, 2 * i + 1));
  for (; count > 1; count /= 2) {
    for (std::size_t i = 0; i < count / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  }
  return row[0];
}

// One question to a tree, with the tiles that were read for it.
class Walk {
 public:
  Walk(const TileReader& read, SubtreeRoots* kept) : read_(read), kept_(kept) {}

  // MTH of the leaves [from, to), to > from, where `from` is a multiple of the next power of two of the
  // range.
  Result<Digest> subtree(std::uint64_t from, std::uint64_t to) {
    const std::uint64_t count = to - from;
    if (std::has_single_bit(count)) {
      const auto height = static_cast<unsigned>(std::countr_zero(count));
      return kept_ != nullptr && height > kTileHeight ? high(height, from >> height) : perfect(height, from);
    }
    const std::uint64_t left = std::bit_floor(count);
    RAPPORT_TRY(const Digest before, subtree(from, from + left));
    RAPPORT_TRY(const Digest after, subtree(from + left, to));
    return node_hash(before, after);
  }

 private:
  Result<Digest> perfect(unsigned height, std::uint64_t from) {
    const unsigned level = height / kTileHeight;
    const std::uint64_t first = from >> (level * kTileHeight);
    const std::size_t count = std::size_t{1} << (height % kTileHeight);
    const TileName name{level, first / kTileWidth};
    auto found = tiles_.find(name);
    if (found == tiles_.end()) {
      RAPPORT_TRY(std::string tile, read_(name));
      found = tiles_.emplace(name, std::move(tile)).first;
    }
    const std::size_t at = (first % kTileWidth) * kHashBytes, bytes = count * kHashBytes;
    if (found->second.size() < at + bytes)
      return fail(Errc::corrupt, "tile {}/{} of the ledger is too short", level, name.number);
    return perfect_root(std::string_view(found->second).substr(at, bytes));
  }

  // The root of a perfect subtree higher than a tile, by its number from the left.
  Result<Digest> high(unsigned height, std::uint64_t index) {
    if (height % kTileHeight == 0) return perfect(height, index << height);
    if (const Digest* root = kept_->find(height, index)) return *root;
    RAPPORT_TRY(const Digest left, high(height - 1, 2 * index));
    RAPPORT_TRY(const Digest right, high(height - 1, 2 * index + 1));
    const Digest root = node_hash(left, right);
    kept_->put(height, index, root);
    return root;
  }

  const TileReader& read_;
  SubtreeRoots* kept_;
  std::map<TileName, std::string> tiles_;
};

// From node `at` of a row whose last is `last` to the row in which its proof's next hash is taken up; true
// when that hash stands to the left (RFC 9162, 2.1.3.2).
bool climb(std::uint64_t& at, std::uint64_t& last) {
  const bool from_left = (at & 1) != 0 || at == last;
  if (from_left) {
    while ((at & 1) == 0 && at != 0) {
      at >>= 1;
      last >>= 1;
    }
  }
  at >>= 1;
  last >>= 1;
  return from_left;
}

}  // namespace

Digest leaf_hash(std::string_view bytes) {
  Sha256 hash;
  hash.update(std::string_view("\0", 1));
  hash.update(bytes);
  return hash.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  char bytes[1 + 2 * kHashBytes] = {1};
  std::copy(left.begin(), left.end(), bytes + 1);
  std::copy(right.begin(), right.end(), bytes + 1 + kHashBytes);
  return sha256({bytes, sizeof bytes});
}

Digest empty_root() {
  return sha256("");
}

std::size_t tile_width(TileName tile, std::uint64_t size) {
  if (tile.level >= kTileLevels) return 0;
  const std::uint64_t hashes = size >> (tile.level * kTileHeight);
  if (tile.number > hashes / kTileWidth) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(hashes - tile.number * kTileWidth, kTileWidth));
}

Result<TileWriter> TileWriter::open(std::uint64_t size, const TileReader& read) {
  TileWriter writer;
  writer.size_ = size;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    const TileName last{level, (size >> (level * kTileHeight)) / kTileWidth};
    const std::size_t width = tile_width(last, size);
    if (width == 0) continue;
    RAPPORT_TRY(std::string tile, read(last));
    if (tile.size() != width * kHashBytes)
      return fail(Errc::corrupt, "tile {}/{} of the ledger holds {} bytes, not {}", level, last.number,
                  tile.size(), width * kHashBytes);
    writer.partial_[level] = std::move(tile);
  }
  return writer;
}

void TileWriter::append(const Digest& leaf) {
  ++size_;
  push(0, leaf);
}

void TileWriter::push(unsigned level, const Digest& hash) {
  ASSERT(level < kTileLevels);
  std::string& tile = partial_[level];
  tile += as_view(hash);
  changed_[level] = true;
  if (tile.size() < kTileWidth * kHashBytes) return;
  const Digest root = perfect_root(tile);
  const std::uint64_t number = (size_ >> (level * kTileHeight)) / kTileWidth - 1;
  full_.push_back({{level, number}, std::move(tile)});
  tile.clear();
  changed_[level] = false;
  push(level + 1, root);
}

std::vector<TileWriter::Tile> TileWriter::take_changed() {
  std::vector<Tile> out = std::move(full_);
  full_.clear();
  for (unsigned level = 0; level < kTileLevels; ++level) {
    if (!changed_[level]) continue;
    out.push_back({{level, (size_ >> (level * kTileHeight)) / kTileWidth}, partial_[level]});
    changed_[level] = false;
  }
  return out;
}

const Digest* SubtreeRoots::find(unsigned height, std::uint64_t index) const {
  const auto at = roots_.find(index << 6 | height);
  return at == roots_.end() ? nullptr : &at->second;
}

void SubtreeRoots::put(unsigned height, std::uint64_t index, const Digest& root) {
  ASSERT(height < 64);
  if (roots_.size() >= kMost) roots_.clear();
  roots_.emplace(index << 6 | height, root);
}

Result<Digest> MerkleTree::root() const {
  if (size_ == 0) return empty_root();
  return Walk(read_, kept_).subtree(0, size_);
}

Result<std::vector<Digest>> MerkleTree::inclusion(std::uint64_t index) const {
  if (index >= size_)
    return fail(Errc::bad_input, "the ledger holds {} leaves, there is none of number {}", size_, index);
  Walk walk(read_, kept_);
  std::vector<Digest> path;
  std::uint64_t from = 0, to = size_;
  while (to - from > 1) {
    const std::uint64_t middle = from + std::bit_floor(to - from - 1);
    if (index < middle) {
      RAPPORT_TRY(const Digest other, walk.subtree(middle, to));
      path.push_back(other);
      to = middle;
    } else {
      RAPPORT_TRY(const Digest other, walk.subtree(from, middle));
      path.push_back(other);
      from = middle;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Result<std::vector<Digest>> MerkleTree::consistency(std::uint64_t old) const {
  if (old == 0 || old > size_)
    return fail(Errc::bad_input, "the ledger grew from 1 to {} leaves, it never held {}", size_, old);
  Walk walk(read_, kept_);
  std::vector<Digest> path;
  std::uint64_t from = 0, to = size_;
  bool is_whole = true;  // the old tree itself, whose root the verifier has
  while (old != to) {
    const std::uint64_t middle = from + std::bit_floor(to - from - 1);
    if (old <= middle) {
      RAPPORT_TRY(const Digest other, walk.subtree(middle, to));
      path.push_back(other);
      to = middle;
    } else {
      RAPPORT_TRY(const Digest other, walk.subtree(from, middle));
      path.push_back(other);
      from = middle;
      is_whole = false;
    }
  }
  if (!is_whole) {
    RAPPORT_TRY(const Digest rest, walk.subtree(from, to));
    path.push_back(rest);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

bool is_included(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                 const Digest& root) {
  if (index >= size) return false;
  std::uint64_t at = index, last = size - 1;
  Digest hash = leaf;
  for (const Digest& other : proof) {
    if (last == 0) return false;
    hash = climb(at, last) ? node_hash(other, hash) : node_hash(hash, other);
  }
  return last == 0 && hash == root;
}

bool is_consistent(std::uint64_t from, std::uint64_t to, const Digest& from_root, const Digest& to_root,
                   std::span<const Digest> proof) {
  if (from == 0 || from > to) return false;
  if (from == to) return proof.empty() && from_root == to_root;
  std::vector<Digest> path(proof.begin(), proof.end());
  if (std::has_single_bit(from)) path.insert(path.begin(), from_root);
  if (path.empty()) return false;
  std::uint64_t at = from - 1, last = to - 1;
  while ((at & 1) != 0) {
    at >>= 1;
    last >>= 1;
  }
  Digest old_hash = path.front(), new_hash = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if (climb(at, last)) {
      old_hash = node_hash(path[i], old_hash);
      new_hash = node_hash(path[i], new_hash);
    } else {
      new_hash = node_hash(new_hash, path[i]);
    }
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

}  // namespace rapport::views
