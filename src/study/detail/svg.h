#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "study/detail/render.h"

namespace rapport::study::detail {

/// Writes one <svg> element for use inside HTML, where the namespace is implied; coordinates with one
/// decimal, texts escaped.
class Svg {
 public:
  Svg(double width, double height)
      : out_(fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" role=\"img\" "
                         "font-family=\"inherit\" font-size=\"12\">\n",
                         width, height, width, height)) {}
  void line(double x1, double y1, double x2, double y2, const char* ink, double width,
            const char* dash = "none") {
    out_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\" "
        "stroke-dasharray=\"{}\"/>\n",
        x1, y1, x2, y2, ink, width, dash);
  }
  void text(double x, double y, const std::string& text, const char* anchor) {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"#1b2430\">{}</text>\n", x,
                        y, anchor, escape_html(text));
  }
  void vertical_text(double x, double y, const std::string& text) {
    out_ += fmt::format(
        "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" text-anchor=\"middle\" "
        "fill=\"#1b2430\">{}</text>\n",
        x, y, escape_html(text));
  }
  void box(double x, double y, double width, double height, const char* ink, const std::string& title) {
    out_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
        "fill=\"{}\"><title>{}</title></rect>\n",
        x, y, width, height, ink, escape_html(title));
  }
  void circle(double x, double y, double radius, const char* ink, const std::string& title) {
    out_ +=
        fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"><title>{}</title></circle>\n",
                    x, y, radius, ink, escape_html(title));
  }
  void polyline(const std::vector<std::pair<double, double>>& points, const char* ink, const char* dash,
                const std::string& title) {
    std::string path;
    for (const auto& [x, y] : points) path += fmt::format("{:.1f},{:.1f} ", x, y);
    out_ += fmt::format(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" "
        "stroke-dasharray=\"{}\"><title>{}</title>"
        "</polyline>\n",
        path, ink, dash, escape_html(title));
  }
  /// Already well-formed elements.
  void raw(const std::string& elements) { out_ += elements; }
  std::string take() { return std::move(out_) + "</svg>"; }

 private:
  std::string out_;
};

}  // namespace rapport::study::detail
