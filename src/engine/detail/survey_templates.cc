#include "engine/detail/survey_templates.h"

#include <algorithm>

#include "text/han.h"

namespace rapport::engine {
namespace detail {

model::SurveyText survey_text(std::string_view en, std::string_view hans) {
  return {std::string(en), std::string(hans), text::to_traditional(hans)};
}

model::SurveyItem scale_item(std::string_view name, std::string_view en, std::string_view hans,
                             std::int64_t low, std::int64_t high) {
  model::SurveyItem item;
  item.item = name;
  item.text = survey_text(en, hans);
  item.low = low;
  item.high = high;
  return item;
}

model::SurveyItem agreement_item(std::string_view name, std::string_view en, std::string_view hans,
                                 std::int64_t high) {
  model::SurveyItem item = scale_item(name, en, hans, 1, high);
  item.low_label = survey_text("strongly disagree", "非常不同意");
  item.high_label = survey_text("strongly agree", "非常同意");
  return item;
}

namespace {

model::SurveyItem text_item(std::string_view name, std::string_view en, std::string_view hans) {
  model::SurveyItem item;
  item.item = name;
  item.text = survey_text(en, hans);
  item.type = model::ItemType::text;
  item.required = false;
  return item;
}

model::Survey survey_of(std::string_view name, std::string_view en, std::string_view hans) {
  model::Survey survey;
  survey.from_template = name;
  survey.title = survey_text(en, hans);
  survey.thanks = survey_text("Thank you. Your answers have arrived.", "谢谢您，您的回答已经收到。");
  return survey;
}

/// Reichheld (2003), Harvard Business Review 81(12):46-54.
SurveyTemplate nps_template() {
  model::Survey survey = survey_of("nps", "Would you recommend us?", "您愿意推荐我们吗？");
  model::SurveyItem nps = scale_item("nps", "How likely are you to recommend us to a friend or colleague?",
                                     "您有多大可能把我们推荐给朋友或同事？", 0, 10);
  nps.low_label = survey_text("not at all likely", "完全不可能");
  nps.high_label = survey_text("extremely likely", "非常可能");
  model::SurveyItem improve =
      text_item("improve", "What should we do better first?", "我们最先应该改进什么？");
  improve.when = model::SurveyCondition{"nps", model::SurveyCondition::Is::at_most, 6};
  model::SurveyItem liked = text_item("liked", "What did we do well?", "我们哪里做得好？");
  liked.when = model::SurveyCondition{"nps", model::SurveyCondition::Is::at_least, 7};
  survey.items = {nps, improve, liked};
  return {"nps", survey_text("Willingness to recommend, 0 to 10, and why", "推荐意愿（0 至 10 分）及原因"),
          "nps", std::move(survey)};
}

SurveyTemplate csat_template() {
  model::Survey survey = survey_of("csat", "How satisfied are you?", "您满意吗？");
  model::SurveyItem csat = scale_item("csat", "All in all, how satisfied are you with this service?",
                                      "总的来说，您对这次服务满意吗？", 1, 5);
  csat.low_label = survey_text("very dissatisfied", "非常不满意");
  csat.high_label = survey_text("very satisfied", "非常满意");
  model::SurveyItem improve = text_item("improve", "What went wrong?", "哪里没有做好？");
  improve.when = model::SurveyCondition{"csat", model::SurveyCondition::Is::at_most, 3};
  survey.items = {csat, improve};
  return {"csat", survey_text("Satisfaction with one service, 1 to 5", "单项服务的满意度（1 至 5 分）"),
          "nps", std::move(survey)};
}

/// Dixon, Freeman & Toman (2010), Harvard Business Review 88(7):116-122, in the wording of agreement.
SurveyTemplate ces_template() {
  model::Survey survey = survey_of("ces", "Was it easy?", "办起来容易吗？");
  model::SurveyItem improve = text_item("improve", "What cost you the most effort?", "哪一步最费劲？");
  improve.when = model::SurveyCondition{"ces", model::SurveyCondition::Is::at_most, 4};
  survey.items = {agreement_item("ces", "The shop made it easy for me to get my matter settled.",
                                 "商家让我很容易就把事情办好了。", 7),
                  improve};
  return {"ces", survey_text("Effort of the customer, 1 to 7", "客户费力程度（1 至 7 分）"), "nps",
          std::move(survey)};
}

struct Words {
  std::string_view item, en, hans;
};

/// Saaty (1980): every pair of criteria on the scale of 1 to 9. The criteria are SERVQUAL's dimensions.
SurveyTemplate ahp_template() {
  constexpr Words kCriteria[] = {{"tangibles", "Tangibles", "有形性"},
                                 {"reliability", "Reliability", "可靠性"},
                                 {"responsiveness", "Responsiveness", "响应性"},
                                 {"assurance", "Assurance", "保证性"},
                                 {"empathy", "Empathy", "移情性"}};
  model::Survey survey = survey_of("ahp", "Which matters more?", "哪一项更重要？");
  survey.kind = model::SurveyKind::ahp;
  survey.intro = survey_text(
      "For each pair: which side matters more for the quality of our service, and how many times as much?",
      "请逐对比较：对我们的服务质量来说，哪一边更重要，重要多少倍？");
  for (std::size_t a = 0; a < std::size(kCriteria); ++a) {
    for (std::size_t b = a + 1; b < std::size(kCriteria); ++b) {
      model::SurveyItem& pair = survey.items.emplace_back();
      pair.item = fmt::format("p{}_{}", a + 1, b + 1);
      pair.type = model::ItemType::pair;
      pair.left_item = kCriteria[a].item;
      pair.left = survey_text(kCriteria[a].en, kCriteria[a].hans);
      pair.right_item = kCriteria[b].item;
      pair.right = survey_text(kCriteria[b].en, kCriteria[b].hans);
    }
  }
  return {"ahp", survey_text("Weights by experts: pairwise comparison", "专家赋权：两两比较（层次分析法）"),
          "ahp", std::move(survey)};
}

SurveyTemplate delphi_template() {
  constexpr Words kIndicators[] = {{"timely", "Share of services delivered on time", "服务准时率"},
                                   {"errors", "Error rate", "差错率"},
                                   {"response", "Mean time to respond", "平均响应时间"},
                                   {"first_contact", "Solved at the first contact", "首次联系解决率"},
                                   {"clarity", "Clarity of what is said", "表达清晰度"},
                                   {"customised", "Degree of customisation", "个性化程度"},
                                   {"repurchase", "Intention to buy again", "再次购买意愿"},
                                   {"recommend", "Intention to recommend", "推荐意愿"}};
  model::Survey survey = survey_of("delphi", "How important is each indicator?", "各项指标有多重要？");
  survey.kind = model::SurveyKind::delphi;
  survey.intro = survey_text(
      "Rate the importance of each indicator, 1 to 9. From the second round on you see "
      "the panel's last median and middle half.",
      "请为每项指标的重要性打分（1 至 9 分）。从第二轮起，您会看到上一轮全体专家的中位数和中间一半的范围。");
  for (const Words& one : kIndicators) {
    model::SurveyItem item = scale_item(one.item, one.en, one.hans, 1, 9);
    item.low_label = survey_text("unimportant", "不重要");
    item.high_label = survey_text("very important", "非常重要");
    survey.items.push_back(std::move(item));
  }
  return {
      "delphi",
      survey_text("Importance of indicators, by rounds of experts", "指标重要性的多轮专家咨询（德尔菲法）"),
      "delphi", std::move(survey)};
}

}  // namespace
}  // namespace detail

const std::vector<SurveyTemplate>& survey_templates() {
  static const std::vector<SurveyTemplate> all = [] {
    using namespace detail;
    return std::vector<SurveyTemplate>{
        nps_template(),        csat_template(),    ces_template(),  servqual_template(), servperf_template(),
        perception_template(), profile_template(), ecsi_template(), ahp_template(),      delphi_template()};
  }();
  return all;
}

const SurveyTemplate* find_survey_template(std::string_view name) {
  const auto& all = survey_templates();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const SurveyTemplate& t) { return t.name == name; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace rapport::engine
