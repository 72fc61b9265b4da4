#include <fmt/format.h>

#include "world/detail/render.h"

// The catalogue's nouns, whole: products, services, contents, coupons, bundles, competitors, surveys.
namespace rapport::world {
namespace {

/// A questionnaire of the shop's, as it is published: its texts in the three languages of the storefront.
struct SurveySpec {
  std::string_view id, title, items;
};
// clang-format off
constexpr SurveySpec kSurveys[] = {
    {"nps",
     R"({"en":"Would you recommend us?","zh-Hans":"您愿意推荐我们吗？","zh-Hant":"您願意推薦我們嗎？"})",
     R"([{"item":"nps","type":"scale","low":0,"high":10,)"
     R"("text":{"en":"How likely are you to recommend us to a friend?",)"
     R"("zh-Hans":"您有多大可能向朋友推荐我们？","zh-Hant":"您有多大可能向朋友推薦我們？"},)"
     R"("low_label":{"en":"not at all","zh-Hans":"完全不会","zh-Hant":"完全不會"},)"
     R"("high_label":{"en":"certainly","zh-Hans":"一定会","zh-Hant":"一定會"}},{"item":"comment",)"
     R"("type":"text","required":false,"text":{"en":"Why?","zh-Hans":"为什么？",)"
     R"("zh-Hant":"為什麼？"}}])"},
    {"order_csat",
     R"({"en":"Your order","zh-Hans":"您的这次购物","zh-Hant":"您的這次購物"})",
     R"([{"item":"csat","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"How satisfied are you with this purchase?","zh-Hans":"这次购物您满意吗？",)"
     R"("zh-Hant":"這次購物您滿意嗎？"},"low_label":{"en":"very dissatisfied","zh-Hans":"很不满意",)"
     R"("zh-Hant":"很不滿意"},"high_label":{"en":"very satisfied","zh-Hans":"很满意",)"
     R"("zh-Hant":"很滿意"}},{"item":"delivery","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"Delivery","zh-Hans":"送货","zh-Hant":"送貨"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"product","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"The product","zh-Hans":"商品","zh-Hant":"商品"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"price","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"The price","zh-Hans":"价格","zh-Hant":"價格"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"clarity","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"What the page explained","zh-Hans":"页面说明","zh-Hant":"頁面說明"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false}])"},
    {"contact_csat",
     R"({"en":"Your contact with us","zh-Hans":"您与客服的这次联系","zh-Hant":"您與客服的這次聯絡"})",
     R"([{"item":"csat","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"How satisfied are you with this contact?","zh-Hans":"这次服务您满意吗？",)"
     R"("zh-Hant":"這次服務您滿意嗎？"},"low_label":{"en":"very dissatisfied","zh-Hans":"很不满意",)"
     R"("zh-Hant":"很不滿意"},"high_label":{"en":"very satisfied","zh-Hans":"很满意",)"
     R"("zh-Hant":"很滿意"}},{"item":"speed","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"How fast we answered","zh-Hans":"响应速度","zh-Hant":"回應速度"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"expertise","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"How well we knew the matter","zh-Hans":"专业程度","zh-Hant":"專業程度"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"friendliness","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"How friendly we were","zh-Hans":"态度","zh-Hant":"態度"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false},{"item":"solved","type":"scale","low":1,"high":5,)"
     R"("text":{"en":"Whether it is solved","zh-Hans":"问题是否解决","zh-Hant":"問題是否解決"},)"
     R"("low_label":{"en":"very dissatisfied","zh-Hans":"很不满意","zh-Hant":"很不滿意"},)"
     R"("high_label":{"en":"very satisfied","zh-Hans":"很满意","zh-Hant":"很滿意"},)"
     R"("required":false}])"},
};
// clang-format on

std::string text_list(std::span<const std::string_view> texts) {
  std::string out = "[";
  for (const std::string_view text : texts) {
    if (out.size() > 1) out.push_back(',');
    write_json_text(text, out);
  }
  return out + "]";
}

