#include "engine/detail/feedback_letters.h"

#include <algorithm>

#include "engine/detail/noun_members.h"
#include "text/han.h"

namespace rapport::engine {
namespace {

struct Called {
  std::string_view id, zh, en;
};
/// Aspects as the shop would name them to a customer; classes for those it has no word for.
constexpr Called kCalled[] = {
    {"quality", "质量", "quality"},
    {"function", "使用效果", "how it works"},
    {"battery", "电池续航", "battery"},
    {"noise", "噪音", "noise"},
    {"size", "尺寸", "size"},
    {"appearance", "外观", "look"},
    {"smell", "气味", "smell"},
    {"taste", "口味", "taste"},
    {"safety", "使用安全", "safety"},
    {"authenticity", "正品问题", "authenticity"},
    {"instructions", "使用说明", "instructions"},
    {"facility", "设施环境", "facilities"},
    {"content", "内容", "content"},
    {"attitude", "服务态度", "manner of our service"},
    {"response", "回复速度", "speed of our answers"},
    {"expertise", "专业解答", "advice"},
    {"promise", "问题处理", "handling of your request"},
    {"repair", "售后维修", "repair"},
    {"return", "退换货", "return"},
    {"installation", "安装", "installation"},
    {"delay", "配送时效", "delivery time"},
    {"packaging", "包装", "packaging"},
    {"damage", "运输破损", "damage on the way"},
    {"courier", "配送服务", "courier"},
    {"tracking", "物流信息", "tracking"},
    {"wrong_item", "发货准确", "contents of the parcel"},
    {"value", "性价比", "value"},
    {"discount", "优惠活动", "discount"},
    {"drop", "价格变动", "price change"},
    {"fees", "收费", "fees"},
    {"failure", "支付", "payment"},
    {"methods", "付款方式", "ways to pay"},
    {"refund", "退款", "refund"},
    {"invoice", "发票", "invoice"},
    {"charge", "扣款", "charge"},
    {"app", "页面和应用", "app and pages"},
    {"navigation", "查找商品", "search"},
    {"description", "商品描述", "description"},
    {"account", "账号登录", "account"},
    {"ads", "推送打扰", "messages we send"},
    {"checkout", "下单流程", "checkout"},
    {"loyalty", "会员权益", "membership"},
    {"product", "商品", "product"},
    {"service", "服务", "service"},
    {"logistics", "物流", "delivery"},
    {"price", "价格", "price"},
    {"payment", "支付", "payment"},
    {"experience", "购物体验", "shopping experience"},
};

std::string_view called(const HeardClause& clause, bool english) {
  for (const std::string& word : {clause.aspect, clause.klass}) {
    for (const Called& one : kCalled) {
      if (one.id == word) return english ? one.en : one.zh;
    }
  }
  return english ? "feedback" : "反馈";
}

/// Up to three names of what is meant so, each once.
std::vector<std::string_view> names_of(const std::vector<HeardClause>& clauses, bool blamed, bool english) {
  std::vector<std::string_view> out;
  for (const HeardClause& clause : clauses) {
    if (blamed ? clause.sentiment >= 0 : clause.sentiment <= 0) continue;
    const std::string_view name = called(clause, english);
    if (out.size() < 3 && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& names, bool english) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += !english ? "、" : i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

bool is_han(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xe3 && byte <= 0xe9;
  });
}

std::string language_of(const ReplyFacts& facts) {
  if (!facts.language.empty()) return facts.language;
  if (!is_han(facts.text)) return "en";
  return text::simplified_characters(facts.text) == facts.text ? "zh-Hans" : "zh-Hant";
}

std::string product_of(const ReplyFacts& facts, bool english) {
  if (facts.product.empty()) return {};
  const auto noun = NounMembers::parse(facts.product);
  if (!noun.ok()) return {};
  constexpr std::string_view kMembers[] = {"name_en", "title_en", "name", "title"};
  for (std::size_t i = english ? 0 : 2; i < std::size(kMembers); ++i) {
    if (std::string name = (*noun)->text(kMembers[i]); !name.empty()) return name;
  }
  return {};
}

bool is_done(std::string_view state) {
  return state == "solved" || state == "called_back" || state == "closed";
}

std::string write_zh(const ReplyFacts& facts, const std::string& product) {
  const auto blamed = names_of(facts.clauses, true, false), praised = names_of(facts.clauses, false, false);
  std::string out = "您好，感谢您";
  out += product.empty() ? "的评价。" : "对“" + product + "”的评价。";
  if (!praised.empty()) out += "很高兴" + joined(praised, false) + "让您满意。";
  if (blamed.empty()) return out + (praised.empty() ? "有任何需要，请随时联系我们。" : "期待再次为您服务。");
  out += "关于您提到的" + joined(blamed, false) + "问题，我们很抱歉。";
  if (is_done(facts.ticket_state)) return out + "我们已处理完毕；如仍有不便，请直接告诉我们。";
  if (!facts.ticket_state.empty()) return out + "您的问题已经登记，由专人跟进，处理结果会告诉您。";
  return out + "请通过客服与我们联系，我们会跟进处理。";
}

std::string write_en(const ReplyFacts& facts, const std::string& product) {
  const auto blamed = names_of(facts.clauses, true, true), praised = names_of(facts.clauses, false, true);
  std::string out =
      product.empty() ? "Thank you for your review." : "Thank you for your review of " + product + ".";
  if (!praised.empty()) out += " We are glad that you like the " + joined(praised, true) + ".";
  if (blamed.empty()) return out + " We are here whenever you need us.";
  out += " We are sorry about the " + joined(blamed, true) + ".";
  if (is_done(facts.ticket_state))
    return out + " It has been dealt with; please tell us if anything is left.";
  if (!facts.ticket_state.empty())
    return out + " It is on record, a colleague is looking into it, and you will hear the result from us.";
  return out + " Please contact our service, and we will follow it up.";
}

}  // namespace

ReplyDraft draft_reply(const ReplyFacts& facts) {
  ReplyDraft out;
  out.language = language_of(facts);
  const bool english = out.language == "en";
  const std::string product = product_of(facts, english);
  out.text = english ? write_en(facts, product) : write_zh(facts, product);
  if (out.language == "zh-Hant") out.text = text::to_traditional(out.text);
  for (const HeardClause& clause : facts.clauses) {
    if (clause.sentiment == 0) continue;
    out.facts.push_back(fmt::format("{}{}{} {}", clause.klass, clause.aspect.empty() ? "" : ":",
                                    clause.aspect, clause.sentiment < 0 ? "blamed" : "praised"));
  }
  if (!facts.ticket_state.empty()) out.facts.push_back("ticket " + facts.ticket_state);
  return out;
}

}  // namespace rapport::engine
