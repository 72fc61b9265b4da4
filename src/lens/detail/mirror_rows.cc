#include "lens/detail/mirror_rows.h"

#include <algorithm>

#include "codec/properties_json.h"
#include "model/catalogue.h"
#include "model/catalogue_ids.h"

namespace rapport::lens::detail {
namespace {

namespace property = model::property;

std::int64_t micros(Instant instant) {
  return instant.ms * 1000;
}

std::string_view event_name(const model::RecordView& record) {
  const model::EventSpec* spec = model::find_event(record.kind);
  if (spec != nullptr) return spec->name;
  return record.name.empty() ? model::event_type_name(record.event_type) : record.name;
}

std::uint32_t node_of(const model::RecordView& record, model::IdentifierKind kind) {
  for (const model::NodeRef& node : record.nodes) {
    if (node.kind == kind) return node.node.value;
  }
  return 0;
}

void u32_or_null(TableAppender& out, std::uint32_t value) {
  value == 0 ? out.null() : out.u32(value);
}

void money_or_null(TableAppender& out, const std::optional<std::int64_t>& minor, Currency currency) {
  minor ? out.i64(decimal_18_3(*minor, currency)) : out.null();
}

void thousandths_or_null(TableAppender& out, const std::optional<std::int64_t>& value) {
  value ? out.real(static_cast<double>(*value) / 1000.0) : out.null();
}

}  // namespace

std::int64_t decimal_18_3(std::int64_t minor, Currency currency) {
  constexpr std::int64_t kMost = 999'999'999'999'999'999;
  std::int64_t factor = 1;
  for (int i = currency.decimals(); i < 3; ++i) factor *= 10;
  return std::clamp(minor, -kMost / factor, kMost / factor) * factor;
}

MirrorRows::MirrorRows(TableAppender events, TableAppender lines, TableAppender answers,
                       TableAppender clauses, TableAppender traits, TableAppender flips, Currency currency)
    : events_(std::move(events)),
      lines_(std::move(lines)),
      answers_(std::move(answers)),
      clauses_(std::move(clauses)),
      traits_(std::move(traits)),
      flips_(std::move(flips)),
      currency_(currency) {}

Result<std::unique_ptr<MirrorRows>> MirrorRows::open(const DuckConnection& connection, Currency currency) {
  RAPPORT_TRY(auto events, TableAppender::open(connection, "mirror", "events"));
  RAPPORT_TRY(auto lines, TableAppender::open(connection, "mirror", "order_lines"));
  RAPPORT_TRY(auto answers, TableAppender::open(connection, "mirror", "answers"));
  RAPPORT_TRY(auto clauses, TableAppender::open(connection, "mirror", "clauses"));
  RAPPORT_TRY(auto traits, TableAppender::open(connection, "mirror", "traits"));
  RAPPORT_TRY(auto flips, TableAppender::open(connection, "mirror", "flips"));
  return std::unique_ptr<MirrorRows>(new MirrorRows(std::move(events), std::move(lines), std::move(answers),
                                                    std::move(clauses), std::move(traits), std::move(flips),
                                                    currency));
}

MirrorRows::Columns MirrorRows::read_columns(std::string_view clear) {
  Columns out;
  codec::Property p;
  for (codec::PropertyReader in(clear); in.next(p);) {
    const model::PropertyId id = p.id;
    if (id == property::product_id)
      out.product_id = p.bytes;
    else if (id == property::order_id)
      out.order_id = p.bytes;
    else if (id == property::service_id)
      out.service_id = p.bytes;
    else if (id == property::category)
      out.category = p.bytes;
    else if (id == property::channel)
      out.channel = p.bytes;
    else if (id == property::region_code)
      out.region = p.bytes;
    else if (id == property::node || id == property::return_state || id == property::ticket_state)
      out.step = p.bytes;
    else if (id == property::currency)
      out.currency = p.bytes;
    else if (id == property::survey_id)
      out.survey_id = p.bytes;
    else if (id == property::about)
      out.about = p.bytes;
    else if (id == property::noun_body)
      out.noun_body = p.bytes;
    else if (id == property::products)
      out.lines = p.bytes;
    else if (id == property::answers)
      out.answers = p.bytes;
    else if (id == property::clauses)
      out.clauses = p.bytes;
    else if (id == property::total)
      out.total = p.number;
    else if (id == property::amount && !out.total)
      out.total = p.number;
    else if (id == property::price)
      out.price = p.number;
    else if (id == property::quantity)
      out.quantity = p.number;
    else if (id == property::rating)
      out.rating = p.number;
    else if (id == property::value)
      out.value = p.number;
  }
  return out;
}

void MirrorRows::person(TableAppender& out, const model::RecordView& record) const {
  u32_or_null(out, record.nodes.empty() ? 0 : record.nodes.front().node.value);
}

Status MirrorRows::add_event_row(const model::RecordView& record, const Columns& columns, Currency currency) {
  events_.u64(record.seq.value);
  events_.i64(micros(record.received));
  events_.i64(micros(record.event_time));
  events_.text(model::event_type_name(record.event_type));
  events_.text(event_name(record));
  events_.text(record.message_id);
  person(events_, record);
  u32_or_null(events_, node_of(record, model::IdentifierKind::user_id));
  u32_or_null(events_, node_of(record, model::IdentifierKind::anonymous_id));
  events_.boolean(record.from_import);
  events_.text_or_null(columns.product_id);
  events_.text_or_null(columns.order_id);
  events_.text_or_null(columns.service_id);
  events_.text_or_null(columns.category);
  events_.text_or_null(columns.channel);
  events_.text_or_null(columns.region);
  events_.text_or_null(columns.step);
  const bool has_money = columns.total || columns.price || !columns.lines.empty();
  has_money ? events_.text(currency.text()) : events_.text_or_null(columns.currency);
  money_or_null(events_, columns.total, currency);
  money_or_null(events_, columns.price, currency);
  columns.quantity ? events_.i64(*columns.quantity) : events_.null();
  thousandths_or_null(events_, columns.rating);
  thousandths_or_null(events_, columns.value);
  if (!columns.noun_body.empty()) {
    events_.text(columns.noun_body);
  } else {
    events_.text(record.clear.empty() ? "{}" : codec::properties_json(record.clear, currency_));
  }
  events_.text_or_null(record.personal);
  return events_.end_row();
}

Status MirrorRows::add_lists(const model::RecordView& record, const Columns& columns, Currency currency) {
  if (record.kind == model::kind::order_completed && codec::read_lines(columns.lines, line_items_)) {
    std::uint32_t number = 0;
    for (const codec::ProductLine& line : line_items_) {
      lines_.u64(record.seq.value);
      lines_.i64(micros(record.event_time));
      person(lines_, record);
      lines_.text_or_null(columns.order_id);
      lines_.u32(++number);
      lines_.text(line.product_id);
      lines_.i64(line.quantity);
      lines_.i64(decimal_18_3(line.price_minor, currency));
      lines_.text(currency.text());
      RAPPORT_CHECK(lines_.end_row());
    }
  }
  if (!columns.answers.empty() && codec::read_answers(columns.answers, answer_items_)) {
    for (const codec::AnswerItem& answer : answer_items_) {
      answers_.u64(record.seq.value);
      answers_.i64(micros(record.event_time));
      person(answers_, record);
      answers_.text_or_null(columns.survey_id);
      answers_.text(answer.item);
      answers_.real(static_cast<double>(answer.value) / 1000.0);
      RAPPORT_CHECK(answers_.end_row());
    }
  }
  if (!columns.clauses.empty() && codec::read_clauses(columns.clauses, clause_items_)) {
    for (const codec::ClauseItem& clause : clause_items_) {
      clauses_.u64(record.seq.value);
      clauses_.i64(micros(record.event_time));
      clauses_.text_or_null(columns.about);
      clauses_.text(clause.klass);
      clauses_.real(static_cast<double>(clause.sentiment) / 1000.0);
      clauses_.text_or_null(clause.aspect);
      RAPPORT_CHECK(clauses_.end_row());
    }
  }
  return {};
}

Status MirrorRows::add_traits(const model::RecordView& record) {
  codec::Property p;
  for (codec::PropertyReader in(record.clear); in.next(p);) {
    const model::PropertySpec* spec = model::find_property(p.id);
    if (spec == nullptr || !model::is_trait(p.id)) continue;
    traits_.u64(record.seq.value);
    traits_.i64(micros(record.event_time));
    person(traits_, record);
    traits_.text(spec->name);
    if (!p.is_number) {
      traits_.text(p.bytes);
    } else if (spec->type == model::PropertyType::time) {
      traits_.text(format_instant(Instant{p.number}));
    } else {
      traits_.text(fmt::to_string(p.number));
    }
    RAPPORT_CHECK(traits_.end_row());
  }
  return {};
}

Status MirrorRows::add(const model::RecordView& record) {
  const Columns columns = read_columns(record.clear);
  Currency currency = currency_;
  if (!columns.currency.empty()) {
    if (auto named = Currency::parse(columns.currency); named.ok()) currency = *named;
  }
  RAPPORT_CHECK(add_event_row(record, columns, currency));
  RAPPORT_CHECK(add_lists(record, columns, currency));
  return record.kind == model::kind::identify ? add_traits(record) : Status{};
}

Status MirrorRows::add_flip(const std::string& id, std::uint32_t customer, std::string_view segment,
                            bool entered, Instant valid_time, std::uint64_t cause, std::string_view origin) {
  flips_.text(id);
  flips_.u32(customer);
  flips_.text(segment);
  flips_.boolean(entered);
  flips_.i64(micros(valid_time));
  flips_.u64(cause);
  flips_.text(origin);
  return flips_.end_row();
}

Status MirrorRows::flush() {
  for (TableAppender* table : {&events_, &lines_, &answers_, &clauses_, &traits_, &flips_}) {
    RAPPORT_CHECK(table->flush());
  }
  return {};
}

}  // namespace rapport::lens::detail
