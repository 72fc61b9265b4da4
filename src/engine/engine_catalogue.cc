#include "engine/engine_catalogue.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "codec/scene.h"
#include "codec/segment.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/recommend_parts.h"
#include "engine/detail/service_room.h"
#include "model/catalogue.h"
#include "model/catalogue_ids.h"

// What can be recommended, for those who keep the catalogue.
namespace rapport::engine {
namespace {

namespace k = model::kind;
using model::Offer;
using model::OfferKind;

constexpr std::size_t kIdMostBytes = 64, kTextMostBytes = 4'000, kBundleMost = 20;

enum class State : std::uint8_t { on_offer, sold_out, not_yet, expired, hidden };
constexpr std::array<std::string_view, 5> kStates{"on_offer", "sold_out", "not_yet", "expired", "hidden"};
constexpr std::string_view state_name(State state) {
  return kStates[static_cast<std::size_t>(state)];
}

/// The first that keeps it from being shown.
State state_of(const Offer& offer, Instant now) {
  if (offer.hidden) return State::hidden;
  if (now < offer.from) return State::not_yet;
  if (now >= offer.until) return State::expired;
  return offer.stock && *offer.stock <= 0 ? State::sold_out : State::on_offer;
}

/// Which event publishes a kind of offer.
struct Publisher {
  OfferKind kind;
  model::EventKind event;
  std::string_view name, id_name;
};
constexpr Publisher kPublishers[] = {
    {OfferKind::product, k::product_published, "Product Published", "product_id"},
    {OfferKind::bundle, k::bundle_published, "Bundle Published", "bundle_id"},
    {OfferKind::content, k::content_published, "Content Published", "content_id"},
    {OfferKind::service, k::service_published, "Service Published", "service_id"},
    {OfferKind::coupon, k::coupon_published, "Coupon Published", "coupon_id"},
    {OfferKind::adviser, k::service_published, "Service Published", "service_id"},
    {OfferKind::early_access, k::content_published, "Content Published", "content_id"},
};

Result<Publisher> publisher_of(std::string_view kind) {
  std::string known;
  for (const Publisher& one : kPublishers) {
    if (model::offer_kind_name(one.kind) == kind) return one;
    known += (known.empty() ? "" : ", ") + std::string(model::offer_kind_name(one.kind));
  }
  return Error{Errc::bad_input, fmt::format("nothing is called '{}' in the catalogue", kind.substr(0, 40)),
               "kind", "one of " + known};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool holds(const Offer& offer, const std::string& part) {
  if (part.empty()) return true;
  for (const std::string* text :
       {&offer.id, &offer.title, &offer.title_en, &offer.category, &offer.category_en}) {
    if (lower(*text).find(part) != std::string::npos) return true;
  }
  return false;
}

void write_time(codec::JsonWriter& json, std::string_view name, Instant at, Instant none) {
  json.key(name);
  if (at == none) {
    json.null();
  } else {
    json.text(format_instant(at));
  }
}

void write_offer(codec::JsonWriter& json, const Offer& offer, State state, Currency currency) {
  json.begin_object();
  json.field("kind", model::offer_kind_name(offer.kind));
  json.field("id", offer.id);
  const std::string& title = offer.title.empty() ? offer.id : offer.title;
  json.field("title", title);
  json.field("title_en", offer.title_en.empty() ? title : offer.title_en);
  json.field("category", offer.category);
  json.field("category_en", offer.category_en.empty() ? offer.category : offer.category_en);
  json.key("price");
  const Currency in = offer.currency.value_or(currency);
  if (offer.price_minor < 0) {
    json.null();
  } else {
    json.text(format_minor(offer.price_minor, in));
  }
  json.field("currency", in.text());
  json.key("stock");
  if (offer.stock) {
    json.integer(*offer.stock);
  } else {
    json.null();
  }
  json.field("state", state_name(state));
  write_time(json, "from", offer.from, Instant::min());
  write_time(json, "until", offer.until, Instant::never());
  if (!offer.goes_with.empty()) json.field("goes_with", offer.goes_with);
  if (!offer.word.empty()) json.field("word", offer.word);
  if (!offer.products.empty()) {
    json.key("product_ids");
    json.begin_array();
    for (const std::string& product : offer.products) json.text(product);
    json.end_array();
  }
  json.end_object();
}

using Counts = std::array<std::array<std::size_t, kStates.size()>, model::kOfferKinds.size()>;

void write_counts(codec::JsonWriter& json, const Counts& counts) {
  json.key("counts");
  json.begin_object();
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    json.key(model::offer_kind_name(model::kOfferKinds[kind]));
    json.begin_object();
    for (std::size_t state = 0; state < kStates.size(); ++state)
      json.field(kStates[state], counts[kind][state]);
    json.end_object();
  }
  json.end_object();
}

Result<std::string> list(Inquiry& inquiry, const CatalogueQuery& query) {
  if (!query.kind.empty()) RAPPORT_CHECK(publisher_of(query.kind));
  if (!query.state.empty() && std::find(kStates.begin(), kStates.end(), query.state) == kStates.end())
    return Error{Errc::bad_input, fmt::format("no state '{}'", query.state.substr(0, 40)), "state",
                 "one of on_offer, sold_out, not_yet, expired, hidden"};
  RAPPORT_TRY(const auto serving, inquiry.unit().recommend_desk.refresh());
  RAPPORT_TRY(const Instant now, inquiry.now());
  const decide::OfferBook& book = *serving->book;
  const Currency currency = inquiry.currency();
  const std::string part = lower(query.query);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("items");
  json.begin_array();
  Counts counts{};
  std::size_t total = 0;
  for (decide::OfferNo number = 0; number < book.size(); ++number) {
    const Offer& offer = book.offer(number);
    if (!book.published(number)) continue;
    const State state = state_of(offer, now);
    ++counts[static_cast<std::size_t>(offer.kind)][static_cast<std::size_t>(state)];
    if (!query.kind.empty() && model::offer_kind_name(offer.kind) != query.kind) continue;
    if (!query.state.empty() && state_name(state) != query.state) continue;
    if (!query.category.empty() && offer.category != query.category) continue;
    if (!holds(offer, part)) continue;
    if (++total > query.from && total <= query.from + query.most) write_offer(json, offer, state, currency);
  }
  json.end_array();
  json.field("total", total);
  write_counts(json, counts);
  json.end_object();
  return text;
}

/// The noun of that kind and id, wherever it was published: an adviser may be a service or a content.
struct Found {
  Publisher publisher;
  std::string noun;
  Offer offer;
};
Result<std::optional<Found>> find(Inquiry& inquiry, const Publisher& wanted, const std::string& id) {
  std::vector<Publisher> places{wanted};
  for (const Publisher& other : kPublishers) {
    if (other.kind != wanted.kind && other.event != wanted.event) places.push_back(other);
  }
  for (const Publisher& place : places) {
    RAPPORT_TRY(std::string noun, inquiry.noun(place.event, id));
    if (noun.empty()) continue;
    const Publisher& plain = *std::find_if(std::begin(kPublishers), std::end(kPublishers),
                                           [&](const Publisher& one) { return one.event == place.event; });
    auto offer = codec::parse_offer(plain.kind, id, noun);
    if (offer.ok() && offer->kind == wanted.kind) return std::optional(Found{place, std::move(noun), *offer});
  }
  return std::optional<Found>();
}

Result<std::string> one(Inquiry& inquiry, const std::string& kind, const std::string& id) {
  RAPPORT_TRY(const Publisher wanted, publisher_of(kind));
  RAPPORT_TRY(const auto found, find(inquiry, wanted, id));
  if (!found)
    return Error{Errc::not_found, fmt::format("no {} '{}' is published", kind, id.substr(0, 60)), "id",
                 "an id of GET /v1/catalogue"};
  RAPPORT_TRY(const Instant now, inquiry.now());
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("offer");
  write_offer(json, found->offer, state_of(found->offer, now), inquiry.currency());
  json.key("noun");
  json.raw(found->noun);
  json.end_object();
  return text;
}

Error wrong(std::string_view member, std::string expected) {
  return {Errc::bad_input, fmt::format("'{}' is not of its form", member), std::string(member),
          std::move(expected)};
}

/// Whether JSON text tells U+0000, which no text of ours may hold.
bool holds_nul(std::string_view json) {
  for (auto at = json.find("\\u0000"); at != std::string_view::npos; at = json.find("\\u0000", at + 1)) {
    std::size_t slashes = 0;
    while (slashes < at && json[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return true;
  }
  return false;
}

/// What a declared member must be; "" when it is.
std::string_view misfit(codec::JsonValue value, model::PropertyType type) {
  using enum model::PropertyType;
  switch (type) {
    case text:
    case word:
    case time:
    case currency:
      return value.is(codec::JsonKind::string) ? "" : "a text";
    case integer:
      return value.is(codec::JsonKind::number) && value.integer() ? "" : "a whole number";
    case number:
      return value.is(codec::JsonKind::number) ? "" : "a number";
    case money:
      return value.is(codec::JsonKind::number) || value.is(codec::JsonKind::string) ? "" : "an amount";
    case boolean:
      return value.is(codec::JsonKind::boolean) ? "" : "true or false";
    case text_list:
      if (!value.is(codec::JsonKind::array)) return "a list of texts";
      for (codec::JsonItems items(value); items.next();) {
        if (!items.value().is(codec::JsonKind::string)) return "a list of texts";
      }
      return "";
    default:
      return "";
  }
}

/// Members are named once, hold no U+0000, and are of the type that the catalogue of events declares.
Status check_types(const std::string& body, const Publisher& publisher) {
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(body));
  const model::EventSpec* event = model::find_event(model::EventType::track, publisher.name);
  constexpr std::string_view kTexts[] = {"title",    "name",          "title_en", "name_en",   "description",
                                         "category", "category_en",   "brand",    "brand_en",  "url",
                                         "type",     "content_kind",  "word",     "goes_with", "department",
                                         "owner",    "department_en", "family",   "tier"};
  std::vector<std::string> seen;
  for (codec::JsonMembers members(index.root()); members.next();) {
    const std::string name(members.key());
    const codec::JsonValue value = members.value();
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return Error{Errc::bad_input, fmt::format("'{}' stands twice", name.substr(0, 60)), name.substr(0, 60),
                   "each member once"};
    seen.push_back(name);
    if (holds_nul(name) || holds_nul(value.raw()) || name.find('\0') != std::string::npos)
      return Error{Errc::bad_input, "U+0000 in a text", name.substr(0, 60), "texts without it"};
    if (value.is_null()) continue;
    const auto declared = codec::declared_type(event, name);
    const bool text = std::find(std::begin(kTexts), std::end(kTexts), name) != std::end(kTexts);
    const std::string_view expected = declared ? misfit(value, *declared)
                                      : text   ? misfit(value, model::PropertyType::text)
                                               : "";
    if (!expected.empty())
      return Error{Errc::bad_input, fmt::format("'{}' is not of its type", name), name,
                   std::string(expected)};
  }
  return {};
}

/// Currencies are those that ICU would know by their code; ISO 4217's list of active ones.
bool is_known_currency(std::string_view code) {
  constexpr std::string_view kCodes =
      "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD "
      "CAD "
      "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF "
      "GTQ "
      "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP "
      "LKR "
      "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
      "PEN "
      "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL "
      "THB "
      "TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
      "ZWL";
  return code.size() == 3 && code.find(' ') == std::string_view::npos &&
         kCodes.find(code) != std::string_view::npos;
}

/// What parse_offer would pass over in silence is refused here: somebody wrote it and means it.
Status check_members(const NounMembers& noun, const Publisher& publisher, Currency currency) {
  if (noun.find("currency").present()) {
    const auto told = Currency::parse(noun.text("currency"));
    if (!told.ok() || !is_known_currency(told->text()))
      return wrong("currency", "an ISO 4217 code such as CNY");
  }
  if (const std::string kind = noun.text("item_kind");
      noun.find("item_kind").present() && kind != model::offer_kind_name(publisher.kind))
    return wrong("item_kind", fmt::format("{}, or left out", model::offer_kind_name(publisher.kind)));
  if (publisher.kind != OfferKind::product && noun.text("title").empty() && noun.text("name").empty())
    return wrong("title", "a title");
  if (publisher.kind == OfferKind::product && noun.text("name").empty() && noun.text("title").empty())
    return wrong("name", "a name");
  for (const std::string_view name : {"title", "name", "title_en", "name_en", "description"}) {
    if (noun.text(name).size() > kTextMostBytes)
      return wrong(name, fmt::format("at most {} bytes", kTextMostBytes));
  }
  if (noun.find("price").present()) {
    const auto price = noun.minor("price", currency);
    if (!price || *price < 0) return wrong("price", "a price of the currency, 0 or more");
  }
  for (const std::string_view name : {"stock", "repurchase_days"}) {
    const codec::JsonValue value = noun.find(name);
    if (!value.present()) continue;
    const auto whole = value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
    if (!whole || *whole < 0) return wrong(name, "a whole number, 0 or more");
  }
  if (noun.find("hidden").present() && !noun.find("hidden").is(codec::JsonKind::boolean))
    return wrong("hidden", "true or false");
  for (const std::string_view name : {"from", "until"}) {
    if (noun.find(name).present() && !noun.time(name))
      return wrong(name, "a moment, as 2026-11-01T00:00:00Z");
  }
  const auto from = noun.time("from"), until = noun.time("until");
  if (from && until && *until <= *from) return wrong("until", "later than from");
  const std::string url = noun.text("url");
  if (noun.find("url").present() && !url.starts_with("https://")) return wrong("url", "https://...");
  return {};
}

Status check_bundle(Inquiry& inquiry, const NounMembers& noun) {
  const codec::JsonValue products = noun.find("product_ids");
  if (!products.present() || !products.is(codec::JsonKind::array))
    return wrong("product_ids", "a list of two products or more");
  std::vector<std::string> ids;
  for (codec::JsonItems items(products); items.next();) {
    if (!items.value().is(codec::JsonKind::string)) return wrong("product_ids", "ids of products");
    ids.push_back(items.value().text());
    if (std::count(ids.begin(), ids.end(), ids.back()) > 1) return wrong("product_ids", "each product once");
    RAPPORT_TRY(const std::string product, inquiry.noun(k::product_published, ids.back()));
    if (product.empty())
      return Error{Errc::bad_input, fmt::format("no product '{}' is published", ids.back().substr(0, 60)),
                   "product_ids", "ids of published products"};
  }
  if (ids.size() < 2 || ids.size() > kBundleMost)
    return wrong("product_ids", fmt::format("2 to {} products", kBundleMost));
  return {};
}

/// What it states of its appointments is kept to (service_room.h).
Status check_room(Inquiry& inquiry, const NounMembers& noun) {
  const ServiceRoom room = room_of(noun);
  if (!room.unreadable.empty()) return wrong(room.unreadable, std::string(room.instead));
  if (room.calendar.empty()) return {};
  RAPPORT_TRY(const std::string calendar, inquiry.noun(k::calendar_published, room.calendar));
  if (!calendar.empty()) return {};
  return Error{Errc::bad_input, fmt::format("nobody published a calendar '{}'", room.calendar.substr(0, 64)),
               "calendar", "PUT /v1/calendars/{id} first"};
}

/// The body as the event that publishes it, read as any message is: so numbers are numbers. The kind is named
/// where the event alone does not name it.
Result<model::Event> event_of(const Publisher& as, OfferKind kind, const std::string& id,
                              const std::string& body, Currency currency) {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(body));
  std::string message;
  codec::JsonWriter json(message);
  json.begin_object();
  json.field("type", "track");
  json.field("event", as.name);
  json.field("messageId", "offer-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()}));
  json.key("properties");
  json.begin_object();
  json.field(as.id_name, id);
  const bool is_named = kind == OfferKind::adviser || kind == OfferKind::early_access;
  if (is_named) json.field("item_kind", model::offer_kind_name(kind));
  for (codec::JsonMembers members(index.root()); members.next();) {
    const std::string_view name = members.key();
    if (name == as.id_name || (is_named && name == "item_kind") || members.value().is_null()) continue;
    json.escaped_key(name);
    json.raw(members.value().raw());
  }
  json.end_object();
  json.end_object();
  codec::ParseOptions options;
  options.currency = currency;
  return codec::parse_message(message, options);
}

/// Kinds that one event publishes share their ids: who holds one keeps it.
Status check_holder(Inquiry& inquiry, const Publisher& wanted, const std::string& id) {
  RAPPORT_TRY(const std::string held, inquiry.noun(wanted.event, id));
  if (held.empty()) return {};
  const Publisher& plain = *std::find_if(std::begin(kPublishers), std::end(kPublishers),
                                         [&](const Publisher& one) { return one.event == wanted.event; });
  const auto offer = codec::parse_offer(plain.kind, id, held);
  const auto noun = NounMembers::parse(held);
  const bool is_package = wanted.kind == OfferKind::bundle && noun.ok() && (*noun)->raw("composed") == "true";
  if (!is_package && (!offer.ok() || offer->kind == wanted.kind)) return {};
  const std::string_view holder = is_package ? "package" : model::offer_kind_name(offer->kind);
  return Error{Errc::conflict, fmt::format("the {} '{}' holds this id", holder, id), "id",
               fmt::format("another id, or the {} itself", holder)};
}

Result<std::string> put(Inquiry& inquiry, const std::string& kind, const std::string& id,
                        const std::string& body) {
  RAPPORT_TRY(const Publisher wanted, publisher_of(kind));
  if (id.empty() || id.size() > kIdMostBytes || id.find_first_of("\"'/\\ \t\n") != std::string::npos)
    return Error{Errc::bad_input, "this cannot name an offer", "id",
                 fmt::format("1 to {} bytes without blanks, quotes and /", kIdMostBytes)};
  RAPPORT_TRY(const auto noun, NounMembers::parse(body));
  RAPPORT_CHECK(check_types(body, wanted));
  const auto told = Currency::parse(noun->text("currency"));
  RAPPORT_CHECK(check_members(*noun, wanted, told.ok() ? *told : inquiry.currency()));
  if (wanted.kind == OfferKind::bundle) RAPPORT_CHECK(check_bundle(inquiry, *noun));
  if (wanted.event == k::service_published) RAPPORT_CHECK(check_room(inquiry, *noun));
  RAPPORT_CHECK(check_holder(inquiry, wanted, id));
  RAPPORT_TRY(const auto before, find(inquiry, wanted, id));
  const Publisher& as = before ? before->publisher : wanted;
  RAPPORT_TRY(model::Event event, event_of(as, wanted.kind, id, body, inquiry.currency()));
  std::vector<model::Event> events;
  events.push_back(std::move(event));
  RAPPORT_TRY(const EventSeq seq, inquiry.publish(std::move(events)));
  // Whoever published looks at the list next: it is made anew at once, however lately it was made.
  inquiry.unit().recommend_desk.models_changed();
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("kind", kind);
  json.field("id", id);
  json.field("offset", seq);
  json.end_object();
  return text;
}

}  // namespace

void catalogue(Engine& engine, ShopNo shop, CatalogueQuery query, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [query = std::move(query)](Inquiry& inquiry) { return list(inquiry, query); }, std::move(reply));
}

void catalogue_offer(Engine& engine, ShopNo shop, std::string kind, std::string id,
                     Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [kind = std::move(kind), id = std::move(id)](Inquiry& inquiry) { return one(inquiry, kind, id); },
      std::move(reply));
}

void publish_offer(Engine& engine, ShopNo shop, std::string kind, std::string id, std::string body,
                   Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [kind = std::move(kind), id = std::move(id), body = std::move(body)](Inquiry& inquiry) {
        return put(inquiry, kind, id, body);
      },
      std::move(reply));
}

}  // namespace rapport::engine
