#include "lens/import.h"

#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "base/hash.h"
#include "codec/properties.h"
#include "codec/segment.h"
#include "lens/detail/event_sorter.h"
#include "lens/detail/recipe_files.h"
#include "lens/detail/sheet.h"
#include "text/normalise.h"

namespace rapport::lens {
namespace {

constexpr std::size_t kMostProblems = 1000;
constexpr std::size_t kMostRecipeFileBytes = 1 << 20;

// Times inside the clear part move with the event.
std::string shifted_clear(std::string_view clear, Duration offset) {
  std::string out;
  ByteWriter writer(out);
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    const model::PropertySpec* spec = model::find_property(property.id);
    const bool is_time = spec != nullptr && spec->type == model::PropertyType::time;
    writer.varint(std::uint64_t{property.id.value} * 2 + (property.is_number ? 0 : 1));
    if (property.is_number) {
      writer.svarint(property.number + (is_time ? offset.ms : 0));
    } else {
      writer.text(property.bytes);
    }
  }
  return out;
}

}  // namespace

Result<codec::Recipe> load_recipe(const std::string& name_or_path) {
  const auto& shipped = codec::shipped_recipes();
  if (const auto found = shipped.find(name_or_path); found != shipped.end()) {
    return codec::Recipe::parse(found->second);
  }
  std::error_code wrong;
  const auto size = std::filesystem::file_size(name_or_path, wrong);
  if (wrong) {
    std::string names;
    for (const auto& [name, text] : shipped) names += (names.empty() ? "" : ", ") + std::string(name);
    return Error{Errc::not_found, fmt::format("no recipe '{}'", name_or_path), "",
                 "a path of a recipe file, or one of: " + names};
  }
  if (size > kMostRecipeFileBytes) return Error{Errc::too_large, "a recipe over 1 MiB", name_or_path};
  std::ifstream in(name_or_path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto recipe = codec::Recipe::parse(text);
  if (!recipe.ok()) return std::move(recipe).error().at(name_or_path);
  return recipe;
}

struct ImportSource::State {
  codec::Recipe recipe;
  ImportOptions options;
  detail::RecipeFiles files;
  std::map<std::string, detail::Sheet> sheets;
  detail::EventSorter sorter;
  ImportCounts counts;
  std::vector<std::string> problems;
  Duration offset;
  std::size_t files_total = 0, files_done = 0;

  State(codec::Recipe r, ImportOptions o, detail::RecipeFiles f)
      : recipe(std::move(r)),
        options(std::move(o)),
        files(std::move(f)),
        sorter(options.sort_bytes, options.scratch) {
    for (const auto& [role, paths] : files.by_role) files_total += paths.size();
  }

  void reject(const std::string& file, std::uint64_t line, std::string_view what) {
    ++counts.rejected;
    if (problems.size() < kMostProblems) problems.push_back(fmt::format("{}:{}: {}", file, line, what));
  }

  // Reading the files is the first two thirds of the work, making events the rest.
  void report(double done, bool reading) const {
    if (!options.progress) return;
    const double files_share = (static_cast<double>(files_done) + done) / static_cast<double>(files_total);
    options.progress(reading ? files_share * 0.66 : 0.66 + 0.34 * done);
  }

  Status read_messages(const std::string& path);
  Status take_message(const RowReader& reader, const Row& row);
  Status read_sheets();
  Status run_mapping(std::size_t number);
  Status map_group(codec::RecipeMapper& mapper, const detail::Sheet& own,
                   std::span<const std::uint32_t> rows);
  void join(const codec::RecipeMapper& mapper, codec::RecipeRows& rows) const;
  void note_quantities(const codec::RecipeMapper& mapper);
};

Status ImportSource::State::take_message(const RowReader& reader, const Row& row) {
  const auto event = [&]() -> Result<model::Event> {
    if (!row.problem.empty()) return Error{Errc::bad_input, row.problem};
    if (row.raw.empty()) return Error{Errc::bad_input, "not a line of JSON"};
    codec::ParseOptions parse;
    parse.currency = recipe.currency().value_or(options.currency);
    return codec::parse_message(row.raw, parse);
  }();
  if (!event.ok()) {
    reject(reader.path(), row.line, event.error().describe());
    return {};
  }
  model::Event made = event.value();
  made.from_import = true;
  if (made.message_id.empty()) {
    made.message_id = recipe.name() + ":" + digest_hex(sha256(row.raw)).substr(0, 32);
  }
  ++counts.events;
  return sorter.add(std::move(made));
}

Status ImportSource::State::read_messages(const std::string& path) {
  ReadOptions read;
  read.limits = options.limits;
  RAPPORT_TRY(const auto reader, open_rows(path, read));
  std::uint64_t rows = 0;
  for (Row row;;) {
    RAPPORT_TRY(const bool any, reader->next(row));
    if (!any) return {};
    RAPPORT_CHECK(take_message(*reader, row));
    if (++rows % 4096 == 0) report(reader->progress(), true);
  }
}

Status ImportSource::State::read_sheets() {
  std::size_t budget = options.table_bytes;
  for (const codec::RecipeFile& file : recipe.files()) {
    const auto paths = files.by_role.find(file.role);
    if (paths == files.by_role.end()) continue;
    for (const std::string& path : paths->second) {
      if (file.messages) {
        RAPPORT_CHECK(read_messages(path));
      } else {
        ReadOptions read;
        read.limits = options.limits;
        read.sheet = file.sheet;
        RAPPORT_TRY(const auto reader, open_rows(path, read));
        RAPPORT_CHECK(sheets[file.role].add_file(
            *reader, budget, [&](const Row& row) { reject(path, row.line, row.problem); },
            [&] { report(reader->progress(), true); }));
      }
      ++files_done;
      report(0, true);
    }
    if (!file.messages) sheets[file.role].finish();
  }
  return {};
}

void ImportSource::State::join(const codec::RecipeMapper& mapper, codec::RecipeRows& rows) const {
  for (std::size_t i = 0; i < mapper.joins().size(); ++i) {
    const codec::RecipeMapper::Join& join = mapper.joins()[i];
    auto& found = rows[i + 1];
    found.clear();
    if (!join.has_file || rows[join.own_source].empty()) continue;
    const std::string_view key = text::trim(rows[join.own_source].front()[join.own_column]);
    const detail::Sheet& sheet = sheets.at(join.role);
    const auto& index = sheet.index(join.their_column);
    const auto place = index.find(key);
    if (place == index.end()) continue;
    for (const std::uint32_t row : place->second) found.push_back(sheet.row(row));
  }
}

Status ImportSource::State::map_group(codec::RecipeMapper& mapper, const detail::Sheet& own,
                                      std::span<const std::uint32_t> group) {
  codec::RecipeRows rows(1 + mapper.joins().size());
  for (const std::uint32_t row : group) rows[0].push_back(own.row(row));
  join(mapper, rows);
  auto event = mapper.map(rows, options.currency);
  if (!event.ok()) {
    const auto place = own.place(group.front());
    reject(own.file(place.file), place.line,
           fmt::format("{}: {}", mapper.event_name(), event.error().describe()));
    return {};
  }
  if (!*event) return {};
  ++counts.events;
  return sorter.add(std::move(**event));
}

Status ImportSource::State::run_mapping(std::size_t number) {
  std::map<std::string, std::vector<std::string>> columns;
  for (const auto& [role, sheet] : sheets) columns[role] = sheet.columns();
  RAPPORT_TRY(codec::RecipeMapper mapper, codec::RecipeMapper::bind(recipe, number, columns));
  const auto found = sheets.find(mapper.from());
  if (found == sheets.end()) return {};
  const detail::Sheet& own = found->second;
  if (!mapper.group_column()) {
    for (std::uint32_t i = 0; i < own.rows(); ++i) RAPPORT_CHECK(map_group(mapper, own, {&i, 1}));
    note_quantities(mapper);
    return {};
  }
  const std::size_t column = *mapper.group_column();
  const auto& index = own.index(column);
  for (std::uint32_t i = 0; i < own.rows(); ++i) {
    const std::string_view key = text::trim(own.row(i)[column]);
    if (key.empty()) {
      const auto place = own.place(i);
      reject(own.file(place.file), place.line,
             fmt::format("{}: no {} in this row", mapper.event_name(), own.columns()[column]));
      continue;
    }
    const auto& group = index.at(key);
    if (group.front() == i) RAPPORT_CHECK(map_group(mapper, own, group));
  }
  note_quantities(mapper);
  return {};
}

void ImportSource::State::note_quantities(const codec::RecipeMapper& mapper) {
  if (mapper.odd_quantities() == 0) return;
  files.notes.push_back(fmt::format(
      "{}: {} rows whose quantity is no whole number of pieces were taken as the whole pieces in it, "
      "one at least, at the value of the row",
      mapper.event_name(), mapper.odd_quantities()));
}

ImportSource::ImportSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImportSource::~ImportSource() = default;

Result<std::unique_ptr<ImportSource>> ImportSource::open(codec::Recipe recipe, std::vector<std::string> paths,
                                                         ImportOptions options) {
  RAPPORT_TRY(detail::RecipeFiles files, detail::find_recipe_files(recipe, paths));
  auto state = std::make_unique<State>(std::move(recipe), std::move(options), std::move(files));
  return std::unique_ptr<ImportSource>(new ImportSource(std::move(state)));
}

Status ImportSource::prepare() {
  State& s = *state_;
  RAPPORT_CHECK(s.read_sheets());
  for (std::size_t i = 0; i < s.recipe.mappings(); ++i) {
    RAPPORT_CHECK(s.run_mapping(i));
    s.report(static_cast<double>(i + 1) / static_cast<double>(s.recipe.mappings()), false);
  }
  s.sheets.clear();
  return s.sorter.finish();
}

void ImportSource::shift(Duration offset) {
  state_->offset = offset;
}

Result<bool> ImportSource::next(std::vector<model::Event>& out, std::size_t most) {
  State& s = *state_;
  std::size_t given = 0;
  for (model::Event event; given < most; ++given) {
    RAPPORT_TRY(const bool any, s.sorter.next(event));
    if (!any) break;
    if (s.offset.ms != 0) {
      if (event.timestamp) event.timestamp = *event.timestamp + s.offset;
      event.clear = shifted_clear(event.clear, s.offset);
    }
    out.push_back(std::move(event));
  }
  return given > 0;
}

const ImportCounts& ImportSource::counts() const {
  return state_->counts;
}
Instant ImportSource::newest() const {
  return state_->sorter.newest();
}
const std::vector<std::string>& ImportSource::problems() const {
  return state_->problems;
}
const std::vector<std::string>& ImportSource::notes() const {
  return state_->files.notes;
}
const codec::Recipe& ImportSource::recipe() const {
  return state_->recipe;
}

}  // namespace rapport::lens
