#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/catalogue.h"

/// The clear properties of an event as stored bytes: a run of (tag, value), where tag = property id * 2 +
/// wire. Wire 0 is a zig-zag varint (integer, number, money, time, boolean); wire 1 is a length and that many
/// bytes (the rest), so that a reader can pass over properties it does not know.
namespace rapport::codec {

struct ProductLine {
  std::string_view product_id;
  std::int64_t quantity = 1;
  std::int64_t price_minor = 0;  ///< of one piece
};

struct AnswerItem {
  std::string_view item;
  std::int64_t value = 0;  ///< thousandths
};

struct ClauseItem {
  std::string_view klass;
  std::int64_t sentiment = 0;  ///< thousandths, -1000..1000
  std::string_view aspect;
};

class PropertyWriter {
 public:
  explicit PropertyWriter(std::string& out) : out_(out) {}
  void number(model::PropertyId id, std::int64_t value);
  void text(model::PropertyId id, std::string_view value);
  void texts(model::PropertyId id, const std::vector<std::string_view>& values);
  void lines(model::PropertyId id, const std::vector<ProductLine>& lines);
  void answers(model::PropertyId id, const std::vector<AnswerItem>& answers);
  void clauses(model::PropertyId id, const std::vector<ClauseItem>& clauses);

 private:
  ByteWriter out_;
};

/// One property: `number` for wire 0, `bytes` for wire 1. Views point into the record.
struct Property {
  model::PropertyId id;
  bool is_number = false;
  std::int64_t number = 0;
  std::string_view bytes;
};

/// for (PropertyReader in(clear); in.next(p);) ...; after the loop ok() says whether the bytes were whole.
class PropertyReader {
 public:
  explicit PropertyReader(std::string_view clear) : in_(clear) {}
  bool next(Property& out);
  bool ok() const { return in_.ok(); }

 private:
  ByteReader in_;
};

/// Lists inside a wire-1 property. Malformed bytes end the list early; `out` keeps what was whole.
bool read_texts(std::string_view bytes, std::vector<std::string_view>& out);
bool read_lines(std::string_view bytes, std::vector<ProductLine>& out);
bool read_answers(std::string_view bytes, std::vector<AnswerItem>& out);
bool read_clauses(std::string_view bytes, std::vector<ClauseItem>& out);

}  // namespace rapport::codec
