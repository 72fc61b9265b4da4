#include "lens/preview.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "codec/json_writer.h"
#include "codec/recipe.h"
#include "lens/detail/column_guess.h"
#include "lens/file_reader.h"
#include "lens/import.h"
#include "text/encoding.h"

namespace rapport::lens {
namespace {

using codec::JsonWriter;

constexpr std::size_t kExamples = 3;
constexpr std::size_t kExampleBytes = 80;
constexpr std::size_t kProblemsShown = 10;
constexpr std::int32_t kSure = 50;  ///< guesses below do not enter the recipe
constexpr std::size_t kHeadBytes = 256 * 1024;

std::string file_head(const std::string& path) {
  std::string head(kHeadBytes, '\0');
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  head.resize(std::fread(head.data(), 1, head.size(), file));
  std::fclose(file);
  return head;
}

std::string format_of(std::string_view head) {
  if (head.starts_with("PK")) return "xlsx";
  if (head.starts_with("PAR1")) return "parquet";
  if (head.starts_with("\x1f\x8b")) return "gzip";
  const auto first = head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return first != std::string_view::npos && head[first] == '{' ? "jsonl" : "csv";
}

std::string encoding_of(std::string_view head) {
  text::Decoder decoder;
  std::string ignored;
  decoder.decode(head, true, ignored);
  return std::string(text::encoding_name(decoder.encoding()));
}

/// The first bytes of `name` that may name a recipe.
std::string recipe_name(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, name.rfind('.'))) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (good && out.size() < 30) out += c;
  }
  return out.empty() ? "upload" : out;
}

/// Columns with their cells, and the recipe that follows from the guesses.
class Guesser {
 public:
  Guesser(Preview& preview, std::vector<std::vector<std::string>> cells, const PreviewOptions& options)
      : preview_(preview), cells_(std::move(cells)), options_(options) {
    for (std::size_t i = 0; i < preview.columns.size(); ++i) {
      const PreviewColumn& column = preview.columns[i];
      if (column.confidence < kSure) continue;
      const auto [at, is_new] = by_property_.try_emplace(column.property, i);
      if (!is_new && preview.columns[at->second].confidence < column.confidence) at->second = i;
    }
  }

  void guess() {
    const bool who = has("user_id") || has("phone") || has("email") || has("member_id");
    if (has("order_id") && has("time") && who && (has("total") || has("price"))) {
      preview_.event = "Order Completed";
    } else if (has("rating") && has("product_id") && has("time") && who) {
      preview_.event = "Review Posted";
    } else if (has("product_id") && has("product_name") && !who) {
      preview_.event = "Product Published";
    } else if (who) {
      preview_.event = "identify";
    } else {
      return;
    }
    write();
  }

 private:
  bool has(std::string_view property) const { return by_property_.contains(property); }
  const std::string& column(std::string_view property) const {
    return preview_.columns[by_property_.find(property)->second].name;
  }
  const std::vector<std::string>& cells(std::string_view property) const {
    return cells_[by_property_.find(property)->second];
  }

  void write() {
    JsonWriter json(preview_.recipe);
    json.begin_object();
    json.field("recipe", recipe_name(options_.name));
    json.field("title", options_.name);
    json.field("currency", options_.currency.text());
    json.field("zone", options_.zone);
    json.key("files");
    json.raw(R"({"rows":{"match":"*"}})");
    json.key("events");
    json.begin_array();
    if (preview_.event == "Order Completed") order(json);
    if (preview_.event == "Review Posted") review(json);
    if (preview_.event == "Product Published") product(json);
    const bool has_traits = has("name") || has("city") || has("region") || has("gender") ||
                            (has("phone") && (has("user_id") || has("member_id") || has("email")));
    if (preview_.event != "Product Published" && (has_traits || preview_.event == "identify")) identify(json);
    json.end_array();
    json.end_object();
  }

  void time(JsonWriter& json) const {
    json.key("time");
    if (!has("time")) return json.raw(R"({"const":"2000-01-01"})");
    const std::string format = detail::time_format(cells("time")).value_or("");
    if (format.empty()) return json.text(column("time"));
    json.begin_object();
    json.field("column", column("time"));
    json.field("format", format);
    json.end_object();
  }

