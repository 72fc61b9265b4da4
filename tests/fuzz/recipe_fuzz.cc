#include "base/assert.h"
#include "codec/recipe.h"

/// Any bytes as a recipe; one that parses is applied to a row of odd cells.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport;
  const auto recipe = codec::Recipe::parse({reinterpret_cast<const char*>(data), size});
  if (!recipe.ok()) return 0;
  const std::vector<std::string> columns = {"id", "at", "total", "who", "sku", "n"};
  std::map<std::string, std::vector<std::string>> files;
  for (const codec::RecipeFile& file : recipe->files()) files[file.role] = columns;
  const std::vector<std::string_view> cells = {"7", "2026-11-22 09:30:00", "1,299.00", "ada", "", "-1e9"};
  for (std::size_t i = 0; i < recipe->mappings(); ++i) {
    auto mapper = codec::RecipeMapper::bind(*recipe, i, files);
    if (!mapper.ok()) continue;
    for (const std::size_t joined : {0, 1, 2}) {
      codec::RecipeRows rows(1 + mapper->joins().size(), std::vector<codec::RecipeCells>(joined, cells));
      rows[0] = {cells};
      const auto event = mapper->map(rows, Currency{});
      if (event.ok() && event->has_value()) ASSERT((*event)->message_id.size() <= 256);
    }
  }
  return 0;
}
