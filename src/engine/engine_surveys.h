#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "engine/engine.h"
#include "model/survey.h"

/// What asking people takes and gives (Engine::surveys and those after it).
namespace rapport::engine {

/// A questionnaire that comes with the program.
struct SurveyTemplateInfo {
  std::string_view name;
  const model::SurveyText* purpose = nullptr;
  std::string_view method;  ///< of study that reads its answers
  const model::Survey* survey = nullptr;
};
/// Static storage.
std::vector<SurveyTemplateInfo> survey_template_list();

/// How a survey has fared, beside what it asks.
struct SurveyCard {
  std::string survey_id;
  std::string noun;  ///< JSON as published; codec::parse_survey reads it
  EventSeq known_at;
  std::uint64_t invited = 0, reminders = 0, answered = 0;
  std::int64_t version = 1;  ///< that stands
};

struct SurveyList {
  std::vector<SurveyCard> surveys;  ///< by id
  EventSeq known_at;
};

/// A link that anybody may answer, again and again, or one for a single sheet of answers.
struct SurveyLinkRequest {
  std::string survey;
  bool single = false;
  std::string label;  ///< whose single link it is, an expert's; one person over all rounds
  std::optional<std::int64_t> days;
};

struct SurveyLinkAnswer {
  std::string token;
  Instant expires_at;
};

struct InviteRequest {
  std::string survey;
  std::vector<std::string> customers;  ///< c_<n>, kind:value, or user ids
  std::string segment;                 ///< or all of it
  std::size_t most = 100;              ///< invitations of one call, when a segment is asked
  std::string channel = "link";
  bool reminder = false;
  /// Also sent, on the channel: by mail, as a message in the shop (app), or by a webhook that carries them;
  /// and recalled by the calendar. Otherwise the links are the caller's to hand out.
  bool send = false;
  std::optional<std::int64_t> days;
};

struct Invited {
  CustomerId customer;
  std::string token;
  Instant expires_at;
  bool reminder = false;
  std::string decision_id;   ///< of the message, when it is sent; else ""
  std::string_view sent_by;  ///< mail, shop or webhook; else ""
};

struct NotInvited {
  std::string customer;  ///< as asked, or c_<n>
  std::string_view code;
  std::string why, expected;
};

struct InviteAnswer {
  std::vector<Invited> invited;
  std::vector<NotInvited> refused;  ///< the first kInviteMost of them
  std::uint64_t refused_total = 0;
  EventSeq offset;  ///< of the last invitation
};
inline constexpr std::size_t kInviteMost = 1'000;

/// What a Delphi panel said of one item in the round before.
struct PanelView {
  std::string item;
  std::uint64_t n = 0;
  double median = 0, q1 = 0, q3 = 0;
};

/// A form as the holder of a token gets it.
struct SurveySheet {
  model::Survey survey;
  std::string response;  ///< for links that many answer: the sheet's own token, to be sent with the answers
  std::int64_t version = 1;  ///< to be sent with the answers, as the item survey_version
  bool answered = false;
  Instant expires_at;
  std::vector<PanelView> panel;
};

struct SurveyAccepted {
  bool accepted = false, duplicate = false;
  EventSeq offset;
  ShopNo shop;
  std::string message_id;  ///< of the answers' event: with the offset, how the ledger finds it
};

struct ItemResult {
  std::string item;
  std::uint64_t n = 0;
  double mean = 0;
  std::vector<std::pair<std::int64_t, std::uint64_t>> counts;  ///< value -> answers, ascending
};

/// What came in one version of the survey, also to items that are asked no more.
struct VersionResult {
  std::int64_t version = 1;
  std::uint64_t sheets = 0;
  std::vector<ItemResult> items;  ///< by name
};

struct SurveyResults {
  SurveyCard card;
  model::Survey survey;
  std::int64_t version = 1;         ///< that stands
  std::vector<std::int64_t> since;  ///< of each item of the survey: asked alike since this version
  std::vector<ItemResult> items;    ///< with a number, in the survey's order, over the versions asked alike
  std::vector<VersionResult> versions;                      ///< those with answers, ascending
  std::vector<std::pair<std::string, std::uint64_t>> days;  ///< sheets by UTC day
  EventSeq known_at;
};

/// One row a sheet of answers, a column an item, in the shape that studies read; RFC 4180. Errors: not_found.
void survey_sheets_csv(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);

}  // namespace rapport::engine
