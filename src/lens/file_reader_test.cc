#include "lens/file_reader.h"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <xlsxwriter.h>

#include "base/random.h"
#include "lens/detail/csv_reader.h"
#include "lens/detail/duck.h"
#include "lens/detail/test_files.h"
#include "lens/detail/xlsx_styles.h"

namespace rapport::lens {
namespace {

using detail::TestFolder;
using Cells = std::vector<std::string>;

struct Read {
  Cells columns;
  std::vector<Row> rows;
  std::string error;
};

Read read_all(const std::string& path, const ReadOptions& options = {}) {
  Read out;
  auto reader = open_rows(path, options);
  if (!reader.ok()) {
    out.error = reader.error().describe();
    return out;
  }
  for (Row row;;) {
    auto any = (*reader)->next(row);
    if (!any.ok()) out.error = any.error().describe();
    if (!any.ok() || !*any) break;
    out.rows.push_back(row);
  }
  out.columns = (*reader)->columns();
  return out;
}

TEST(Csv, QuotesLineBreaksAndRaggedRows) {
  TestFolder folder;
  const auto read = read_all(folder.write("a.csv",
                                          "id,\"say \"\"hi\"\"\",text\r\n"
                                          "1,\"a,b\",\"two\nlines\"\r\n"
                                          "2,short\r\n"
                                          "\r\n"
                                          "3,x,y,z\n"
                                          "4,a\"b,\"c\"d\n"
                                          "5,,"));
  EXPECT_EQ(read.columns, (Cells{"id", "say \"hi\"", "text"}));
  ASSERT_EQ(read.rows.size(), 5u);
  EXPECT_EQ(read.rows[0].cells, (Cells{"1", "a,b", "two\nlines"}));
  EXPECT_EQ(read.rows[1].line, 4u);
  EXPECT_EQ(read.rows[1].problem, "2 fields where the header has 3");
  EXPECT_EQ(read.rows[2].line, 6u);
  EXPECT_FALSE(read.rows[2].problem.empty());
  EXPECT_EQ(read.rows[3].cells, (Cells{"4", "a\"b", "cd"}));
  EXPECT_EQ(read.rows[4].cells, (Cells{"5", "", ""}));
}

TEST(Csv, AQuoteThatNeverClosesCostsOneLine) {
  TestFolder folder;
  const auto read = read_all(folder.write("a.csv", "a,b\n1,2\n3,\"open\n5,6\n7,8\n"));
  ASSERT_EQ(read.rows.size(), 4u);
  EXPECT_EQ(read.rows[1].problem, "a quote that never closes");
  EXPECT_EQ(read.rows[1].line, 3u);
  EXPECT_EQ(read.rows[2].cells, (Cells{"5", "6"}));
  EXPECT_EQ(read.rows[2].line, 4u);
  EXPECT_EQ(read.rows[3].line, 5u);
}

TEST(Csv, AHugeCellIsOneBadRow) {
  TestFolder folder;
  ReadOptions options;
  options.limits.cell_bytes = 1000;
  options.limits.row_bytes = 2000;
  const std::string huge(300'000, 'x');
  const auto read =
      read_all(folder.write("a.csv", "a,b\n1,2\n" + huge + ",1\n3,\"" + huge + "\"\n5,6\n"), options);
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.rows.size(), 4u);
  EXPECT_EQ(read.rows[0].cells, (Cells{"1", "2"}));
  EXPECT_FALSE(read.rows[1].problem.empty());
  EXPECT_FALSE(read.rows[2].problem.empty());
  EXPECT_EQ(read.rows[2].line, 4u);
  EXPECT_EQ(read.rows[3].cells, (Cells{"5", "6"}));
  EXPECT_EQ(read.rows[3].line, 5u);
}

TEST(Csv, DelimitersAndHeads) {
  EXPECT_EQ(detail::sniff_delimiter("a;b;c\n1,5;2;3\n"), ';');
  EXPECT_EQ(detail::sniff_delimiter("a\tb\n1,1\t2\n"), '\t');
  EXPECT_EQ(detail::sniff_delimiter("a|b\n\"x|,,,y\"|2\n"), '|');
  EXPECT_EQ(detail::sniff_delimiter("alone\n1\n"), ',');
  TestFolder folder;
  EXPECT_EQ(read_all(folder.write("a.csv", " a ,,a,a\n1,2,3,4\n")).columns,
            (Cells{"a", "column_2", "a_2", "a_3"}));
  ReadOptions bare;
  bare.has_header = false;
  const auto read = read_all(folder.write("b.csv", "1,2\n3,4\n"), bare);
  EXPECT_EQ(read.columns, (Cells{"c1", "c2"}));
  EXPECT_EQ(read.rows.size(), 2u);
  EXPECT_NE(read_all(folder.write("c.csv", "")).error, "");
  EXPECT_NE(read_all(folder.path("absent.csv")).error, "");
}

// The obvious writer against the reader, over random cells full of quotes and line breaks.
TEST(Csv, WhatIsWrittenIsRead) {
  TestFolder folder;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    constexpr std::string_view kPieces[] = {"a", "\"", ",", "\n", "\r\n", "客", " ", ";"};
    const std::size_t columns = 2 + random.below(4);
    std::string text;
    std::vector<Cells> wanted;
    for (std::uint64_t r = 0; r <= random.below(30); ++r) {
      Cells cells(columns);
      for (std::size_t c = 0; c < columns; ++c) {
        cells[c] = r == 0 ? "h" + std::to_string(c) : "";
        for (std::uint64_t i = random.below(6); r > 0 && i > 0; --i) cells[c] += kPieces[random.below(8)];
        std::string quoted;
        for (const char ch : cells[c]) quoted += ch == '"' ? "\"\"" : std::string(1, ch);
        text += (c > 0 ? "," : "") + ("\"" + quoted + "\"");
      }
      text += random.chance(0.5) ? "\n" : "\r\n";
      wanted.push_back(cells);
    }
    ReadOptions comma;
    comma.delimiter = ',';
    const auto read = read_all(folder.write("r.csv", text), comma);
    ASSERT_EQ(read.rows.size() + 1, wanted.size()) << "seed " << seed;
    for (std::size_t i = 0; i < read.rows.size(); ++i) {
      EXPECT_EQ(read.rows[i].cells, wanted[i + 1]) << "seed " << seed << " row " << i;
    }
  }
}

TEST(Encodings, ChineseHeadsInGb18030AndGzip) {
  TestFolder folder;
  // 客户,金额 / 李娜,12.5 in GB18030.
  const std::string gb = "\xBF\xCD\xBB\xA7,\xBD\xF0\xB6\xEE\n\xC0\xEE\xC4\xC8,12.5\n";
  for (const std::string& path : {folder.write("gb.csv", gb), folder.write_gz("gb.csv.gz", gb)}) {
    const auto read = read_all(path);
    EXPECT_EQ(read.columns, (Cells{"客户", "金额"})) << path;
    ASSERT_EQ(read.rows.size(), 1u);
    EXPECT_EQ(read.rows[0].cells, (Cells{"李娜", "12.5"}));
  }
}

TEST(Gzip, TornAndOversizedFilesEndInAnError) {
  TestFolder folder;
  std::string rows = "a,b\n";
  for (int i = 0; i < 20'000; ++i) rows += std::to_string(i * 7919) + ",2\n";
  folder.write_gz("whole.csv.gz", rows);
  const std::string packed = folder.read("whole.csv.gz");
  const auto torn =
      read_all(folder.write("torn.csv.gz", std::string_view(packed).substr(0, packed.size() / 2)));
  EXPECT_NE(torn.error.find("ends in the middle"), std::string::npos) << torn.error;
  EXPECT_GT(torn.rows.size(), 10u);
  std::string flipped = packed;
  flipped[flipped.size() - 6] ^= 1;  // the checksum
  EXPECT_NE(read_all(folder.write("flipped.csv.gz", flipped)).error, "");
  // Two members one after the other are one file.
  EXPECT_EQ(read_all(folder.write("twice.csv.gz", packed + packed)).rows.size(), 40'001u);
  ReadOptions small;
  small.limits.unpacked_bytes = 100'000;
  EXPECT_NE(read_all(folder.path("whole.csv.gz"), small).error.find("unpacks to more"), std::string::npos);
  // A bomb of one endless cell costs a row, not the memory.
  const auto bomb = read_all(folder.write_gz("bomb.csv.gz", "a,b\n" + std::string(30'000'000, 'x')));
  ASSERT_EQ(bomb.rows.size(), 1u);
  EXPECT_FALSE(bomb.rows[0].problem.empty());
}

TEST(JsonLines, MembersBecomeColumnsAsTheyAreMet) {
  TestFolder folder;
  const auto read = read_all(folder.write("a.jsonl",
                                          "{\"id\":1,\"in\":{\"x\":2.50}}\n\n"
                                          "{\"id\":\"b\",\"new\":[1,2],\"gone\":null,\"ok\":true}\n"
                                          "[1]\n{\"id\":\n"));
  EXPECT_EQ(read.columns, (Cells{"id", "in.x", "new", "ok"}));
  ASSERT_EQ(read.rows.size(), 4u);
  EXPECT_EQ(read.rows[0].cells, (Cells{"1", "2.5"}));
  EXPECT_EQ(read.rows[1].cells, (Cells{"b", "", "[1,2]", "true"}));
  EXPECT_EQ(read.rows[1].line, 3u);
  EXPECT_FALSE(read.rows[2].problem.empty());
  EXPECT_FALSE(read.rows[3].problem.empty());
}

std::string write_xlsx(const TestFolder& folder, const std::string& name) {
  const std::string path = folder.path(name);
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "订单");
  lxw_worksheet* other = workbook_add_worksheet(book, "Other");
  lxw_format* date = workbook_add_format(book);
  format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
  lxw_format* moment = workbook_add_format(book);
  format_set_num_format(moment, "dd/mm/yyyy hh:mm:ss");
  const char* heads[] = {"客户", "金额", "日期", "时刻", "ok"};
  for (lxw_col_t c = 0; c < 5; ++c) worksheet_write_string(sheet, 0, c, heads[c], nullptr);
  worksheet_write_string(sheet, 1, 0, " 李 <娜> & \"co\"", nullptr);
  worksheet_write_number(sheet, 1, 1, 0.1, nullptr);
  worksheet_write_number(sheet, 1, 2, 46348, date);                 // 2026-11-22
  worksheet_write_number(sheet, 1, 3, 46348.395833333336, moment);  // 09:30
  worksheet_write_boolean(sheet, 1, 4, 1, nullptr);
  worksheet_write_number(sheet, 3, 1, 123456789012.0, nullptr);  // row 3 is blank; its first cell is missing
  worksheet_write_string(sheet, 4, 6, "outside", nullptr);
  worksheet_write_string(other, 0, 0, "x", nullptr);
  worksheet_write_number(other, 1, 0, 7, nullptr);
  workbook_close(book);
  return path;
}

TEST(Excel, TypesDatesBlanksAndSheets) {
  TestFolder folder;
  const std::string path = write_xlsx(folder, "a.xlsx");
  folder.write_gz("a.xlsx.gz", folder.read("a.xlsx"));
  for (const std::string& file : {path, folder.path("a.xlsx.gz")}) {
    const auto read = read_all(file);
    ASSERT_EQ(read.error, "");
    EXPECT_EQ(read.columns, (Cells{"客户", "金额", "日期", "时刻", "ok"}));
    ASSERT_EQ(read.rows.size(), 3u);
    EXPECT_EQ(read.rows[0].cells,
              (Cells{" 李 <娜> & \"co\"", "0.1", "2026-11-22", "2026-11-22 09:30:00", "true"}));
    EXPECT_EQ(read.rows[1].cells, (Cells{"", "123456789012", "", "", ""}));
    EXPECT_EQ(read.rows[1].line, 4u);
    EXPECT_FALSE(read.rows[2].problem.empty());
  }
  EXPECT_EQ(*sheet_names(path), (Cells{"订单", "Other"}));
  ReadOptions other;
  other.sheet = "Other";
  EXPECT_EQ(read_all(path, other).rows[0].cells, (Cells{"7"}));
  other.sheet = "Absent";
  EXPECT_NE(read_all(path, other).error.find("订单, Other"), std::string::npos);
}

TEST(Excel, FormatsTellDatesFromNumbers) {
  using detail::NumberShape;
  EXPECT_EQ(detail::shape_of_format("yyyy\\-mm\\-dd"), NumberShape::date);
  EXPECT_EQ(detail::shape_of_format("[$-804]yyyy\"年\"m\"月\";@"), NumberShape::date);
  EXPECT_EQ(detail::shape_of_format("[h]:mm"), NumberShape::time);
  EXPECT_EQ(detail::shape_of_format("0.00\"days\""), NumberShape::number);
  EXPECT_EQ(detail::shape_of_format("#,##0.00 [$€-407]"), NumberShape::number);
  EXPECT_EQ(detail::shape_of_format("General"), NumberShape::number);
  EXPECT_EQ(detail::date_text(1, NumberShape::date, false), "1900-01-01");
  EXPECT_EQ(detail::date_text(61, NumberShape::date, false), "1900-03-01");
  EXPECT_EQ(detail::date_text(0, NumberShape::date, true), "1904-01-01");
  EXPECT_EQ(detail::date_text(46348.999999, NumberShape::date_time, false), "2026-11-23 00:00:00");
  EXPECT_EQ(detail::date_text(-1, NumberShape::date, false), std::nullopt);
  EXPECT_EQ(detail::number_text("1.1000000000000001"), "1.1");
}

void add_part(zipFile zip, const char* name, const std::string& bytes) {
  zipOpenNewFileInZip(zip, name, nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 9);
  zipWriteInFileInZip(zip, bytes.data(), static_cast<unsigned>(bytes.size()));
  zipCloseFileInZip(zip);
}

TEST(Excel, MissingPartsBombsAndLiesEndInAnError) {
  TestFolder folder;
  const auto made = [&](const std::map<std::string, std::string>& parts) {
    const std::string path = folder.path("made.xlsx");
    zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    for (const auto& [name, bytes] : parts) add_part(zip, name.c_str(), bytes);
    zipClose(zip, nullptr);
    return path;
  };
  std::map<std::string, std::string> parts = {
      {"xl/_rels/workbook.xml.rels", "<R><r Id=\"r1\" Target=\"/xl/s.xml\"/></R>"},
      {"xl/workbook.xml", "<x:wb><x:sheets><x:sheet name=\"S\" q:id=\"r1\"/></x:sheets></x:wb>"},
      {"xl/s.xml",
       "<x:ws><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is><x:t>h</x:t></x:is></x:c></x:row>"
       "<x:row r=\"2\"><x:c r=\"A2\" t=\"s\"><x:v>99</x:v></x:c></x:row>"
       "<x:row r=\"3\"><x:c r=\"A3\"><x:v>5</x:v></x:c></x:row></x:sheetData></x:ws>"}};
  const auto good = read_all(made(parts));
  EXPECT_EQ(good.error, "");
  ASSERT_EQ(good.rows.size(), 2u);
  EXPECT_EQ(good.rows[0].problem, "a cell names a shared string that is not there");
  EXPECT_EQ(good.rows[1].cells, (Cells{"5"}));
  for (const char* missing : {"xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/s.xml"}) {
    auto fewer = parts;
    fewer.erase(missing);
    EXPECT_NE(read_all(made(fewer)).error.find("no part"), std::string::npos) << missing;
  }
  ReadOptions small;
  small.limits.unpacked_bytes = 1 << 20;
  auto bomb = parts;
  bomb["xl/s.xml"] = "<ws><sheetData><row><c><v>1</v></c></row>" + std::string(50'000'000, ' ');
  EXPECT_NE(read_all(made(bomb), small).error.find("unpacks to more"), std::string::npos);
  bomb["xl/s.xml"] = "<ws><row><c><v>" + std::string(50'000'000, '1');
  EXPECT_NE(read_all(made(bomb)).error, "");
  auto strings = parts;
  strings["xl/sharedStrings.xml"] = "<sst>";
  for (int i = 0; i < 3000; ++i)
    strings["xl/sharedStrings.xml"] += "<si><t>" + std::string(100, 'x') + "</t></si>";
  small = {};
  small.limits.shared_text_bytes = 100'000;
  EXPECT_NE(read_all(made(strings), small).error.find("shared strings"), std::string::npos);
  const std::string path = write_xlsx(folder, "cut.xlsx");
  const std::string bytes = folder.read("cut.xlsx");
  for (const double part : {0.2, 0.5, 0.9}) {
    const auto size = static_cast<std::size_t>(part * static_cast<double>(bytes.size()));
    EXPECT_NE(read_all(folder.write("cut.xlsx", bytes.substr(0, size))).error, "") << size;
  }
  // Less than the four bytes by which a kind is known is not a table of one odd column.
  for (const char* name : {"two.xlsx", "TWO.XLSX", "two.parquet"})
    EXPECT_NE(read_all(folder.write(name, "PK")).error.find("not a whole"), std::string::npos) << name;
  EXPECT_EQ(read_all(folder.write("two.csv", "PK")).error, "");
}

TEST(Parquet, IsReadThroughAFenceAroundOneFile) {
  TestFolder folder;
  const std::string path = folder.path("it's.parquet");
  {
    const auto duck = detail::Duck::open("", {});
    const auto connection = detail::DuckConnection::connect(*duck);
    ASSERT_TRUE(connection
                    ->run("COPY (SELECT i AS 编号, i / 4 AS amount, CASE WHEN i % 2 = 0 THEN 'é' END AS t, "
                          "TIMESTAMP '2026-11-22 09:30:00' AS at FROM range(5000) r(i)) TO " +
                          detail::sql_quoted(path) + " (FORMAT parquet)")
                    .ok());
  }
  folder.write_gz("p.gz", folder.read("it's.parquet"));
  for (const std::string& file : {path, folder.path("p.gz")}) {
    const auto read = read_all(file);
    ASSERT_EQ(read.error, "");
    EXPECT_EQ(read.columns, (Cells{"编号", "amount", "t", "at"}));
    ASSERT_EQ(read.rows.size(), 5000u);
    EXPECT_EQ(read.rows[3].cells, (Cells{"3", "0.75", "", "2026-11-22 09:30:00"}));
    EXPECT_EQ(read.rows[4999].line, 5000u);
  }
  const std::string bytes = folder.read("it's.parquet");
  EXPECT_NE(read_all(folder.write("torn.parquet", bytes.substr(0, bytes.size() / 2))).error, "");
}

TEST(Table, NumbersTextsAndMissingCells) {
  TestFolder folder;
  const auto table =
      read_table(folder.write("t.csv", "n,code,word,empty,mixed\n1.5,007,a,,1\nNA,12,,NA,x\n -3 ,1,b,,2\n"));
  ASSERT_TRUE(table.ok()) << table.error().describe();
  const auto numbers = *table->numbers("n");
  EXPECT_EQ(numbers[0], 1.5);
  EXPECT_TRUE(std::isnan(numbers[1]));
  EXPECT_EQ(numbers[2], -3);
  for (const char* name : {"code", "word", "empty", "mixed"}) EXPECT_TRUE(table->texts(name).ok()) << name;
  const std::string ragged = folder.write("r.csv", "a,b\n1,2\n3\n");
  EXPECT_EQ(read_table(ragged).error().where, ragged + ":3");
  std::vector<std::string> problems;
  EXPECT_EQ(read_table(ragged, {}, &problems)->rows(), 1u);
  EXPECT_EQ(problems.size(), 1u);
  EXPECT_FALSE(read_table(ragged, {}, &problems, 1).ok());
  const auto lines = read_table(folder.write("t.jsonl", "{\"a\":1}\n{\"b\":2}\n{\"a\":3}\n"));
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ((*lines->numbers("a"))[2], 3);
  EXPECT_TRUE(std::isnan((*lines->numbers("b"))[0]));
}

TEST(RealFiles, RowCountsOfTheirSourceNotes) {
  RAPPORT_NEEDS_SHARED(shared);
  const std::pair<const char*, std::size_t> kFiles[] = {
      {"olist_4k/olist_orders_dataset.csv", 4000},
      {"olist_4k/olist_order_reviews_dataset.csv", 3986},
      {"olist_4k/olist_order_items_dataset.csv", 4519},
      {"olist_more/olist_orders_dataset.csv.gz", 15983},
      {"complete_journey/transactions_sample.csv.gz", 75000},
      {"complete_journey/products.csv.gz", 92331},
      {"search_queries/wands_query.csv", 480},
      {"zh_hotel_chnsenticorp/ChnSentiCorp_htl_all.csv.gz", 7766},
  };
  for (const auto& [name, rows] : kFiles) {
    const auto table = read_table(shared + "/data/" + name);
    ASSERT_TRUE(table.ok()) << table.error().describe();
    EXPECT_EQ(table->rows(), rows) << name;
  }
  const auto baskets = read_table(shared + "/data/complete_journey/transactions_sample.csv.gz");
  double sum = 0;
  const auto sales = baskets->numbers("sales_value");
  ASSERT_TRUE(sales.ok());
  for (const double value : *sales) sum += value;
  EXPECT_NEAR(sum, 233'935.24, 0.005);
  std::vector<std::string> problems;
  const auto ragged = read_table(shared + "/data/epub_downloads/epub_info.csv", {}, &problems);
  EXPECT_TRUE(ragged.ok());
  EXPECT_FALSE(problems.empty());
}

}  // namespace
}  // namespace rapport::lens
