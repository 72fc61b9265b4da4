#include "learn/retrieval.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "text/han.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kCharactersMost = 200;  ///< of a question or wording, what follows is left unread

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_ignored(std::string_view c) {
  constexpr std::string_view kMarks[] = {"，", "。", "？", "！", "、", "：", "；", "（",
                                         "）", "“",  "”",  "～", "…",  "「", "」"};
  if (c.size() == 1) return !is_word_byte(c[0]) && static_cast<unsigned char>(c[0]) < 0x80;
  return std::find(std::begin(kMarks), std::end(kMarks), c) != std::end(kMarks);
}

/// Of "5000 mAh 能用多久": the words 5000, mah, and 1 to 3 of the characters 能用多久 in a row.
std::map<std::string, double> grams_of(std::string_view text) {
  const std::string form = text::plain_form(text);
  std::map<std::string, double> out;
  std::vector<std::string> run;
  const auto flush = [&] {
    for (std::size_t i = 0; i < run.size(); ++i) {
      std::string gram;
      for (std::size_t n = 0; n < 3 && i + n < run.size(); ++n) out[gram += run[i + n]] += 1;
    }
    run.clear();
  };
  std::string previous;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < form.size() && characters < kCharactersMost; ++characters) {
    if (is_word_byte(form[at])) {
      flush();
      std::size_t end = at;
      while (end < form.size() && is_word_byte(form[end])) ++end;
      std::string word = form.substr(at, end - at);
      // "orders" and "order" are one word to a customer.
      if (word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's') word.pop_back();
      out["_" + word] += 1;
      if (!previous.empty()) out["_" + previous + " " + word] += 1;
      previous = std::move(word);
      at = end;
      continue;
    }
    std::size_t length = 1;
    while (at + length < form.size() && (static_cast<unsigned char>(form[at + length]) & 0xC0U) == 0x80U)
      ++length;
    const std::string c = form.substr(at, length);
    at += length;
    if (is_ignored(c)) {
      flush();
      if (c != " ") previous.clear();
    } else {
      previous.clear();
      run.push_back(c);
    }
  }
  flush();
  return out;
}

}  // namespace

WordingIndex WordingIndex::build(const std::vector<Wording>& wordings) {
  WordingIndex out;
  std::vector<std::map<std::string, double>> all;
  std::vector<std::size_t> with;
  for (const Wording& one : wordings) {
    all.push_back(grams_of(one.text));
    out.of_.push_back(one.of);
    for (const auto& [gram, times] : all.back()) {
      const auto [at, fresh] = out.grams_.emplace(gram, static_cast<std::uint32_t>(out.grams_.size()));
      if (fresh) with.push_back(0);
      ++with[at->second];
    }
  }
  const double n = static_cast<double>(wordings.size());
  for (const std::size_t count : with)
    out.rarity_.push_back(std::log(1 + (n + 1) / static_cast<double>(count)));
  out.unknown_rarity_ = std::log(2 + n);
  out.postings_.resize(out.rarity_.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    double length = 0;
    std::vector<std::pair<std::uint32_t, double>> row;
    for (const auto& [gram, times] : all[i]) {
      const std::uint32_t number = out.grams_.at(gram);
      row.emplace_back(number, (1 + std::log(times)) * out.rarity_[number]);
      length += row.back().second * row.back().second;
    }
    for (const auto& [number, weight] : row)
      out.postings_[number].emplace_back(i, weight / std::sqrt(length));
  }
  return out;
}

std::vector<WordingIndex::Found> WordingIndex::find(std::string_view question, std::size_t most,
                                                    std::size_t without) const {
  std::map<std::uint32_t, double> by_wording;
  double length = 0;
  for (const auto& [gram, times] : grams_of(question)) {
    const auto known = grams_.find(gram);
    const double weight =
        (1 + std::log(times)) * (known == grams_.end() ? unknown_rarity_ : rarity_[known->second]);
    length += weight * weight;
    if (known == grams_.end()) continue;
    for (const auto& [wording, other] : postings_[known->second]) by_wording[wording] += weight * other;
  }
  std::map<std::uint32_t, double> best;
  for (const auto& [wording, product] : by_wording) {
    if (wording == without) continue;
    double& match = best[of_[wording]];
    match = std::max(match, std::min(1.0, product / std::sqrt(length)));
  }
  std::vector<Found> out;
  for (const auto& [of, match] : best) out.push_back({of, match});
  std::stable_sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.match > b.match; });
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace rapport::learn
