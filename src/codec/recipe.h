#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "model/event.h"

/// Recipes: data files that say how the columns of a shop's own files become events. How to write one is told
/// in docs/recipes.md; this is how one is read and applied.
namespace rapport::codec {

/// One file that a recipe speaks of, under the name its mappings use.
struct RecipeFile {
  std::string role;
  std::vector<std::string> patterns;  ///< of file names: * is any run of characters; without case
  bool required = true;
  std::string sheet;      ///< Excel: the sheet's name; "" = the first
  bool messages = false;  ///< each line is a message as tracking clients send it (codec/segment.h)
  bool matches(std::string_view file_name) const;
};

/// What the recipe takes for a fact that the files do not hold as such.
struct RecipeProxy {
  std::string fact, taken_from, why;
};

namespace detail {
struct EventMapping;
}

/// Immutable once parsed; any thread.
class Recipe {
 public:
  /// JSON; // and /* */ comments and trailing commas are allowed. Errors: bad_input naming the member, also
  /// for what a catalogued event needs and does not get. Events of other names are kept; warnings() tells.
  static Result<Recipe> parse(std::string_view json);

  const std::string& name() const { return name_; }
  const std::string& title() const { return title_; }
  const std::vector<RecipeFile>& files() const { return files_; }
  const std::vector<std::string>& has() const { return has_; }      ///< facts the files hold
  const std::vector<std::string>& lacks() const { return lacks_; }  ///< facts they do not
  const std::vector<RecipeProxy>& proxies() const { return proxies_; }
  std::optional<Currency> currency() const { return currency_; }
  std::size_t mappings() const { return mappings_.size(); }
  /// What is allowed and may yet be a mistake: events outside the catalogue, each with the nearest name.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class RecipeMapper;
  friend struct RecipeParser;
  std::string name_, title_;
  std::vector<RecipeFile> files_;
  std::vector<std::string> has_, lacks_;
  std::vector<RecipeProxy> proxies_;
  std::optional<Currency> currency_;
  std::vector<std::string> warnings_;
  std::vector<std::shared_ptr<const detail::EventMapping>> mappings_;
};

/// The recipes that come with the program, by name, as their JSON text.
const std::map<std::string_view, std::string_view>& shipped_recipes();

/// The cells of one row, in the order of its file's columns; "" = missing.
using RecipeCells = std::span<const std::string_view>;

/// What one event is made from: [0] the row, or the rows of a group; [i] the rows that join i found.
using RecipeRows = std::vector<std::vector<RecipeCells>>;

/// One mapping of a recipe, bound to the columns of the files at hand. One thread at a time.
class RecipeMapper {
 public:
  /// `columns` by role; a role that is absent has no file, and its values are missing. Errors: bad_input for
  /// a column that the file does not have.
  static Result<RecipeMapper> bind(const Recipe& recipe, std::size_t mapping,
                                   const std::map<std::string, std::vector<std::string>>& columns);
  RecipeMapper(RecipeMapper&&) noexcept;
  RecipeMapper& operator=(RecipeMapper&&) noexcept;
  ~RecipeMapper();

  /// Role of the rows that events are made from; each row gives at most one, or each group of rows.
  const std::string& from() const;
  /// Column of from() whose equal values make one group; none when each row stands alone.
  std::optional<std::size_t> group_column() const;

  struct Join {
    std::string role;
    std::size_t own_source = 0;    ///< 0 = from(), i = the rows that join i - 1 found
    std::size_t own_column = 0;    ///< in that source
    std::size_t their_column = 0;  ///< in the joined file
    bool has_file = true;
  };
  const std::vector<Join>& joins() const;
  std::string_view event_name() const;
  /// Rows of lines so far whose quantity was no whole number of pieces (0, 1.5): they were taken as the whole
  /// pieces in it, one at least, at the value of the row.
  std::uint64_t odd_quantities() const;

  /// The event, or nothing when a condition of the mapping does not hold. `shop_currency` is that of amounts
  /// when neither the event nor the recipe names one. Errors: those of build_event, and bad_input for a
  /// value that its conversion refuses.
  Result<std::optional<model::Event>> map(const RecipeRows& rows, Currency shop_currency);

 private:
  struct Bound;
  explicit RecipeMapper(std::unique_ptr<Bound> bound);
  std::unique_ptr<Bound> bound_;
};

}  // namespace rapport::codec
