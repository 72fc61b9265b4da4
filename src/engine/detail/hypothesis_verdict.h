#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"
#include "engine/detail/hypothesis_card.h"
#include "model/table.h"

/// What a registered hypothesis comes to on its date: fixed rules over two arms' sums. Pure.
namespace rapport::engine {

struct VerdictMoment {
  Instant decided_at;
  EventSeq known_at;
};

/// The body of `Verdict Reached`. `main` and `guardrail` are answers of metric_sql, `assigned` of
/// assigned_sql. supported: the interval of the difference lies wholly on the promised side of 0; harmful:
/// wholly on the other, or the guardrail's wholly beyond what may be lost; refuted: it excludes the promised
/// effect; undecided: anything else, arms of fewer than two customers, or customers that did not come to the
/// arms in the registered proportion (p < 0.001).
std::string verdict_json(const HypothesisCard& card, const model::Table& main, const model::Table& guardrail,
                         const model::Table& assigned, const VerdictMoment& moment);

/// A card for planning, from {metric, effect, ...}: what it lacks to be one is made up.
std::string power_question(std::string_view body, Instant by);

}  // namespace rapport::engine
