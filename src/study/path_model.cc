#include "study/path_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace rapport::study {
namespace {

constexpr double kNoStart = std::numeric_limits<double>::quiet_NaN();

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(Names& names, const std::string& name) {
  if (!has(names, name)) names.push_back(name);
}

/// Who plays which part in the model.
struct Roles {
  Names latent, indicators, dependents, predictors, in_covariance;

  explicit Roles(const ModelSyntax& syntax) {
    for (const ModelTerm& term : syntax.terms) {
      if (term.op == ModelOp::measured_by) add_once(latent, term.lhs);
    }
    for (const ModelTerm& term : syntax.terms) {
      if (term.op == ModelOp::measured_by) add_once(indicators, term.rhs);
      if (term.op == ModelOp::regressed_on) add_once(dependents, term.lhs);
      if (term.op == ModelOp::regressed_on) add_once(predictors, term.rhs);
      if (term.op == ModelOp::covaries) add_once(in_covariance, term.lhs);
      if (term.op == ModelOp::covaries) add_once(in_covariance, term.rhs);
    }
  }
  bool is_latent(const std::string& name) const { return has(latent, name); }
  bool is_endogenous(const std::string& name) const { return has(indicators, name) || has(dependents, name); }
  bool is_purely_dependent(const std::string& name) const {
    return has(dependents, name) && !has(predictors, name) && !has(indicators, name);
  }
  Names observed() const {
    Names names;
    for (const std::string& name : indicators) {
      if (!is_latent(name)) add_once(names, name);
    }
    for (const Names* more : {&dependents, &predictors, &in_covariance}) {
      for (const std::string& name : *more) {
        if (!is_latent(name)) add_once(names, name);
      }
    }
    return names;
  }
};

class Builder {
 public:
  Builder(const ModelSyntax& syntax, const PathModelOptions& options)
      : syntax_(syntax), options_(options), roles_(syntax) {}

  Result<PathModel> build() {
    model_.latent = roles_.latent;
    model_.observed = roles_.observed();
    if (model_.variables() > kVariablesMax) {
      return fail(Errc::too_large, "the model has {} variables, the limit is {}", model_.variables(),
                  kVariablesMax);
    }
    for (int v = 0; v < model_.variables(); ++v) number_[model_.variable(v)] = v;
    for (int v = 0; options_.fixed_x && v < static_cast<int>(model_.observed.size()); ++v) {
      const std::string& name = model_.observed[static_cast<std::size_t>(v)];
      if (has(roles_.predictors, name) && !roles_.is_endogenous(name) && !has(roles_.in_covariance, name)) {
        model_.exogenous.push_back(v);
      }
    }
    RAPPORT_CHECK(add_user_terms());
    add_variances();
    add_covariances();
    RAPPORT_CHECK(merge_equal_labels());
    model_.definitions = syntax_.definitions;
    return std::move(model_);
  }

 private:
  Status add_user_terms() {
    std::set<std::string> measured;
    for (const ModelTerm& term : syntax_.terms) {
      if (term.op == ModelOp::formed_by) {
        return Error{Errc::unsupported, fmt::format("'{} <~ ...' is a composite", term.lhs),
                     fmt::format("model line {}", term.line), "=~ here, or the study pls for composites"};
      }
      PathParameter parameter{
          .lhs = term.lhs, .op = std::string(op_text(term.op)), .rhs = term.rhs, .label = term.label};
      const int left = number_[term.lhs], right = number_[term.rhs];
      parameter.kind = term.op == ModelOp::covaries ? ParameterKind::symmetric : ParameterKind::directed;
      parameter.row = term.op == ModelOp::measured_by ? right : left;
      parameter.column = term.op == ModelOp::measured_by ? left : right;
      if (parameter.kind == ParameterKind::symmetric && parameter.row < parameter.column) {
        std::swap(parameter.row, parameter.column);
      }
      const bool first = term.op == ModelOp::measured_by && measured.insert(term.lhs).second;
      std::optional<double> fixed = term.fixed;
      if (first && !fixed && !term.freed && !options_.std_lv) fixed = 1.0;
      if (term.freed) fixed.reset();
      add(std::move(parameter), fixed,
          term.start.value_or(term.freed && term.fixed ? *term.fixed : kNoStart));
    }
    return {};
  }

  void add(PathParameter parameter, std::optional<double> fixed, double start = kNoStart) {
    if (fixed) {
      parameter.value = *fixed;
    } else {
      parameter.value = start;
      parameter.free = model_.free_count++;
      if (!parameter.label.empty()) {
        const auto [it, fresh] = labels_.try_emplace(parameter.label, parameter.free);
        if (!fresh) {
          parameter.free = it->second;
          --model_.free_count;
        }
      }
    }
    if (parameter.kind == ParameterKind::symmetric) present_.insert({parameter.row, parameter.column});
    model_.parameters.push_back(std::move(parameter));
  }

