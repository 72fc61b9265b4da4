#include <algorithm>
#include <set>

#include "base/log.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "codec/record.h"
#include "engine/detail/dead_letters.h"
#include "engine/detail/flip_rows.h"
#include "engine/detail/history.h"
#include "engine/detail/impl.h"

// What is asked of, and done to, one customer.
namespace rapport::engine {
namespace {

constexpr std::size_t kTimelineMost = 1'000;

struct Person {
  CustomerId customer;
  std::vector<NodeId> nodes;
  EventSeq position;
};

// Who a text names now; from a worker.
Result<Person> find_person(ShopUnit& unit, const std::string& ref) {
  return ask_shop<Person>(unit, [&]() -> Result<Person> {
    RAPPORT_TRY(const CustomerId customer, resolve(unit, ref));
    return Person{customer, unit.shop.state().nodes_of(customer), unit.shop.state().position()};
  });
}

std::string encode_nodes(const std::vector<NodeId>& nodes) {
  return codec::encode_erased({nodes});
}

}  // namespace

Status erase_nodes(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                   const std::vector<Hash128>& suppressed, EventSeq* recorded) {
  if (nodes.empty()) return {};
  const ShopNo shop = unit.shop.info().shop;
  // First the intent and the suppression, durable together: a crash from here on is finished at the next
  // start, and nothing new of the person comes in behind the record.
  const std::string pending = fmt::format("{}{}", kErasingPrefix, nodes.front().value);
  const std::string listed = encode_nodes(nodes);
  std::vector<std::string> keys;
  for (const Hash128& hash : suppressed) keys.push_back(FrontDesk::suppression_key(hash));
  std::vector<store::Change> changes{{store::Table::settings, shop, pending, listed}};
  for (const std::string& key : keys)
    changes.push_back({store::Table::settings, shop, key, std::string_view()});
  RAPPORT_CHECK(store.write(changes));
  // Then the record: from its seq on the nodes are nobody.
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<EventSeq>> answer;
  unit.shop.post([&] {
    for (const Hash128& hash : suppressed) unit.shop.desk().suppress(hash);
    for (const NodeId node : nodes) {
      unit.shop.desk().forget(node);
      unit.shop.texts().forget(node);
    }
    unit.shop.append_control_folded(model::RecordType::erased, listed, [&](Result<EventSeq> seq) {
      const std::lock_guard lock(mutex);
      answer.emplace(std::move(seq));
      done.notify_one();
    });
  });
  {
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return answer.has_value(); });
  }
  RAPPORT_TRY(*recorded, std::move(*answer));
  // Last the keys, in memory and on disk; the followers must not write what they still hold of them
  // afterwards.
  unit.follower.wait_for_positions(*recorded, seconds(10));
  for (const NodeId node : nodes) unit.shop.keyring().forget(node);
  unit.insight.names().forget(nodes);
  unit.rejected.clear();
  unit.study_tables.clear();
  RAPPORT_CHECK(store.destroy_keys(shop, nodes));
  RAPPORT_CHECK(unit.shop.drop_checkpoints());
  RAPPORT_CHECK(store.remove(store::Table::settings, shop, pending));
  log(LogLevel::info, "a person was erased",
      {{"shop", unit.shop.info().name}, {"nodes", nodes.size()}, {"seq", recorded->value}});
  return {};
}

void Engine::customer(ShopNo shop, CustomerQuery query, Reply<model::CustomerAnswer> reply) {
  if (!query.known_at) {
    const auto after = query.after_offset;
    impl_->on_shop<model::CustomerAnswer>(
        shop, after, std::move(reply), [query](ShopUnit& unit) -> Result<model::CustomerAnswer> {
          RAPPORT_TRY(const CustomerId customer, resolve(unit, query.ref));
          return describe_customer(unit.shop.state(), &unit.shop.texts(), customer,
                                   query.at.value_or(unit.shop.now()), query.reveal);
        });
    return;
  }
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status past = is_past(*unit, query.known_at); !past.ok()) return reply(past.error());
  impl_->on_quick<model::CustomerAnswer>(
      std::move(reply), [this, unit, query]() -> Result<model::CustomerAnswer> {
        RAPPORT_TRY(const Person person, find_person(*unit, query.ref));
        RAPPORT_TRY(Past past, rebuild(*unit, *impl_->store, person.nodes, *query.known_at));
        CustomerId then;
        for (const NodeId node : person.nodes) {
          if (then.value == 0) then = past.state.customer_of(node);
        }
        if (then.value == 0)
          return Error{Errc::not_found, "nothing was known of this customer at that position", "known_at"};
        views::FlipList flips;
        const Instant at = query.at.value_or(past.state.now());
        model::CustomerAnswer answer = describe_customer(past.state, nullptr, then, at, false);
        answer.known_at = *query.known_at;
        if (query.reveal) {
          RAPPORT_TRY(answer.identities,
                      ask_shop<std::vector<model::IdentityAnswer>>(
                          *unit, [&]() -> Result<std::vector<model::IdentityAnswer>> {
                            auto identities = answer.identities;
                            for (model::IdentityAnswer& identity : identities) {
                              if (const auto value = unit->shop.texts().find(identity.node))
                                identity.value = std::string(*value);
                            }
                            return identities;
                          }));
        }
        return answer;
      });
}

