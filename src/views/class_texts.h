#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// The user classes in words: name, what such a customer needs, what pains her. For screens and reports.
namespace rapport::views {

enum class TextLanguage : std::uint8_t { en, zh_hans, zh_hant };

struct ClassText {
  std::string_view name;   ///< of the class: "new", ..., "other"
  std::string_view title;  ///< 高价值客户
  std::string_view needs;
  std::string_view pains;
};

/// The six classes in the order of class_precedence(), then "other".
std::span<const ClassText> class_texts(TextLanguage language);
/// Null for a name that is no class.
const ClassText* find_class_text(std::string_view name, TextLanguage language);

}  // namespace rapport::views
