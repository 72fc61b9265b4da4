#include "http/detail/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace rapport::http::detail {
namespace {

constexpr int kQuiet = 4;
constexpr std::size_t kTextMostBytes = 1'000;

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
  if (text.empty() || text.size() > kTextMostBytes)
    return Error{Errc::too_large, "this does not go into a QR code", "", "up to 1000 bytes"};
  const std::string zero_ended(text);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      ::QRcode_encodeString8bit(zero_ended.c_str(), 0, QR_ECLEVEL_M), ::QRcode_free);
  if (!code) return Error{Errc::too_large, "this does not go into a QR code"};
  const int side = code->width + 2 * kQuiet;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" width=\"{1}\" height=\"{1}\" "
      "shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\"><path fill=\"#fff\" d=\"M0 "
      "0h{0}v{0}H0z\"/>"
      "<path fill=\"#000\" d=\"",
      side, side * 8);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width;) {
      const auto dark = [&](int at) { return (code->data[y * code->width + at] & 1) != 0; };
      int end = x;
      while (end < code->width && dark(end)) ++end;
      if (end > x) svg += fmt::format("M{} {}h{}v1h-{}z", x + kQuiet, y + kQuiet, end - x, end - x);
      x = end + 1;
    }
  }
  svg += "\"/></svg>\n";
  return svg;
}

}  // namespace rapport::http::detail
