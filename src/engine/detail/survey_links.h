#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/seal.h"

/// Links to a survey: what they say is sealed under a key of the folder, so that nobody can guess or change
/// one, and nothing needs to be kept of it.
namespace rapport::engine {

struct SurveyLink {
  enum class Kind : std::uint8_t {
    open,      ///< any number of sheets
    single,    ///< one sheet, of whoever holds it
    personal,  ///< one sheet, of the customer who was invited
    sheet,     ///< one sheet of an open link, made when its form was handed out
  };
  ShopNo shop;
  Kind kind = Kind::open;
  Instant until;                         ///< to the minute
  std::array<std::uint8_t, 12> nonce{};  ///< hex of it is the sheet's id
  NodeId node;                           ///< of a personal link
  std::string survey, label;

  std::string sheet_id() const;
};

/// A link of its own, with a fresh nonce.
SurveyLink new_survey_link(SurveyLink::Kind kind, ShopNo shop, std::string_view survey, Instant until);
/// The link of an invitation again: `sheet` is its sheet_id(). Another id gives a link to another sheet.
SurveyLink personal_link(ShopNo shop, std::string_view survey, std::string_view sheet, NodeId node,
                         Instant until);
std::string seal_survey_link(const codec::NodeKey& key, const SurveyLink& link);
/// Errors: not_found for whatever seal_survey_link did not make with this key.
Result<SurveyLink> open_survey_link(const codec::NodeKey& key, std::string_view token);
/// The anonymous id under which a labelled expert answers, the same in every round.
std::string expert_id(const codec::NodeKey& key, const SurveyLink& link);

}  // namespace rapport::engine
