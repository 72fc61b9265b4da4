#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "views/detail/rule_fields.h"
#include "views/detail/rule_lexer.h"
#include "views/rule.h"

namespace rapport::views::detail {

/// Recursive descent over the tokens of one text. Each method reads one production of docs/formats/rules.md.
class RuleParser {
 public:
  explicit RuleParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Rule> rule();
  Result<std::vector<NamedRule>> file();
  Status at_end();

 private:
  // rule_parser.cc: structure
  Result<Node> any_of(std::size_t depth);
  Result<Node> all_of(std::size_t depth);
  Result<Node> unary(std::size_t depth);
  Result<Guard> guard();
  Result<std::string> name(std::string_view what);

  // rule_parse_tests.cc: one test each
  Result<Node> test();
  Result<Node> trait(bool any);
  Result<Node> tag(bool any);
  Result<Node> presence(Presence::Form form);
  Result<Node> measure(Measure::Function function);
  Result<Node> event_first();
  Result<Node> sequence(EventPick first);
  Result<Node> consent();
  Result<Node> service();
  Result<Node> published();
  Status thresholds(Measure& measure, const Field& field);
  Result<Threshold> threshold(const Measure& measure, const Field& field);

  // rule_parse_events.cc: events, conditions, values
  Result<EventPick> events();
  Result<model::EventKind> event_name();
  Result<Field> field(const EventPick& pick);
  Result<Condition> condition(const EventPick& pick);
  Result<Compare> compare();
  Result<std::vector<std::string>> texts(Compare compare);
  Result<std::vector<Amount>> amounts(Compare compare, const Field& field);
  Result<Amount> amount(const Field& field);
  Status check_word(const Field& field, const std::string& text, const Token& at) const;
  Result<std::string> text_value(std::string_view what);
  Result<std::string> word_or_text(std::string_view what);
  Result<Duration> duration();
  Result<Ages> ages();
  Status ages_if(std::string_view word, Ages& out);

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool eat(std::string_view what);
  Status expect(std::string_view what);
  Error wrong(const Token& at, std::string message, std::string expected) const;
  Error unexpected(std::string expected) const;
  Error too_many(const Token& at, std::string_view what, std::size_t most) const;
  Status count_node();

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace rapport::views::detail
