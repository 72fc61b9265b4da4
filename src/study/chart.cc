#include "study/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "study/detail/render.h"
#include "study/detail/svg.h"

namespace rapport::study {
namespace {

using detail::escape_html;
using detail::format_number;
using detail::Svg;

constexpr std::array<const char*, 5> kInks{"#2457a6", "#a3470d", "#17663a", "#7a2d83", "#4c5a6b"};
constexpr std::array<const char*, 5> kDashes{"none", "7 4", "2 3", "9 3 2 3", "12 4"};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void take(double v) {
    if (!std::isfinite(v)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  void settle(double margin) {
    if (!(low <= high)) low = 0, high = 1;
    const double width = high - low > 0 ? high - low : std::max(1.0, std::abs(high));
    low -= margin * width;
    high += margin * width;
  }
  double place(double v, double from, double to) const {
    return from + (v - low) / (high - low) * (to - from);
  }
};

/// Round steps: 1, 2 or 5 times a power of ten, about five of them.
std::vector<double> ticks(const Range& range) {
  const double raw = (range.high - range.low) / 5, power = std::pow(10, std::floor(std::log10(raw)));
  const double step = raw / power < 1.5   ? power
                      : raw / power < 3.5 ? 2 * power
                      : raw / power < 7.5 ? 5 * power
                                          : 10 * power;
  std::vector<double> at;
  for (double k = std::ceil(range.low / step); k * step <= range.high && at.size() < 20; ++k)
    at.push_back(k * step);
  return at;
}

std::string tick_text(double v) {
  return std::abs(v) < 1e-12 ? "0" : fmt::format("{:.4g}", v);
}

constexpr double kLeft = 64, kTop = 16, kWidth = 560, kHeight = 320;

void draw_axes(Svg& svg, const Range& x, const Range& y, const std::string& x_title,
               const std::string& y_title) {
  for (const double v : ticks(x)) {
    const double at = x.place(v, kLeft, kLeft + kWidth);
    svg.line(at, kTop, at, kTop + kHeight, "#e3e8ee", 1);
    svg.text(at, kTop + kHeight + 16, tick_text(v), "middle");
  }
  for (const double v : ticks(y)) {
    const double at = y.place(v, kTop + kHeight, kTop);
    svg.line(kLeft, at, kLeft + kWidth, at, "#e3e8ee", 1);
    svg.text(kLeft - 6, at + 4, tick_text(v), "end");
  }
  svg.line(kLeft, kTop + kHeight, kLeft + kWidth, kTop + kHeight, "#1b2430", 1);
  svg.line(kLeft, kTop, kLeft, kTop + kHeight, "#1b2430", 1);
  svg.text(kLeft + kWidth / 2, kTop + kHeight + 34, x_title, "middle");
  svg.vertical_text(14, kTop + kHeight / 2, y_title);
}

}  // namespace

std::string bar_chart(const std::vector<Bar>& bars, std::optional<double> reference) {
  Range range;
  range.take(0);
  std::size_t longest = 4;
  for (const Bar& bar : bars) {
    range.take(bar.value);
    range.take(bar.low.value_or(bar.value));
    range.take(bar.high.value_or(bar.value));
    longest = std::max(longest, detail::display_width(bar.label));
  }
  if (reference) range.take(*reference);
  range.settle(0.06);
  const double left = std::min(320.0, 12 + 7.5 * static_cast<double>(longest)), right = left + 480;
  const double bottom = 12 + 24 * static_cast<double>(bars.size());
  Svg svg(right + 70, bottom + 26);
  for (const double v : ticks(range)) {
    const double at = range.place(v, left, right);
    svg.line(at, 6, at, bottom, "#e3e8ee", 1);
    svg.text(at, bottom + 16, tick_text(v), "middle");
  }
  const double zero = range.place(0, left, right);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double y = 10 + 24 * static_cast<double>(i);
    svg.text(left - 8, y + 14, bar.label, "end");
    if (!std::isfinite(bar.value)) continue;
    const double end = range.place(bar.value, left, right);
    svg.box(std::min(zero, end), y + 3, std::abs(end - zero), 14, kInks[0],
            bar.label + " " + format_number(bar.value));
    double label_at = std::max(zero, end);
    if (bar.low && bar.high && std::isfinite(*bar.low) && std::isfinite(*bar.high)) {
      const double a = range.place(*bar.low, left, right), b = range.place(*bar.high, left, right);
      svg.line(a, y + 10, b, y + 10, "#1b2430", 1.5);
      svg.line(a, y + 6, a, y + 14, "#1b2430", 1.5);
      svg.line(b, y + 6, b, y + 14, "#1b2430", 1.5);
      label_at = std::max(label_at, b);
    }
    svg.text(label_at + 5, y + 14, fmt::format("{:.3g}", bar.value), "start");
  }
  svg.line(zero, 6, zero, bottom, "#1b2430", 1);
  if (reference) {
    const double at = range.place(*reference, left, right);
    svg.line(at, 6, at, bottom, kInks[1], 1.5, "6 4");
  }
  return svg.take();
}

std::string scatter_chart(const std::vector<Point>& points, const std::string& x_title,
                          const std::string& y_title, std::optional<std::pair<double, double>> cross) {
  Range x, y;
  for (const Point& p : points) {
    x.take(p.x);
    y.take(p.y);
  }
  if (cross) {
    x.take(cross->first);
    y.take(cross->second);
  }
  x.settle(0.12);
  y.settle(0.12);
  Svg svg(kLeft + kWidth + 24, kTop + kHeight + 44);
  draw_axes(svg, x, y, x_title, y_title);
  if (cross) {
    const double cx = x.place(cross->first, kLeft, kLeft + kWidth),
                 cy = y.place(cross->second, kTop + kHeight, kTop);
    svg.line(cx, kTop, cx, kTop + kHeight, kInks[1], 1.5, "6 4");
    svg.line(kLeft, cy, kLeft + kWidth, cy, kInks[1], 1.5, "6 4");
  }
  for (const Point& p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
    const double px = x.place(p.x, kLeft, kLeft + kWidth), py = y.place(p.y, kTop + kHeight, kTop);
    svg.circle(px, py, 5, kInks[0],
               fmt::format("{}: {}, {}", p.label, format_number(p.x), format_number(p.y)));
    const bool at_right = px > kLeft + kWidth - 90;
    svg.text(at_right ? px - 8 : px + 8, py - 6, p.label, at_right ? "end" : "start");
  }
  return svg.take();
}

std::string line_chart(const std::vector<Line>& lines, const std::string& x_title,
                       const std::string& y_title) {
  Range x, y;
  for (const Line& line : lines) {
    for (const auto& [px, py] : line.points) {
      x.take(px);
      y.take(py);
    }
  }
  x.settle(0.02);
  y.settle(0.06);
  Svg svg(kLeft + kWidth + 24, kTop + kHeight + 44 + 20);
  draw_axes(svg, x, y, x_title, y_title);
  double legend = kLeft;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t style = i % kInks.size();
    std::vector<std::pair<double, double>> path;
    for (const auto& [px, py] : lines[i].points) {
      if (!std::isfinite(px) || !std::isfinite(py)) continue;
      path.emplace_back(x.place(px, kLeft, kLeft + kWidth), y.place(py, kTop + kHeight, kTop));
    }
    svg.polyline(path, kInks[style], kDashes[style], lines[i].name);
    const double below = kTop + kHeight + 52;
    svg.polyline({{legend, below - 4}, {legend + 26, below - 4}}, kInks[style], kDashes[style],
                 lines[i].name);
    svg.text(legend + 32, below, lines[i].name, "start");
    legend += 50 + 7.5 * static_cast<double>(detail::display_width(lines[i].name));
  }
  return svg.take();
}

}  // namespace rapport::study
