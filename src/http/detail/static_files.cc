#include "http/detail/static_files.h"

#include <fmt/format.h>

namespace rapport::http::detail {
namespace {

/// Pages run scripts and styles of ours only, ask nobody else for anything, and stand in nobody's frame.
constexpr std::string_view kPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src "
    "'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kForGood =
    "public, max-age=31536000, immutable";  // the name holds the content's hash
constexpr std::string_view kForAMoment = "public, max-age=300";
constexpr std::string_view kAskAgain = "no-cache";
constexpr std::string_view kHtml = "text/html; charset=utf-8";

bool under(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// Whether the list of codings ("gzip, br;q=0.5") takes this one.
bool takes(std::string_view accepted, std::string_view coding) {
  while (!accepted.empty()) {
    const auto end = std::min(accepted.find(','), accepted.size());
    std::string_view item = accepted.substr(0, end);
    accepted.remove_prefix(std::min(end + 1, accepted.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    if (!item.starts_with(coding)) continue;
    item.remove_prefix(coding.size());
    const auto quality = item.find("q=");
    if (quality == std::string_view::npos) return item.empty() || item.front() == ' ' || item.front() == ';';
    return item.substr(quality + 2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

Response answer(const assets::File& file, const Request& request) {
  Response response;
  response.content_type = file.media;
  std::string_view coding, bytes = file.plain;
  if (!file.brotli.empty() && takes(request.accept_encoding, "br")) {
    coding = "br";
    bytes = file.brotli;
  } else if (!file.gzip.empty() && takes(request.accept_encoding, "gzip")) {
    coding = "gzip";
    bytes = file.gzip;
  }
  const bool element = under(file.path, "/elements");
  const std::string tag = fmt::format("\"{}{}{}\"", file.etag, coding.empty() ? "" : "-", coding);
  auto& headers = response.headers;
  headers.emplace_back("ETag", tag);
  headers.emplace_back("Cache-Control", under(file.path, "/assets") ? kForGood
                                        : element                   ? kForAMoment
                                                                    : kAskAgain);
  headers.emplace_back("Vary", "Accept-Encoding");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("Cross-Origin-Resource-Policy", element ? "cross-origin" : "same-origin");
  if (element) headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (file.media.starts_with("text/html")) add_page_headers(response);
  if (request.if_none_match.find(tag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  if (!coding.empty()) headers.emplace_back("Content-Encoding", coding);
  response.body = bytes;
  return response;
}

Response plain_page() {
  Response response;
  response.content_type = kHtml;
  response.body = assets::plain_page();
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  add_page_headers(response);
  return response;
}

}  // namespace

void add_page_headers(Response& response) {
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

std::optional<Response> static_file(const assets::Bundle& bundle, const Request& request) {
  const std::string_view path = request.path;
  if (under(path, "/v1") || path.find("/..") != std::string_view::npos) return std::nullopt;
  if (const assets::File* file = bundle.find(path)) return answer(*file, request);
  // Browsers ask for it wherever a page names no icon, such as beside a picture that is opened alone.
  if (path == "/favicon.ico") {
    if (const assets::File* icon = bundle.find("/favicon.svg")) return answer(*icon, request);
  }
  if (under(path, "/assets") || under(path, "/elements")) return std::nullopt;
  const bool has_dot = path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
  if (has_dot && request.accept.find("text/html") == std::string_view::npos) return std::nullopt;
  if (bundle.empty()) return plain_page();
  const assets::File* page = bundle.find(under(path, "/shop")      ? "/shop.html"
                                         : under(path, "/receipt") ? "/receipt.html"
                                         : under(path, "/case")    ? "/case.html"
                                                                   : "/index.html");
  if (page == nullptr) return std::nullopt;
  return answer(*page, request);
}

}  // namespace rapport::http::detail