  bool is_exogenous(int v) const {
    return std::find(model_.exogenous.begin(), model_.exogenous.end(), v) != model_.exogenous.end();
  }

  void add_default(int a, int b, std::optional<double> fixed, bool from_sample = false) {
    const int row = std::max(a, b), column = std::min(a, b);
    if (present_.contains({row, column})) return;
    PathParameter parameter{.lhs = model_.variable(a),
                            .op = "~~",
                            .rhs = model_.variable(b),
                            .kind = ParameterKind::symmetric,
                            .row = row,
                            .column = column};
    parameter.from_sample = from_sample;
    add(std::move(parameter), fixed);
  }

  /// True when `name` is the only indicator of the latent variable it measures.
  bool is_lone_indicator(const std::string& name) const {
    std::string owner;
    for (const ModelTerm& term : syntax_.terms) {
      if (term.op == ModelOp::measured_by && term.rhs == name) owner = term.lhs;
    }
    if (owner.empty()) return false;
    int indicators = 0;
    for (const ModelTerm& term : syntax_.terms)
      indicators += term.op == ModelOp::measured_by && term.lhs == owner;
    return indicators == 1;
  }

  void add_variances() {
    for (int v = 0; v < model_.variables(); ++v) {
      const std::string& name = model_.variable(v);
      if (is_exogenous(v)) continue;
      if (roles_.is_latent(name)) {
        add_default(v, v, options_.std_lv ? std::optional<double>(1.0) : std::nullopt);
      } else {
        add_default(v, v, is_lone_indicator(name) ? std::optional<double>(0.0) : std::nullopt);
      }
    }
    for (std::size_t i = 0; i < model_.exogenous.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) add_default(model_.exogenous[j], model_.exogenous[i], 0.0, true);
    }
  }

  void add_covariances() {
    std::vector<int> independent, dependent;
    for (int v = static_cast<int>(model_.observed.size()); v < model_.variables(); ++v) {
      if (!roles_.is_endogenous(model_.variable(v))) independent.push_back(v);
      if (roles_.is_purely_dependent(model_.variable(v))) dependent.push_back(v);
    }
    for (int v = 0; v < static_cast<int>(model_.observed.size()); ++v) {
      if (roles_.is_purely_dependent(model_.variable(v))) dependent.push_back(v);
    }
    for (std::size_t j = 1; !options_.orthogonal && j < independent.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) add_default(independent[i], independent[j], std::nullopt);
    }
    for (std::size_t j = 1; j < dependent.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) add_default(dependent[i], dependent[j], std::nullopt);
    }
  }

  Status merge_equal_labels() {
    for (const ModelEquality& equality : syntax_.equalities) {
      for (const std::string* name : {&equality.left, &equality.right}) {
        if (!labels_.contains(*name)) {
          return Error{Errc::bad_input, fmt::format("no free parameter is labelled '{}'", *name),
                       fmt::format("model line {}", equality.line), "a label given as label*x"};
        }
      }
      const int keep = labels_[equality.left], drop = labels_[equality.right];
      if (keep == drop) continue;
      const auto renumber = [&](int& index) {
        if (index == drop) index = keep;
        if (index > drop) --index;
      };
      const int kept_after = keep > drop ? keep - 1 : keep;
      for (PathParameter& parameter : model_.parameters) {
        if (parameter.free == drop) {
          parameter.free = kept_after;
        } else {
          renumber(parameter.free);
        }
      }
      for (auto& [label, index] : labels_) {
        if (index == drop) {
          index = kept_after;
        } else {
          renumber(index);
        }
      }
      --model_.free_count;
    }
    return {};
  }

  const ModelSyntax& syntax_;
  const PathModelOptions& options_;
  Roles roles_;
  PathModel model_;
  std::map<std::string, int> number_;
  std::map<std::string, int> labels_;
  std::set<std::pair<int, int>> present_;
};

}  // namespace

int PathModel::degrees_of_freedom() const {
  const auto p = static_cast<int>(observed.size()), x = static_cast<int>(exogenous.size());
  return p * (p + 1) / 2 - x * (x + 1) / 2 - free_count;
}

Result<PathModel> build_path_model(const ModelSyntax& syntax, const PathModelOptions& options) {
  return Builder(syntax, options).build();
}

}  // namespace rapport::study
