#include "study/model_syntax.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace rapport::study {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Error wrong(Errc code, int line, std::string message, std::string expected) {
  return Error{code, std::move(message), fmt::format("model line {}", line), std::move(expected)};
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           (static_cast<unsigned char>(c) & 0x80);
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); });
}

std::optional<double> as_number(std::string_view text) {
  double value = 0;
  const char* first = text.data() + (!text.empty() && text[0] == '+' ? 1 : 0);
  const auto [end, code] = std::from_chars(first, text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Splits at `mark` outside parentheses and quotes.
std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    // The sign in 1e+5 is part of a number.
    const bool exponent = mark == '+' && i >= 2 && (text[i - 1] == 'e' || text[i - 1] == 'E') &&
                          ((text[i - 2] >= '0' && text[i - 2] <= '9') || text[i - 2] == '.') &&
                          as_number(trim(text.substr(start, i - 1 - start))).has_value();
    if (text[i] == mark && depth == 0 && !exponent) {
      parts.push_back(trim(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  parts.push_back(trim(text.substr(start)));
  return parts;
}

struct Statement {
  std::string text;
  int line = 0;
};

constexpr std::array<std::string_view, 12> kOperators{
    ":=", "=~", "<~", "~*~", "~~", "==", "~", "|", "<", ">", "%", ":"};

/// The operator that comes first in `text`, the longer one on ties; npos when there is none.
std::size_t find_operator(std::string_view text, std::string_view& op) {
  std::size_t best = std::string_view::npos;
  for (const std::string_view candidate : kOperators) {
    const std::size_t at = text.find(candidate);
    if (at < best) {
      best = at;
      op = candidate;
    }
  }
  return best;
}

Result<std::vector<Statement>> statements_of(std::string_view text) {
  std::vector<Statement> statements;
  int line = 1;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view row = text.substr(start, end - start);
    row = row.substr(0, row.find_first_of("#!"));
    for (const std::string_view piece : split(row, ';')) {
      if (piece.empty()) continue;
      std::string_view op;
      const bool has_operator = find_operator(piece, op) != std::string_view::npos;
      if (has_operator) {
        statements.push_back({std::string(piece), line});
      } else if (!statements.empty()) {
        statements.back().text += " " + std::string(piece);
      } else {
        return wrong(Errc::bad_input, line, fmt::format("'{}' has no operator", piece),
                     "=~, <~, ~, ~~ or :=");
      }
    }
    start = end + 1;
    ++line;
  }
  return statements;
}

Status read_modifier(std::string_view text, int line, ModelTerm& term) {
  const auto inside = [&](std::string_view word) -> std::optional<std::string_view> {
    if (!text.starts_with(word) || text.size() <= word.size() || text[word.size()] != '(' ||
        text.back() != ')')
      return {};
    std::string_view body = trim(text.substr(word.size() + 1, text.size() - word.size() - 2));
    if (body.size() >= 2 && body.front() == '"' && body.back() == '"') body = body.substr(1, body.size() - 2);
    return body;
  };
  if (text == "NA") {
    term.freed = true;
    return {};
  }
  if (const auto number = as_number(text)) {
    term.fixed = number;
    return {};
  }
  if (const auto body = inside("start")) {
    term.start = as_number(*body);
    if (term.start) return {};
    return wrong(Errc::bad_input, line, fmt::format("'{}' is not a start value", text), "start(0.5)*x");
  }
  if (inside("c")) {
    return wrong(Errc::unsupported, line, fmt::format("'{}' is for several groups", text),
                 "one value or label");
  }
  std::string_view label = inside("equal").value_or(inside("label").value_or(text));
  if (label.size() >= 2 && label.front() == '"' && label.back() == '"')
    label = label.substr(1, label.size() - 2);
  if (!is_name(label)) {
    return wrong(Errc::bad_input, line, fmt::format("'{}' is not a modifier", text),
                 "a number, NA, start(0.5) or a label");
  }
  term.label = label;
  return {};
}

Status add_term(ModelSyntax& model, ModelTerm term) {
  for (ModelTerm& present : model.terms) {
    const bool same = present.op == term.op && present.lhs == term.lhs && present.rhs == term.rhs;
    const bool mirrored = term.op == ModelOp::covaries && present.op == term.op && present.lhs == term.rhs &&
                          present.rhs == term.lhs;
    if (!same && !mirrored) continue;
    if (term.fixed && present.fixed && *term.fixed != *present.fixed) {
      return wrong(
          Errc::bad_input, term.line,
          fmt::format("'{} {} {}' is fixed twice to different values", term.lhs, op_text(term.op), term.rhs),
          "one value");
    }
    if (term.fixed) present.fixed = term.fixed;
    if (term.start) present.start = term.start;
    if (!term.label.empty()) present.label = term.label;
    present.freed = present.freed || term.freed;
    return {};
  }
  if (model.terms.size() == kModelTermsMax) {
    return fail(Errc::too_large, "the model has more than {} terms", kModelTermsMax);
  }
  model.terms.push_back(std::move(term));
  return {};
}

Result<ModelOp> read_op(std::string_view op, int line) {
  if (op == "=~") return ModelOp::measured_by;
  if (op == "<~") return ModelOp::formed_by;
  if (op == "~") return ModelOp::regressed_on;
  if (op == "~~") return ModelOp::covaries;
  if (op == "|" || op == "~*~") {
    return wrong(Errc::unsupported, line, "thresholds of ordered items are not estimated",
                 "=~, ~ and ~~ only");
  }
  if (op == "%") {
    return wrong(Errc::unsupported, line, "several groups or levels in one model are not estimated",
                 "one group");
  }
  if (op == ":") {
    return wrong(Errc::unsupported, line, "interactions of latent variables are not estimated",
                 "a product computed as a column of its own");
  }
  return wrong(Errc::unsupported, line, fmt::format("the constraint '{}' is not estimated", op),
               "equal labels, or label == label");
}

Status read_relation(ModelSyntax& model, const Statement& statement, std::size_t at,
                     std::string_view op_word) {
  const int line = statement.line;
  const std::string_view text = statement.text;
  RAPPORT_TRY(const ModelOp op, read_op(op_word, line));
  const std::string_view right = text.substr(at + op_word.size());
  for (const std::string_view lhs : split(text.substr(0, at), '+')) {
    if (!is_name(lhs))
      return wrong(Errc::bad_input, line, fmt::format("'{}' is not a variable name", lhs), "a name");
    for (const std::string_view part : split(right, '+')) {
      if (part.empty())
        return wrong(Errc::bad_input, line, "a term is missing beside a '+' or operator", "a name");
      ModelTerm term{.lhs = std::string(lhs), .op = op, .line = line};
      std::vector<std::string_view> factors = split(part, '*');
      term.rhs = factors.back();
      factors.pop_back();
      for (const std::string_view modifier : factors) RAPPORT_CHECK(read_modifier(modifier, line, term));
      if (op == ModelOp::regressed_on && (term.rhs == "1" || term.rhs == "0")) {
        return wrong(
            Errc::unsupported, line,
            fmt::format("'{} ~ {}' asks for an intercept; means are not part of this model", lhs, term.rhs),
            "leave the line out: covariances are fitted, so every mean is free");
      }
      if (term.rhs.find(':') != std::string::npos) return read_op(":", line).error();
      if (term.rhs.find_first_of("=~<>|%") != std::string::npos) {
        return wrong(Errc::bad_input, line, fmt::format("a second operator in '{}'", text),
                     "one operator a line");
      }
      if (!is_name(term.rhs)) {
        return wrong(Errc::bad_input, line, fmt::format("'{}' is not a variable name", term.rhs), "a name");
      }
      if (term.lhs == term.rhs && op != ModelOp::covaries) {
        return wrong(Errc::bad_input, line, fmt::format("'{}' stands on both sides of {}", lhs, op_word),
                     "two variables");
      }
      RAPPORT_CHECK(add_term(model, std::move(term)));
    }
  }
  return {};
}

Status read_statement(ModelSyntax& model, const Statement& statement) {
  std::string_view op;
  const std::string_view text = statement.text;
  const std::size_t at = find_operator(text, op);
  const std::string_view left = trim(text.substr(0, at)), right = trim(text.substr(at + op.size()));
  if (op == ":=") {
    if (!is_name(left) || right.empty()) {
      return wrong(Errc::bad_input, statement.line, fmt::format("'{}' is not a definition", text),
                   "name := expression");
    }
    model.definitions.push_back({std::string(left), std::string(right), statement.line});
    return {};
  }
  if (op == "==") {
    if (!is_name(left) || !is_name(right)) {
      return wrong(Errc::unsupported, statement.line,
                   fmt::format("the constraint '{}' is not estimated", text), "label == label");
    }
    model.equalities.push_back({std::string(left), std::string(right), statement.line});
    return {};
  }
  return read_relation(model, statement, at, op);
}

}  // namespace

std::string_view op_text(ModelOp op) {
  switch (op) {
    case ModelOp::measured_by:
      return "=~";
    case ModelOp::formed_by:
      return "<~";
    case ModelOp::regressed_on:
      return "~";
    case ModelOp::covaries:
      return "~~";
  }
  return "";
}

Result<ModelSyntax> parse_model(std::string_view text) {
  if (text.size() > kModelTextMax)
    return fail(Errc::too_large, "the model text is over {} bytes", kModelTextMax);
  RAPPORT_TRY(const std::vector<Statement> statements, statements_of(text));
  ModelSyntax model;
  for (const Statement& statement : statements) RAPPORT_CHECK(read_statement(model, statement));
  if (model.terms.empty()) return wrong(Errc::bad_input, 1, "the model is empty", "f =~ x1 + x2 + x3");
  return model;
}

}  // namespace rapport::study
