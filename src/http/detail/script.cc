#include "http/detail/script.h"

#include <algorithm>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "text/han.h"

namespace rapport::http::detail {
namespace {

/// The end of the string whose quotation mark stands at `at`: behind the closing one.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size(); ++at) {
    if (json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      return at + 1;
    }
  }
  return json.size();
}

bool names_a_thing(std::string_view member) {
  constexpr std::string_view kNames[] = {"id", "item", "because", "image", "images"};
  return member.ends_with("_id") ||
         std::find(std::begin(kNames), std::end(kNames), member) != std::end(kNames);
}

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// A string with its quotation marks. Characters that are spelt as \uXXXX are read first: whoever published a
/// noun may have spelt it so.
std::string string_in_traditional(std::string_view quoted) {
  if (quoted.find("\\u") == std::string_view::npos)
    return plain(quoted) ? std::string(quoted) : text::to_traditional(quoted);
  codec::JsonIndex index;
  const std::string list = "[" + std::string(quoted) + "]";
  if (!index.parse(list).ok()) return std::string(quoted);
  codec::JsonItems items(index.root());
  std::string out;
  if (items.next()) codec::JsonWriter(out).text(text::to_traditional(items.value().text()));
  return out;
}

}  // namespace

std::string in_traditional(std::string_view json) {
  std::string out;
  out.reserve(json.size() + json.size() / 8);
  std::string_view member;
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t quote = std::min(json.find('"', at), json.size());
    out += json.substr(at, quote - at);
    if (quote == json.size()) break;
    at = end_of_string(json, quote);
    const std::string_view whole = json.substr(quote, at - quote);
    const std::size_t next = json.find_first_not_of(" \t\r\n", at);
    if (next != std::string_view::npos && json[next] == ':') {
      member = whole.substr(1, whole.size() - 2);
      out += whole;
    } else {
      out += names_a_thing(member) ? std::string(whole) : string_in_traditional(whole);
    }
  }
  return out;
}

}  // namespace rapport::http::detail
