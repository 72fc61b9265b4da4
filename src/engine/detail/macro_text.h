#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Written answers of the desk: texts by language with placeholders that facts fill. Pure.
namespace rapport::engine {

inline constexpr std::string_view kMacroLanguages[] = {"zh-Hans", "zh-Hant", "en"};

/// What agents answer by, out of the noun `Macro Published`.
struct Macro {
  std::string title;
  std::map<std::string, std::string, std::less<>> texts;  ///< by language; traditional characters are made
  std::string state, klass;                               ///< what the ticket becomes with it; "" = as it is
  std::string action;   ///< JSON of an action that is proposed to the agent; "" = none
  bool closed = false;  ///< not offered any more

  /// Errors: bad_input naming the member: no text, a placeholder that nothing fills, a state or class that is
  /// none; too_large.
  static Result<Macro> parse(std::string_view noun);
  /// The language that is asked for, else the first of kMacroLanguages that has a text.
  std::string_view language(std::string_view asked) const;
};

/// Names that may stand between braces, in the order in which docs/desk.md explains them.
std::vector<std::string_view> macro_placeholders();
/// The placeholders of a text, each once, in order; unknown ones too. `{{` is a brace.
std::vector<std::string> placeholders_of(std::string_view text);

struct FilledText {
  std::string text;
  std::vector<std::string> missing;  ///< placeholders without a fact, each once; they still stand in the text
};
/// `facts` by placeholder; an empty one is none.
FilledText fill_text(std::string_view text, const std::map<std::string, std::string, std::less<>>& facts);

/// A node of a parcel as the customer is told of it: "packing" -> "正在打包".
std::string parcel_node_text(std::string_view node, std::string_view language);

/// What a customer is told who answers, where the roster has no name for him: "客服", "our team".
std::string agent_unnamed(std::string_view language);

}  // namespace rapport::engine
