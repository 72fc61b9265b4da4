#include "views/merkle.h"

#include <gtest/gtest.h>

#include <map>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::views {
namespace {

Digest digest_of_hex(std::string_view hex) {
  Digest out{};
  const auto bytes = from_hex(std::string(hex));
  EXPECT_TRUE(bytes.ok());
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

/// The obvious tree: RFC 6962's definitions, word for word, over all leaves.
Digest obvious_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(obvious_root(leaves.first(k)), obvious_root(leaves.subspan(k)));
}

std::vector<Digest> obvious_path(std::size_t m, std::span<const Digest> leaves) {
  if (leaves.size() == 1) return {};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  std::vector<Digest> path;
  if (m < k) {
    path = obvious_path(m, leaves.first(k));
    path.push_back(obvious_root(leaves.subspan(k)));
  } else {
    path = obvious_path(m - k, leaves.subspan(k));
    path.push_back(obvious_root(leaves.first(k)));
  }
  return path;
}

std::vector<Digest> obvious_proof(std::size_t m, std::span<const Digest> leaves, bool whole) {
  if (m == leaves.size()) return whole ? std::vector<Digest>{} : std::vector<Digest>{obvious_root(leaves)};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  std::vector<Digest> proof;
  if (m <= k) {
    proof = obvious_proof(m, leaves.first(k), whole);
    proof.push_back(obvious_root(leaves.subspan(k)));
  } else {
    proof = obvious_proof(m - k, leaves.subspan(k), false);
    proof.push_back(obvious_root(leaves.first(k)));
  }
  return proof;
}

/// Tiles kept in memory.
struct Kept {
  std::map<TileName, std::string> tiles;
  TileReader reader() const {
    return [this](TileName name) -> Result<std::string> {
      const auto found = tiles.find(name);
      if (found == tiles.end()) return Error{Errc::corrupt, "no such tile"};
      return found->second;
    };
  }
  void take(TileWriter& writer) {
    for (auto& tile : writer.take_changed()) tiles[tile.name] = tile.hashes;
  }
};

std::vector<Digest> some_leaves(std::size_t n) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < n; ++i) leaves.push_back(leaf_hash(std::to_string(i)));
  return leaves;
}

// The tree that the tests of Certificate Transparency's own logs use, with its published roots.
TEST(Merkle, RootsOfTheReferenceTree) {
  const std::vector<std::string> inputs = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Kept kept;
  TileWriter writer;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    writer.append(leaf_hash(*from_hex(inputs[i])));
    kept.take(writer);
    const auto root = MerkleTree(writer.size(), kept.reader()).root();
    ASSERT_TRUE(root.ok());
    EXPECT_EQ(*root, digest_of_hex(roots[i])) << i + 1 << " leaves";
  }
  EXPECT_EQ(empty_root(), digest_of_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(Merkle, EqualsTheDefinitionsForEverySmallTree) {
  const auto leaves = some_leaves(70);
  Kept kept;
  TileWriter writer;
  for (std::size_t n = 1; n <= leaves.size(); ++n) {
    writer.append(leaves[n - 1]);
    kept.take(writer);
    const MerkleTree tree(n, kept.reader());
    const std::span<const Digest> some(leaves.data(), n);
    const Digest root = obvious_root(some);
    ASSERT_EQ(*tree.root(), root);
    for (std::size_t m = 0; m < n; ++m) {
      const auto path = tree.inclusion(m);
      ASSERT_TRUE(path.ok());
      ASSERT_EQ(*path, obvious_path(m, some)) << m << " of " << n;
      EXPECT_TRUE(is_included(leaves[m], m, n, *path, root));
      const auto proof = tree.consistency(m + 1);
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, obvious_proof(m + 1, some, true)) << m + 1 << " to " << n;
      EXPECT_TRUE(is_consistent(m + 1, n, obvious_root(some.first(m + 1)), root, *proof));
    }
  }
}

TEST(Merkle, TilesOfThreeLevelsAndGoingOn) {
  constexpr std::size_t kLeaves = 66'300;  // past 256 * 256, so that a third level stands
  const auto leaves = some_leaves(kLeaves);
  Kept kept;
  TileWriter writer;
  Random random(20261122);
  for (std::size_t n = 0; n < kLeaves;) {
    // A writer that is opened anew goes on where the last one ended.
    if (random.below(4) == 0) {
      auto opened = TileWriter::open(n, kept.reader());
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      writer = std::move(opened).value();
    }
    for (std::size_t most = 1 + random.below(3000); most > 0 && n < kLeaves; --most)
      writer.append(leaves[n++]);
    kept.take(writer);
  }
  const MerkleTree tree(kLeaves, kept.reader());
  const Digest root = obvious_root(leaves);
  EXPECT_EQ(*tree.root(), root);
  for (const TileName name :
       {TileName{0, 0}, TileName{0, 258}, TileName{1, 0}, TileName{1, 1}, TileName{2, 0}}) {
    EXPECT_EQ(kept.tiles.at(name).size(), tile_width(name, kLeaves) * 32) << name.level << '/' << name.number;
  }
  EXPECT_EQ(tile_width({0, 259}, kLeaves), 0U);
  EXPECT_EQ(tile_width({3, 0}, kLeaves), 0U);
  for (int i = 0; i < 50; ++i) {
    const std::uint64_t at = random.below(kLeaves);
    const auto path = tree.inclusion(at);
    ASSERT_TRUE(path.ok());
    EXPECT_TRUE(is_included(leaves[at], at, kLeaves, *path, root));
    const auto proof = tree.consistency(at + 1);
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(is_consistent(at + 1, kLeaves, obvious_root(std::span(leaves).first(at + 1)), root, *proof));
  }
}

