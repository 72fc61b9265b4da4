#include <algorithm>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/svg.h"

namespace rapport::study {
namespace {

using detail::Svg;

struct Place {
  double x = 0, y = 0, half_width = 0, half_height = 0;
};

constexpr double kColumnWidth = 230, kRowHeight = 46, kMargin = 24;

class Diagram {
 public:
  Diagram(const std::vector<DiagramNode>& nodes, const std::vector<DiagramArrow>& arrows)
      : nodes_(nodes),
        arrows_(arrows),
        places_(nodes.size()),
        owner_(nodes.size(), -1),
        level_(nodes.size(), 0) {}

  std::string draw() {
    find_owners();
    find_levels();
    lay_out();
    Svg svg(width_, height_);
    svg.raw(
        "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" "
        "orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"#1b2430\"/></marker></defs>\n");
    for (const DiagramArrow& arrow : arrows_) draw_arrow(svg, arrow);
    for (std::size_t i = 0; i < nodes_.size(); ++i) draw_node(svg, i);
    return svg.take();
  }

 private:
  /// An observed variable belongs to the first latent variable that points at it and stands beside it.
  void find_owners() {
    for (const DiagramArrow& arrow : arrows_) {
      const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
      if (!arrow.two_headed && nodes_[from].latent && !nodes_[to].latent && owner_[to] < 0)
        owner_[to] = arrow.from;
    }
  }
  /// Columns by the longest chain of causes; a cycle stops after as many rounds as there are nodes.
  void find_levels() {
    for (std::size_t round = 0; round < nodes_.size(); ++round) {
      bool changed = false;
      for (const DiagramArrow& arrow : arrows_) {
        const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
        if (arrow.two_headed || owner_[to] >= 0 || owner_[from] >= 0) continue;
        if (level_[to] < level_[from] + 1 && level_[from] + 1 < static_cast<int>(nodes_.size())) {
          level_[to] = level_[from] + 1;
          changed = true;
        }
      }
      if (!changed) break;
    }
  }
  void lay_out() {
    std::map<int, std::vector<std::size_t>> columns;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (owner_[i] < 0) columns[level_[i]].push_back(i);
    }
    double tallest = 0;
    std::map<std::size_t, std::vector<std::size_t>> children;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (owner_[i] >= 0) children[static_cast<std::size_t>(owner_[i])].push_back(i);
    }
    const auto rows_of = [&](std::size_t i) {
      return std::max<double>(1.6, static_cast<double>(children[i].size()));
    };
    for (const auto& [level, members] : columns) {
      double rows = 0;
      for (const std::size_t i : members) rows += rows_of(i) + 0.5;
      tallest = std::max(tallest, rows * kRowHeight);
    }
    double x = kMargin;
    for (const auto& [level, members] : columns) {
      double rows = 0;
      for (const std::size_t i : members) rows += rows_of(i) + 0.5;
      double y = kMargin + (tallest - rows * kRowHeight) / 2;
      const bool measured =
          std::any_of(members.begin(), members.end(), [&](std::size_t i) { return !children[i].empty(); });
      const double centre = x + (measured ? 170 : 70);
      for (const std::size_t i : members) {
        const double block = rows_of(i) * kRowHeight;
        places_[i] = {centre, y + block / 2, nodes_[i].latent ? 58.0 : 46.0, nodes_[i].latent ? 24.0 : 14.0};
        double child_y =
            y + (block - static_cast<double>(children[i].size()) * kRowHeight) / 2 + kRowHeight / 2;
        for (const std::size_t child : children[i]) {
          places_[child] = {x + 46, child_y, 46, 14};
          child_y += kRowHeight;
        }
        y += block + 0.5 * kRowHeight;
      }
      x = centre + 60 + kColumnWidth * 0.5;
    }
    width_ = x - kColumnWidth * 0.5 + kMargin;
    height_ = tallest + 2 * kMargin;
  }
  /// The point where the line from the centre of `from` towards (x, y) leaves its outline.
  static std::pair<double, double> leave(const Place& from, bool ellipse, double x, double y) {
    const double dx = x - from.x, dy = y - from.y;
    if (dx == 0 && dy == 0) return {from.x, from.y};
    const double a = std::abs(dx) / from.half_width, b = std::abs(dy) / from.half_height;
    const double reach = ellipse ? 1 / std::sqrt(a * a + b * b) : 1 / std::max(a, b);
    return {from.x + dx * reach, from.y + dy * reach};
  }
  void draw_arrow(Svg& svg, const DiagramArrow& arrow) const {
    const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
    if (from == to) return;
    const Place &a = places_[from], &b = places_[to];
    const auto [x1, y1] = leave(a, nodes_[from].latent, b.x, b.y);
    const auto [x2, y2] = leave(b, nodes_[to].latent, a.x, a.y);
    // Covariances and arrows within one column bend to the side, so that they do not run through their
    // neighbours.
    const bool bend = arrow.two_headed || std::abs(a.x - b.x) < 1;
    const double length = std::hypot(x2 - x1, y2 - y1), side = bend ? std::min(60.0, 20 + length * 0.15) : 0;
    const double mx = (x1 + x2) / 2 + (length > 0 ? (y1 - y2) / length * side : 0);
    const double my = (y1 + y2) / 2 + (length > 0 ? (x2 - x1) / length * side : 0);
    svg.raw(fmt::format(
        "<path d=\"M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}\" fill=\"none\" stroke=\"#1b2430\" "
        "stroke-width=\"{}\" "
        "stroke-dasharray=\"{}\" marker-end=\"url(#arrow)\"{}><title>{} {} {}: {}</title></path>\n",
        x1, y1, mx, my, x2, y2, arrow.strong ? "1.6" : "1", arrow.strong ? "none" : "5 4",
        arrow.two_headed ? " marker-start=\"url(#arrow)\"" : "", detail::escape_html(nodes_[from].name),
        arrow.two_headed ? "&lt;-&gt;" : "-&gt;", detail::escape_html(nodes_[to].name),
        detail::escape_html(arrow.label)));
    const double lx = 0.25 * x1 + 0.5 * mx + 0.25 * x2, ly = 0.25 * y1 + 0.5 * my + 0.25 * y2;
    svg.raw(
        fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" fill=\"#1b2430\" stroke=\"#fff\" "
                    "stroke-width=\"4\" "
                    "paint-order=\"stroke\">{}</text>\n",
                    lx, ly + 4, detail::escape_html(arrow.label)));
  }
  void draw_node(Svg& svg, std::size_t i) const {
    const Place& p = places_[i];
    constexpr const char* kStyle = "fill=\"#f3f6fb\" stroke=\"#2457a6\" stroke-width=\"1.6\"";
    if (nodes_[i].latent) {
      svg.raw(fmt::format("<ellipse cx=\"{:.1f}\" cy=\"{:.1f}\" rx=\"{:.1f}\" ry=\"{:.1f}\" {}/>\n", p.x, p.y,
                          p.half_width, p.half_height, kStyle));
    } else {
      svg.raw(fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {}/>\n",
                          p.x - p.half_width, p.y - p.half_height, 2 * p.half_width, 2 * p.half_height,
                          kStyle));
    }
    svg.text(p.x, p.y + 4, nodes_[i].name, "middle");
  }

  const std::vector<DiagramNode>& nodes_;
  const std::vector<DiagramArrow>& arrows_;
  std::vector<Place> places_;
  std::vector<int> owner_, level_;
  double width_ = 0, height_ = 0;
};

}  // namespace

std::string path_diagram(const std::vector<DiagramNode>& nodes, const std::vector<DiagramArrow>& arrows) {
  return Diagram(nodes, arrows).draw();
}

}  // namespace rapport::study
