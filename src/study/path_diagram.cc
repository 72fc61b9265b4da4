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

constexpr double kRowHeight = 36, kGap = 26, kMargin = 24, kArrow = 44, kColumnGap = 120;
constexpr double kLatentHalf = 58, kLatentHalfHeight = 24, kItemHalf = 58, kItemHalfHeight = 13;

class Diagram {
 public:
  Diagram(const std::vector<DiagramNode>& nodes, const std::vector<DiagramArrow>& arrows)
      : nodes_(nodes),
        arrows_(arrows),
        places_(nodes.size()),
        owner_(nodes.size(), -1),
        level_(nodes.size(), 0),
        labels_(nodes.size()) {}

  std::string draw() {
    find_owners();
    find_levels();
    lay_out();
    Svg svg(width_, height_);
    svg.raw(
        "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" "
        "orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"#1b2430\"/></marker></defs>\n");
    for (const DiagramArrow& arrow : arrows_) {
      if (!arrow.two_headed && owner_[static_cast<std::size_t>(arrow.to)] == arrow.from) {
        draw_loading(svg, arrow);
      } else {
        draw_arrow(svg, arrow);
      }
    }
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
  /// Where the indicators of a latent variable stand: away from the structural arrows.
  enum class Side { left, right, below };
  Side side_of(std::size_t latent) const {
    bool causes = false, effects = false;
    for (const DiagramArrow& arrow : arrows_) {
      if (arrow.two_headed) continue;
      const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
      causes = causes || to == latent;
      effects = effects || (from == latent && owner_[to] < 0);
    }
    return !causes ? Side::left : !effects ? Side::right : Side::below;
  }
  double height_of(std::size_t i) const {
    const double items = static_cast<double>(children_[i].size());
    if (side_of(i) == Side::below) return 60 + items * kRowHeight;
    return std::max(60.0, items * kRowHeight);
  }
  void lay_out() {
    std::map<int, std::vector<std::size_t>> columns;
    children_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (owner_[i] < 0) columns[level_[i]].push_back(i);
      if (owner_[i] >= 0) children_[static_cast<std::size_t>(owner_[i])].push_back(i);
    }
    double tallest = 0;
    for (const auto& [level, members] : columns) {
      double height = 0;
      for (const std::size_t i : members) height += height_of(i) + kGap;
      tallest = std::max(tallest, height - kGap);
    }
    double x = kMargin;
    for (const auto& [level, members] : columns) {
      double height = -kGap;
      bool items_left = false, items_right = false;
      for (const std::size_t i : members) {
        height += height_of(i) + kGap;
        items_left = items_left || (!children_[i].empty() && side_of(i) == Side::left);
        items_right = items_right || (!children_[i].empty() && side_of(i) == Side::right);
      }
      const double centre = x + (items_left ? 2 * kItemHalf + kArrow : 0) + kLatentHalf;
      double y = kMargin + (tallest - height) / 2;
      for (const std::size_t i : members) {
        place_block(i, centre, y);
        y += height_of(i) + kGap;
      }
      x = centre + kLatentHalf + (items_right ? 2 * kItemHalf + kArrow : 0);
      width_ = x + kMargin;
      x += kColumnGap;
    }
    height_ = tallest + 2 * kMargin;
  }
  void place_block(std::size_t i, double centre, double top) {
    const Side side = side_of(i);
    const double height = height_of(i);
    const double y = side == Side::below ? top + kLatentHalfHeight : top + height / 2;
    places_[i] = {centre, y, nodes_[i].latent ? kLatentHalf : kItemHalf,
                  nodes_[i].latent ? kLatentHalfHeight : kItemHalfHeight};
    const auto items = static_cast<double>(children_[i].size());
    double item_y = side == Side::below ? y + kLatentHalfHeight + 30 : y - (items - 1) * kRowHeight / 2;
    const double item_x = side == Side::below  ? centre + 30
                          : side == Side::left ? centre - kLatentHalf - kArrow - kItemHalf
                                               : centre + kLatentHalf + kArrow + kItemHalf;
    for (const std::size_t child : children_[i]) {
      places_[child] = {item_x, item_y, kItemHalf, kItemHalfHeight};
      item_y += kRowHeight;
    }
  }
  /// The arrow to an indicator; its label stands in the indicator's box.
  void draw_loading(Svg& svg, const DiagramArrow& arrow) {
    const auto from = static_cast<std::size_t>(arrow.from), to = static_cast<std::size_t>(arrow.to);
    const Place &a = places_[from], &b = places_[to];
    const Side side = side_of(from);
    const double x1 = side == Side::below  ? a.x - 40
                      : side == Side::left ? a.x - a.half_width
                                           : a.x + a.half_width;
    const double y1 = side == Side::below ? a.y + 17 : a.y;
    const double x2 = side == Side::right || side == Side::below ? b.x - b.half_width : b.x + b.half_width;
    svg.raw(fmt::format(
        "<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" fill=\"none\" stroke=\"#1b2430\" stroke-width=\"{}\" "
        "stroke-dasharray=\"{}\" marker-end=\"url(#arrow)\"><title>{} -&gt; {}: {}</title></path>\n",
        x1, y1, x2, b.y, arrow.strong ? "1.2" : "1", arrow.strong ? "none" : "5 4",
        detail::escape_html(nodes_[from].name), detail::escape_html(nodes_[to].name),
        detail::escape_html(arrow.label)));
    labels_[to] = arrow.label;
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
    if (labels_[i].empty()) {
      svg.text(p.x, p.y + 4, nodes_[i].name, "middle");
    } else {
      svg.text(p.x - p.half_width + 6, p.y + 4, nodes_[i].name, "start");
      svg.text(p.x + p.half_width - 6, p.y + 4, labels_[i], "end");
    }
  }

  const std::vector<DiagramNode>& nodes_;
  const std::vector<DiagramArrow>& arrows_;
  std::vector<Place> places_;
  std::vector<int> owner_, level_;
  std::vector<std::vector<std::size_t>> children_;  ///< indicators of each latent variable
  std::vector<std::string> labels_;                 ///< what an indicator's box says beside its name
  double width_ = 0, height_ = 0;
};

}  // namespace

std::string path_diagram(const std::vector<DiagramNode>& nodes, const std::vector<DiagramArrow>& arrows) {
  return Diagram(nodes, arrows).draw();
}

}  // namespace rapport::study
