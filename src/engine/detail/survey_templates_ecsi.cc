#include "engine/detail/survey_templates.h"

// The European satisfaction index, and how a service is perceived.
namespace rapport::engine::detail {
namespace {

struct Question {
  std::string_view item, dimension, en, hans;
};

// The blocks of Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005), Comput. Stat. Data Anal. 48:159-205,
// table 1, on scales of 1 to 10, said of a shop.
constexpr Question kEcsi[] = {
    {"imag1", "image", "It can be trusted in what it says and does.", "言行可信。"},
    {"imag2", "image", "It is stable and firmly established.", "经营稳健，根基牢固。"},
    {"imag3", "image", "It contributes something to society.", "对社会有所贡献。"},
    {"imag4", "image", "It cares about its customers.", "关心客户。"},
    {"imag5", "image", "It is innovative and looks ahead.", "有创新精神，着眼未来。"},
    {"cuex1", "expectations", "Before you became a customer: how good did you expect us to be overall?",
     "成为客户之前，您预期我们整体有多好？"},
    {"cuex2", "expectations", "How well did you expect us to meet your own needs?",
     "您预期我们能在多大程度上满足您的个人需要？"},
    {"cuex3", "expectations", "How seldom did you expect things to go wrong?",
     "您预期出问题的情况有多少见？（10 = 极少）"},
    {"perq1", "quality", "How good is our quality overall?", "我们整体的质量如何？"},
    {"perq2", "quality", "How good are the products?", "产品质量如何？"},
    {"perq3", "quality", "How good are service and advice?", "服务和咨询如何？"},
    {"perq4", "quality", "How good is the range of services?", "服务的种类如何？"},
    {"perq5", "quality", "How reliable and accurate are we?", "我们的可靠性和准确性如何？"},
    {"perq6", "quality", "How clear and open is the information we give?", "我们提供的信息有多清楚透明？"},
    {"perq7", "quality", "How easy is it to reach us and use our pages?",
     "联系我们和使用我们的页面有多方便？"},
    {"perv1", "value", "Given the quality: how do you rate the prices you pay?",
     "就质量而言，您如何评价所付的价格？"},
    {"perv2", "value", "Given the prices: how do you rate the quality you get?",
     "就价格而言，您如何评价所得的质量？"},
    {"cusa1", "satisfaction", "All in all, how satisfied are you with us?", "总的来说，您对我们有多满意？"},
    {"cusa2", "satisfaction", "How far do we meet your expectations?", "我们在多大程度上达到了您的期望？"},
    {"cusa3", "satisfaction", "How close do we come to a perfect shop?", "我们离您心目中完美的商家有多近？"},
    {"cusco", "complaints",
     "You complained last: how well was it handled? If you never did: how well would it be?",
     "您上次投诉处理得如何？如果没有投诉过：您认为会处理得如何？"},
    {"cusl1", "loyalty", "How likely are you to choose us again?", "您再次选择我们的可能性有多大？"},
    {"cusl2", "loyalty", "If others lowered their prices: how likely are you to stay with us?",
     "如果别家降价，您继续选择我们的可能性有多大？"},
    {"cusl3", "loyalty", "How likely are you to recommend us to friends or colleagues?",
     "您把我们推荐给朋友或同事的可能性有多大？"},
};

constexpr Question kPerception[] = {
    {"aware1", "awareness", "I knew of this service before I needed it.", "在需要之前，我就知道有这项服务。"},
    {"aware2", "awareness", "I know how to get this service.", "我知道怎样获得这项服务。"},
    {"underst1", "understanding", "I understand what this service includes.", "我清楚这项服务包含什么。"},
    {"underst2", "understanding", "I could explain to a friend what it is good for.",
     "我能向朋友说清它有什么用。"},
    {"trust1", "trust", "What is promised of this service is kept.", "这项服务承诺的都能兑现。"},
    {"trust2", "trust", "My data are in good hands with this service.",
     "使用这项服务时，我的个人信息是安全的。"},
    {"culture1", "culture", "I rather follow what family and friends recommend than what I read.",
     "比起自己查到的信息，我更愿意听家人和朋友的推荐。"},
    {"culture2", "culture", "A familiar person matters more to me than a fast answer.",
     "比起答复快，我更看重有熟悉的人来服务。"},
};

model::SurveyItem choice_item(std::string_view name, std::string_view dimension, std::string_view en,
                              std::string_view hans,
                              std::initializer_list<std::pair<std::string_view, std::string_view>> choices) {
  model::SurveyItem item;
  item.item = name;
  item.text = survey_text(en, hans);
  item.type = model::ItemType::choice;
  item.dimension = dimension;
  item.required = false;
  std::int64_t value = 0;
  for (const auto& [choice_en, choice_hans] : choices)
    item.choices.push_back({++value, survey_text(choice_en, choice_hans)});
  return item;
}

model::Survey head(std::string_view name, std::string_view en, std::string_view hans) {
  model::Survey survey;
  survey.from_template = name;
  survey.title = survey_text(en, hans);
  survey.thanks = survey_text("Thank you. Your answers have arrived.", "谢谢您，您的回答已经收到。");
  return survey;
}

}  // namespace

SurveyTemplate ecsi_template() {
  model::Survey survey = head("ecsi", "Your satisfaction with us", "您对我们的满意度");
  survey.intro = survey_text("24 short questions, 1 = very little or very bad, 10 = very much or very good.",
                             "24 个简短问题，1 = 很低或很差，10 = 很高或很好。");
  for (const Question& one : kEcsi) {
    model::SurveyItem item = scale_item(one.item, one.en, one.hans, 1, 10);
    item.dimension = one.dimension;
    item.low_label = survey_text("very little, very bad", "很低、很差");
    item.high_label = survey_text("very much, very good", "很高、很好");
    survey.items.push_back(std::move(item));
  }
  return {"ecsi",
          survey_text("European satisfaction index: seven constructs, 24 questions",
                      "欧洲客户满意度指数：七个构念，24 题"),
          "pls", std::move(survey)};
}

SurveyTemplate perception_template() {
  model::Survey survey = head("perception", "How you see this service", "您怎样看待这项服务");
  for (const Question& one : kPerception) {
    survey.items.push_back(agreement_item(one.item, one.en, one.hans, 5));
    survey.items.back().dimension = one.dimension;
  }
  model::SurveyItem gap = scale_item("gap", "Compared with what I expected, this service gave me ...",
                                     "与我的期望相比，这项服务给我的……", 1, 5);
  gap.dimension = "expectation_gap";
  gap.low_label = survey_text("much less", "少得多");
  gap.high_label = survey_text("much more", "多得多");
  survey.items.insert(survey.items.begin() + 4, gap);
  survey.items.push_back(choice_item("education", "education", "Your education", "您的学历",
                                     {{"secondary school or less", "中学及以下"},
                                      {"vocational college", "大专"},
                                      {"bachelor", "本科"},
                                      {"master or higher", "硕士及以上"}}));
  survey.items.push_back(choice_item(
      "experience", "experience", "How often have you used this service?", "您用过几次这项服务？",
      {{"never", "没有用过"}, {"once", "一次"}, {"two to five times", "二至五次"}, {"more often", "更多"}}));
  survey.items.push_back(choice_item("source", "information_channel", "Where did you first hear of it?",
                                     "您最初从哪里得知？",
                                     {{"page or app of the shop", "商家的页面或应用"},
                                      {"message of the shop", "商家的消息"},
                                      {"staff", "员工"},
                                      {"family or friends", "家人或朋友"},
                                      {"social media", "社交媒体"},
                                      {"elsewhere", "其他"}}));
  return {"perception",
          survey_text("Awareness, understanding, expectation gap and trust of one service",
                      "对一项服务的知晓、理解、期望差距与信任"),
          "drivers", std::move(survey)};
}

}  // namespace rapport::engine::detail
