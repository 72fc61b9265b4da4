#include "engine/engine_worth.h"

#include <algorithm>
#include <map>

#include "codec/json_writer.h"
#include "engine/detail/counted_ids.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/package_price.h"
#include "engine/detail/service_warnings.h"
#include "engine/detail/service_worth.h"
#include "model/catalogue_ids.h"

// The matrix of benefit and cost, prices of packages, reviews.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr Duration kReviewEvery = days(90);
/// Of a normal interval of 95 %.
constexpr double kZ95 = 1.959963984540054;

std::string name_of(const NounMembers& noun, const std::string& id) {
  for (const std::string_view member : {"title", "name"}) {
    if (std::string text = noun.text(member); !text.empty()) return text;
  }
  return id;
}

void write_roi_line(codec::JsonWriter& json, const study::RoiLine& line, const ServiceWorths& worths) {
  const auto real = [&json](std::string_view name, double value) {
    json.key(name);
    json.real(value);
  };
  const std::string& id = line.worth.service;
  json.begin_object();
  json.field("service_id", id);
  json.field("name", worths.names.at(id));
  real("benefit", line.worth.benefit);
  real("benefit_se", line.worth.benefit_se);
  real("cost", line.worth.cost);
  real("cost_se", line.worth.cost_se);
  real("net", line.net);
  real("net_low", line.net_interval.low);
  real("net_high", line.net_interval.high);
  real("pays_probability", line.pays_probability);
  real("roi", line.roi);
  json.field("quadrant", study::roi_quadrant_name(line.quadrant));
  json.key("probability");
  json.begin_object();
  for (std::size_t i = 0; i < study::kRoiQuadrants.size(); ++i)
    real(study::roi_quadrant_name(study::kRoiQuadrants[i]), line.probability[i]);
  json.end_object();
  const ToldBenefit& told = worths.told.at(id);
  json.field("study_id", told.study_id);
  json.field("randomised", told.randomised);
  json.field("basis", worths.bases.at(id).en);
  write_said(json, "basis_text", worths.bases.at(id));
  write_advice(json, worths.advice(id));
  json.end_object();
}