// What was kept of the tree as it grew answers as the tree without it does, for every size that it had.
TEST(Merkle, KeptRootsOfSubtreesChangeNoAnswer) {
  constexpr std::size_t kLeaves = 70'000;
  const auto leaves = some_leaves(kLeaves);
  Kept kept;
  TileWriter writer;
  Random random(7);
  SubtreeRoots roots;
  for (std::size_t n = 0; n < kLeaves;) {
    for (std::size_t most = 1 + random.below(6000); most > 0 && n < kLeaves; --most)
      writer.append(leaves[n++]);
    kept.take(writer);
    const MerkleTree plain(n, kept.reader()), quick(n, kept.reader(), &roots);
    EXPECT_EQ(*plain.root(), *quick.root()) << n;
    for (int i = 0; i < 10; ++i) {
      const std::uint64_t at = random.below(n);
      EXPECT_EQ(*plain.inclusion(at), *quick.inclusion(at)) << at << " of " << n;
      EXPECT_EQ(*plain.consistency(at + 1), *quick.consistency(at + 1)) << at << " of " << n;
    }
  }
  EXPECT_GT(roots.size(), 100U);
  EXPECT_LE(roots.size(), kLeaves / 256) << "nothing below a tile is kept";
}

TEST(Merkle, EveryChangedByteIsRejected) {
  const auto leaves = some_leaves(23);
  Kept kept;
  TileWriter writer;
  for (const Digest& leaf : leaves) writer.append(leaf);
  kept.take(writer);
  const MerkleTree tree(leaves.size(), kept.reader());
  const Digest root = *tree.root();
  const auto path = *tree.inclusion(11);
  const auto proof = *tree.consistency(13);
  const Digest old_root = obvious_root(std::span(leaves).first(13));
  const auto changed = [](Digest digest, std::size_t byte) {
    digest[byte] ^= 0x40;
    return digest;
  };
  for (std::size_t byte = 0; byte < 32; ++byte) {
    EXPECT_FALSE(is_included(changed(leaves[11], byte), 11, leaves.size(), path, root));
    EXPECT_FALSE(is_included(leaves[11], 11, leaves.size(), path, changed(root, byte)));
    EXPECT_FALSE(is_consistent(13, leaves.size(), changed(old_root, byte), root, proof));
    EXPECT_FALSE(is_consistent(13, leaves.size(), old_root, changed(root, byte), proof));
    for (std::size_t i = 0; i < path.size(); ++i) {
      auto other = path;
      other[i] = changed(other[i], byte);
      EXPECT_FALSE(is_included(leaves[11], 11, leaves.size(), other, root));
    }
    for (std::size_t i = 0; i < proof.size(); ++i) {
      auto other = proof;
      other[i] = changed(other[i], byte);
      EXPECT_FALSE(is_consistent(13, leaves.size(), old_root, root, other));
    }
  }
  for (std::uint64_t index = 0; index < 30; ++index) {
    if (index != 11) EXPECT_FALSE(is_included(leaves[11], index, leaves.size(), path, root));
  }
  auto longer = path;
  longer.push_back(root);
  EXPECT_FALSE(is_included(leaves[11], 11, leaves.size(), longer, root));
  longer.resize(path.size() - 1);
  EXPECT_FALSE(is_included(leaves[11], 11, leaves.size(), longer, root));
}

TEST(Merkle, AsksThatCannotBeAnswered) {
  Kept kept;
  TileWriter writer;
  const MerkleTree none(0, kept.reader());
  EXPECT_EQ(*none.root(), empty_root());
  EXPECT_EQ(none.inclusion(0).error().code, Errc::bad_input);
  writer.append(leaf_hash("a"));
  kept.take(writer);
  const MerkleTree one(1, kept.reader());
  EXPECT_TRUE(one.inclusion(0)->empty());
  EXPECT_EQ(one.inclusion(1).error().code, Errc::bad_input);
  EXPECT_EQ(one.consistency(0).error().code, Errc::bad_input);
  EXPECT_EQ(one.consistency(2).error().code, Errc::bad_input);
  kept.tiles[{0, 0}].resize(31);
  EXPECT_EQ(MerkleTree(1, kept.reader()).root().error().code, Errc::corrupt);
  EXPECT_EQ(TileWriter::open(1, kept.reader()).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace rapport::views
