#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/random.h"

/// A fuzz target without a fuzzer: its corpus, then seeded mutations of it. A target aborts when a promise is
/// broken; a sanitiser build sees bad reads as well.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rapport::fuzz {
namespace {

constexpr int kMutations = 10'000;

std::vector<std::string> corpus() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RAPPORT_FUZZ_CORPUS))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void run(const std::string& bytes) {
  // On the heap at its exact size: a sanitiser sees the first byte too far.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void mutate(std::string& bytes, const std::vector<std::string>& seeds, Random& random) {
  static constexpr char kEdges[] = {0,   1,   0x7f, static_cast<char>(0x80), static_cast<char>(0xff),
                                    '"', '{', '\\'};
  const std::size_t at = random.below(bytes.size() + 1);
  switch (random.below(6)) {
    case 0:
      if (at < bytes.size()) bytes[at] ^= static_cast<char>(1U << random.below(8));
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = kEdges[random.below(sizeof kEdges)];
      break;
    case 2:
      bytes.insert(at, 1, static_cast<char>(random.below(256)));
      break;
    case 3:
      bytes.erase(at, 1 + random.below(8));
      break;
    case 4:
      bytes.resize(at);
      break;
    default: {
      const std::string& other = seeds[random.below(seeds.size())];
      const std::size_t from = random.below(other.size() + 1);
      bytes.insert(at, other, from, random.below(64));
    }
  }
}

TEST(Fuzz, CorpusAndMutations) {
  const std::vector<std::string> seeds = corpus();
  ASSERT_FALSE(seeds.empty()) << "no seeds in " << RAPPORT_FUZZ_CORPUS;
  for (const std::string& seed : seeds) run(seed);
  const std::uint64_t number = 20261122;
  SCOPED_TRACE(number);
  Random random(number);
  for (int i = 0; i < kMutations; ++i) {
    std::string bytes = seeds[random.below(seeds.size())];
    for (std::uint64_t n = 1 + random.below(5); n > 0; --n) mutate(bytes, seeds, random);
    run(bytes);
  }
}

}  // namespace
}  // namespace rapport::fuzz
