#include "lens/detail/xlsx_reader.h"

#include <charconv>
#include <map>
#include <optional>
#include <pugixml.hpp>

#include "lens/detail/column_names.h"
#include "lens/detail/xlsx_styles.h"
#include "lens/detail/zip_parts.h"

namespace rapport::lens::detail {
namespace {

constexpr unsigned kKeepBlanks = pugi::parse_default | pugi::parse_ws_pcdata;

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// The characters of <t> elements under `node`, without the phonetic hints of <rPh>.
void append_text(const pugi::xml_node& node, std::string& out) {
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "t") {
      for (const pugi::xml_node& piece : child.children()) out += piece.value();
    } else if (name == "r") {
      append_text(child, out);
    }
  }
}

struct SheetPlace {
  std::string name;
  std::string part;
};

struct Workbook {
  std::vector<SheetPlace> sheets;
  bool from_1904 = false;
};

// Targets are relative to xl/ unless they begin with a slash.
std::string part_of_target(std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  return "xl/" + std::string(target);
}

Result<Workbook> read_workbook(ZipParts& zip) {
  RAPPORT_TRY(const std::string relations_xml, zip.whole("xl/_rels/workbook.xml.rels"));
  RAPPORT_TRY(const std::string workbook_xml, zip.whole("xl/workbook.xml"));
  pugi::xml_document relations, document;
  if (!relations.load_buffer(relations_xml.data(), relations_xml.size()) ||
      !document.load_buffer(workbook_xml.data(), workbook_xml.size())) {
    return Error{Errc::corrupt, "the Excel file's workbook is not XML"};
  }
  std::map<std::string, std::string> targets;
  for (const pugi::xml_node& relation : relations.document_element().children()) {
    targets[relation.attribute("Id").value()] = relation.attribute("Target").value();
  }
  Workbook book;
  for (const pugi::xml_node& node : document.document_element().children()) {
    if (local_name(node) == "workbookPr") book.from_1904 = node.attribute("date1904").as_bool();
    if (local_name(node) != "sheets") continue;
    for (const pugi::xml_node& sheet : node.children()) {
      std::string relation;
      for (const pugi::xml_attribute& attribute : sheet.attributes()) {
        const std::string_view name = attribute.name();
        if (name == "id" || name.ends_with(":id")) relation = attribute.value();
      }
      book.sheets.push_back({sheet.attribute("name").value(), part_of_target(targets[relation])});
    }
  }
  if (book.sheets.empty()) return Error{Errc::corrupt, "the Excel file has no sheet"};
  return book;
}

// "BC12" -> 54; nullopt when it is no cell reference.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t i = 0;
  for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && i < 3; ++i) {
    column = column * 26 + static_cast<std::size_t>(reference[i] - 'A' + 1);
  }
  if (i == 0) return std::nullopt;
  return column - 1;
}

class XlsxReader final : public RowReader {
 public:
  XlsxReader(std::string shown_path, std::unique_ptr<UnpackedFile> keep, const ReadOptions& options)
      : keep_(std::move(keep)), options_(options) {
    path_ = std::move(shown_path);
  }

  Status start(const std::string& path) {
    auto begun = start_inner(path);
    if (!begun.ok() && begun.error().where.empty()) begun.error().where = path_;
    return begun;
  }

  Result<bool> next(Row& row) override {
    row.problem.clear();
    row.raw.clear();
    for (;;) {
      if (has_first_) {
        row = std::move(first_);
        has_first_ = false;
      } else {
        auto any = read_row(row);
        if (!any.ok()) return at_file(any.error());
        if (!*any) return false;
      }
      if (!row.problem.empty()) return true;
      while (row.cells.size() > columns_.size() && row.cells.back().empty()) row.cells.pop_back();
      if (row.cells.size() > columns_.size()) {
        row.problem = fmt::format("{} cells where the header has {}", row.cells.size(), columns_.size());
        return true;
      }
      row.cells.resize(columns_.size());
      const bool blank = std::all_of(row.cells.begin(), row.cells.end(),
                                     [](const std::string& cell) { return cell.empty(); });
      if (!blank) return true;
    }
  }

  double progress() const override { return zip_->progress(); }

 private:
  Error at_file(Error error) const {
    if (error.where.empty()) error.where = path_;
    return error;
  }

  Status start_inner(const std::string& path) {
    RAPPORT_TRY(zip_, ZipParts::open(path, options_.limits));
    RAPPORT_TRY(const Workbook book, read_workbook(*zip_));
    from_1904_ = book.from_1904;
    RAPPORT_TRY(const std::string part, sheet_part(book));
    if (zip_->has("xl/styles.xml")) {
      RAPPORT_TRY(const std::string styles, zip_->whole("xl/styles.xml"));
      RAPPORT_TRY(shapes_, read_cell_styles(styles));
    }
    if (zip_->has("xl/sharedStrings.xml")) RAPPORT_CHECK(read_shared_texts());
    RAPPORT_CHECK(zip_->begin(part));
    rows_ = std::make_unique<XmlPieces>(*zip_, "row", 4 * options_.limits.row_bytes);
    return read_header();
  }

  Result<std::string> sheet_part(const Workbook& book) const {
    if (options_.sheet.empty()) return book.sheets.front().part;
    std::string names;
    for (const SheetPlace& sheet : book.sheets) {
      if (sheet.name == options_.sheet) return sheet.part;
      names += (names.empty() ? "" : ", ") + sheet.name;
    }
    return Error{Errc::bad_input, fmt::format("no sheet '{}'", options_.sheet), path_, "one of: " + names};
  }

