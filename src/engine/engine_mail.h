#pragma once

#include <string>

#include "courier/mail.h"
#include "engine/engine.h"
#include "model/survey.h"

/// How a house sends letters, and the reminders that its calendar sends.
namespace rapport::engine {

struct MailSettings {
  courier::MailServer server;
  std::string base_url;  ///< what stands before /ask/TOKEN in a letter: "https://shop.example"
  model::SurveyLanguage language = model::SurveyLanguage::hans;  ///< of the letters
};

/// Errors: those of courier::check_mail_server; bad_input for a base that is no http(s) address.
Status check_mail_settings(const MailSettings& settings);

/// Reminds whom a letter or webhook invited and who has not answered, as often and as far apart as the survey
/// says; how many that were. Whoever may not be reminded any more is left alone for good. Cheap when nobody
/// is due.
void send_due_reminders(Engine& engine, ShopNo shop, Reply<std::size_t> reply);

}  // namespace rapport::engine
