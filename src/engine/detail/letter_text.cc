#include "engine/detail/letters.h"

// What a letter says around the survey's own words.
namespace rapport::engine {
namespace {

struct Words {
  std::string_view reminder;  ///< before the title, and the title follows
  std::string_view opening, again, until, why;
};

const Words& words_in(model::SurveyLanguage language) {
  static constexpr Words kEnglish = {
      "Reminder: ", "Please answer here:", "You have not answered yet. It would help us if you did:",
      "The link is yours alone. It holds until {} (UTC).",
      "You receive this because you agreed to be written to. If you do not want to be asked again, withdraw "
      "your "
      "consent in your account or tell us when you next contact us."};
  static constexpr Words kHans = {
      "提醒：", "请点击下面的链接作答：", "您还没有作答。如果方便，请花一点时间告诉我们：",
      "链接只供您本人使用，有效期至 {}（UTC）。",
      "您收到这封信，是因为您同意过我们就此与您联系。如不想再收到，请在您的账户里撤回同意，或在下次"
      "联系我们时告知。"};
  static constexpr Words kHant = {
      "提醒：", "請點選下面的連結作答：", "您還沒有作答。如果方便，請花一點時間告訴我們：",
      "連結只供您本人使用，有效期至 {}（UTC）。",
      "您收到這封信，是因為您同意過我們就此與您聯絡。如不想再收到，請在您的帳戶裡撤回同意，或在下次"
      "聯絡我們時告知。"};
  return language == model::SurveyLanguage::en     ? kEnglish
         : language == model::SurveyLanguage::hans ? kHans
                                                   : kHant;
}

struct DelayPhrases {
  std::string_view subject, promised, estimated, coupon, close;
};

const DelayPhrases& delay_phrases(model::SurveyLanguage language) {
  static constexpr DelayPhrases kEnglish = {
      "Your order {} may arrive later than promised",
      "Your order {} was promised by {} (UTC). We are sorry: it will probably arrive later.",
      " As things stand we expect it by {} (UTC).",
      "For the delay we have put a coupon of {} into your account. You need not do anything.",
      "You need not write to us about it; we keep an eye on the parcel."};
  static constexpr DelayPhrases kHans = {
      "您的订单 {} 可能会晚到", "您的订单 {} 原定 {}（UTC）前送达，很抱歉，它可能会晚到。",
      "按目前的情况，预计 {}（UTC）前送达。", "为此我们已向您的账户发放一张 {} 的优惠券，无需您做任何操作。",
      "您不必为此联系我们，我们会一直关注这个包裹。"};
  static constexpr DelayPhrases kHant = {
      "您的訂單 {} 可能會晚到", "您的訂單 {} 原定 {}（UTC）前送達，很抱歉，它可能會晚到。",
      "按目前的情況，預計 {}（UTC）前送達。", "為此我們已向您的帳戶發放一張 {} 的優惠券，無需您做任何操作。",
      "您不必為此聯絡我們，我們會一直關注這個包裹。"};
  return language == model::SurveyLanguage::en     ? kEnglish
         : language == model::SurveyLanguage::hans ? kHans
                                                   : kHant;
}

}  // namespace

courier::Letter invitation_letter(const model::Survey& survey, const MailSettings& settings,
                                  const InvitationLink& link) {
  const Words& words = words_in(settings.language);
  courier::Letter letter;
  letter.subject = fmt::format("{}{}", link.reminder ? words.reminder : "",
                               model::in_language(survey.title, settings.language));
  const std::string_view intro = model::in_language(survey.intro, settings.language);
  if (!intro.empty()) letter.text += fmt::format("{}\r\n\r\n", intro);
  const std::string until = format_instant(link.until);
  letter.text += fmt::format("{}\r\n{}\r\n\r\n", link.reminder ? words.again : words.opening, link.address);
  letter.text += fmt::format(fmt::runtime(words.until), until.substr(0, 10) + " " + until.substr(11, 5));
  letter.text += fmt::format("\r\n\r\n-- \r\n{}\r\n", words.why);
  return letter;
}

courier::Letter delay_letter(const DelayWords& words, const MailSettings& settings) {
  const DelayPhrases& phrases = delay_phrases(settings.language);
  const auto day = [](Instant at) {
    const std::string text = format_instant(at);
    return fmt::format("{} {}", text.substr(0, 10), text.substr(11, 5));
  };
  courier::Letter letter;
  letter.subject = fmt::format(fmt::runtime(phrases.subject), words.order);
  letter.text = fmt::format(fmt::runtime(phrases.promised), words.order, day(words.promised));
  if (words.estimated != Instant::min())
    letter.text += fmt::format(fmt::runtime(phrases.estimated), day(words.estimated));
  letter.text += "\r\n\r\n";
  if (!words.coupon.empty())
    letter.text += fmt::format(fmt::runtime(phrases.coupon), words.coupon) + "\r\n\r\n";
  letter.text += fmt::format("{}\r\n\r\n-- \r\n{}\r\n", phrases.close, words_in(settings.language).why);
  return letter;
}

namespace {

struct WordPhrases {
  std::string_view answer_subject, reply_subject, hello, case_link, why_reply;
};

const WordPhrases& word_phrases(model::SurveyLanguage language) {
  static constexpr WordPhrases kEnglish = {
      "You said, we did", "About your letter",
      "You told us what you think. This is what came of it:", "See how your case stands at any time:",
      "You receive this because you wrote to us. Simply answer this letter."};
  static constexpr WordPhrases kHans = {
      "您说的，我们做了", "关于您的来信", "您告诉过我们您的想法，下面是我们据此做的：",
      "随时可以在这里查看这件事的进展：", "您收到这封信，是因为您写信给我们。直接回复即可。"};
  static constexpr WordPhrases kHant = {
      "您說的，我們做了", "關於您的來信", "您告訴過我們您的想法，以下是我們據此做的：",
      "隨時可以在這裡查看這件事的進展：", "您收到這封信，是因為您寫信給我們。直接回覆即可。"};
  return language == model::SurveyLanguage::en     ? kEnglish
         : language == model::SurveyLanguage::hans ? kHans
                                                   : kHant;
}

}  // namespace

courier::Letter words_letter(const WrittenWords& words, const MailSettings& settings) {
  const WordPhrases& phrases = word_phrases(settings.language);
  courier::Letter letter;
  letter.subject = words.reply ? phrases.reply_subject : phrases.answer_subject;
  if (!words.reply) letter.text += fmt::format("{}\r\n\r\n", phrases.hello);
  letter.text += fmt::format("{}\r\n\r\n", words.text);
  if (!words.case_link.empty())
    letter.text += fmt::format("{}\r\n{}\r\n\r\n", phrases.case_link, words.case_link);
  letter.text +=
      fmt::format("-- \r\n{}\r\n", words.reply ? phrases.why_reply : words_in(settings.language).why);
  return letter;
}

Status check_mail_settings(const MailSettings& settings) {
  RAPPORT_CHECK(courier::check_mail_server(settings.server));
  const bool http = settings.base_url.starts_with("https://") || settings.base_url.starts_with("http://");
  const bool plain = settings.base_url.find_first_of(" \t\r\n\"<>") == std::string::npos;
  if (http && plain && !settings.base_url.ends_with('/')) return {};
  return Error{Errc::bad_input, "not what links can begin with", "mail.base_url",
               "an address without a slash at its end, such as https://shop.example"};
}

}  // namespace rapport::engine
