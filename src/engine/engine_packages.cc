#include "engine/engine_packages.h"

#include <algorithm>
#include <tuple>

#include "codec/json_writer.h"
#include "engine/detail/package_plan.h"
#include "model/catalogue_ids.h"
#include "text/han.h"

// Packages: planned, published, listed.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kIdMostBytes = 64;
constexpr std::size_t kTitleMostBytes = 200;

Status check_package_id(std::string_view id) {
  const bool good = !id.empty() && id.size() <= kIdMostBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (good) return {};
  return Error{Errc::bad_input, "this cannot name a package", "id", "1 to 64 letters, digits, - _ and ."};
}

constexpr double kRankMost = 1'000;

/// What people read of it; a text of the noun that is absent stays absent.
Status write_words(codec::JsonWriter& json, const NounMembers& body, Instant now) {
  RAPPORT_TRY(const std::string title, body.need_text("title", kTitleMostBytes));
  json.field("title", title);
  for (const std::string_view name : {"title_en", "family", "tier"}) {
    const codec::JsonValue value = body.find(name);
    if (!value.present() || value.is_null()) continue;
    const std::string text = body.text(name);
    if (!value.is(codec::JsonKind::string) || text.size() > kTitleMostBytes)
      return Error{Errc::bad_input, fmt::format("{} is no text, or too long", name), std::string(name),
                   "a text of 200 bytes at most"};
    if (!text.empty()) json.field(name, text);
  }
  if (const codec::JsonValue rank = body.find("rank"); rank.present() && !rank.is_null()) {
    const auto place = body.number("rank");
    if (!place || !(*place >= 0 && *place <= kRankMost))
      return Error{Errc::bad_input, "rank is no place among the tiers", "rank", "a number from 0 to 1000"};
    if (body.text("family").empty())
      return Error{Errc::bad_input, "a rank in no family", "family", "the family that it is a tier of"};
    json.key("rank");
    json.real(*place);
  }
  if (const codec::JsonValue value = body.find("until"); value.present() && !value.is_null()) {
    const auto until = body.time("until");
    if (!until) return Error{Errc::bad_input, "until is no moment", "until", "2026-12-31T00:00:00Z"};
    if (*until <= now)
      return Error{Errc::bad_input, "until has passed", "until", "later than " + format_instant(now)};
    json.field("until", *until);
  }
  return {};
}

/// Whether the price covers what the parts cost, as far as the catalogue tells. Whoever sells below it, or
/// without knowing, says so.
Status check_cost(const PackagePlan& plan, const NounMembers& body, Currency currency) {
  if (body.raw("below_cost") == "true") return {};
  std::int64_t known = 0;
  std::string unknown;
  for (const PackagePart& part : plan.parts) {
    if (part.cost)
      known += *part.cost * part.quantity;
    else if (unknown.empty())
      unknown = part.id;
  }
  if (plan.price < known)
    return Error{Errc::refused, "the package costs less than its parts cost the shop", "price",
                 fmt::format("{} at least, or \"below_cost\":true", format_minor(known, currency))};
  if (!unknown.empty())
    return Error{
        Errc::refused,
        fmt::format("the catalogue tells no cost of '{}', so nobody can tell whether the price covers it",
                    unknown.substr(0, 64)),
        "price", "a cost in the catalogue, or \"below_cost\":true"};
  return {};
}

void write_ids(codec::JsonWriter& json, std::string_view name, const PackagePlan& plan, bool services) {
  json.key(name);
  json.begin_array();
  for (const PackagePart& part : plan.parts) {
    for (std::int64_t i = 0; part.is_service == services && i < part.quantity; ++i) json.text(part.id);
  }
  json.end_array();
}

Result<std::string> package_noun(const PackagePlan& plan, const NounMembers& body, Currency currency,
                                 Instant now) {
  if (plan.price > plan.list)
    return Error{Errc::refused, "the package costs more than its parts", "price",
                 fmt::format("{} at most", format_minor(plan.list, currency))};
  RAPPORT_CHECK(check_cost(plan, body, currency));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  RAPPORT_CHECK(write_words(json, body, now));
  write_ids(json, "product_ids", plan, false);
  write_ids(json, "services", plan, true);
  json.key("price");
  json.raw(format_minor(plan.price, currency));
  json.key("list");
  json.raw(format_minor(plan.list, currency));
  json.field("currency", currency.text());
  json.field("composed", true);
  json.end_object();
  return text;
}

