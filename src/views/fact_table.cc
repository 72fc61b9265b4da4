#include "views/fact_table.h"

#include <array>

#include "codec/properties.h"
#include "model/catalogue_ids.h"

// The one table that says what of an event becomes a fact. What it does not keep is in the log and the lens.
namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::EventKind;
using model::PropertyId;
using enum DictionaryKind;

enum class ValueMode : std::uint8_t { plain, seconds_after };
enum class AuxMode : std::uint8_t { none, word, currency, pieces, flag };
/// Events that become several facts, or none of their own.
enum class Spread : std::uint8_t { one, lines_too, product_ids, answers, clauses, experiment };

struct Row {
  EventKind kind;
  DictionaryKind dictionary = words;
  PropertyId object;
  PropertyId value;
  PropertyId aux;
  AuxMode aux_mode = AuxMode::none;
  ValueMode value_mode = ValueMode::plain;
  Spread spread = Spread::one;
};

constexpr PropertyId kNone{0};
constexpr Row kRows[] = {
    {fact_kind::unknown},  // object = the event's name
    {k::identify},
    {k::alias},
    {k::group, words, p::group_id},
    {k::user_registered, words, p::channel},
    {k::user_verified, words, p::method},
    {k::consent_updated, words, p::purpose, p::granted},
    {k::referral_made, words, p::channel},
    {k::referral_joined},
    {k::page, words, p::page_name},
    {k::screen, words, p::page_name},
    {k::area_engaged, words, p::area, p::dwell_ms},
    {k::product_list_viewed, words, p::category},
    {k::product_viewed, products, p::product_id, p::price, p::currency, AuxMode::currency},
    {k::products_searched, words, p::category, p::results},
    {k::product_compared, products, kNone, kNone, kNone, AuxMode::none, ValueMode::plain,
     Spread::product_ids},
    {k::product_added, products, p::product_id, p::price, p::quantity, AuxMode::pieces},
    {k::product_removed, products, p::product_id, p::price, p::quantity, AuxMode::pieces},
    {k::product_liked, products, p::product_id},
    {k::product_shared, products, p::product_id},
    {k::product_added_to_wishlist, products, p::product_id, p::price, p::currency, AuxMode::currency},
    {k::content_viewed, contents, p::content_id, p::dwell_ms, p::content_kind, AuxMode::word},
    {k::checkout_started, orders, p::order_id, p::total, p::currency, AuxMode::currency},
    {k::form_page_viewed, words, p::form, p::form_page},
    {k::payment_failed, orders, p::order_id, p::total, p::currency, AuxMode::currency},
    {k::order_completed, orders, p::order_id, p::total, p::currency, AuxMode::currency, ValueMode::plain,
     Spread::lines_too},
    {k::order_cancelled, orders, p::order_id},
    {k::order_refunded, orders, p::order_id, p::amount, p::currency, AuxMode::currency},
    {k::shipment_updated, orders, p::order_id, p::delivered_late, p::node, AuxMode::word},
    {k::shipment_promised, orders, p::order_id, p::by, p::node, AuxMode::word, ValueMode::seconds_after},
    {k::return_requested, returns, p::return_id, p::quantity},
    {k::return_updated, returns, p::return_id, p::amount, p::return_state, AuxMode::word},
    {k::contact_started, contacts, p::contact_id},
    {k::message_posted, contacts, p::contact_id, kNone, p::from, AuxMode::word},
    {k::contact_ended, contacts, p::contact_id},
    {k::ticket_opened, tickets, p::ticket_id, kNone, p::feedback_class, AuxMode::word},
    {k::ticket_updated, tickets, p::ticket_id, kNone, p::ticket_state, AuxMode::word},
    {k::ticket_assigned, tickets, p::ticket_id},
    {k::review_posted, products, p::product_id, p::rating, p::has_media, AuxMode::flag},
    {k::review_followed_up, words, kNone, p::rating},
    {k::review_replied},
    {k::survey_shown, words, p::survey_id},
    {k::survey_answered, words, kNone, kNone, kNone, AuxMode::none, ValueMode::plain, Spread::answers},
    {k::feedback_classified, words, kNone, kNone, kNone, AuxMode::none, ValueMode::plain, Spread::clauses},
    {k::feedback_corrected, words, kNone, kNone, kNone, AuxMode::none, ValueMode::plain, Spread::clauses},
    {k::service_offered, services, p::service_id, p::price, p::currency, AuxMode::currency},
    {k::service_known, services, p::service_id},
    {k::service_bought, services, p::service_id, p::price, p::currency, AuxMode::currency},
    {k::service_entitled, services, p::service_id},
    {k::service_booked, services, p::service_id, p::for_time, kNone, AuxMode::none, ValueMode::seconds_after},
    {k::service_delivered, services, p::service_id, p::on_time, p::error, AuxMode::flag},
    {k::service_used, services, p::service_id},
    {k::service_rated, services, p::service_id, p::rating},
    {k::service_renewed, services, p::service_id, p::price, p::currency, AuxMode::currency},
    {k::service_lapsed, services, p::service_id},
    {k::points_changed, words, p::reason, p::delta},
    {k::coupon_granted, coupons, p::coupon_id, p::coupon_value, p::currency, AuxMode::currency},
    {k::coupon_redeemed, coupons, p::coupon_id},
    {k::coupon_expired, coupons, p::coupon_id},
    {k::tier_changed, words, p::tier},
    {k::recommendation_shown, products, p::item, p::position, p::item_kind, AuxMode::word},
    {k::recommendation_clicked, products, p::item, p::position, p::item_kind, AuxMode::word},
    {k::recommendation_bought, products, p::item, p::position, p::item_kind, AuxMode::word},
    {k::recommendation_ignored, products, p::item, p::position, p::item_kind, AuxMode::word},
    {k::message_decided, words, p::channel},
    {k::message_sent, words, p::channel},
    {k::message_delivered, words, p::channel},
    {k::message_opened, words, p::channel},
    {k::message_clicked, words, p::channel},
    {k::message_failed, words, p::channel},
    {k::experiment_assigned, words, kNone, kNone, kNone, AuxMode::none, ValueMode::plain, Spread::experiment},
    {k::need_predicted, words, p::need, p::strength},
    {k::device_reported, words, p::measure, p::value},
    {k::survey_invited, words, p::survey_id},
};

