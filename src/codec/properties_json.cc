#include "codec/properties_json.h"

#include "base/time.h"
#include "codec/detail/json_text.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::codec {
using detail::append_json_text;

namespace {

std::string thousandths(std::int64_t value) {
  const bool negative = value < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string out = fmt::format("{}{}", negative ? "-" : "", size / 1000);
  if (size % 1000 != 0) {
    out += fmt::format(".{:03}", size % 1000);
    while (out.back() == '0') out.pop_back();
  }
  return out;
}

void append_list(std::string& out, std::size_t count, const auto& append_one) {
  out.push_back('[');
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.push_back(',');
    append_one(i);
  }
  out.push_back(']');
}

class Printer {
 public:
  Printer(std::string& out, Currency currency) : out_(out), currency_(currency) {}

  void number(model::PropertyType type, std::int64_t value) {
    switch (type) {
      case model::PropertyType::money:
        out_ += format_minor(value, currency_);
        return;
      case model::PropertyType::number:
        out_ += thousandths(value);
        return;
      case model::PropertyType::boolean:
        out_ += value != 0 ? "true" : "false";
        return;
      case model::PropertyType::time:
        append_json_text(out_, format_instant({value}));
        return;
      default:
        out_ += std::to_string(value);
    }
  }

  void bytes(model::PropertyType type, std::string_view bytes) {
    switch (type) {
      case model::PropertyType::text_list: {
        std::vector<std::string_view> texts;
        read_texts(bytes, texts);
        append_list(out_, texts.size(), [&](std::size_t i) { append_json_text(out_, texts[i]); });
        return;
      }
      case model::PropertyType::lines:
        return lines(bytes);
      case model::PropertyType::answers:
        return answers(bytes);
      case model::PropertyType::clauses:
        return clauses(bytes);
      case model::PropertyType::json:
        out_ += bytes;
        return;
      default:
        append_json_text(out_, bytes);
    }
  }

 private:
  void lines(std::string_view bytes) {
    std::vector<ProductLine> lines;
    read_lines(bytes, lines);
    append_list(out_, lines.size(), [&](std::size_t i) {
      out_ += "{\"product_id\":";
      append_json_text(out_, lines[i].product_id);
      out_ += fmt::format(",\"quantity\":{},\"price\":{}}}", lines[i].quantity,
                          format_minor(lines[i].price_minor, currency_));
    });
  }

  void answers(std::string_view bytes) {
    std::vector<AnswerItem> answers;
    read_answers(bytes, answers);
    append_list(out_, answers.size(), [&](std::size_t i) {
      out_ += "{\"item\":";
      append_json_text(out_, answers[i].item);
      out_ += fmt::format(",\"value\":{}}}", thousandths(answers[i].value));
    });
  }

  void clauses(std::string_view bytes) {
    std::vector<ClauseItem> clauses;
    read_clauses(bytes, clauses);
    append_list(out_, clauses.size(), [&](std::size_t i) {
      out_ += "{\"class\":";
      append_json_text(out_, clauses[i].klass);
      out_ += fmt::format(",\"sentiment\":{},\"aspect\":", thousandths(clauses[i].sentiment));
      append_json_text(out_, clauses[i].aspect);
      out_.push_back('}');
    });
  }

  std::string& out_;
  Currency currency_;
};

Currency currency_of(std::string_view clear, Currency fallback) {
  Property property;
  for (PropertyReader in(clear); in.next(property);) {
    if (property.id != model::property::currency || property.is_number) continue;
    auto parsed = Currency::parse(property.bytes);
    if (parsed.ok()) return *parsed;
  }
  return fallback;
}

}  // namespace

std::string properties_json(std::string_view clear, Currency shop_currency) {
  std::string out = "{";
  Printer printer(out, currency_of(clear, shop_currency));
  Property property;
  for (PropertyReader in(clear); in.next(property);) {
    const model::PropertySpec* spec = model::find_property(property.id);
    if (spec == nullptr) continue;
    if (out.size() > 1) out.push_back(',');
    append_json_text(out, property.id == model::property::noun_body ? "noun" : spec->name);
    out.push_back(':');
    if (property.is_number) {
      printer.number(spec->type, property.number);
    } else {
      printer.bytes(spec->type, property.bytes);
    }
  }
  out.push_back('}');
  return out;
}

}  // namespace rapport::codec
