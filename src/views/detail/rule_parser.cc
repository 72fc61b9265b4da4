#include "views/detail/rule_parser.h"

#include <set>

namespace rapport::views::detail {

bool RuleParser::eat(std::string_view what) {
  if (!peek().is(what)) return false;
  ++at_;
  return true;
}

Status RuleParser::expect(std::string_view what) {
  if (eat(what)) return {};
  return unexpected(fmt::format("'{}'", what));
}

Error RuleParser::wrong(const Token& at, std::string message, std::string expected) const {
  return Error{Errc::bad_input, std::move(message), place_of(at), std::move(expected)};
}

Error RuleParser::unexpected(std::string expected) const {
  const Token& token = peek();
  if (token.kind == Token::Kind::end) return wrong(token, "the rule ends too early", std::move(expected));
  const std::string_view quote = token.kind == Token::Kind::text ? "\"" : "'";
  return wrong(token, fmt::format("{}{}{} is not what should stand here", quote, token.text, quote),
               std::move(expected));
}

Error RuleParser::too_many(const Token& at, std::string_view what, std::size_t most) const {
  return Error{Errc::too_large, fmt::format("too many {}", what), place_of(at),
               fmt::format("at most {}", most)};
}

Status RuleParser::count_node() {
  if (++nodes_ > RuleLimits::kNodes) return too_many(peek(), "tests in one rule", RuleLimits::kNodes);
  return {};
}

// rule = any_of { guard }
Result<Rule> RuleParser::rule() {
  nodes_ = 0;
  Rule rule;
  RAPPORT_TRY(rule.root, any_of(0));
  while (peek().is("undetermined")) {
    if (rule.guards.size() == RuleLimits::kConditions)
      return too_many(peek(), "guards", RuleLimits::kConditions);
    RAPPORT_TRY(Guard one, guard());
    rule.guards.push_back(std::move(one));
  }
  return rule;
}

Status RuleParser::at_end() {
  if (peek().kind == Token::Kind::end) return {};
  return unexpected("'and', 'or', 'undetermined if ...' or the end");
}

// file = { "segment" name ":" rule }
Result<std::vector<NamedRule>> RuleParser::file() {
  std::vector<NamedRule> rules;
  std::set<std::string, std::less<>> names;
  while (peek().kind != Token::Kind::end) {
    if (rules.size() == RuleLimits::kRules) return too_many(peek(), "rules", RuleLimits::kRules);
    if (!eat("segment")) {
      return unexpected(rules.empty() ? "'segment NAME:'"
                                      : "'and', 'or', 'undetermined if ...' or 'segment NAME:'");
    }
    const Token at = peek();
    NamedRule named;
    RAPPORT_TRY(named.name, name("a segment's name"));
    if (!names.insert(named.name).second) {
      return wrong(at, fmt::format("segment '{}' is there twice", named.name), "another name");
    }
    RAPPORT_CHECK(expect(":"));
    RAPPORT_TRY(named.rule, rule());
    rules.push_back(std::move(named));
  }
  return rules;
}

Result<Node> RuleParser::any_of(std::size_t depth) {
  RAPPORT_TRY(Node first, all_of(depth));
  if (!peek().is("or")) return first;
  AnyOf any;
  any.of.push_back(std::move(first));
  RAPPORT_CHECK(count_node());
  while (eat("or")) {
    RAPPORT_TRY(Node next, all_of(depth));
    any.of.push_back(std::move(next));
  }
  return Node{std::move(any)};
}

Result<Node> RuleParser::all_of(std::size_t depth) {
  RAPPORT_TRY(Node first, unary(depth));
  if (!peek().is("and")) return first;
  AllOf all;
  all.of.push_back(std::move(first));
  RAPPORT_CHECK(count_node());
  while (eat("and")) {
    RAPPORT_TRY(Node next, unary(depth));
    all.of.push_back(std::move(next));
  }
  return Node{std::move(all)};
}

Result<Node> RuleParser::unary(std::size_t depth) {
  if (depth == RuleLimits::kDepth) {
    return Error{Errc::too_large, "the rule is nested too deeply", place_of(peek()),
                 fmt::format("at most {} levels", RuleLimits::kDepth)};
  }
  RAPPORT_CHECK(count_node());
  if (eat("not")) {
    RAPPORT_TRY(Node inner, unary(depth + 1));
    NotOf negation;
    negation.of.push_back(std::move(inner));
    return Node{std::move(negation)};
  }
  if (eat("(")) {
    RAPPORT_TRY(Node inner, any_of(depth + 1));
    RAPPORT_CHECK(expect(")"));
    return inner;
  }
  return test();
}

// guard = "undetermined" "if" "no" "facts" "of" event { "|" event } "in" "the" "shop" "(" text ")"
Result<Guard> RuleParser::guard() {
  for (const std::string_view word : {"undetermined", "if", "no", "facts", "of"}) RAPPORT_CHECK(expect(word));
  Guard guard;
  do {
    const Token at = peek();
    if (guard.kinds.size() == RuleLimits::kAlternatives) {
      return too_many(at, "events", RuleLimits::kAlternatives);
    }
    RAPPORT_TRY(model::EventKind kind, event_name());
    guard.kinds.push_back(kind);
  } while (eat("|"));
  for (const std::string_view word : {"in", "the", "shop", "("}) RAPPORT_CHECK(expect(word));
  const Token reason_at = peek();
  RAPPORT_TRY(guard.reason, text_value("a reason such as \"no registration facts\""));
  if (guard.reason.empty())
    return wrong(reason_at, "an empty reason", "a reason such as \"no registration facts\"");
  RAPPORT_CHECK(expect(")"));
  return guard;
}

Result<std::string> RuleParser::name(std::string_view what) {
  const Token token = peek();
  const bool name_like = token.kind == Token::Kind::word || token.kind == Token::Kind::text;
  if (!name_like || !is_name(token.text)) {
    return unexpected(fmt::format("{}: a-z, 0-9, '_' and '-', first a letter, at most {} letters", what,
                                  RuleLimits::kNameBytes));
  }
  ++at_;
  return token.text;
}

}  // namespace rapport::views::detail

namespace rapport::views {

Result<Rule> parse_rule(std::string_view text) {
  RAPPORT_TRY(std::vector<detail::Token> tokens, detail::lex_rule(text, RuleLimits::kBytes));
  detail::RuleParser parser(std::move(tokens));
  RAPPORT_TRY(Rule rule, parser.rule());
  RAPPORT_CHECK(parser.at_end());
  return rule;
}

Result<std::vector<NamedRule>> parse_rules(std::string_view text) {
  RAPPORT_TRY(std::vector<detail::Token> tokens,
              detail::lex_rule(text, RuleLimits::kBytes * RuleLimits::kRules));
  return detail::RuleParser(std::move(tokens)).file();
}

}  // namespace rapport::views
