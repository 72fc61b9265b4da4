#include "app/parts.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/print.h"
#include "app/session.h"

namespace rapport::app {

std::string read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) give_up({Errc::io, "the file cannot be read", path});
  return text;
}

void show_answer(bool json, const std::string& body) {
  std::printf("%s", json ? (body + "\n").c_str() : pretty_json(body).c_str());
}

std::string text_of(const codec::JsonValue& value) {
  if (!value.present() || value.is_null()) return "-";
  return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
}

void show_or_publish(const PolicyAsked& asked, const std::string& path) {
  const std::string body = asked.file.empty() ? "" : read_text_file(asked.file);
  Session session = must(Session::open(asked.data, asked.shop));
  if (asked.file.empty()) return show_answer(asked.json, session.call({"GET", path}).body);
  const auto published = session.call({"PUT", path, body});
  if (asked.json) return show_answer(true, published.body);
  std::printf("published at %s\n", field(published.body, "offset").c_str());
}

}  // namespace rapport::app
