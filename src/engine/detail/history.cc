#include "engine/detail/history.h"

#include <algorithm>
#include <set>

#include "codec/json_writer.h"
#include "codec/properties_json.h"
#include "codec/record.h"

namespace rapport::engine {
namespace {
constexpr Duration kPatience = seconds(5);
}

Result<std::vector<EventSeq>> seqs_of(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                                      EventSeq upto) {
  const ShopNo shop = unit.shop.info().shop;
  unit.follower.wait_for_positions(upto, kPatience);
  std::vector<EventSeq> out;
  for (const NodeId node : nodes) {
    RAPPORT_TRY(const std::vector<EventSeq> seqs, store.positions(shop, node));
    for (const EventSeq seq : seqs) {
      if (seq <= upto) out.push_back(seq);
    }
  }
  const EventSeq followed = unit.follower.positions_upto();
  if (followed < upto) {
    const std::set<NodeId> wanted(nodes.begin(), nodes.end());
    model::RecordView record;
    Status damaged;
    RAPPORT_CHECK(store.read(shop, followed.next(), upto, [&](const store::StoredBatch& batch) {
      auto in = codec::BatchReader::open(batch.bytes);
      if (!in.ok()) {
        damaged = in.error();
        return store::Walk::stop;
      }
      while (in->next(record)) {
        if (record.seq <= followed || record.seq > upto) continue;
        const bool named = std::any_of(record.nodes.begin(), record.nodes.end(),
                                       [&](const model::NodeRef& ref) { return wanted.contains(ref.node); });
        if (named || (concerns_everybody(record) && wanted.contains(kEverybody))) out.push_back(record.seq);
      }
      return store::Walk::on;
    }));
    RAPPORT_CHECK(damaged);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<Past> rebuild(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                     EventSeq known_at) {
  const ShopNo shop = unit.shop.info().shop;
  std::set<NodeId> known(nodes.begin(), nodes.end());
  std::vector<NodeId> fresh(nodes);
  std::set<EventSeq> records;
  RAPPORT_TRY(const std::vector<EventSeq> common, seqs_of(unit, store, {kEverybody}, known_at));
  // Whoever was ever named beside them may have been linked to them, so their records bear on it too.
  while (!fresh.empty()) {
    RAPPORT_TRY(const std::vector<EventSeq> seqs, seqs_of(unit, store, fresh, known_at));
    fresh.clear();
    std::vector<EventSeq> unseen;
    for (const EventSeq seq : seqs) {
      if (records.insert(seq).second) unseen.push_back(seq);
    }
    if (records.size() > kMostPastRecords) {
      return fail(Errc::too_large, "more than {} records bear on this customer", kMostPastRecords);
    }
    RAPPORT_CHECK(store.read_records(shop, unseen, [&](const model::RecordView& record) {
      for (const model::NodeRef& ref : record.nodes) {
        if (known.insert(ref.node).second) fresh.push_back(ref.node);
      }
    }));
  }
  records.insert(common.begin(), common.end());

  Past past;
  views::ShopOptions options;
  RAPPORT_TRY(options.currency, Currency::parse(unit.shop.founding().currency));
  // What others did first counts for her, too: without it a rule that asks the shop for a kind of facts would
  // find none.
  RAPPORT_TRY(options.seen, ask_shop<views::SeenKinds>(unit, [&]() -> Result<views::SeenKinds> {
                return unit.shop.state().seen_at(known_at);
              }));
  past.state = views::ShopState(options);
  past.nodes.assign(known.begin(), known.end());
  past.records.assign(records.begin(), records.end());
  views::FlipList flips;
  RAPPORT_CHECK(store.read_records(shop, past.records, [&](const model::RecordView& record) {
    past.state.fold(record, flips);
    flips.flips.clear();
  }));
  return past;
}

namespace {

/// What the engine itself logged, as far as it says something beyond its name.
std::string engine_record_json(const model::RecordView& record) {
  std::string text;
  codec::JsonWriter json(text);
  if (record.type == model::RecordType::outbox_intent) {
    const auto intent = codec::decode_outbox_intent(record.body);
    if (!intent.ok()) return {};
    json.begin_object();
    json.field("webhook", intent->webhook);
    json.field("id", intent->id);
    json.field("cause", intent->cause);
    json.end_object();
  }
  if (record.type == model::RecordType::outbox_receipt) {
    const auto receipt = codec::decode_outbox_receipt(record.body);
    if (!receipt.ok()) return {};
    json.begin_object();
    json.field("webhook", receipt->webhook);
    json.field("id", receipt->id);
    json.field("delivered", receipt->delivered());
    json.field("status", receipt->status);
    json.field("attempts", receipt->attempts);
    json.end_object();
  }
  return text;
}

}  // namespace

model::TimelineEntry timeline_entry(const model::RecordView& record, Keyring& keyring, bool reveal) {
  model::TimelineEntry entry;
  entry.seq = record.seq;
  entry.event_time = record.event_time;
  entry.received = record.received;
  entry.message_id = record.message_id;
  entry.from_page = record.from_page;
  if (record.type == model::RecordType::event) {
    entry.type = model::event_type_name(record.event_type);
    const model::EventSpec* spec = model::find_event(record.kind);
    entry.event = spec != nullptr ? spec->name : record.name;
    entry.properties_json = codec::properties_json(record.clear);
    if (!record.nodes.empty()) entry.node = record.nodes.front().node;
    if (reveal && !record.personal.empty()) {
      entry.personal_json = keyring.open(SealedAs::personal, entry.node, record.personal).value_or("");
    }
  } else {
    entry.type = "engine";
    constexpr std::string_view kNames[] = {
        "",       "event",         "tick",           "import_started", "import_ended", "unlinked",
        "erased", "outbox_intent", "outbox_receipt", "zone_data",      "shop_created"};
    entry.event = kNames[static_cast<std::size_t>(record.type)];
    entry.event_time = record.received;
    entry.properties_json = engine_record_json(record);
  }
  return entry;
}

}  // namespace rapport::engine
