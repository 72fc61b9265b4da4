#include <algorithm>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "codec/segment.h"
#include "engine/detail/impl.h"

// Values that the shop publishes for its rules to compare with.
namespace rapport::engine {
namespace {

constexpr std::uint32_t kDaysMost = 3'650;

/// Totals of the orders that count, in the shop's own currency, in minor units.
std::vector<std::int64_t> order_values(const views::ShopState& state, Currency currency, Instant from) {
  std::vector<std::int64_t> totals;
  const views::ShopTables& tables = state.tables();
  const std::uint32_t orders = tables.dictionary(views::DictionaryKind::orders).size();
  for (std::uint32_t number = 0; number <= orders; ++number) {
    const views::Order* order = state.order(number);
    if (order == nullptr || order->node.value == 0 || order->placed < from) continue;
    if (order->cancelled != Instant::min()) continue;
    if (tables.currencies.currency(order->currency_slot) == currency) totals.push_back(order->total_minor);
  }
  return totals;
}

/// The least value that at least so large a share does not pass (nearest rank).
std::int64_t nearest_rank(std::vector<std::int64_t>& values, std::uint32_t per_mille) {
  const std::size_t rank = std::max<std::size_t>(1, (values.size() * per_mille + 999) / 1000);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Status check_name(const std::string& name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (name.empty() || name.size() > views::RuleLimits::kNameBytes || !letters || name[0] < 'a' ||
      name[0] > 'z')
    return Error{Errc::bad_input, fmt::format("'{}' is not a name", name.substr(0, 70)), "name",
                 "1 to 64 of a-z, 0-9, _ and -, first a letter"};
  return {};
}

/// The event on the wire's own way in, so that it is held to the catalogue like any other.
Result<model::Event> value_event(const ValueAnswer& value, bool thousandths, Currency currency) {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  std::string message;
  codec::JsonWriter json(message);
  json.begin_object();
  json.field("type", "track");
  json.field("event", "Value Published");
  json.field("messageId", "value-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()}));
  json.key("properties");
  json.begin_object();
  json.field("value_id", value.name);
  json.key("value");
  json.raw(value.number);
  if (!value.currency.empty()) json.field("currency", value.currency);
  if (thousandths) json.field("scale", "thousandths");
  json.end_object();
  json.end_object();
  codec::ParseOptions options;
  options.currency = currency;
  return codec::parse_message(message, options);
}

/// A number in JSON's spelling that a fold reads as whole units. Errors: bad_input.
Status check_number(const ValueRequest& request) {
  const auto wrong = [&](std::string expected) {
    return Error{Errc::bad_input, fmt::format("'{}' is no such number", request.number.substr(0, 40)),
                 "value", std::move(expected)};
  };
  codec::JsonIndex json;
  if (!json.parse(request.number).ok() || !json.root().is(codec::JsonKind::number)) return wrong("a number");
  if (!request.currency.empty()) {
    RAPPORT_TRY(const Currency currency, Currency::parse(request.currency));
    if (!json.root().scaled(currency.decimals())) return wrong("an amount");
    return {};
  }
  if (request.thousandths ? !json.root().scaled(3) : !json.root().integer())
    return wrong("a whole number; give a currency for an amount, or the scale thousandths for decimals");
  return {};
}

}  // namespace

void Engine::publish_value(ShopNo shop, ValueRequest request, Reply<ValueAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status good = check_name(request.name); !good.ok()) return reply(good.error());
  const bool computed = request.order_value_per_mille.has_value();
  if (computed && (*request.order_value_per_mille > 1000 || request.days < 1 || request.days > kDaysMost)) {
    return reply(Error{Errc::bad_input, "no such quantile", "quantile",
                       fmt::format("a share of 0 to 1, over 1 to {} days", kDaysMost)});
  }
  if (const Status good = computed ? Status{} : check_number(request); !good.ok()) return reply(good.error());
  const Currency currency = currency_of(shop);
  const auto publish = [this, shop, currency, reply, thousandths = request.thousandths](ValueAnswer value) {
    Result<model::Event> event = value_event(value, thousandths, currency);
    if (!event.ok()) return reply(event.error());
    IngestRequest ingested;
    ingested.events.push_back(std::move(event).value());
    ingest(shop, std::move(ingested), [reply, value](Result<model::IngestAnswer> answer) mutable {
      if (!answer.ok()) return reply(answer.error());
      value.offset = answer->offset;
      reply(std::move(value));
    });
  };
  if (!computed) return publish({request.name, request.number, request.currency, 0, {}});
  impl_->on_shop<ValueAnswer>(
      shop, std::nullopt,
      [publish, reply](Result<ValueAnswer> value) {
        if (!value.ok()) return reply(value.error());
        publish(std::move(value).value());
      },
      [request, currency](ShopUnit& one) -> Result<ValueAnswer> {
        std::vector<std::int64_t> values =
            order_values(one.shop.state(), currency, one.shop.now() - days(request.days));
        if (values.size() < kOrdersLeast) {
          return fail(Errc::conflict, "{} orders of the last {} days are too few for a quantile; it takes {}",
                      values.size(), request.days, kOrdersLeast);
        }
        const std::int64_t bound = nearest_rank(values, *request.order_value_per_mille);
        return ValueAnswer{
            request.name, format_minor(bound, currency), std::string(currency.text()), values.size(), {}};
      });
}

}  // namespace rapport::engine
