#include "engine/detail/survey_desk.h"

#include <algorithm>

namespace rapport::engine {
namespace {

constexpr std::string_view kPurposes[] = {"survey", "service", "marketing"};

}  // namespace

AskFacts consent_facts(const views::ShopState& state, CustomerId customer, std::string_view channel) {
  AskFacts facts;
  const views::Dictionary& words = state.tables().words();
  for (const views::ConsentState& consent : state.consent(customer)) {
    const std::string_view purpose = words.text(consent.purpose_word);
    if (purpose == "survey" && !consent.granted) facts.any_channel_denied = true;
    const bool matters =
        std::find(std::begin(kPurposes), std::end(kPurposes), purpose) != std::end(kPurposes);
    if (matters && words.text(consent.channel_word) == channel)
      facts.consents.emplace_back(purpose, consent.granted);
  }
  return facts;
}

std::optional<AskRefusal> refuse_channel(const AskFacts& facts, std::string_view channel) {
  if (facts.any_channel_denied)
    return AskRefusal{"no_consent", "the customer does not want to be asked", "no invitation"};
  if (channel == "link") return std::nullopt;
  bool granted = false;
  for (const auto& [purpose, yes] : facts.consents) {
    if (!yes)
      return AskRefusal{"no_consent", fmt::format("consent for {} on {} was withdrawn", purpose, channel),
                        "another channel, or link when it is handed over in person"};
    granted = true;
  }
  if (granted) return std::nullopt;
  return AskRefusal{"no_consent", fmt::format("no consent to be written to on {}", channel),
                    "Consent Updated for survey, service or marketing on that channel"};
}

std::optional<AskRefusal> refuse_ask(const AskFacts& facts, const model::SurveyLimits& limits, Instant now) {
  const Instant since = now - days(limits.days);
  std::int64_t asked = 0;
  Instant oldest = Instant::never();
  for (const views::SurveyAsk& ask : facts.asks) {
    if (ask.reminder || ask.at <= since) continue;
    ++asked;
    oldest = std::min(oldest, ask.at);
  }
  if (asked < limits.asks) return std::nullopt;
  return AskRefusal{"asked_lately",
                    fmt::format("was asked {} times in the last {} days, and the limit is {}", asked,
                                limits.days, limits.asks),
                    fmt::format("again after {}", format_instant(oldest + days(limits.days)))};
}

std::optional<AskRefusal> refuse_reminder(const AskFacts& facts, const model::SurveyLimits& limits,
                                          const views::SurveyAsk& open, Instant now) {
  std::int64_t reminders = 0;
  Instant last = open.at;
  for (const views::SurveyAsk& ask : facts.asks) {
    if (!ask.reminder || ask.invitation != open.invitation) continue;
    ++reminders;
    last = std::max(last, ask.at);
  }
  if (reminders >= limits.reminders)
    return AskRefusal{"reminders_spent", fmt::format("was reminded {} times already", reminders),
                      fmt::format("at most {} of one invitation", limits.reminders)};
  const Instant next = last + days(limits.reminder_after_days);
  if (now < next)
    return AskRefusal{"too_soon", fmt::format("was written to at {}", format_instant(last)),
                      fmt::format("after {}", format_instant(next))};
  return std::nullopt;
}

std::string invitation_decision(std::string_view sheet, std::optional<Instant> at) {
  return fmt::format("survey-ask-{}-{}", sheet, at ? at->ms : 0);
}

void SurveyDesk::release(NodeId node, const Hash128& invitation) {
  const auto [from, to] = pending_.equal_range(node.value);
  for (auto at = from; at != to; ++at) {
    if (at->second.invitation != invitation) continue;
    pending_.erase(at);
    return;
  }
}

void SurveyDesk::add_pending(const std::vector<NodeId>& nodes, std::vector<views::SurveyAsk>& asks) const {
  for (const NodeId node : nodes) {
    const auto [from, to] = pending_.equal_range(node.value);
    for (auto at = from; at != to; ++at) {
      const views::SurveyAsk& pending = at->second;
      const bool folded = std::any_of(asks.begin(), asks.end(), [&](const views::SurveyAsk& ask) {
        return ask.invitation == pending.invitation && ask.reminder == pending.reminder &&
               ask.at == pending.at;
      });
      if (!folded) asks.push_back(pending);
    }
  }
}

}  // namespace rapport::engine
