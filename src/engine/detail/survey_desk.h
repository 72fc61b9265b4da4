#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/survey.h"
#include "views/views.h"

/// Who may be asked now. Asking is checked and reserved in one step on the shop thread: what was decided and
/// is not folded yet counts as well.
namespace rapport::engine {

struct AskRefusal {
  std::string_view
      code;  ///< asked_lately answered no_consent reminders_spent too_soon not_invited no_address
  std::string why, expected;
};

/// What asking one customer goes by.
struct AskFacts {
  std::vector<views::SurveyAsk> asks;                  ///< over all surveys, oldest first
  std::vector<std::pair<std::string, bool>> consents;  ///< purpose -> granted, of the channel that is meant
  bool any_channel_denied = false;                     ///< purpose survey withdrawn on whatever channel
};

/// Her consents that matter for being asked on `channel`; no asks.
AskFacts consent_facts(const views::ShopState& state, CustomerId customer, std::string_view channel);

/// Nothing = she may be asked anew. Pure.
std::optional<AskRefusal> refuse_ask(const AskFacts& facts, const model::SurveyLimits& limits, Instant now);
/// Nothing = `open`, her invitation to this survey, may be recalled. Pure.
std::optional<AskRefusal> refuse_reminder(const AskFacts& facts, const model::SurveyLimits& limits,
                                          const views::SurveyAsk& open, Instant now);
/// Whether that channel may be used. "link" is handed over in person and needs no consent. Pure.
std::optional<AskRefusal> refuse_channel(const AskFacts& facts, std::string_view channel);

/// The id of the message that brings an invitation (`at` = none) or a reminder of it decided then.
std::string invitation_decision(std::string_view sheet, std::optional<Instant> at = std::nullopt);

/// Asks that were decided and are not folded yet. On the shop thread only.
class SurveyDesk {
 public:
  void reserve(NodeId node, const views::SurveyAsk& ask) { pending_.emplace(node.value, ask); }
  void release(NodeId node, const Hash128& invitation);
  /// Adds to `asks` what is pending for these nodes.
  void add_pending(const std::vector<NodeId>& nodes, std::vector<views::SurveyAsk>& asks) const;

 private:
  std::multimap<std::uint32_t, views::SurveyAsk> pending_;
};

}  // namespace rapport::engine
