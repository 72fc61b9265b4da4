#include "study/chart.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::study {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Chart, BarsEscapeLabelsAndSkipWhatIsNoNumber) {
  const std::string svg =
      bar_chart({{"<x> & 服务", 0.5, 0.4, 0.6}, {"gone", std::nan("")}, {"minus", -2}}, 0.3);
  EXPECT_NE(svg.find("&lt;x&gt; &amp; 服务"), std::string::npos);
  EXPECT_EQ(count(svg, "<rect"), 2u);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(Chart, EmptyAndConstantDataStillDraw) {
  for (const std::string& svg :
       {bar_chart({}), scatter_chart({{"a", 1, 1}}, "x", "y"), line_chart({}, "x", "y"),
        line_chart({{"flat", {{1, 2}, {2, 2}}}}, "x", "y"), path_diagram({}, {})}) {
    EXPECT_EQ(svg.substr(0, 4), "<svg");
    EXPECT_EQ(svg.substr(svg.size() - 6), "</svg>");
    EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
  }
}

TEST(Chart, DiagramPutsCausesLeftOfEffectsAndSurvivesACycle) {
  const std::string svg =
      path_diagram({{"f", true}, {"g", true}, {"x", false}, {"y", false}},
                   {{0, 1, false, "0.5"}, {0, 2, false, "0.7"}, {1, 3, false, "0.8"}, {1, 0, false, "0.1"}});
  EXPECT_EQ(count(svg, "<ellipse"), 2u);
  EXPECT_EQ(count(svg, "<rect"), 2u);
  EXPECT_EQ(count(svg, "<path d=\"M"), 5u) << "four arrows and the arrow head";
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace rapport::study
