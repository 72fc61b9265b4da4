#include <algorithm>

#include "http/detail/ask.h"
#include "http/detail/topics.h"

// What things are called, and how parameters are said in everyday words.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::reply_with;

constexpr std::size_t kRulesMost = 200;
constexpr std::size_t kWordBytesMost = 400;
constexpr std::string_view kWords[] = {"category", "parameter", "unit", "zh-CN", "zh-TW", "en"};

/// Errors: bad_input naming the rule by its place, from 1.
Status check_rule(codec::JsonValue rule, std::size_t place) {
  const auto wrong = [&](std::string_view member, std::string what) {
    return Error{Errc::bad_input, std::move(what), fmt::format("rules[{}].{}", place, member),
                 "a parameter, from and to as numbers or null, and words in zh-CN, zh-TW or en"};
  };
  if (!rule.is(codec::JsonKind::object)) return wrong("", "a rule is an object");
  for (const std::string_view name : kWords) {
    const codec::JsonValue word = rule.find(name);
    if (!word.present()) continue;
    if (!word.is(codec::JsonKind::string) || word.raw().size() > kWordBytesMost)
      return wrong(name, fmt::format("no text, or one of more than {} bytes", kWordBytesMost));
  }
  const auto said = [&](std::string_view name) {
    const codec::JsonValue word = rule.find(name);
    return word.present() && !word.text().empty();
  };
  if (!said("parameter")) return wrong("parameter", "which parameter?");
  if (!said("zh-CN") && !said("zh-TW") && !said("en")) return wrong("en", "no words in any language");
  for (const std::string_view bound : {"from", "to"}) {
    const codec::JsonValue value = rule.find(bound);
    if (value.present() && !value.is_null() && !value.is(codec::JsonKind::number))
      return wrong(bound, "no number");
  }
  return {};
}

void put_everyday(Ask ask) {
  codec::JsonIndex json;
  const Status parsed = json.parse(ask.request().body);
  if (!parsed.ok()) return ask.call->respond(problem(parsed.error()));
  const codec::JsonValue rules = json.root().find("rules");
  if (!rules.present() || !rules.is(codec::JsonKind::array))
    return ask.call->respond(problem(Error{Errc::bad_input, "no list of rules", "rules", "a list"}));
  std::size_t place = 0;
  for (codec::JsonItems items(rules); items.next();) {
    if (++place > kRulesMost)
      return ask.call->respond(
          problem(Error{Errc::too_large, "too many rules", "rules", fmt::format("at most {}", kRulesMost)}));
    const Status good = check_rule(items.value(), place);
    if (!good.ok()) return ask.call->respond(problem(good.error()));
  }
  ask.engine().publish_everyday(ask.who.shop, std::string(rules.raw()),
                                reply_with<EventSeq>(ask.call, detail::offset_response));
}

void get_everyday(Ask ask) {
  std::optional<EventSeq> after;
  if (!ask.request().log_offset.empty()) {
    HTTP_TRY(const auto offset, detail::number_of(ask.request().log_offset, "X-Log-Offset"));
    after = EventSeq{offset};
  }
  ask.engine().everyday(ask.who.shop, after, reply_with<std::string>(ask.call, [](const std::string& noun) {
                          Response response;
                          codec::JsonWriter json(response.body);
                          json.begin_object();
                          json.key("rules");
                          codec::JsonIndex index;
                          const bool published = !noun.empty() && index.parse(noun).ok();
                          const codec::JsonValue rules =
                              published ? index.root().find("rules") : codec::JsonValue();
                          json.raw(rules.present() ? rules.raw() : "[]");
                          json.end_object();
                          return response;
                        }));
}

void write_names(codec::JsonWriter& json, std::string_view kind, const std::vector<model::NounName>& names) {
  json.key(kind);
  json.begin_array();
  for (const model::NounName& one : names) {
    json.begin_object();
    json.field("id", one.id);
    json.field("name", one.name);
    json.field("name_en", one.name_en);
    json.end_object();
  }
  json.end_array();
}

void get_names(Ask ask) {
  ask.engine().noun_names(ask.who.shop,
                          reply_with<model::NounNames>(ask.call, [](const model::NounNames& names) {
                            Response response;
                            codec::JsonWriter json(response.body);
                            json.begin_object();
                            write_names(json, "products", names.products);
                            write_names(json, "services", names.services);
                            json.end_object();
                            return response;
                          }));
}

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/names",
     .needs = read,
     .tag = "customers",
     .summary = "What every published product and service is called.",
     .answer = "Names",
     .handle = get_names},
    {.method = get,
     .pattern = "/v1/shop/everyday",
     .needs = browse,
     .tag = "shopfront",
     .summary = "How the shop says parameters in everyday words: rules that go before the elements' own.",
     .answer = "Everyday",
     .handle = get_everyday,
     .cors = true},
    {.method = put,
     .pattern = "/v1/everyday",
     .needs = publish,
     .tag = "shopfront",
     .summary = "Publishes these rules, all of them, in place of those before.",
     .body = "Everyday",
     .answer = "Offset",
     .handle = put_everyday,
     .body_most = 256 * 1024},
};

#define RAPPORT_NAMES                                                                                  \
  R"({"type":"array","items":{"type":"object","required":["id","name","name_en"],"properties":{"id":)" \
  R"({"type":"string"},"name":{"type":"string"},"name_en":{"type":"string"}}}})"

constexpr detail::Schema kSchemas[] = {
    {"Names", R"({"type":"object","required":["products","services"],"properties":{"products":)" RAPPORT_NAMES
              R"(,"services":)" RAPPORT_NAMES R"(}})"},
    {"Everyday",
     R"({"type":"object","required":["rules"],"properties":{"rules":{"type":"array","items":{"type":"object",)"
     R"("required":["parameter"],"properties":{"category":{"type":"string","description":)"
     R"("In either language; every category when absent."},"parameter":{"type":"string","description":)"
     R"("The parameter's name in either language."},"unit":{"type":"string"},"from":{"type":["number","null"],)"
     R"("description":"For values from here on ..."},"to":{"type":["number","null"],"description":)"
     R"("... and up to here; both belong to the rule."},"zh-CN":{"type":"string","description":)"
     R"("{value} stands for the value."},"zh-TW":{"type":"string"},"en":{"type":"string"}}}}}})"},
};
#undef RAPPORT_NAMES

}  // namespace

namespace detail {

std::span<const Route> words_routes() {
  return kRoutes;
}

std::span<const Schema> words_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
