#include "engine/detail/package_plan.h"

#include <cmath>
#include <map>

#include "engine/detail/counted_ids.h"
#include "model/catalogue_ids.h"
#include "study/scores.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

Result<std::map<std::string, std::int64_t>> read_parts(const NounMembers& body, bool services) {
  const std::string_view member = services ? "services" : "products";
  const std::string_view id_name = services ? "service_id" : "product_id";
  const codec::JsonValue list = body.find(member);
  if (!list.present()) return std::map<std::string, std::int64_t>();
  auto parts = counted_ids(list, id_name);
  if (parts) return std::move(*parts);
  return Error{Errc::bad_input, fmt::format("{} is wrong", member), std::string(member),
               fmt::format("[\"A\", {{\"{}\":\"B\",\"quantity\":2}}]", id_name)};
}

Status take_parts(Inquiry& inquiry, const NounMembers& body, bool services, std::vector<PackagePart>& out) {
  RAPPORT_TRY(const auto asked, read_parts(body, services));
  for (const auto& [id, quantity] : asked) {
    RAPPORT_TRY(const std::string text,
                inquiry.noun(services ? k::service_published : k::product_published, id));
    if (text.empty())
      return Error{Errc::not_found,
                   fmt::format("no {} '{}'", services ? "service" : "product", id.substr(0, 64)),
                   services ? "services" : "products", "one that was published"};
    RAPPORT_TRY(const auto noun, NounMembers::parse(text));
    if (const std::string currency = noun->text("currency");
        !currency.empty() && currency != inquiry.currency().text())
      return Error{
          Errc::bad_input, fmt::format("'{}' is priced in {}", id.substr(0, 64), currency.substr(0, 8)),
          services ? "services" : "products", fmt::format("parts priced in {}", inquiry.currency().text())};
    PackagePart part;
    part.is_service = services;
    part.id = id;
    part.name = id;
    for (const std::string_view member : {"name", "title"}) {
      if (std::string name = noun->text(member); !name.empty()) part.name = std::move(name);
    }
    part.quantity = quantity;
    part.price = noun->minor("price", inquiry.currency()).value_or(0);
    part.cost = noun->minor("cost", inquiry.currency());
    out.push_back(std::move(part));
  }
  return {};
}

/// Who had which part in the last days: parts, n (customers with so many of them), and part, n.
Status count_facts(Inquiry& inquiry, PackagePlan& plan) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  std::string since = format_instant(now - days(plan.days));
  since = "TIMESTAMP '" + since.substr(0, 10) + " " + since.substr(11, 8) + "'";
  std::string had;
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const PackagePart& part = plan.parts[i];
    had += i == 0 ? "" : " UNION ALL ";
    had += part.is_service
               ? fmt::format(
                     "SELECT DISTINCT customer, {} AS part FROM events WHERE event IN ('Service Bought', "
                     "'Service Entitled') AND service_id = {} AND event_time > {} AND customer IS NOT NULL",
                     i, literal(part.id), since)
               : fmt::format(
                     "SELECT DISTINCT l.customer, {} AS part FROM order_lines l JOIN orders o USING "
                     "(order_id) WHERE l.product_id = {} AND l.placed_at > {} AND o.cancelled_at IS NULL AND "
                     "l.customer IS NOT NULL",
                     i, literal(part.id), since);
  }
  RAPPORT_TRY(
      const model::Table by_part,
      inquiry.table(fmt::format("WITH had AS ({}) SELECT part::VARCHAR AS part, count(*) AS n FROM had "
                                "GROUP BY part ORDER BY part",
                                had)));
  RAPPORT_TRY(const model::Table by_parts,
              inquiry.table(
                  fmt::format("WITH had AS ({}), each AS (SELECT customer, count(*) AS parts FROM had "
                              "GROUP BY customer) SELECT count(*) AS any_part, count(*) FILTER (WHERE parts "
                              "= {}) AS together FROM each",
                              had, plan.parts.size())));
  for (std::size_t i = 0; i < plan.parts.size(); ++i)
    plan.facts.had.push_back(cell(by_part, "n", row_of(by_part, "part", std::to_string(i))));
  plan.facts.any = cell(by_parts, "any_part", 0);
  plan.facts.together = cell(by_parts, "together", 0);
  return {};
}

}  // namespace

std::optional<double> PackagePlan::break_even() const {
  const auto each = margin();
  if (!each || *each <= 0) return std::nullopt;
  return std::ceil(given_away() / static_cast<double>(*each));
}

