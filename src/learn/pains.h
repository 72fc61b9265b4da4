#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What customers complain of in their own words: phrases found without any list, ranked and watched over
/// time.
namespace rapport::learn {

struct SaidClause {
  std::string text;  ///< UTF-8, one clause
  std::int64_t at_ms = 0;
  std::uint32_t author = 0;  ///< whoever says it again is one customer still
  std::uint32_t source = 0;  ///< of the caller: where it stands
  bool blame = false;        ///< meant as a complaint; the others are what phrases are held against
};

struct PainOptions {
  std::int64_t now_ms = 0;
  std::int64_t recent_ms = std::int64_t{7} * 86'400'000;  ///< what counts as lately
  std::int64_t since_ms = 0;      ///< when the clauses begin; what lies before lately is the ordinary rate
  std::size_t authors_least = 3;  ///< of a phrase
  std::size_t most = 20;
  bool rising_first = false;  ///< else by how much more it is said in blame
};

struct Pain {
  std::string phrase;                  ///< as it stands in the first clause that has it
  std::size_t blamed = 0, others = 0;  ///< clauses with it
  std::size_t customers = 0;           ///< who blame
  std::size_t recent = 0;              ///< of the blamed, lately
  double expected = 0;                 ///< what would be usual lately, by the time before
  double odds = 0;                     ///< log-odds of standing in blame, over its standard error
  double rise = 0;                     ///< (recent - expected) over its standard error
  bool burst = false;  ///< so many are less likely than one in a hundred thousand at the usual rate
  std::vector<std::uint32_t> sources;  ///< of the newest blamed clauses, newest first, at most 10
};

/// Phrases of two to six Chinese characters or one to four words that hold together (pointwise mutual
/// information at their weakest seam) and stand free (entropy of what borders on them), as new words are
/// found without a dictionary, and neither begin nor end with Chinese grammar (的, 了, 在, 我: 标的 and 用了
/// are cut out of something longer); of nested ones the one that says it all. `odds` is the log-odds ratio
/// with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16(4), eq. 16-22).
/// Pure; the same clauses give the same list.
std::vector<Pain> find_pains(std::span<const SaidClause> clauses, const PainOptions& options);

}  // namespace rapport::learn