std::string number_of(std::int32_t thousandths) {
  return thousandths % 1000 == 0
             ? fmt::format("{}", thousandths / 1000)
             : fmt::format("{}.{}", thousandths / 1000, std::abs(thousandths) % 1000 / 100);
}

std::string parameters_of(const Product& p) {
  std::string out = "[";
  for (std::size_t i = 0; i < 3; ++i) {
    const ParameterSpec& spec = categories()[p.category].parameters[i];
    out += fmt::format(R"({}{{"name":"{}","name_en":"{}","value":{},"unit":"{}"}})", i > 0 ? "," : "",
                       spec.name_zh, spec.name_en, number_of(p.parameters[i]), spec.unit);
  }
  return out + "]";
}

std::string selling_points_of(const Product& p) {
  const CategorySpec& spec = categories()[p.category];
  const std::string first = fmt::format("{}，{}场景安心用", spec.functions[0], spec.scenes[0]);
  const std::string second =
      fmt::format("{} {}{}", spec.parameters[0].name_zh, number_of(p.parameters[0]), spec.parameters[0].unit);
  const std::string third = spec.department == Department::investing ? "费率与波动写在最前面"
                            : p.grade == 2                           ? "旗舰用料，两年只换不修"
                            : p.grade == 1                           ? "够用、耐用、省心"
                                                                     : "入门之选，轻松上手";
  const std::string_view points[] = {first, second, third};
  return text_list(points);
}

/// Contents, coupons, bundles and competitors: only retail has them.
std::size_t retail_nouns() {
  return contents().size() + (coupons().size() - 1) + bundles().size() + competitors().size();
}

}  // namespace

Renderer::Renderer(const Shop& shop, std::string tag, bool prose)
    : shop_(shop), tag_(std::move(tag)), prose_(prose) {
  for (std::size_t i = 0; i < kServices; ++i)
    if (offered_by(static_cast<Service>(i), shop.pack)) services_.push_back(i);
}

std::size_t Renderer::nouns() const {
  const std::size_t retail = shop_.pack == Pack::retail ? retail_nouns() : 0;
  return shop_.assortment.size() + services_.size() + retail + std::size(kSurveys);
}

void Renderer::render_noun(std::size_t n, WorldEvent& out) {
  out.clear();
  out.timestamp = Instant{shop_.start_ms(0)};
  scratch_ = fmt::format("{}-noun-{}", tag_, n);
  out.message_id = out.arena.copy(scratch_);
  if (n < shop_.assortment.size()) return product_noun(n, out);
  n -= shop_.assortment.size();
  if (n < services_.size()) return service_noun(services_[n], out);
  other_noun(n - services_.size() + (shop_.pack == Pack::retail ? 0 : retail_nouns()), out);
}

void Renderer::product_noun(std::size_t n, WorldEvent& out) {
  const Product& p = shop_.assortment.product(n);
  const CategorySpec& spec = categories()[p.category];
  out.name = "Product Published";
  out.add("product_id", std::string_view(p.id));
  out.add("name", std::string_view(p.name_zh));
  out.add("name_en", std::string_view(p.name_en));
  out.add("category", spec.zh);
  out.add("category_en", spec.en);
  out.add("department", department_zh(spec.department));
  out.add("department_en", department_en(spec.department));
  out.add("brand", brand_zh(spec.department, p.brand));
  out.add("brand_en", brand_en(spec.department, p.brand));
  out.add("price", Amount{p.list_fen});
  out.add("currency", std::string_view("CNY"));
  out.add("stock", std::int64_t{p.stock});
  out.add("parameters", Json{out.arena.copy(parameters_of(p))});
  out.add("scenes", std::span<const std::string_view>(spec.scenes));
  out.add("functions", std::span<const std::string_view>(spec.functions));
  out.add("selling_points", Json{out.arena.copy(selling_points_of(p))});
  out.add("needs_installation", spec.installs);
  out.add("repurchase_days", std::int64_t{spec.repurchase_days});
  if (spec.complement >= 0) out.add("goes_with", categories()[static_cast<std::size_t>(spec.complement)].zh);
  out.add("simulated", true);
}