  void identifiers(JsonWriter& json) const {
    json.key("identifiers");
    json.begin_object();
    for (const std::string_view kind : {"user_id", "member_id", "phone", "email"}) {
      if (has(kind)) json.field(kind, column(kind));
    }
    json.end_object();
  }

  void member(JsonWriter& json, std::string_view property) const {
    if (has(property)) json.field(property, column(property));
  }

  /// Templates name columns in braces; a head with braces of its own cannot stand there.
  void key(JsonWriter& json, std::string_view prefix,
           std::initializer_list<std::string_view> properties) const {
    std::string text(prefix);
    for (const std::string_view property : properties) {
      if (has(property)) text += fmt::format(":{{{}}}", column(property));
    }
    json.key("key");
    json.begin_object();
    json.field("template", text);
    json.end_object();
  }

  /// Whether rows of one order repeat its number, and then whether they repeat its total too.
  std::pair<bool, bool> order_rows() const {
    std::map<std::string_view, std::string_view> totals;
    bool repeats = false, same_total = true;
    const std::vector<std::string>& ids = cells("order_id");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::string_view total = has("total") ? std::string_view(cells("total")[i]) : std::string_view();
      const auto [at, is_new] = totals.try_emplace(ids[i], total);
      if (is_new) continue;
      repeats = true;
      same_total = same_total && at->second == total;
    }
    return {repeats, same_total};
  }

  void order(JsonWriter& json) const {
    const auto [repeats, same_total] = order_rows();
    json.begin_object();
    json.field("event", "Order Completed");
    json.field("from", "rows");
    if (repeats) json.field("group_by", column("order_id"));
    key(json, "order", {"order_id"});
    time(json);
    identifiers(json);
    json.key("properties");
    json.begin_object();
    member(json, "order_id");
    if (has("currency")) {
      member(json, "currency");
    } else {
      json.key("currency");
      json.begin_object();
      json.field("const", options_.currency.text());
      json.end_object();
    }
    json.key("total");
    const std::string_view amount = has("total") ? "total" : "price";
    if (repeats) {
      json.begin_object();
      json.field(has("total") && same_total ? "max" : "sum", column(amount));
      json.end_object();
    } else {
      json.text(column(amount));
    }
    json.key("products");
    json.begin_object();
    json.field("lines", "rows");
    if (has("product_id") || has("product_name")) {
      json.field("product_id", column(has("product_id") ? "product_id" : "product_name"));
    } else {
      json.key("product_id");
      json.raw(R"({"const":"unknown"})");
    }
    member(json, "quantity");
    json.field("price", column(has("price") ? "price" : amount));
    json.end_object();
    json.end_object();
    json.end_object();
  }

  void review(JsonWriter& json) const {
    json.begin_object();
    json.field("event", "Review Posted");
    json.field("from", "rows");
    key(json, "review", {"review_id", "user_id", "phone", "product_id", "time"});
    time(json);
    identifiers(json);
    json.key("properties");
    json.begin_object();
    json.key("review_id");
    if (has("review_id")) {
      json.text(column("review_id"));
    } else {
      json.begin_object();
      json.field("template", fmt::format("{{{}}}-{{{}}}", column("product_id"), column("time")));
      json.end_object();
    }
    for (const std::string_view property : {"product_id", "rating", "text", "order_id"})
      member(json, property);
    if (!has("text")) json.key("text"), json.raw(R"({"const":"-"})");
    json.end_object();
    json.end_object();
  }

  void product(JsonWriter& json) const {
    json.begin_object();
    json.field("event", "Product Published");
    json.field("from", "rows");
    key(json, "product", {"product_id"});
    time(json);
    json.key("properties");
    json.begin_object();
    json.field("product_id", column("product_id"));
    json.field("name", column("product_name"));
    for (const std::string_view property : {"category", "brand", "price"}) member(json, property);
    json.end_object();
    json.end_object();
  }

  void identify(JsonWriter& json) const {
    json.begin_object();
    json.field("type", "identify");
    json.field("from", "rows");
    key(json, "person", {"user_id", "member_id", "phone", "email", "order_id"});
    time(json);
    identifiers(json);
    json.key("traits");
    json.begin_object();
    for (const std::string_view property : {"name", "phone", "email", "city", "region", "gender"})
      member(json, property);
    json.end_object();
    json.end_object();
  }

  Preview& preview_;
  std::vector<std::vector<std::string>> cells_;
  const PreviewOptions& options_;
  std::map<std::string, std::size_t, std::less<>> by_property_;
};

