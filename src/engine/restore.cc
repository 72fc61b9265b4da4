#include "engine/restore.h"

#include <algorithm>
#include <map>
#include <vector>

#include "codec/record.h"
#include "engine/detail/front_desk.h"
#include "store/backup.h"

namespace rapport::engine {
namespace {

/// Identifiers of nodes about to be erased, by shop: their hashes, for the kinds that are suppressed.
using Suppressed = std::map<ShopNo, std::vector<Hash128>>;

/// The nodes that the log itself calls erased, ascending.
Result<std::vector<NodeId>> erased_in_log(const store::Store& store, ShopNo shop) {
  std::vector<NodeId> nodes;
  Status damaged;
  model::RecordView record;
  RAPPORT_CHECK(store.read(shop, EventSeq{1}, store.last(shop).seq, [&](const store::StoredBatch& batch) {
    auto in = codec::BatchReader::open(batch.bytes);
    while (in.ok() && in->next(record)) {
      if (record.type != model::RecordType::erased) continue;
      const auto body = codec::decode_erased(record.body);
      if (body.ok()) {
        nodes.insert(nodes.end(), body->nodes.begin(), body->nodes.end());
      } else {
        damaged = body.error();
      }
    }
    return store::Walk::on;
  }));
  RAPPORT_CHECK(damaged);
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

/// One `erased` record for what the ledger knows and the log does not. Its time is that of the batch before:
/// nothing happened in between that this log could tell.
Status append_erased(store::Store& store, ShopNo shop) {
  const store::LogHead head = store.last(shop);
  if (head.seq.value == 0) return {};
  RAPPORT_TRY(std::vector<NodeId> nodes, store.erased_nodes(shop));
  RAPPORT_TRY(const std::vector<NodeId> told, erased_in_log(store, shop));
  std::erase_if(nodes, [&](NodeId node) { return std::binary_search(told.begin(), told.end(), node); });
  if (nodes.empty()) return {};
  codec::BatchWriter writer(head.seq.next(), head.received, head.digest);
  writer.add_control(model::RecordType::erased, codec::encode_erased({nodes}));
  const codec::FinishedBatch batch = std::move(writer).finish();
  return store.append({.shop = shop, .batch = batch.bytes, .digest = batch.digest});
}

Status suppress(store::Store& store, ShopNo shop, const std::vector<Hash128>& hashes) {
  std::vector<std::string> keys;
  for (const Hash128& hash : hashes) keys.push_back(FrontDesk::suppression_key(hash));
  std::vector<store::Change> changes;
  for (const std::string& key : keys)
    changes.push_back({store::Table::settings, shop, key, std::string_view()});
  return store.write(changes);
}

}  // namespace

Result<RestoreAnswer> restore(const RestoreRequest& request) {
  store::RestoreOptions options;
  options.from = request.from;
  options.to.path = request.to;
  options.to.compression = request.compression ? store::Compression::on : store::Compression::off;
  RAPPORT_TRY(options.ledger, store::parse_ledger(request.ledger));
  RestoreAnswer answer;
  Suppressed suppressed;
  options.erasing = [&](const store::ShopInfo& shop, const store::NodeRow& row) {
    ++answer.nodes_erased;
    if (is_suppressed_kind(row.kind)) suppressed[shop.shop].push_back(row.hash);
  };
  options.finish = [&](store::Store& store) -> Status {
    for (const store::ShopInfo& shop : store.shops()) {
      RAPPORT_CHECK(suppress(store, shop.shop, suppressed[shop.shop]));
      RAPPORT_CHECK(append_erased(store, shop.shop));
    }
    return {};
  };
  RAPPORT_TRY(const std::unique_ptr<store::Store> restored, store::restore(options));
  answer.shops = restored->shops().size();
  return answer;
}

}  // namespace rapport::engine
