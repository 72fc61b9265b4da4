#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Texts as sparse vectors: characters and words in a row, and words that stand in one text.
namespace rapport::learn {

/// Feature blocks. Each is weighted by itself, so that many n-grams of characters do not drown few words.
enum class TextBlock : std::uint8_t {
  characters,  ///< 1 to 4 in a row, blanks included: the one that carries Chinese
  words,       ///< one and two in a row, with the ends as words; of scripts that part words
  pairs,       ///< two words of one text, in whatever order and distance
};
inline constexpr std::size_t kTextBlocks = 3;

/// A feature of one text by its hash, and how often it stands there.
struct TextCount {
  std::uint64_t feature = 0;
  TextBlock block = TextBlock::characters;
  std::uint32_t times = 0;
};

/// What one text holds.
struct TextFeatures {
  std::vector<TextCount> counts;  ///< ascending by feature, each once
  /// Share of its characters, blanks aside, that stand in words: near 1 for English, near 0 for Chinese that
  /// names a brand. Words and pairs weigh by it.
  double in_words = 0;
};

/// Of the text's comparison form; what stands behind its first kTextMostCharacters is not read.
inline constexpr std::size_t kTextMostCharacters = 4'096;
TextFeatures text_features(std::string_view text);

/// One entry of a sparse vector.
struct TextEntry {
  std::uint32_t column = 0;
  float value = 0;
};

/// The features that training texts have in common, numbered in the order in which they came, with how rare
/// each is. Immutable after learn(); any thread.
class TextVocabulary {
 public:
  /// From the texts of those numbers. Characters and pairs count when two texts have them, words at once.
  static TextVocabulary learn(const std::vector<TextFeatures>& texts, std::span<const std::uint32_t> chosen);

  /// (1 + ln times) x (1 + ln((1 + n) / (1 + texts with it))) (Salton & Buckley 1988), each block and then
  /// the whole of length 1; ascending by column. Empty when nothing is known of the text.
  std::vector<TextEntry> vector_of(const TextFeatures& text) const;
  std::size_t size() const { return rarity_.size(); }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> columns_;
  std::vector<float> rarity_;
};

}  // namespace rapport::learn
