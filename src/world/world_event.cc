#include "world/world_event.h"

#include <charconv>
#include <cstring>

namespace rapport::world {
namespace {

void write_integer(std::int64_t value, std::string& out) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, static_cast<std::size_t>(end - buffer));
}

void write_decimal(std::int64_t value, int digits, bool keep_zeros, std::string& out) {
  const std::int64_t unit = digits == 2 ? 100 : 1000;
  const std::int64_t magnitude = value < 0 ? -value : value;
  if (value < 0) out.push_back('-');
  write_integer(magnitude / unit, out);
  const std::int64_t fraction = magnitude % unit;
  if (fraction == 0 && !keep_zeros) return;
  char text[4];
  for (std::int64_t rest = fraction, i = digits; i-- > 0; rest /= 10)
    text[i] = static_cast<char>('0' + rest % 10);
  int length = digits;
  while (!keep_zeros && text[length - 1] == '0') --length;
  out.push_back('.');
  out.append(text, static_cast<std::size_t>(length));
}

void two_digits(int value, char* at) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
}

void write_instant(Instant instant, std::string& out) {
  const CivilTime c = civil_from_instant(instant);
  char text[] = "\"0000-00-00T00:00:00.000Z\"";
  two_digits(c.year / 100, text + 1);
  two_digits(c.year % 100, text + 3);
  two_digits(c.month, text + 6);
  two_digits(c.day, text + 9);
  two_digits(c.hour, text + 12);
  two_digits(c.minute, text + 15);
  two_digits(c.second, text + 18);
  text[21] = static_cast<char>('0' + c.millisecond / 100);
  two_digits(c.millisecond % 100, text + 22);
  out.append(text, sizeof text - 1);
}

struct ValueWriter {
  std::string& out;
  void operator()(std::int64_t value) const { write_integer(value, out); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::string_view text) const { write_json_text(text, out); }
  void operator()(Amount amount) const { write_amount(amount, out); }
  void operator()(Thousandths number) const { write_decimal(number.value, 3, false, out); }
  void operator()(Instant instant) const { write_instant(instant, out); }
  void operator()(Json json) const { out += json.text; }
  void operator()(std::span<const std::string_view> texts) const {
    list(texts, [&](std::string_view text) { write_json_text(text, out); });
  }
  void operator()(std::span<const Line> lines) const {
    list(lines, [&](const Line& line) {
      out += "{\"product_id\":";
      write_json_text(line.product_id, out);
      out += ",\"quantity\":";
      write_integer(line.quantity, out);
      out += ",\"price\":";
      write_amount(line.price, out);
      out.push_back('}');
    });
  }
  void operator()(std::span<const Answer> answers) const {
    list(answers, [&](const Answer& answer) {
      out += "{\"item\":";
      write_json_text(answer.item, out);
      out += ",\"value\":";
      if (answer.text.empty())
        write_integer(answer.value, out);
      else
        write_json_text(answer.text, out);
      out.push_back('}');
    });
  }
  template <class T, class Write>
  void list(std::span<const T> items, Write write) const {
    out.push_back('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out.push_back(',');
      write(items[i]);
    }
    out.push_back(']');
  }
};

std::string_view wire_name(model::IdentifierKind kind, bool second) {
  if (kind == model::IdentifierKind::anonymous_id) return ",\"anonymousId\":";
  return second ? ",\"previousId\":" : ",\"userId\":";
}

}  // namespace

std::string_view Arena::copy(std::string_view text) {
  char* at = room(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

char* Arena::room(std::size_t size) {
  size = (size + 15) & ~std::size_t{15};
  if (size > kBlockBytes) return large_.emplace_back(std::make_unique<char[]>(size)).get();
  if (block_ == 0 || used_ + size > kBlockBytes) {
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    ++block_;
    used_ = 0;
  }
  char* at = blocks_[block_ - 1].get() + used_;
  used_ += size;
  return at;
}

void WorldEvent::clear() {
  type = model::EventType::track;
  name = message_id = {};
  identifiers.clear();
  properties.clear();
  arena.reset();
}

void write_json_text(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, from, text.size() - from);
  out.push_back('"');
}

void write_amount(Amount amount, std::string& out) {
  write_decimal(amount.fen, 2, true, out);
}

void write_json_line(const WorldEvent& event, std::string& out) {
  using model::EventType;
  out += "{\"type\":\"";
  out += model::event_type_name(event.type);
  out.push_back('"');
  if (!event.name.empty()) {
    out += event.type == EventType::track ? ",\"event\":" : ",\"name\":";
    write_json_text(event.name, out);
  }
  out += ",\"messageId\":";
  write_json_text(event.message_id, out);
  out += ",\"timestamp\":";
  write_instant(event.timestamp, out);
  bool second = false;
  for (const NamedIdentifier& identifier : event.identifiers) {
    out += wire_name(identifier.kind, second && event.type == EventType::alias);
    write_json_text(identifier.value, out);
    second = true;
  }
  out += event.type == EventType::identify ? ",\"traits\":{" : ",\"properties\":{";
  bool first = true;
  for (const NamedValue& property : event.properties) {
    if (!first) out.push_back(',');
    first = false;
    write_json_text(property.name, out);
    out.push_back(':');
    std::visit(ValueWriter{out}, property.value);
  }
  out += "}}\n";
}

}  // namespace rapport::world
