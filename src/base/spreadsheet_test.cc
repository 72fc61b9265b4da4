#include "base/spreadsheet.h"

#include <gtest/gtest.h>

namespace rapport {
namespace {

TEST(Spreadsheet, TextsThatWouldRunAreToldFromNumbers) {
  for (const std::string_view text :
       {"=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+cmd()", "@SUM(A1)", "\t=1", "\r=1", "-inf", "+86 139"})
    EXPECT_TRUE(is_formula_in_spreadsheets(text)) << text;
  for (const std::string_view text : {"", "-1", "+8613912345678", "-1,234.50", "a=1", "净化器", " =1", "1-2"})
    EXPECT_FALSE(is_formula_in_spreadsheets(text)) << text;
}

}  // namespace
}  // namespace rapport