void Renderer::service_noun(std::size_t n, WorldEvent& out) {
  const ServiceSpec& s = services()[n];
  out.name = "Service Published";
  out.add("service_id", s.id);
  out.add("title", s.zh);
  out.add("title_en", s.en);
  out.add("price", Amount{s.price_fen});
  out.add("currency", std::string_view("CNY"));
  out.add("cost", Amount{s.cost_fen});
  out.add("layer", std::string_view("augmented"));
  out.add("type", s.type);
  out.add("purpose", s.purpose);
  out.add("stage", s.stage);
  out.add("place", s.place);
  out.add("participation", s.participation);
  out.add("provider", s.provider);
  out.add("charging", s.price_fen > 0 ? std::string_view("separate") : std::string_view("bundled"));
  out.add("standard_hours", std::int64_t{s.standard_hours});
  out.add("owner", s.owner);
  out.add("description", s.text_zh);
  out.add("description_en", s.text_en);
  out.add("simulated", true);
}

void Renderer::other_noun(std::size_t n, WorldEvent& out) {
  if (n < contents().size()) {
    const ContentSpec& c = contents()[n];
    out.name = "Content Published";
    out.add("content_id", c.id);
    out.add("title", c.title_zh);
    out.add("title_en", c.title_en);
    out.add("content_kind", c.kind);
    out.add("department", department_zh(c.department));
    if (!c.term.empty()) out.add("term", c.term);
    return;
  }
  n -= contents().size();
  if (n < coupons().size() - 1) {
    const CouponSpec& c = coupons()[n + 1];
    out.name = "Coupon Published";
    out.add("coupon_id", c.id);
    out.add("coupon_value", Amount{c.value_fen});
    out.add("currency", std::string_view("CNY"));
    out.add("minimum", Amount{c.minimum_fen});
    out.add("valid_days", std::int64_t{c.valid_days});
    return out.add("reason", c.reason);
  }
  n -= coupons().size() - 1;
  if (n < bundles().size()) {
    const BundleSpec& b = bundles()[n];
    const auto ids = out.arena.array<std::string_view>(2);
    const auto first = shop_.assortment.of(b.category_a)[0], second = shop_.assortment.of(b.category_b)[0];
    ids[0] = product(first).id;
    ids[1] = product(second).id;
    out.name = "Bundle Published";
    out.add("bundle_id", b.id);
    out.add("product_ids", std::span<const std::string_view>(ids));
    out.add("title", b.title_zh);
    out.add("title_en", b.title_en);
    out.add("price", Amount{(product(first).list_fen + product(second).list_fen) * 92 / 100 / 100 * 100});
    return out.add("currency", std::string_view("CNY"));
  }
  n -= bundles().size();
  if (n < competitors().size()) {
    const CompetitorSpec& c = competitors()[n];
    const auto mine = shop_.assortment.of(c.category)[0];
    out.name = "Competitor Published";
    out.add("competitor_id", c.id);
    out.add("title", c.title_zh);
    out.add("title_en", c.title_en);
    out.add("category", categories()[static_cast<std::size_t>(c.category)].zh);
    out.add("price", Amount{product(mine).list_fen / 100 * c.price_percent / 100 * 100});
    return out.add("currency", std::string_view("CNY"));
  }
  n -= competitors().size();
  out.name = "Survey Published";
  out.add("survey_id", kSurveys[n].id);
  out.add("title", Json{kSurveys[n].title});
  out.add("items", Json{kSurveys[n].items});
}

}  // namespace rapport::world