/// Lines of messages need no guess: the shipped recipe reads them.
bool holds_messages(const Preview& preview) {
  const auto has = [&](std::string_view name) {
    return std::any_of(preview.columns.begin(), preview.columns.end(),
                       [name](const PreviewColumn& column) { return column.name == name; });
  };
  return preview.format == "jsonl" && has("type") && (has("userId") || has("anonymousId"));
}

void try_recipe(const std::string& path, const PreviewOptions& options, Preview& preview) {
  auto recipe = codec::Recipe::parse(preview.recipe);
  if (!recipe.ok()) {
    preview.refused.push_back(recipe.error().describe());
    return;
  }
  ImportOptions import;
  import.currency = options.currency;
  auto source = ImportSource::open(std::move(*recipe), {path}, std::move(import));
  const Status read = source.ok() ? (*source)->prepare() : Status(source.error());
  if (!read.ok()) {
    preview.refused.push_back(read.error().describe());
    return;
  }
  preview.events = (*source)->counts().events;
  preview.rejected = (*source)->counts().rejected;
  for (const std::string& problem : (*source)->problems()) {
    if (preview.refused.size() == kProblemsShown) break;
    // Without the name of the file, which is ours.
    const std::size_t slash = problem.rfind('/', problem.find(": "));
    preview.refused.push_back(slash == std::string::npos ? problem : problem.substr(slash + 1));
  }
}

}  // namespace

Result<Preview> preview_file(const std::string& path, const PreviewOptions& options) {
  Preview preview;
  const std::string head = file_head(path);
  preview.format = format_of(head);
  if (preview.format == "csv" || preview.format == "jsonl") preview.encoding = encoding_of(head);
  RAPPORT_TRY(const auto reader, open_rows(path));
  std::vector<std::vector<std::string>> cells;
  std::vector<std::string> problems;
  Row row, held;
  bool has_held = false;
  const auto take = [&](Row& taken) {
    if (!taken.problem.empty()) {
      if (preview.problems.size() < kProblemsShown)
        preview.problems.push_back(fmt::format("line {}: {}", taken.line, taken.problem));
      return;
    }
    ++preview.rows;
    cells.resize(std::max(cells.size(), taken.cells.size()));
    for (std::size_t i = 0; i < taken.cells.size(); ++i) {
      cells[i].resize(preview.rows - 1);
      cells[i].push_back(std::move(taken.cells[i]));
    }
  };
  while (preview.rows < options.rows_most) {
    const Result<bool> more = reader->next(row);
    if (!more.ok()) {
      if (!options.is_cut_off || preview.rows == 0) return more.error();
      break;
    }
    if (!*more) break;
    // The last row of a file that was cut off is held back: it may be half of one.
    if (has_held) take(held);
    held = std::move(row);
    has_held = true;
    row = Row();
  }
  if (has_held && !options.is_cut_off) take(held);
  cells.resize(reader->columns().size());
  for (std::size_t i = 0; i < reader->columns().size(); ++i) {
    cells[i].resize(preview.rows);
    PreviewColumn column;
    column.name = reader->columns()[i];
    column.type = detail::column_type(cells[i]);
    std::tie(column.property, column.confidence) = detail::guess_property(column.name, cells[i]);
    for (const std::string& cell : cells[i]) {
      if (column.examples.size() == kExamples) break;
      if (cell.empty() || cell.size() > kExampleBytes) continue;
      if (std::find(column.examples.begin(), column.examples.end(), cell) == column.examples.end())
        column.examples.push_back(cell);
    }
    preview.columns.push_back(std::move(column));
  }
  if (holds_messages(preview)) {
    preview.event = "messages";
    preview.recipe = std::string(codec::shipped_recipes().at("events-jsonl"));
  } else {
    Guesser(preview, std::move(cells), options).guess();
  }
  if (!preview.recipe.empty()) try_recipe(path, options, preview);
  return preview;
}

}  // namespace rapport::lens