Result<std::string> roi_json(Inquiry& inquiry) {
  RAPPORT_TRY(const model::Table life, inquiry.table(std::string(kServiceLifeSql)));
  RAPPORT_TRY(const ServiceWorths worths, service_worths(inquiry, life));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("services");
  json.begin_array();
  double benefit_line = std::nan(""), cost_line = std::nan("");
  if (worths.matrix) {
    benefit_line = worths.matrix->benefit_line;
    cost_line = worths.matrix->cost_line;
    for (const study::RoiLine& line : worths.matrix->lines) write_roi_line(json, line, worths);
  }
  json.end_array();
  json.key("unmeasured");
  json.begin_array();
  for (const UnmeasuredService& one : worths.unmeasured) {
    json.begin_object();
    json.field("service_id", one.service);
    json.field("name", one.name);
    json.field("reason", one.reason.en);
    write_said(json, "reason_text", one.reason);
    write_advice(json, worths.advice(one.service));
    json.end_object();
  }
  json.end_array();
  json.key("benefit_line");
  json.real(benefit_line);
  json.key("cost_line");
  json.real(cost_line);
  json.field("currency", inquiry.currency().text());
  json.field("per", "month");
  json.key("month_days");
  json.real(kMonthDays);
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

// ---- prices of packages ----

Result<PricedService> priced_service(const std::string& id, std::int64_t quantity, std::string_view text,
                                     Currency currency) {
  if (text.empty())
    return Error{Errc::not_found, fmt::format("no service '{}'", id.substr(0, 64)), "services",
                 "one of GET /v1/services"};
  RAPPORT_TRY(const auto noun, NounMembers::parse(text));
  PricedService out;
  out.id = id;
  out.name = name_of(*noun, id);
  out.quantity = quantity;
  out.price = noun->minor("price", currency).value_or(0);
  const codec::JsonValue tiers = noun->find("tiers");
  for (codec::JsonItems list(tiers); tiers.present() && list.next();) {
    const auto tier = NounMembers::parse(list.value().raw());
    if (!tier.ok()) continue;
    const auto from = (*tier)->number("from");
    const auto price = (*tier)->minor("price", currency);
    if (from && price && *from >= 1) out.tiers.push_back({static_cast<std::int64_t>(*from), *price});
  }
  return out;
}

Result<std::map<std::string, std::int64_t>> asked_services(const NounMembers& body) {
  auto services = counted_ids(body.find("services"), "service_id");
  if (services) return std::move(*services);
  return Error{Errc::bad_input, "services is missing or wrong", "services",
               "[\"S-a\", {\"service_id\":\"S-b\",\"quantity\":2}]"};
}

Result<std::vector<PricedBundle>> priced_bundles(Inquiry& inquiry) {
  RAPPORT_TRY(const auto nouns, inquiry.nouns(k::bundle_published));
  std::vector<PricedBundle> out;
  for (const auto& [id, text] : nouns) {
    const auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    const auto price = (*noun)->minor("price", inquiry.currency());
    const codec::JsonValue services = (*noun)->find("services");
    const codec::JsonValue products = (*noun)->find("product_ids");
    const bool has_products = products.present() && codec::JsonItems(products).next();
    // What also holds products is no price of services alone.
    if (!price || has_products || !services.present() || !services.is(codec::JsonKind::array)) continue;
    PricedBundle bundle{id, {}, *price};
    for (codec::JsonItems items(services); items.next();) {
      if (items.value().is(codec::JsonKind::string)) bundle.services.push_back(items.value().text());
    }
    out.push_back(std::move(bundle));
  }
  return out;
}

std::string price_json(const PackagePrice& price, Currency currency) {
  std::string text;
  codec::JsonWriter json(text);
  const auto money = [&](std::string_view name, std::int64_t minor) {
    json.key(name);
    json.raw(format_minor(minor, currency));
  };
  json.begin_object();
  json.key("lines");
  json.begin_array();
  for (const PriceLine& line : price.lines) {
    json.begin_object();
    json.field("service_id", line.id);
    json.field("name", line.name);
    money("price", line.price);
    json.field("quantity", line.quantity);
    money("total", line.total);
    json.end_object();
  }
  json.end_array();
  json.key("bundles");
  json.begin_array();
  for (const std::string& bundle : price.bundles) json.text(bundle);
  json.end_array();
  money("list", price.list);
  money("discount", price.list - price.total);
  money("total", price.total);
  json.field("currency", currency.text());
  json.end_object();
  return text;
}

// ---- reviews ----

/// When a service was last studied, judged or acted on, and the next date that somebody set.
struct Looked {
  std::optional<Instant> last, next;
};

Status look_at(Inquiry& inquiry, model::EventKind kind, std::string_view when, Instant now,
               std::map<std::string, Looked>& out) {
  RAPPORT_TRY(const auto nouns, inquiry.nouns(kind));
  for (const auto& [id, text] : nouns) {
    const auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    const std::string service = (*noun)->text("service_id");
    if (service.empty()) continue;
    Looked& looked = out[service];
    if (const auto at = (*noun)->time(when)) looked.last = std::max(looked.last.value_or(*at), *at);
    if (const auto again = (*noun)->time("remeasure_at"); again && *again >= now)
      looked.next = std::min(looked.next.value_or(*again), *again);
  }
  return {};
}

ServiceFacts facts_of(const model::Table& life, const std::string& id, const NounMembers& noun) {
  const std::size_t row = row_of(life, "service_id", id);
  ServiceFacts f;
  f.type = noun.text("type");
  f.has_choice = noun.find("tiers").present() || noun.find("options").present();
  f.price = noun.number("price").value_or(0);
  f.cost = noun.number("cost").value_or(0);
  const std::pair<std::string_view, double*> columns[] = {{"c_offered", &f.offered},
                                                          {"c_known", &f.known},
                                                          {"c_held", &f.held},
                                                          {"bought", &f.bought},
                                                          {"entitled", &f.entitled},
                                                          {"booked", &f.booked},
                                                          {"delivered", &f.delivered},
                                                          {"used", &f.used},
                                                          {"renewed", &f.renewed},
                                                          {"late", &f.late},
                                                          {"errors", &f.errors},
                                                          {"ratings", &f.ratings},
                                                          {"mean_rating", &f.mean_rating}};
  for (const auto& [name, member] : columns) *member = cell(life, name, row);
  return f;
}

void write_review(codec::JsonWriter& json, const std::string& id, const ServiceWorths& worths,
                  const Looked& looked, Instant now, const ServiceFacts& facts) {
  const Instant next = looked.next ? *looked.next : looked.last ? *looked.last + kReviewEvery : now;
  json.begin_object();
  json.field("service_id", id);
  json.field("name", worths.names.at(id));
  json.field("last_review", looked.last);
  json.field("next_review", next);
  json.field("overdue", next <= now);
  write_advice(json, worths.advice(id));
  json.key("warnings");
  json.begin_array();
  for (const ServiceWarning& warning : service_warnings(facts)) {
    json.begin_object();
    json.field("kind", warning.kind);
    write_said(json, "detail", {warning.en, warning.hans});
    json.key("figures");
    json.begin_object();
    for (const auto& [figure, value] : warning.figures) {
      json.key(figure);
      json.real(value);
    }
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

Result<std::string> reviews_json(Inquiry& inquiry) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  RAPPORT_TRY(const auto services, inquiry.nouns(k::service_published));
  RAPPORT_TRY(const model::Table life, inquiry.table(std::string(kServiceLifeSql)));
  RAPPORT_TRY(const ServiceWorths worths, service_worths(inquiry, life));
  RAPPORT_TRY(const std::size_t customers,
              ask_shop<std::size_t>(inquiry.unit(), [&]() -> Result<std::size_t> {
                return inquiry.unit().shop.state().customers();
              }));
  std::map<std::string, Looked> looked;
  RAPPORT_CHECK(look_at(inquiry, k::study_published, "published_at", now, looked));
  RAPPORT_CHECK(look_at(inquiry, k::verdict_reached, "decided_at", now, looked));
  RAPPORT_CHECK(look_at(inquiry, k::action_taken, "taken_at", now, looked));
  std::map<std::string, ServiceFacts> facts;
  std::map<std::string, double> of_type;
  for (const auto& [id, text] : services) {
    const auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    facts[id] = facts_of(life, id, **noun);
    ++of_type[facts[id].type];
  }
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("services");
  json.begin_array();
  for (auto& [id, f] : facts) {
    f.customers = static_cast<double>(customers);
    f.alike = f.type.empty() ? 0 : of_type[f.type] - 1;
    if (const auto study = worths.told.find(id); study != worths.told.end()) {
      f.has_benefit = true;
      f.benefit_high = study->second.amount + kZ95 * study->second.se;
    }
    write_review(json, id, worths, looked[id], now, f);
  }
  json.end_array();
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

}  // namespace

void services_roi(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(shop, roi_json, std::move(reply));
}

void service_reviews(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(shop, reviews_json, std::move(reply));
}

void package_price(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto request, NounMembers::parse(body));
        RAPPORT_TRY(const auto asked, asked_services(*request));
        std::vector<PricedService> services;
        for (const auto& [id, quantity] : asked) {
          RAPPORT_TRY(const std::string noun, inquiry.noun(k::service_published, id));
          RAPPORT_TRY(PricedService one, priced_service(id, quantity, noun, inquiry.currency()));
          services.push_back(std::move(one));
        }
        RAPPORT_TRY(const auto bundles, priced_bundles(inquiry));
        RAPPORT_TRY(const PackagePrice price, price_package(services, bundles));
        return price_json(price, inquiry.currency());
      },
      std::move(reply));
}

}  // namespace rapport::engine