Result<PackagePlan> price_plan(std::vector<PackagePart> parts, const PackageTerms& terms) {
  if (parts.empty() || parts.size() > kPackagePartsMost)
    return Error{Errc::bad_input, fmt::format("{} parts", parts.size()), "services",
                 fmt::format("1 to {} services and products", kPackagePartsMost)};
  if (terms.discount && terms.price)
    return Error{Errc::bad_input, "a discount and a price", "price", "one of the two"};
  if (terms.discount && !(*terms.discount >= 0 && *terms.discount < 1))
    return Error{Errc::bad_input, fmt::format("a discount of {}", *terms.discount), "discount",
                 "a share from 0 to below 1"};
  if (terms.price && *terms.price < 0)
    return Error{Errc::bad_input, "a price below zero", "price", "an amount from 0"};
  PackagePlan plan;
  plan.parts = std::move(parts);
  plan.cost = 0;
  for (const PackagePart& part : plan.parts) {
    plan.list += part.total();
    if (!part.cost) plan.cost = std::nullopt;
    if (plan.cost) *plan.cost += *part.cost * part.quantity;
  }
  // Half a minor unit goes to the customer.
  plan.price = terms.price
                   ? *terms.price
                   : plan.list - static_cast<std::int64_t>(std::ceil(
                                     static_cast<double>(plan.list) * terms.discount.value_or(0) - 1e-9));
  if (terms.discount && plan.list > 0 && plan.price <= 0)
    return Error{Errc::bad_input, "the discount leaves no price", "discount",
                 "a smaller one; a package that is given away has \"price\":0"};
  return plan;
}

Result<PackagePlan> make_plan(Inquiry& inquiry, const NounMembers& body) {
  std::vector<PackagePart> parts;
  RAPPORT_CHECK(take_parts(inquiry, body, true, parts));
  RAPPORT_CHECK(take_parts(inquiry, body, false, parts));
  PackageTerms terms;
  terms.discount = body.number("discount");
  terms.price = body.minor("price", inquiry.currency());
  if (body.find("price").present() && !terms.price)
    return Error{Errc::bad_input, "the price is no amount", "price", "an amount such as 199.00"};
  RAPPORT_TRY(PackagePlan plan, price_plan(std::move(parts), terms));
  const double span = body.number("days").value_or(90);
  if (span < 1 || span > 730 || span != std::floor(span))
    return Error{Errc::bad_input, "no such number of days", "days", "a whole number from 1 to 730"};
  plan.days = static_cast<std::int64_t>(span);
  RAPPORT_CHECK(count_facts(inquiry, plan));
  return plan;
}

void write_plan(codec::JsonWriter& json, const PackagePlan& plan, Currency currency) {
  const auto money = [&](std::string_view name, std::optional<std::int64_t> minor) {
    json.key(name);
    minor ? json.raw(format_minor(*minor, currency)) : json.null();
  };
  const auto real = [&](std::string_view name, std::optional<double> value) {
    json.key(name);
    value ? json.real(*value) : json.null();
  };
  json.key("parts");
  json.begin_array();
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const PackagePart& part = plan.parts[i];
    json.begin_object();
    json.field("kind", part.is_service ? "service" : "product");
    json.field("id", part.id);
    json.field("name", part.name);
    json.field("quantity", part.quantity);
    money("price", part.price);
    money("cost", part.cost);
    money("total", part.total());
    if (i < plan.facts.had.size()) real("had", plan.facts.had[i]);
    json.end_object();
  }
  json.end_array();
  money("list", plan.list);
  money("price", plan.price);
  money("saved", plan.saved());
  real("discount", plan.list > 0 ? static_cast<double>(plan.saved()) / static_cast<double>(plan.list) : 0);
  money("cost", plan.cost);
  money("margin", plan.margin());
  real("margin_rate", plan.margin() && plan.price > 0 ? std::optional(static_cast<double>(*plan.margin()) /
                                                                      static_cast<double>(plan.price))
                                                      : std::nullopt);
  json.field("currency", currency.text());
  json.key("facts");
  json.begin_object();
  json.field("days", plan.days);
  real("any", plan.facts.any);
  real("together", plan.facts.together);
  const bool known = plan.facts.any > 0;
  real("share", known ? std::optional(plan.facts.together / plan.facts.any) : std::nullopt);
  const study::Interval share =
      known ? study::wilson_interval(plan.facts.together, plan.facts.any) : study::Interval{};
  real("share_low", known ? std::optional(share.low) : std::nullopt);
  real("share_high", known ? std::optional(share.high) : std::nullopt);
  money("value_if_nobody_changes", -std::llround(plan.given_away()));
  real("break_even", plan.break_even());
  real("candidates", plan.facts.any - plan.facts.together);
  json.end_object();
}

}  // namespace rapport::engine
