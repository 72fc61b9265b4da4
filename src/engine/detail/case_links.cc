#include "engine/detail/case_links.h"

#include <charconv>

#include "base/base64url.h"
#include "base/bytes.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kTokenMostBytes = 900;

Error unknown() {
  return {Errc::not_found, "no such case", "token", "the link as it was handed out, whole"};
}

std::string context_of(ShopNo shop) {
  return fmt::format("case link 1 {}", shop.value);
}

}  // namespace

std::string seal_case_link(const codec::NodeKey& key, ShopNo shop, std::string_view ticket) {
  std::string sealed;
  codec::seal(key, ticket, context_of(shop), sealed);
  return fmt::format("{}.{}", shop.value, to_base64url(sealed));
}

Result<ShopNo> shop_of_case_link(std::string_view token) {
  std::uint16_t shop = 0;
  const char* const end = token.data() + token.size();
  const auto read = std::from_chars(token.data(), end, shop);
  if (token.size() > kTokenMostBytes || read.ec != std::errc{} || read.ptr == end || *read.ptr != '.' ||
      shop == 0)
    return unknown();
  return ShopNo{shop};
}

Result<std::string> open_case_link(const codec::NodeKey& key, ShopNo shop, std::string_view token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos || token.size() > kTokenMostBytes) return unknown();
  const auto sealed = from_base64url(token.substr(dot + 1));
  if (!sealed.ok()) return unknown();
  auto ticket = codec::open(key, *sealed, context_of(shop));
  if (!ticket.ok()) return unknown();
  return std::move(ticket).value();
}

}  // namespace rapport::engine
