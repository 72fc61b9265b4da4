#include "views/detail/rule_words.h"

#include <algorithm>

namespace rapport::views::detail {
namespace {

// In the order of the enumerations.
constexpr std::string_view kSigns[] = {"=", "!=", "<", "<=", ">", ">=", "in", "between"};
constexpr std::string_view kFunctions[] = {"count", "distinct", "sum", "mean", "min", "max", "first", "last"};
constexpr std::string_view kForms[] = {"ever", "never", "within", "no_for", "first_within", "last_within"};

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::string_view (&names)[n], std::string_view name) {
  const auto found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Enum>(found - std::begin(names));
}

}  // namespace

std::string_view compare_sign(Compare compare) {
  return kSigns[static_cast<std::size_t>(compare)];
}
std::optional<Compare> compare_from_sign(std::string_view sign) {
  return find<Compare>(kSigns, sign);
}
std::string_view function_name(Measure::Function function) {
  return kFunctions[static_cast<std::size_t>(function)];
}
std::optional<Measure::Function> function_from_name(std::string_view name) {
  return find<Measure::Function>(kFunctions, name);
}
std::string_view presence_name(Presence::Form form) {
  return kForms[static_cast<std::size_t>(form)];
}
std::optional<Presence::Form> presence_from_name(std::string_view name) {
  return find<Presence::Form>(kForms, name);
}

}  // namespace rapport::views::detail
