#include "engine/detail/macro_text.h"

#include <algorithm>

#include "codec/json_index.h"
#include "engine/detail/noun_members.h"
#include "model/catalogue.h"
#include "model/catalogue_ids.h"
#include "text/han.h"
#include "views/fact_table.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kTextMost = 4'000, kTitleMost = 120, kActionMost = 1'000;
constexpr std::string_view kPlaceholders[] = {"name",        "agent",       "ticket_id",       "order_id",
                                              "order_total", "parcel.node", "parcel.promised", "refund",
                                              "coupon",      "coupon_value"};

/// Calls `literal(piece)` and `placeholder(name)` in the order of the text.
template <class Literal, class Placeholder>
void walk(std::string_view text, Literal literal, Placeholder placeholder) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    literal(text.substr(0, open));
    if (open == std::string_view::npos) return;
    text.remove_prefix(open + 1);
    if (text.starts_with('{')) {
      literal(std::string_view("{"));
      text.remove_prefix(1);
      continue;
    }
    const std::size_t close = text.find('}');
    const std::string_view name = text.substr(0, close);
    const bool is_name = close != std::string_view::npos && !name.empty() && name.size() <= 40 &&
                         name.find_first_of(" \n{") == std::string_view::npos;
    if (!is_name) {
      literal(std::string_view("{"));
      continue;
    }
    placeholder(name);
    text.remove_prefix(close + 1);
  }
}

bool fills(std::string_view name) {
  return std::find(std::begin(kPlaceholders), std::end(kPlaceholders), name) != std::end(kPlaceholders);
}

Status check_text(std::string_view language, const std::string& text) {
  const std::string where = fmt::format("texts.{}", language);
  if (text.empty()) return Error{Errc::bad_input, "no text", where, "leave the language out"};
  if (text.size() > kTextMost)
    return Error{Errc::too_large, "a text too long", where, fmt::format("at most {} bytes", kTextMost)};
  for (const std::string& name : placeholders_of(text)) {
    if (!fills(name))
      return Error{Errc::bad_input, fmt::format("nothing fills {{{}}}", name), where,
                   fmt::format("one of: {}; {{{{ for a brace", fmt::join(kPlaceholders, ", "))};
  }
  return {};
}

Status read_texts(const codec::JsonValue& texts, Macro& macro) {
  if (!texts.present() || !texts.is(codec::JsonKind::object))
    return Error{Errc::bad_input, "no texts", "texts",
                 R"({"zh-Hans":..,"zh-Hant":..,"en":..}, one at least)"};
  for (codec::JsonMembers members(texts); members.next();) {
    const std::string_view language = members.key();
    if (std::find(std::begin(kMacroLanguages), std::end(kMacroLanguages), language) ==
        std::end(kMacroLanguages))
      return Error{Errc::bad_input, "no such language", fmt::format("texts.{}", language.substr(0, 20)),
                   "zh-Hans, zh-Hant or en"};
    const std::string text =
        members.value().is(codec::JsonKind::string) ? members.value().text() : std::string();
    RAPPORT_CHECK(check_text(language, text));
    macro.texts.emplace(language, text);
  }
  if (macro.texts.empty()) return Error{Errc::bad_input, "no texts", "texts", "one language at least"};
  const auto simplified = macro.texts.find("zh-Hans");
  if (simplified != macro.texts.end() && !macro.texts.contains("zh-Hant"))
    macro.texts.emplace("zh-Hant", text::to_traditional(simplified->second));
  return {};
}

Result<std::string> word_of(const NounMembers& noun, std::string_view name, model::PropertyId list) {
  const std::string word = noun.text(name);
  if (word.empty() || views::word_index(list, word) != 255) return word;
  return Error{Errc::bad_input, fmt::format("'{}' is none of the words", word.substr(0, 40)),
               std::string(name), std::string(model::find_property(list)->words)};
}

}  // namespace

Result<Macro> Macro::parse(std::string_view text) {
  RAPPORT_TRY(const auto noun, NounMembers::parse(text));
  Macro macro;
  macro.title = noun->text("title");
  if (macro.title.size() > kTitleMost)
    return Error{Errc::too_large, "a title too long", "title", fmt::format("at most {} bytes", kTitleMost)};
  RAPPORT_CHECK(read_texts(noun->find("texts"), macro));
  RAPPORT_TRY(macro.state, word_of(*noun, "state", model::property::ticket_state));
  RAPPORT_TRY(macro.klass, word_of(*noun, "class", model::property::feedback_class));
  macro.closed = noun->raw("closed") == "true";
  const codec::JsonValue action = noun->find("action");
  if (action.present() && !action.is_null()) {
    if (!action.is(codec::JsonKind::object) || action.raw().size() > kActionMost)
      return Error{Errc::bad_input, "no action", "action", "an object, as for POST /v1/tickets/{id}/actions"};
    macro.action = action.raw();
  }
  return macro;
}

std::string_view Macro::language(std::string_view asked) const {
  if (const auto found = texts.find(asked); found != texts.end()) return found->first;
  for (const std::string_view each : kMacroLanguages) {
    if (texts.contains(each)) return each;
  }
  return {};
}

std::vector<std::string_view> macro_placeholders() {
  return {std::begin(kPlaceholders), std::end(kPlaceholders)};
}

std::vector<std::string> placeholders_of(std::string_view text) {
  std::vector<std::string> names;
  walk(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
      });
  return names;
}

FilledText fill_text(std::string_view text, const std::map<std::string, std::string, std::less<>>& facts) {
  FilledText filled;
  walk(
      text, [&](std::string_view piece) { filled.text += piece; },
      [&](std::string_view name) {
        const auto fact = facts.find(name);
        if (fact != facts.end() && !fact->second.empty()) {
          filled.text += fact->second;
          return;
        }
        filled.text += fmt::format("{{{}}}", name);
        if (std::find(filled.missing.begin(), filled.missing.end(), name) == filled.missing.end())
          filled.missing.emplace_back(name);
      });
  return filled;
}

std::string parcel_node_text(std::string_view node, std::string_view language) {
  struct Row {
    std::string_view node, hans, en;
  };
  constexpr Row kRows[] = {{"placed", "已下单", "placed"},
                           {"packing", "正在打包", "being packed"},
                           {"picked_up", "快递已揽收", "picked up by the carrier"},
                           {"in_transit", "运输途中", "on its way"},
                           {"out_for_delivery", "正在派送", "out for delivery"},
                           {"signed", "已签收", "delivered"},
                           {"exception", "运输异常", "held up on the way"}};
  for (const Row& row : kRows) {
    if (row.node != node) continue;
    if (language == "en") return std::string(row.en);
    return language == "zh-Hant" ? text::to_traditional(row.hans) : std::string(row.hans);
  }
  return {};
}

std::string agent_unnamed(std::string_view language) {
  return language == "en" ? "our team" : "客服";
}

}  // namespace rapport::engine