/// Bundles of the catalogue and packages are one event's: who holds an id keeps it.
Status check_holder(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(const std::string held, inquiry.noun(k::bundle_published, id));
  const auto noun = NounMembers::parse(held.empty() ? "{}" : held);
  if (held.empty() || !noun.ok() || (*noun)->raw("composed") == "true") return {};
  const codec::JsonValue services = (*noun)->find("services");
  if (services.present() && services.is(codec::JsonKind::array) && codec::JsonItems(services).next())
    return {};
  return Error{Errc::conflict, fmt::format("the bundle '{}' holds this id", id), "id",
               "another id, or the bundle itself: PUT /v1/catalogue/bundle/{id}"};
}

/// The ids of a noun's list, each with how often it stands there, as a request names them.
std::string parts_as_asked(const NounMembers& noun, std::string_view member) {
  const codec::JsonValue list = noun.find(member);
  if (!list.present() || !list.is(codec::JsonKind::array)) return "[]";
  return std::string(list.raw());
}

struct Listed {
  std::string id, family;
  double rank = 0;
  std::unique_ptr<NounMembers> noun;
};

Result<std::vector<Listed>> listed_packages(Inquiry& inquiry) {
  RAPPORT_TRY(const auto nouns, inquiry.nouns(k::bundle_published));
  std::vector<Listed> out;
  for (const auto& [id, text] : nouns) {
    auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    const bool has_service = parts_as_asked(**noun, "services") != "[]";
    if (!has_service && (*noun)->raw("composed") != "true") continue;
    Listed one{id, (*noun)->text("family"), (*noun)->number("rank").value_or(0), std::move(noun).value()};
    out.push_back(std::move(one));
  }
  std::stable_sort(out.begin(), out.end(), [](const Listed& a, const Listed& b) {
    return std::tie(a.family, a.rank, a.id) < std::tie(b.family, b.rank, b.id);
  });
  return out;
}

/// The published price over today's parts, so that a part whose price or cost changed shows.
Result<PackagePlan> plan_of(Inquiry& inquiry, const NounMembers& noun) {
  RAPPORT_TRY(const auto asked,
              NounMembers::parse(fmt::format(
                  R"({{"services":{},"products":{},"price":{}}})", parts_as_asked(noun, "services"),
                  parts_as_asked(noun, "product_ids"), noun.raw("price").empty() ? "0" : noun.raw("price"))));
  return make_plan(inquiry, *asked);
}

Result<std::string> packages_json(Inquiry& inquiry) {
  RAPPORT_TRY(const auto all, listed_packages(inquiry));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("packages");
  json.begin_array();
  for (const Listed& one : all) {
    const auto plan = plan_of(inquiry, *one.noun);
    json.begin_object();
    json.field("package_id", one.id);
    for (const std::string_view name : {"title", "title_en", "family", "tier", "rank", "until"}) {
      if (one.noun->raw(name).empty()) continue;
      json.key(name);
      json.raw(one.noun->raw(name));
    }
    if (plan.ok()) {
      write_plan(json, *plan, inquiry.currency());
    } else {
      json.field("problem", plan.error().message);
    }
    json.end_object();
  }
  json.end_array();
  json.field("known_at", inquiry.known_at());
  json.end_object();
  return text;
}

}  // namespace

void plan_package(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto asked, NounMembers::parse(body));
        RAPPORT_TRY(const PackagePlan plan, make_plan(inquiry, *asked));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        write_plan(json, plan, inquiry.currency());
        json.end_object();
        return text;
      },
      std::move(reply));
}

void publish_package(Engine& engine, ShopNo shop, std::string id, std::string body,
                     Reply<std::string> reply) {
  if (const Status good = check_package_id(id); !good.ok()) return reply(good.error());
  engine.inquire(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto asked, NounMembers::parse(body));
        RAPPORT_TRY(const PackagePlan plan, make_plan(inquiry, *asked));
        RAPPORT_CHECK(check_holder(inquiry, id));
        RAPPORT_TRY(const Instant now, inquiry.now());
        RAPPORT_TRY(const std::string noun, package_noun(plan, *asked, inquiry.currency(), now));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Bundle Published", "bundle_id", id, noun}));
        return fmt::format("{{\"package_id\":\"{}\",\"offset\":{}}}", id, offset.value);
      },
      std::move(reply));
}

void packages(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(shop, packages_json, std::move(reply));
}

}  // namespace rapport::engine
