#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Charts as self-contained <svg> elements that print in black and white: shapes differ as well as colours,
/// every mark has a <title>. Pure: the same numbers give the same bytes. Texts are escaped here.
namespace rapport::study {

struct Bar {
  std::string label;
  double value = 0;
  std::optional<double> low = {}, high = {};  ///< drawn as a whisker
};
/// Horizontal bars from zero; `reference` draws a dashed line across all of them.
std::string bar_chart(const std::vector<Bar>& bars, std::optional<double> reference = {});

struct Point {
  std::string label;
  double x = 0, y = 0;
};
/// Labelled points with axis titles; `cross` divides the plane into four quadrants.
std::string scatter_chart(const std::vector<Point>& points, const std::string& x_title,
                          const std::string& y_title, std::optional<std::pair<double, double>> cross = {});

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;
};
/// Lines over a common x; at most five, told apart by dash and mark.
std::string line_chart(const std::vector<Line>& lines, const std::string& x_title,
                       const std::string& y_title);

/// A node of a path diagram: latent variables are ellipses, observed ones boxes.
struct DiagramNode {
  std::string name;
  bool latent = false;
};
struct DiagramArrow {
  int from = 0, to = 0;     ///< node numbers
  bool two_headed = false;  ///< a covariance
  std::string label;        ///< "0.72"
  bool strong = true;       ///< false draws it thin and dashed
};
/// Latent variables stand in columns by the longest chain of causes, their indicators beside them.
std::string path_diagram(const std::vector<DiagramNode>& nodes, const std::vector<DiagramArrow>& arrows);

}  // namespace rapport::study
