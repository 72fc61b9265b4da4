#include "codec/properties.h"

namespace rapport::codec {
namespace {

// A list's length says how many items follow; an item takes at least one byte, so a longer claim is damage.
std::size_t list_length(ByteReader& in) {
  const std::uint64_t count = in.varint();
  return count > in.left() ? 0 : static_cast<std::size_t>(count);
}

}  // namespace

void PropertyWriter::number(model::PropertyId id, std::int64_t value) {
  out_.varint(std::uint64_t{id.value} * 2);
  out_.svarint(value);
}

void PropertyWriter::text(model::PropertyId id, std::string_view value) {
  out_.varint(std::uint64_t{id.value} * 2 + 1);
  out_.text(value);
}

void PropertyWriter::texts(model::PropertyId id, const std::vector<std::string_view>& values) {
  std::string body;
  ByteWriter out(body);
  out.varint(values.size());
  for (const std::string_view value : values) out.text(value);
  text(id, body);
}

void PropertyWriter::lines(model::PropertyId id, const std::vector<ProductLine>& lines) {
  std::string body;
  ByteWriter out(body);
  out.varint(lines.size());
  for (const ProductLine& line : lines) {
    out.text(line.product_id);
    out.svarint(line.quantity);
    out.svarint(line.price_minor);
  }
  text(id, body);
}

void PropertyWriter::answers(model::PropertyId id, const std::vector<AnswerItem>& answers) {
  std::string body;
  ByteWriter out(body);
  out.varint(answers.size());
  for (const AnswerItem& answer : answers) {
    out.text(answer.item);
    out.svarint(answer.value);
  }
  text(id, body);
}

void PropertyWriter::clauses(model::PropertyId id, const std::vector<ClauseItem>& clauses) {
  std::string body;
  ByteWriter out(body);
  out.varint(clauses.size());
  for (const ClauseItem& clause : clauses) {
    out.text(clause.klass);
    out.svarint(clause.sentiment);
    out.text(clause.aspect);
  }
  text(id, body);
}

bool PropertyReader::next(Property& out) {
  if (!in_.ok() || in_.at_end()) return false;
  const std::uint64_t tag = in_.varint();
  out.id = model::PropertyId{static_cast<std::uint16_t>(tag / 2)};
  out.is_number = tag % 2 == 0;
  out.number = 0;
  out.bytes = {};
  if (out.is_number) {
    out.number = in_.svarint();
  } else {
    out.bytes = in_.text();
  }
  return in_.ok();
}

bool read_texts(std::string_view bytes, std::vector<std::string_view>& out) {
  out.clear();
  ByteReader in(bytes);
  for (std::size_t i = list_length(in); i > 0; --i) {
    const std::string_view value = in.text();
    if (!in.ok()) return false;
    out.push_back(value);
  }
  return in.ok() && in.at_end();
}

bool read_lines(std::string_view bytes, std::vector<ProductLine>& out) {
  out.clear();
  ByteReader in(bytes);
  for (std::size_t i = list_length(in); i > 0; --i) {
    ProductLine line;
    line.product_id = in.text();
    line.quantity = in.svarint();
    line.price_minor = in.svarint();
    if (!in.ok()) return false;
    out.push_back(line);
  }
  return in.ok() && in.at_end();
}

bool read_answers(std::string_view bytes, std::vector<AnswerItem>& out) {
  out.clear();
  ByteReader in(bytes);
  for (std::size_t i = list_length(in); i > 0; --i) {
    AnswerItem answer;
    answer.item = in.text();
    answer.value = in.svarint();
    if (!in.ok()) return false;
    out.push_back(answer);
  }
  return in.ok() && in.at_end();
}

bool read_clauses(std::string_view bytes, std::vector<ClauseItem>& out) {
  out.clear();
  ByteReader in(bytes);
  for (std::size_t i = list_length(in); i > 0; --i) {
    ClauseItem clause;
    clause.klass = in.text();
    clause.sentiment = in.svarint();
    clause.aspect = in.text();
    if (!in.ok()) return false;
    out.push_back(clause);
  }
  return in.ok() && in.at_end();
}

}  // namespace rapport::codec
