#include <algorithm>

#include "study/pls.h"

namespace rapport::study {
namespace {

int find(const PlsModel& model, const std::string& name) {
  for (std::size_t i = 0; i < model.constructs.size(); ++i) {
    if (model.constructs[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

Error at_line(Errc code, int line, std::string message, std::string expected) {
  return Error{code, std::move(message), fmt::format("model line {}", line), std::move(expected)};
}

Status add_item(PlsModel& model, const ModelTerm& term) {
  if (std::find(model.items.begin(), model.items.end(), term.rhs) != model.items.end()) {
    return at_line(Errc::bad_input, term.line,
                   fmt::format("the item '{}' belongs to two constructs", term.rhs),
                   "each item in one block");
  }
  const PlsMode mode = term.op == ModelOp::measured_by ? PlsMode::a : PlsMode::b;
  int at = find(model, term.lhs);
  if (at < 0) {
    at = static_cast<int>(model.constructs.size());
    model.constructs.push_back({.name = term.lhs, .mode = mode});
  }
  PlsConstruct& construct = model.constructs[static_cast<std::size_t>(at)];
  if (construct.mode != mode) {
    return at_line(Errc::bad_input, term.line, fmt::format("'{}' is both reflective and formative", term.lhs),
                   "=~ or <~, not both");
  }
  construct.items.push_back(static_cast<int>(model.items.size()));
  model.items.push_back(term.rhs);
  return {};
}

Status add_path(PlsModel& model, const ModelTerm& term) {
  const int effect = find(model, term.lhs), cause = find(model, term.rhs);
  for (const auto& [index, name] : {std::pair{effect, &term.lhs}, std::pair{cause, &term.rhs}}) {
    if (index < 0) {
      return at_line(Errc::bad_input, term.line, fmt::format("'{}' is no construct", *name),
                     fmt::format("a line '{} =~ item + item'", *name));
    }
  }
  model.paths.emplace_back(cause, effect);
  model.constructs[static_cast<std::size_t>(cause)].effects.push_back(effect);
  model.constructs[static_cast<std::size_t>(effect)].causes.push_back(cause);
  return {};
}

/// Causes before effects. Errors: bad_input for a cycle.
Status sort_constructs(PlsModel& model) {
  std::vector<char> done(model.constructs.size(), 0);
  while (model.order.size() < model.constructs.size()) {
    bool moved = false;
    for (std::size_t i = 0; i < model.constructs.size(); ++i) {
      const auto& causes = model.constructs[i].causes;
      const bool ready =
          std::all_of(causes.begin(), causes.end(), [&](int c) { return done[static_cast<std::size_t>(c)]; });
      if (done[i] || !ready) continue;
      done[i] = 1;
      moved = true;
      model.order.push_back(static_cast<int>(i));
    }
    if (!moved)
      return Error{Errc::bad_input, "the paths between constructs form a cycle", "model",
                   "a recursive model"};
  }
  return {};
}

}  // namespace

Result<PlsModel> build_pls_model(const ModelSyntax& syntax) {
  PlsModel model;
  if (!syntax.definitions.empty() || !syntax.equalities.empty()) {
    return Error{Errc::unsupported, "defined parameters and equalities have no place in a PLS model", "model",
                 "=~, <~ and ~"};
  }
  for (const ModelTerm& term : syntax.terms) {
    if (term.fixed || term.freed || term.op == ModelOp::covaries) {
      return at_line(Errc::unsupported, term.line,
                     "fixed values and covariances have no place in a PLS model", "=~, <~ and ~");
    }
    if (term.op == ModelOp::measured_by || term.op == ModelOp::formed_by)
      RAPPORT_CHECK(add_item(model, term));
  }
  for (const ModelTerm& term : syntax.terms) {
    if (term.op == ModelOp::regressed_on) RAPPORT_CHECK(add_path(model, term));
  }
  for (const PlsConstruct& construct : model.constructs) {
    if (construct.causes.empty() && construct.effects.empty()) {
      return Error{Errc::bad_input, fmt::format("the construct '{}' has no path", construct.name), "model",
                   fmt::format("a line '{} ~ ...' or '... ~ {}'", construct.name, construct.name)};
    }
  }
  if (model.constructs.empty())
    return Error{Errc::bad_input, "the model has no construct", "model", "Quality =~ q1 + q2"};
  RAPPORT_CHECK(sort_constructs(model));
  return model;
}

}  // namespace rapport::study
