#include "views/class_texts.h"

#include <algorithm>

namespace rapport::views {
namespace {

constexpr ClassText kEnglish[] = {
    {"problem", "Has a problem", "The problem located precisely and solved once",
     "Passed from desk to desk, telling the story again"},
    {"churn_risk", "About to leave", "A quick fix and a reason to come back",
     "Tiresome returns, feedback unanswered"},
    {"high_value", "High value", "Service of her own, solutions made to measure",
     "Slow after-sale, no rights that others do not have"},
    {"seed", "Seed", "A standing that sets her apart, a part in making things",
     "No channel for ideas, ideas ignored"},
    {"potential", "Potential", "Doubts answered, and what is different made clear",
     "Everything looks the same"},
    {"new", "New", "The core value grasped fast", "Too much information at once"},
    {"other", "Other", "", ""}};

constexpr ClassText kSimplified[] = {
    {"problem", "问题用户", "问题精准定位、一次解决", "被反复推诿、重复陈述"},
    {"churn_risk", "流失风险用户", "快速解决问题、获得补偿激励", "退换货繁琐、反馈无回应"},
    {"high_value", "高价值用户", "专属服务、定制方案", "售后响应慢、缺少个性化权益"},
    {"seed", "种子用户", "身份区隔、参与共创", "没有渠道、建议被忽视"},
    {"potential", "潜力用户", "疑虑被解答、差异讲清楚", "产品同质化"},
    {"new", "新用户", "快速了解核心价值", "信息过载"},
    {"other", "其他", "", ""}};

constexpr ClassText kTraditional[] = {
    {"problem", "問題用戶", "問題精準定位、一次解決", "被反覆推諉、重複陳述"},
    {"churn_risk", "流失風險用戶", "快速解決問題、獲得補償激勵", "退換貨繁瑣、回饋無回應"},
    {"high_value", "高價值用戶", "專屬服務、客製方案", "售後回應慢、缺少個人化權益"},
    {"seed", "種子用戶", "身分區隔、參與共創", "沒有管道、建議被忽視"},
    {"potential", "潛力用戶", "疑慮被解答、差異講清楚", "產品同質化"},
    {"new", "新用戶", "快速了解核心價值", "資訊過載"},
    {"other", "其他", "", ""}};

}  // namespace

std::span<const ClassText> class_texts(TextLanguage language) {
  switch (language) {
    case TextLanguage::zh_hans:
      return kSimplified;
    case TextLanguage::zh_hant:
      return kTraditional;
    case TextLanguage::en:
      break;
  }
  return kEnglish;
}

const ClassText* find_class_text(std::string_view name, TextLanguage language) {
  const std::span<const ClassText> texts = class_texts(language);
  const auto found =
      std::find_if(texts.begin(), texts.end(), [&](const ClassText& one) { return one.name == name; });
  return found == texts.end() ? nullptr : &*found;
}

}  // namespace rapport::views