constexpr std::size_t kRowsByKind = 96;
constexpr std::array<std::uint8_t, kRowsByKind> index_rows() {
  std::array<std::uint8_t, kRowsByKind> index{};
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    index[kRows[i].kind.value] = static_cast<std::uint8_t>(i);
  return index;
}
constexpr auto kRowOf = index_rows();

/// Null for derived kinds and kinds that make no fact.
const Row* row_of(EventKind kind) {
  if (kind.value >= kRowsByKind) return nullptr;
  const Row& row = kRows[kRowOf[kind.value]];
  return row.kind == kind ? &row : nullptr;
}

/// What one pass over the clear part gives.
struct Parts {
  std::string_view object, currency, lines, product_ids, answers, clauses, experiment, arm;
  std::string_view term, category, scene, function, code, aux_word;
  std::int64_t value = 0, aux_number = 0, until = 0;
  bool has_value = false, has_until = false;
};

Parts read_parts(const Row& row, std::string_view clear) {
  Parts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    const PropertyId id = property.id;
    if (id == row.object) parts.object = property.bytes;
    if (id == row.value) parts.value = property.number, parts.has_value = true;
    if (id == row.aux) parts.aux_word = property.bytes, parts.aux_number = property.number;
    if (property.is_number) {
      if (id == p::until) parts.until = property.number, parts.has_until = true;
      continue;
    }
    if (id == p::products) parts.lines = property.bytes;
    if (id == p::product_ids) parts.product_ids = property.bytes;
    if (id == p::answers) parts.answers = property.bytes;
    if (id == p::clauses) parts.clauses = property.bytes;
    if (id == p::experiment_id) parts.experiment = property.bytes;
    if (id == p::arm) parts.arm = property.bytes;
    if (id == p::term) parts.term = property.bytes;
    if (id == p::category) parts.category = property.bytes;
    if (id == p::scene) parts.scene = property.bytes;
    if (id == p::function) parts.function = property.bytes;
    if (id == p::code) parts.code = property.bytes;
  }
  return parts;
}

