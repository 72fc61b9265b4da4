#include <fmt/format.h>

#include "world/detail/render.h"

// The catalogue's nouns, whole: products, services, contents, coupons, bundles, competitors, surveys.
namespace rapport::world {
namespace {

constexpr std::string_view kSurveyBodies[] = {
    R"([{"item":"nps","scale":"0-10","text":"您有多大可能向朋友推荐我们？"},{"item":"comment","scale":"text","text":"为什么？"}])",
    R"([{"item":"csat","scale":"1-5","text":"这次购物您满意吗？"},{"item":"delivery","scale":"1-5","text":"送货"},{"item":"product","scale":"1-5","text":"商品"},{"item":"price","scale":"1-5","text":"价格"},{"item":"clarity","scale":"1-5","text":"页面说明"}])",
    R"([{"item":"csat","scale":"1-5","text":"这次服务您满意吗？"},{"item":"speed","scale":"1-5","text":"响应速度"},{"item":"expertise","scale":"1-5","text":"专业程度"},{"item":"friendliness","scale":"1-5","text":"态度"},{"item":"solved","scale":"1-5","text":"问题是否解决"}])",
};
constexpr std::string_view kSurveyIds[] = {"nps", "order_csat", "contact_csat"};

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
  return shop_.assortment.size() + services_.size() + retail + std::size(kSurveyIds);
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
  out.add("survey_id", kSurveyIds[n]);
  out.add("items", Json{kSurveyBodies[n]});
}

}  // namespace rapport::world
