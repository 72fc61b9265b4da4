#pragma once

#include <cstdint>
#include <vector>

#include "views/detail/fact_match.h"
#include "views/detail/windows.h"

/// One thing after another within a time.
namespace rapport::views::detail {

struct SequencePlan {
  const Sequence* rule = nullptr;
  std::vector<Pick> steps;
};

SequencePlan make_sequence(const Sequence& rule);

/// A fact that can be one of the steps, and which steps it ends a chain of.
struct Link {
  const Fact* fact = nullptr;
  std::uint32_t can = 0;      ///< bit i: matches step i
  std::uint32_t reached = 0;  ///< bit i: ends a chain of the steps 0..i
};

struct SequenceScratch {
  std::vector<Link> links;        ///< by time
  std::vector<const Fact*> ends;  ///< last facts of whole chains, newest first
};

Answer eval_sequence(const SequencePlan& plan, const FactsView& facts, SequenceScratch& scratch);

}  // namespace rapport::views::detail
