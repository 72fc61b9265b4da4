#include "base/bytes.h"
#include "base/random.h"
#include "codec/json_writer.h"
#include "codec/segment.h"
#include "engine/detail/impl.h"
#include "engine/detail/ingest_one.h"
#include "model/catalogue_ids.h"

// Parameters in everyday words, as the shop itself publishes them: one content noun.
namespace rapport::engine {
namespace {

constexpr std::string_view kNoun = "everyday-words";

}  // namespace

void Engine::everyday(ShopNo shop, std::optional<EventSeq> after, Reply<std::string> reply) {
  impl_->on_shop<std::string>(shop, after, std::move(reply), [](ShopUnit& unit) -> Result<std::string> {
    return std::string(unit.shop.state().noun(model::kind::content_published, kNoun));
  });
}

void Engine::publish_everyday(ShopNo shop, std::string rules, Reply<EventSeq> reply) {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  std::string message;
  codec::JsonWriter json(message);
  json.begin_object();
  json.field("type", "track");
  json.field("event", "Content Published");
  json.field("messageId",
             "everyday-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()}));
  json.key("properties");
  json.begin_object();
  json.field("content_id", kNoun);
  json.key("rules");
  json.raw(rules);
  json.end_object();
  json.end_object();
  codec::ParseOptions options;
  options.currency = currency_of(shop);
  Result<model::Event> event = codec::parse_message(message, options);
  if (!event.ok()) return reply(event.error());
  ingest_one(*this, shop, std::move(event).value(), std::move(reply));
}

}  // namespace rapport::engine
