#include "learn/detail/text_features.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/hash.h"
#include "text/normalise.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kLongestGram = 4;
/// Longer texts are about more than one thing: their pairs say little and are many.
constexpr std::size_t kWordsPairedMost = 40;
constexpr std::uint64_t kEnds = 0x1f;  // as a word: no character of a text

/// The code points of valid UTF-8, which a comparison form is.
std::vector<std::uint32_t> code_points(std::string_view utf8) {
  std::vector<std::uint32_t> out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size() && out.size() < kTextMostCharacters;) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length && at + i < utf8.size(); ++i)
      point = point << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3fU);
    out.push_back(point);
    at += length;
  }
  return out;
}

/// Letters and digits of scripts that put blanks between words.
bool is_word_character(std::uint32_t point) {
  if (point < 0x80) return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') || point == '_';
  return (point >= 0xc0 && point < 0x590 && point != 0xd7 && point != 0xf7) ||
         (point >= 0x1e00 && point < 0x2000) || (point >= 0xac00 && point < 0xd7a4);
}

constexpr std::uint64_t chained(std::uint64_t hash, std::uint64_t next) {
  return mix64(hash ^ (next + 0x632be59bd9b4e019ULL));
}
constexpr std::uint64_t seed_of(TextBlock block) {
  return mix64(static_cast<std::uint64_t>(block) + 77);
}

void add_characters(const std::vector<std::uint32_t>& points, std::vector<TextCount>& out) {
  std::vector<std::uint32_t> framed;
  framed.reserve(points.size() + 2);
  framed.push_back(' ');
  framed.insert(framed.end(), points.begin(), points.end());
  framed.push_back(' ');
  for (std::size_t begin = 0; begin < framed.size(); ++begin) {
    std::uint64_t hash = seed_of(TextBlock::characters);
    for (std::size_t end = begin; end < std::min(begin + kLongestGram, framed.size()); ++end) {
      hash = chained(hash, framed[end]);
      if (end == begin && framed[end] == ' ') continue;  // every text has blanks
      out.push_back({hash, TextBlock::characters, 1});
    }
  }
}

/// `characters` is how many stand in them.
std::vector<std::uint64_t> words_of(const std::vector<std::uint32_t>& points, std::size_t& characters) {
  std::vector<std::uint64_t> words;
  for (std::size_t at = 0; at < points.size();) {
    if (!is_word_character(points[at])) {
      ++at;
      continue;
    }
    std::uint64_t hash = seed_of(TextBlock::words);
    for (; at < points.size() && is_word_character(points[at]); ++at, ++characters)
      hash = chained(hash, points[at]);
    words.push_back(hash);
  }
  return words;
}

void add_words(const std::vector<std::uint64_t>& words, std::vector<TextCount>& out) {
  if (words.empty()) return;
  std::uint64_t before = kEnds;
  for (const std::uint64_t word : words) {
    out.push_back({word, TextBlock::words, 1});
    out.push_back({chained(before, word), TextBlock::words, 1});
    before = word;
  }
  out.push_back({chained(before, kEnds), TextBlock::words, 1});
}

void add_pairs(std::vector<std::uint64_t> words, std::vector<TextCount>& out) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > kWordsPairedMost) return;
  const std::uint64_t seed = seed_of(TextBlock::pairs);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t j = i + 1; j < words.size(); ++j)
      out.push_back({chained(chained(seed, words[i]), words[j]), TextBlock::pairs, 1});
  }
}

}  // namespace

TextFeatures text_features(std::string_view text) {
  const std::vector<std::uint32_t> points = code_points(text::comparison_form(text));
  TextFeatures out;
  if (points.empty()) return out;
  std::vector<TextCount>& all = out.counts;
  add_characters(points, all);
  std::size_t in_words = 0;
  const std::vector<std::uint64_t> words = words_of(points, in_words);
  const auto blanks = static_cast<std::size_t>(std::count(points.begin(), points.end(), std::uint32_t{' '}));
  out.in_words = static_cast<double>(in_words) / static_cast<double>(points.size() - blanks);
  add_words(words, all);
  add_pairs(words, all);
  std::sort(all.begin(), all.end(),
            [](const TextCount& a, const TextCount& b) { return a.feature < b.feature; });
  std::size_t kept = 0;
  for (const TextCount& one : all) {
    if (kept > 0 && all[kept - 1].feature == one.feature) {
      ++all[kept - 1].times;
    } else {
      all[kept++] = one;
    }
  }
  all.resize(kept);
  return out;
}

TextVocabulary TextVocabulary::learn(const std::vector<TextFeatures>& texts,
                                     std::span<const std::uint32_t> chosen) {
  std::unordered_map<std::uint64_t, std::uint32_t> texts_with;
  for (const std::uint32_t text : chosen) {
    for (const TextCount& one : texts[text].counts) ++texts_with[one.feature];
  }
  TextVocabulary out;
  const auto total = static_cast<double>(chosen.size());
  for (const std::uint32_t text : chosen) {
    for (const TextCount& one : texts[text].counts) {
      const std::uint32_t with = texts_with[one.feature];
      if (with < 2 && one.block != TextBlock::words) continue;
      if (!out.columns_.emplace(one.feature, static_cast<std::uint32_t>(out.rarity_.size())).second) continue;
      out.rarity_.push_back(static_cast<float>(1 + std::log((1 + total) / (1 + with))));
    }
  }
  return out;
}

std::vector<TextEntry> TextVocabulary::vector_of(const TextFeatures& text) const {
  std::vector<TextEntry> entries;
  std::vector<TextBlock> blocks;
  double squares[kTextBlocks] = {};
  for (const TextCount& one : text.counts) {
    const auto found = columns_.find(one.feature);
    if (found == columns_.end()) continue;
    const double value =
        (1 + std::log(static_cast<double>(one.times))) * static_cast<double>(rarity_[found->second]);
    entries.push_back({found->second, static_cast<float>(value)});
    blocks.push_back(one.block);
    squares[static_cast<std::size_t>(one.block)] += value * value;
  }
  const double weights[kTextBlocks] = {1, text.in_words, text.in_words};
  double whole = 0;
  for (std::size_t block = 0; block < kTextBlocks; ++block)
    whole += squares[block] > 0 ? weights[block] * weights[block] : 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto block = static_cast<std::size_t>(blocks[i]);
    const double scale = weights[block] / std::sqrt(squares[block] * whole);
    entries[i].value = static_cast<float>(static_cast<double>(entries[i].value) * scale);
  }
  std::sort(entries.begin(), entries.end(),
            [](const TextEntry& a, const TextEntry& b) { return a.column < b.column; });
  return entries;
}

}  // namespace rapport::learn