std::uint8_t capped(std::int64_t number) {
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(number, 0, 255));
}

std::int64_t seconds_after(Instant at, std::int64_t moment_ms) {
  return (moment_ms - at.ms) / 1000;
}

/// Appends the facts of one event.
class Spreader {
 public:
  Spreader(const model::RecordView& record, ShopTables& tables, std::vector<Fact>& out)
      : record_(record), tables_(tables), out_(out) {}

  void add(EventKind kind, DictionaryKind dictionary, std::string_view object, std::int64_t value,
           std::uint8_t aux) {
    out_.emplace_back(record_.event_time, kind, aux, tables_.dictionary(dictionary).intern(object),
                      tables_.wide.store(value));
  }

  void own_fact(const Row& row, const Parts& parts) {
    std::uint8_t aux = 0;
    if (row.aux_mode == AuxMode::word && !parts.aux_word.empty()) aux = word_index(row.aux, parts.aux_word);
    if (row.aux_mode == AuxMode::pieces) aux = capped(parts.aux_number);
    if (row.aux_mode == AuxMode::flag) aux = parts.aux_number != 0 ? 1 : 0;
    if (row.aux_mode == AuxMode::currency && !parts.aux_word.empty()) {
      const Result<Currency> currency = Currency::parse(parts.aux_word);
      if (currency.ok()) aux = tables_.currencies.slot(*currency);
    }
    std::int64_t value = parts.value;
    if (parts.has_value && row.value_mode == ValueMode::seconds_after) {
      value = seconds_after(record_.event_time, value);
    }
    add(row.kind, row.dictionary, row.kind == fact_kind::unknown ? record_.name : parts.object, value, aux);
  }

  void lines(const Parts& parts) {
    std::vector<codec::ProductLine> lines;
    codec::read_lines(parts.lines, lines);
    for (const codec::ProductLine& line : lines) {
      add(fact_kind::order_line, products, line.product_id, line.price_minor, capped(line.quantity));
    }
  }

  void many(const Row& row, const Parts& parts) {
    if (row.spread == Spread::product_ids) {
      std::vector<std::string_view> ids;
      codec::read_texts(parts.product_ids, ids);
      for (const std::string_view id : ids) add(row.kind, products, id, 0, 0);
    } else if (row.spread == Spread::answers) {
      std::vector<codec::AnswerItem> answers;
      codec::read_answers(parts.answers, answers);
      for (const codec::AnswerItem& answer : answers) add(row.kind, words, answer.item, answer.value, 0);
    } else if (row.spread == Spread::clauses) {
      std::vector<codec::ClauseItem> clauses;
      codec::read_clauses(parts.clauses, clauses);
      for (const codec::ClauseItem& clause : clauses) add(row.kind, words, clause.klass, clause.sentiment, 0);
    } else if (row.spread == Spread::experiment) {
      std::string name(parts.experiment);
      name += '=';
      name += parts.arm;
      add(row.kind, words, name, 0, 0);
    }
  }