void Engine::timeline(ShopNo shop, CustomerQuery query, std::size_t most,
                      Reply<std::vector<model::TimelineEntry>> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status past = is_past(*unit, query.known_at); !past.ok()) return reply(past.error());
  most = std::min(most, kTimelineMost);
  impl_->on_quick<std::vector<model::TimelineEntry>>(
      std::move(reply), [this, unit, query, most]() -> Result<std::vector<model::TimelineEntry>> {
        RAPPORT_TRY(const Person person, find_person(*unit, query.ref));
        RAPPORT_TRY(std::vector<EventSeq> seqs,
                    seqs_of(*unit, *impl_->store, person.nodes, query.known_at.value_or(person.position)));
        if (seqs.size() > most) seqs.erase(seqs.begin(), seqs.end() - static_cast<std::ptrdiff_t>(most));
        std::vector<model::TimelineEntry> entries;
        RAPPORT_CHECK(
            impl_->store->read_records(unit->shop.info().shop, seqs, [&](const model::RecordView& record) {
              entries.push_back(timeline_entry(record, unit->shop.keyring(), query.reveal));
            }));
        std::stable_sort(entries.begin(), entries.end(),
                         [](const model::TimelineEntry& a, const model::TimelineEntry& b) {
                           return std::pair(a.event_time, a.seq) > std::pair(b.event_time, b.seq);
                         });
        return entries;
      });
}

void Engine::unlink(ShopNo shop, std::string ref, model::Identifier identifier, Reply<EventSeq> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  unit->shop.post([unit, ref = std::move(ref), identifier = std::move(identifier), reply = std::move(reply)] {
    const Result<CustomerId> customer = resolve(*unit, ref);
    if (!customer.ok()) return reply(customer.error());
    const auto node = unit->shop.desk().find(identifier);
    if (!node || unit->shop.state().customer_of(*node) != *customer) {
      return reply(Error{Errc::not_found, "this customer has no such identifier", "value",
                         "one of the customer's identities"});
    }
    model::UnlinkedBody body{*node, unit->shop.state().nodes_of(*customer)};
    std::erase(body.from, *node);
    unit->shop.append_control_folded(model::RecordType::unlinked, codec::encode_unlinked(body),
                                     [reply](Result<EventSeq> seq) { reply(std::move(seq)); });
  });
}

void Engine::export_person(ShopNo shop, std::string ref, Reply<std::string> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<std::string>(std::move(reply), [this, unit, ref]() -> Result<std::string> {
    RAPPORT_TRY(const Person person, find_person(*unit, ref));
    RAPPORT_TRY(const model::CustomerAnswer customer,
                ask_shop<model::CustomerAnswer>(*unit, [&]() -> Result<model::CustomerAnswer> {
                  return describe_customer(unit->shop.state(), &unit->shop.texts(), person.customer,
                                           unit->shop.now(), true);
                }));
    RAPPORT_TRY(const std::vector<EventSeq> seqs,
                seqs_of(*unit, *impl_->store, person.nodes, person.position));
    if (seqs.size() > kMostPastRecords)
      return fail(Errc::too_large, "more than {} records are held about this person", kMostPastRecords);
    std::string text;
    codec::JsonWriter json(text);
    json.begin_object();
    json.field("exported_at", impl_->clock->now());
    json.key("customer");
    codec::write_json(json, customer);
    json.key("events");
    json.begin_array();
    RAPPORT_CHECK(
        impl_->store->read_records(unit->shop.info().shop, seqs, [&](const model::RecordView& record) {
          codec::write_json(json, timeline_entry(record, unit->shop.keyring(), true));
        }));
    json.end_array();
    json.key("files");
    json.begin_array();
    for (const NodeId node : person.nodes) {
      RAPPORT_TRY(const auto files, impl_->store->files_of(unit->shop.info().shop, node));
      for (const store::Store::StoredFile& file : files) {
        json.begin_object();
        json.field("hash", digest_hex(file.name));
        json.field("bytes", file.bytes);
        json.end_object();
      }
    }
    json.end_array();
    json.key("flips");
    json.begin_array();
    Status damaged;
    RAPPORT_CHECK(
        impl_->store->flips_of(unit->shop.info().shop, person.customer, [&](const store::FlipRow& row) {
          auto flip = decode_flip(row.cause, row.body);
          if (!flip.ok()) {
            damaged = flip.error();
            return store::Walk::stop;
          }
          codec::write_json(json, *flip);
          return store::Walk::on;
        }));
    RAPPORT_CHECK(damaged);
    json.end_array();
    json.end_object();
    return text;
  });
}

void Engine::erase(ShopNo shop, std::string ref, Reply<EventSeq> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<EventSeq>(std::move(reply), [this, unit, ref]() -> Result<EventSeq> {
    RAPPORT_TRY(const Person person, find_person(*unit, ref));
    std::vector<model::Identifier> identifiers;
    RAPPORT_TRY(const std::vector<Hash128> hashes,
                ask_shop<std::vector<Hash128>>(*unit, [&]() -> Result<std::vector<Hash128>> {
                  std::vector<Hash128> out;
                  for (const NodeId node : person.nodes) {
                    const auto kind = unit->shop.state().kind_of(node);
                    const auto value = unit->shop.texts().find(node);
                    if (!kind || !value) continue;
                    identifiers.push_back({*kind, std::string(*value)});
                    if (!is_suppressed_kind(*kind)) continue;
                    out.push_back(unit->shop.desk().identifier_hash({*kind, std::string(*value)}));
                  }
                  return out;
                }));
    // Her wrong events go before her keys do: once these are gone nobody can tell which events were hers.
    RAPPORT_TRY([[maybe_unused]] const std::size_t before,
                drop_dead_letters(*impl_->store, unit->shop.info().shop, identifiers));
    EventSeq seq;
    RAPPORT_CHECK(erase_nodes(*unit, *impl_->store, person.nodes, hashes, &seq));
    // And what came in meanwhile.
    RAPPORT_TRY([[maybe_unused]] const std::size_t after,
                drop_dead_letters(*impl_->store, unit->shop.info().shop, identifiers));
    return seq;
  });
}

}  // namespace rapport::engine