  Status read_shared_texts() {
    RAPPORT_CHECK(zip_->begin("xl/sharedStrings.xml"));
    XmlPieces pieces(*zip_, "si", 4 * options_.limits.cell_bytes);
    std::size_t total = 0;
    for (std::string_view piece;;) {
      RAPPORT_TRY(const bool any, pieces.next(piece));
      if (!any) return {};
      pugi::xml_document document;
      if (!document.load_buffer(piece.data(), piece.size(), kKeepBlanks)) {
        return Error{Errc::corrupt, "xl/sharedStrings.xml is not XML"};
      }
      std::string text;
      append_text(document.document_element(), text);
      total += text.size() + sizeof(std::string);
      if (total > options_.limits.shared_text_bytes) {
        return Error{Errc::too_large,
                     fmt::format("shared strings of more than {} bytes", options_.limits.shared_text_bytes)};
      }
      shared_.push_back(std::move(text));
    }
  }

  Status read_header() {
    for (;;) {
      RAPPORT_TRY(const bool any, read_row(first_));
      if (!any) return Error{Errc::bad_input, "the sheet is empty", path_, "a header row"};
      while (!first_.cells.empty() && first_.cells.back().empty()) first_.cells.pop_back();
      if (!first_.cells.empty()) break;
    }
    if (!first_.problem.empty()) {
      return Error{Errc::bad_input, first_.problem, fmt::format("{}:{}", path_, first_.line)};
    }
    has_first_ = !options_.has_header;
    columns_ = options_.has_header ? column_names(first_.cells) : numbered_columns(first_.cells.size());
    return {};
  }

  Result<bool> read_row(Row& row) {
    row.cells.clear();
    row.problem.clear();
    std::string_view piece;
    RAPPORT_TRY(const bool any, rows_->next(piece));
    if (!any) return false;
    pugi::xml_document document;
    if (!document.load_buffer(piece.data(), piece.size(), kKeepBlanks)) {
      row.line = ++line_;
      row.problem = "not XML";
      return true;
    }
    const pugi::xml_node node = document.document_element();
    line_ = node.attribute("r").as_ullong(line_ + 1);
    row.line = line_;
    for (const pugi::xml_node& cell : node.children()) {
      if (local_name(cell) != "c") continue;
      const auto place = column_of(cell.attribute("r").value());
      const std::size_t column = place.value_or(row.cells.size());
      if (column >= options_.limits.columns) {
        row.problem = fmt::format("more than {} columns", options_.limits.columns);
        return true;
      }
      if (row.cells.size() <= column) row.cells.resize(column + 1);
      row.cells[column] = cell_text(cell, row);
    }
    return true;
  }

  std::string cell_text(const pugi::xml_node& cell, Row& row) const {
    const std::string_view type = cell.attribute("t").value();
    std::string raw;
    for (const pugi::xml_node& child : cell.children()) {
      const std::string_view name = local_name(child);
      if (name == "is") append_text(child, raw);
      if (name == "v") raw += child.child_value();
    }
    if (raw.size() > options_.limits.cell_bytes) {
      row.problem = "a cell over the limit";
      return {};
    }
    if (type == "s") return shared_text(raw, row);
    if (type == "b") return raw == "1" ? "true" : "false";
    if (type == "e") return {};
    if (type == "str" || type == "inlineStr" || type == "d" || raw.empty()) return raw;
    return shaped(raw, cell.attribute("s").as_uint());
  }

  std::string shared_text(const std::string& raw, Row& row) const {
    std::size_t index = shared_.size();
    std::from_chars(raw.data(), raw.data() + raw.size(), index);
    if (index < shared_.size()) return shared_[index];
    row.problem = "a cell names a shared string that is not there";
    return {};
  }

  std::string shaped(const std::string& raw, std::size_t style) const {
    const NumberShape shape = style < shapes_.size() ? shapes_[style] : NumberShape::number;
    if (shape != NumberShape::number) {
      double serial = -1;
      std::from_chars(raw.data(), raw.data() + raw.size(), serial);
      if (auto text = date_text(serial, shape, from_1904_)) return *text;
    }
    return number_text(raw);
  }

  std::unique_ptr<UnpackedFile> keep_;
  ReadOptions options_;
  std::unique_ptr<ZipParts> zip_;
  std::unique_ptr<XmlPieces> rows_;
  std::vector<std::string> shared_;
  std::vector<NumberShape> shapes_;
  bool from_1904_ = false;
  std::uint64_t line_ = 0;
  Row first_;
  bool has_first_ = false;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_xlsx(const std::string& shown_path, const std::string& path,
                                             std::unique_ptr<UnpackedFile> keep, const ReadOptions& options) {
  auto reader = std::make_unique<XlsxReader>(shown_path, std::move(keep), options);
  RAPPORT_CHECK(reader->start(path));
  return std::unique_ptr<RowReader>(std::move(reader));
}

Result<std::vector<std::string>> xlsx_sheet_names(const std::string& path, const ReadLimits& limits) {
  RAPPORT_TRY(const auto zip, ZipParts::open(path, limits));
  RAPPORT_TRY(const Workbook book, read_workbook(*zip));
  std::vector<std::string> names;
  for (const SheetPlace& sheet : book.sheets) names.push_back(sheet.name);
  return names;
}

}  // namespace rapport::lens::detail