  void derived(const Parts& parts) {
    const EventKind kind = record_.kind;
    if (!parts.term.empty()) add(fact_kind::term_met, words, parts.term, 0, 0);
    if (kind == k::product_viewed || kind == k::products_searched) {
      if (!parts.category.empty()) add(fact_kind::category_met, words, parts.category, 0, 0);
      if (!parts.scene.empty()) add(fact_kind::scene_met, words, parts.scene, 0, 0);
      if (!parts.function.empty()) add(fact_kind::function_met, words, parts.function, 0, 0);
    }
    if (kind == k::payment_failed) add(fact_kind::payment_code, words, parts.code, 0, 0);
    if (!parts.has_until) return;
    const std::int64_t lasts = seconds_after(record_.event_time, parts.until);
    if (kind == k::service_bought || kind == k::service_entitled || kind == k::service_renewed) {
      add(fact_kind::service_until, services, parts.object, lasts, 0);
    }
    if (kind == k::need_predicted) add(fact_kind::need_until, words, parts.object, lasts, 0);
  }

 private:
  const model::RecordView& record_;
  ShopTables& tables_;
  std::vector<Fact>& out_;
};

}  // namespace

std::uint8_t word_index(PropertyId property, std::string_view word) {
  const model::PropertySpec* spec = model::find_property(property);
  std::uint8_t index = 0;
  for (std::string_view rest = spec->words; !rest.empty(); ++index) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == word) return index;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 255;  // a word of a newer catalogue
}

std::string_view word_at(PropertyId property, std::size_t index) {
  std::string_view rest = model::find_property(property)->words;
  for (; index > 0 && !rest.empty(); --index) {
    const std::size_t blank = rest.find(' ');
    rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
  }
  return index > 0 ? std::string_view() : rest.substr(0, rest.find(' '));
}

void facts_of_event(const model::RecordView& record, ShopTables& tables, std::vector<Fact>& out) {
  const Row* row = row_of(record.kind);
  if (row == nullptr) return;
  const Parts parts = read_parts(*row, record.clear);
  Spreader spreader(record, tables, out);
  if (row->spread == Spread::one || row->spread == Spread::lines_too) spreader.own_fact(*row, parts);
  if (row->spread == Spread::lines_too) spreader.lines(parts);
  if (row->spread != Spread::one) spreader.many(*row, parts);
  spreader.derived(parts);
}

FactField fact_field(EventKind kind, PropertyId property) {
  if (property == kNone) return FactField::none;
  const Row* row = row_of(kind);
  if (row != nullptr) {
    if (property == row->object) return FactField::object;
    if (property == row->value) {
      return row->value_mode == ValueMode::plain ? FactField::value : FactField::none;
    }
    if (property == row->aux && row->aux_mode != AuxMode::none) return FactField::aux;
    if (row->spread == Spread::product_ids && property == p::product_id) return FactField::object;
    if (row->spread == Spread::answers && property == p::item) return FactField::object;
    if (row->spread == Spread::answers && property == p::value) return FactField::value;
    if (row->spread == Spread::clauses && property == p::feedback_class) return FactField::object;
    return FactField::none;
  }
  if (kind == fact_kind::order_line) {
    if (property == p::product_id) return FactField::object;
    if (property == p::price) return FactField::value;
    if (property == p::quantity) return FactField::aux;
  }
  if (kind == fact_kind::term_met && property == p::term) return FactField::object;
  if (kind == fact_kind::category_met && property == p::category) return FactField::object;
  if (kind == fact_kind::scene_met && property == p::scene) return FactField::object;
  if (kind == fact_kind::function_met && property == p::function) return FactField::object;
  if (kind == fact_kind::payment_code && property == p::code) return FactField::object;
  return FactField::none;
}

DictionaryKind fact_object_dictionary(EventKind kind) {
  if (kind == fact_kind::order_line) return products;
  if (kind == fact_kind::service_until) return services;
  const Row* row = row_of(kind);
  return row == nullptr ? words : row->dictionary;
}

bool fact_aux_is_currency(EventKind kind) {
  const Row* row = row_of(kind);
  return row != nullptr && row->aux_mode == AuxMode::currency;
}

}  // namespace rapport::views
