#include "engine/detail/survey_templates.h"

// SERVQUAL: 22 statements on five dimensions, once of an excellent shop and once of this one. After
// Parasuraman, Zeithaml & Berry (1988), J. of Retailing 64:12-40, reworded for a shop that sells in pages as
// well as over a counter; all statements are put positively (as in their revision of 1991, J. of Retailing
// 67:420-450).
namespace rapport::engine::detail {
namespace {

struct Statement {
  std::string_view dimension, en, hans;
};

constexpr Statement kStatements[] = {
    {"tangibles", "has up-to-date equipment, pages and tools.", "拥有先进的设备、页面和工具。"},
    {"tangibles", "has rooms and pages that are pleasant to look at.", "门店和页面看上去赏心悦目。"},
    {"tangibles", "has staff of neat appearance.", "员工仪表整洁。"},
    {"tangibles", "has packaging, leaflets and texts that suit the service.",
     "包装、资料和文字与所提供的服务相称。"},
    {"reliability", "does something by the time at which it promised it.",
     "承诺在某个时间完成的事，都能按时完成。"},
    {"reliability", "shows a sincere interest in solving a customer's problem.",
     "客户遇到问题时，真心帮助解决。"},
    {"reliability", "does things right the first time.", "第一次就把事情做对。"},
    {"reliability", "provides its services at the time it has named.", "在约定的时间提供服务。"},
    {"reliability", "keeps its records without errors.", "记录准确无误。"},
    {"responsiveness", "tells customers exactly when things will be done.",
     "告诉客户每项服务确切的完成时间。"},
    {"responsiveness", "has staff who give prompt service.", "员工能及时提供服务。"},
    {"responsiveness", "has staff who are always willing to help.", "员工总是乐于帮助客户。"},
    {"responsiveness", "has staff who are never too busy to answer.", "员工再忙也会回应客户的要求。"},
    {"assurance", "has staff whose behaviour gives confidence.", "员工的言行让人信任。"},
    {"assurance", "lets customers feel safe when they buy and pay.", "让客户在购买和付款时感到安全。"},
    {"assurance", "has staff who are always polite.", "员工始终有礼貌。"},
    {"assurance", "has staff who know the answers to customers' questions.",
     "员工有足够的知识回答客户的问题。"},
    {"empathy", "gives each customer individual attention.", "关注每一位客户。"},
    {"empathy", "can be reached at hours that suit its customers.", "服务时间方便客户。"},
    {"empathy", "has staff who care for each customer personally.", "员工给予客户个别的关怀。"},
    {"empathy", "has its customers' interest at heart.", "把客户的利益放在心上。"},
    {"empathy", "has staff who understand what the customer needs.", "员工理解客户的具体需要。"},
};
static_assert(std::size(kStatements) == 22);

void add_statements(model::Survey& survey, bool expected) {
  for (std::size_t i = 0; i < std::size(kStatements); ++i) {
    const Statement& one = kStatements[i];
    model::SurveyItem item =
        agreement_item(fmt::format("{}{}", expected ? 'e' : 'p', i + 1),
                       fmt::format("{} {}", expected ? "An excellent shop" : "This shop", one.en),
                       fmt::format("{}{}", expected ? "优秀的商家：" : "这家商家：", one.hans), 7);
    item.dimension = one.dimension;
    item.facet = expected ? "expectation" : "perception";
    survey.items.push_back(std::move(item));
  }
}

model::Survey head(std::string_view name, std::string_view en, std::string_view hans) {
  model::Survey survey;
  survey.from_template = name;
  survey.title = survey_text(en, hans);
  survey.thanks = survey_text("Thank you. Your answers have arrived.", "谢谢您，您的回答已经收到。");
  return survey;
}

}  // namespace

SurveyTemplate servqual_template() {
  model::Survey survey = head("servqual", "What you expect and what you found", "您的期望与实际感受");
  survey.intro = survey_text(
      "First what an excellent shop is like, then what this shop is like. It takes about "
      "six minutes.",
      "先说说优秀的商家应该怎样，再说说这家商家实际怎样。大约需要六分钟。");
  add_statements(survey, true);
  add_statements(survey, false);
  return {"servqual",
          survey_text("Service quality: perception against expectation, 22 statements twice",
                      "服务质量：感知与期望之差（22 项，各答两次）"),
          "servqual", std::move(survey)};
}

/// Cronin & Taylor (1992), J. of Marketing 56:55-68.
SurveyTemplate servperf_template() {
  model::Survey survey = head("servperf", "What you found with us", "您在我们这里的感受");
  survey.intro = survey_text("22 short statements; about three minutes.", "22 句短陈述，大约三分钟。");
  add_statements(survey, false);
  return {"servperf", survey_text("Service quality as perceived, 22 statements", "感知到的服务质量（22 项）"),
          "servqual", std::move(survey)};
}

/// One statement a dimension on which a value-added service may differ from the ordinary one; the answers are
/// evidence of the service's profile (service_profile.h).
SurveyTemplate profile_template() {
  constexpr Statement kDimensions[] = {
      {"added_value", "This service gave me something that I would miss without it.",
       "这项服务给了我没有它就会缺少的东西。"},
      {"customisation", "This service was fitted to what I in particular need.",
       "这项服务是按我个人的需要安排的。"},
      {"charging", "What I pay for this service is clear and fair.", "这项服务的收费清楚、合理。"},
      {"experience", "Using this service was pleasant from beginning to end.",
       "使用这项服务的过程从头到尾都令人愉快。"},
      {"advantage", "I would not get a service like this elsewhere.", "这样的服务在别家得不到。"},
      {"positioning", "This service is meant for people like me.", "这项服务正是为我这样的人准备的。"}};
  model::Survey survey = head("profile", "About this service", "关于这项服务");
  survey.intro = survey_text("Six statements; one minute.", "六句话，一分钟。");
  for (const Statement& one : kDimensions) {
    model::SurveyItem item = agreement_item(one.dimension, one.en, one.hans, 7);
    item.dimension = one.dimension;
    survey.items.push_back(std::move(item));
  }
  return {"profile",
          survey_text("A service's profile: one statement for each of the six dimensions",
                      "服务画像：六个维度各一句"),
          "alpha", std::move(survey)};
}

}  // namespace rapport::engine::detail
