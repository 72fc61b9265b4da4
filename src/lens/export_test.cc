#include "lens/export.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "lens/detail/test_files.h"
#include "lens/file_reader.h"
#include "lens/query_table.h"

namespace rapport::lens {
namespace {

using detail::TestFolder;

constexpr const char* kQuery =
    "SELECT i AS id, CASE WHEN i % 3 > 0 THEN 'a \"' || i || '\", b' END AS \"名称\", (i * "
    "1.5)::DECIMAL(18,3) AS total, "
    "TIMESTAMP '2026-11-22 09:30:00' + INTERVAL (i) HOUR AS at, DATE '2026-11-22' AS day, i > 2 AS big, i / "
    "4 AS part, "
    "[i] AS list, '' AS empty FROM range(1, 6) r(i) ORDER BY i";

struct Exported {
  std::string path;
  Result<std::uint64_t> rows;
};

Exported exported(const TestFolder& folder, ExportFormat format, const std::string& name) {
  const auto lens = *Lens::open({});
  ExportRequest request;
  request.query = kQuery;
  request.format = format;
  request.path = folder.path(name);
  return {request.path, export_query(*lens, request)};
}

TEST(Export, WhatIsWrittenIsReadBack) {
  TestFolder folder;
  for (const char* name : {"csv", "jsonl", "parquet", "xlsx"}) {
    const auto out = exported(folder, *export_format_from_name(name), std::string("out.") + name);
    ASSERT_TRUE(out.rows.ok()) << name << ": " << out.rows.error().describe();
    EXPECT_EQ(*out.rows, 5u);
    struct stat info {};
    ::stat(out.path.c_str(), &info);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
    EXPECT_FALSE(std::filesystem::exists(out.path + ".part"));
    const auto table = read_table(out.path);
    ASSERT_TRUE(table.ok()) << name << ": " << table.error().describe();
    EXPECT_EQ(table->rows(), 5u);
    EXPECT_EQ((*table->numbers("id"))[4], 5) << name;
    EXPECT_EQ((*table->texts("名称"))[0], "a \"1\", b") << name;
    EXPECT_EQ((*table->texts("名称"))[2], "") << name;
    EXPECT_EQ((*table->numbers("total"))[0], 1.5) << name;
    EXPECT_EQ((*table->numbers("part"))[0], 0.25) << name;
    EXPECT_EQ(parse_instant((*table->texts("at"))[0])->ms, parse_instant("2026-11-22T10:30:00")->ms) << name;
    EXPECT_EQ((*table->texts("day"))[0], "2026-11-22") << name;
    EXPECT_EQ((*table->texts("big"))[4], "true") << name;
    EXPECT_EQ((*table->texts("list"))[1], "[2]") << name;
  }
}

TEST(QueryTable, IsTheTableOfTheExportedFile) {
  TestFolder folder;
  const auto out = exported(folder, ExportFormat::parquet, "out.parquet");
  const auto from_file = read_table(out.path);
  const auto lens = *Lens::open({});
  const auto table = query_table(*lens, kQuery, {}, false, 1'000);
  ASSERT_TRUE(table.ok() && from_file.ok());
  ASSERT_EQ(table->columns(), from_file->columns());
  for (std::size_t i = 0; i < table->columns(); ++i) {
    const model::Column& here = table->column(i);
    const model::Column& there = from_file->column(i);
    EXPECT_EQ(here.name, there.name);
    EXPECT_EQ(here.is_number(), there.is_number()) << here.name;
    if (here.name != "at") {
      EXPECT_EQ(here.cells, there.cells) << here.name;
    }
  }
  EXPECT_EQ(parse_instant((*table->texts("at"))[0])->ms, parse_instant("2026-11-22T10:30:00")->ms);
  EXPECT_EQ(query_table(*lens, kQuery, {}, false, 44).error().code, Errc::too_large);
  EXPECT_EQ(query_table(*lens, "SELECT 1 AS a, 2 AS a", {}, false, 44).error().code, Errc::conflict);
}

TEST(Export, CsvToTheByte) {
  TestFolder folder;
  const auto lens = *Lens::open({});
  ExportRequest request{"SELECT 1 AS a, NULL AS b, '' AS c, 'x,\"y\"' AS d, 0.1 + 0.2 AS e",
                        ExportFormat::csv, folder.path("a.csv")};
  ASSERT_TRUE(export_query(*lens, request).ok());
  EXPECT_EQ(folder.read("a.csv"), "a,b,c,d,e\r\n1,,\"\",\"x,\"\"y\"\"\",0.3\r\n");
}

TEST(Export, RefusalsLeaveNoFileBehind) {
  TestFolder folder;
  const auto lens = *Lens::open({});
  for (const char* name : {"csv", "jsonl", "parquet", "xlsx"}) {
    ExportRequest request{"DROP SCHEMA mirror", *export_format_from_name(name), folder.path("a")};
    EXPECT_EQ(export_query(*lens, request).error().code, Errc::bad_input) << name;
    request.query = "SELECT * FROM range(100)";
    request.limits.rows = 99;
    EXPECT_EQ(export_query(*lens, request).error().code, Errc::too_large) << name;
    request.path = folder.path("no/such/folder/a");
    EXPECT_EQ(export_query(*lens, request).error().code, Errc::io) << name;
  }
  ExportRequest wide{"SELECT repeat('x', 40000)", ExportFormat::xlsx, folder.path("a")};
  EXPECT_EQ(export_query(*lens, wide).error().code, Errc::too_large);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path("")));
  EXPECT_EQ(export_format_from_name("pdf"), std::nullopt);
}

TEST(Export, CsvHoldsNoFormulas) {
  TestFolder folder;
  const auto lens = *Lens::open({});
  ExportRequest request;
  request.query =
      "SELECT '=HYPERLINK(\"http://x\")' AS \"=name\", -1.50::DECIMAL(9,2) AS n, '-5' AS t, '@a' AS m";
  request.path = folder.path("out.csv");
  ASSERT_TRUE(export_query(*lens, request).ok());
  std::ifstream in(request.path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(text, "\"'=name\",n,t,m\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-1.50,-5,\"'@a\"\r\n");
}

}  // namespace
}  // namespace rapport::lens
