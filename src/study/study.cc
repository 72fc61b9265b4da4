#include "study/study.h"

#include "study/detail/methods.h"

namespace rapport::study {
namespace {

Status check_options(const Method& method, const Options& options) {
  for (const auto& [name, value] : options.given()) {
    bool known = false;
    std::string names;
    for (const OptionSpec& spec : method.options) {
      known = known || spec.name == name;
      names += fmt::format("{}--{}", names.empty() ? "" : ", ", spec.name);
    }
    if (!known) {
      return Error{Errc::bad_input, fmt::format("study {} has no option --{}", method.name, name),
                   "--" + name, names.empty() ? "no option" : "one of: " + names};
    }
  }
  return {};
}

}  // namespace

std::span<const Method> methods() {
  static const std::vector<Method> kMethods = detail::method_table();
  return kMethods;
}

Result<Report> run_study(std::string_view name, const model::Table& table, const Options& options) {
  std::string known;
  for (const Method& method : methods()) {
    if (method.name == name) {
      RAPPORT_CHECK(check_options(method, options));
      if (method.needs_table && table.rows() == 0) {
        return fail(Errc::bad_input, "study {} was given a table without rows", name);
      }
      return method.run(table, options);
    }
    known += (known.empty() ? "" : ", ") + std::string(method.name);
  }
  return Error{Errc::not_found, fmt::format("there is no study '{}'", name), "method", "one of: " + known};
}

}  // namespace rapport::study
