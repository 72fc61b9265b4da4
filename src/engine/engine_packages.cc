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

/// What people read of it; a text of the noun that is absent stays absent.
Status write_words(codec::JsonWriter& json, const NounMembers& body) {
  RAPPORT_TRY(const std::string title, body.need_text("title", kTitleMostBytes));
  json.field("title", title);
  for (const std::string_view name : {"title_en", "family", "tier"}) {
    const std::string text = body.text(name);
    if (text.size() > kTitleMostBytes)
      return Error{Errc::bad_input, fmt::format("{} is too long", name), std::string(name),
                   "200 bytes at most"};
    if (!text.empty()) json.field(name, text);
  }
  if (const auto rank = body.number("rank")) {
    json.key("rank");
    json.real(*rank);
  }
  if (body.find("until").present()) {
    const auto until = body.time("until");
    if (!until) return Error{Errc::bad_input, "until is no moment", "until", "2026-12-31T00:00:00Z"};
    json.field("until", *until);
  }
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

Result<std::string> package_noun(const PackagePlan& plan, const NounMembers& body, Currency currency) {
  if (plan.price > plan.list)
    return Error{Errc::refused, "the package costs more than its parts", "price",
                 fmt::format("{} at most", format_minor(plan.list, currency))};
  const auto margin = plan.margin();
  if (margin && *margin < 0 && body.raw("below_cost") != "true")
    return Error{Errc::refused, "the package costs less than its parts cost the shop", "price",
                 fmt::format("{} at least, or \"below_cost\":true", format_minor(*plan.cost, currency))};
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  RAPPORT_CHECK(write_words(json, body));
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
        RAPPORT_TRY(const std::string noun, package_noun(plan, *asked, inquiry.currency()));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Bundle Published", "bundle_id", id, noun}));
        return fmt::format("{{\"package_id\":\"{}\",\"offset\":{}}}", id, offset.value);
      },
      std::move(reply));
}

void packages(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(shop, packages_json, std::move(reply));
}

}  // namespace rapport::engine
