#include <benchmark/benchmark.h>

#include "codec/properties.h"
#include "codec/record.h"
#include "codec/seal.h"

namespace rapport::codec {
namespace {

/// 100 events of a usual shape: two nodes, a UUID, five properties, 80 sealed bytes.
FinishedBatch usual_batch(const Digest& previous) {
  std::string clear;
  PropertyWriter properties(clear);
  properties.text(model::PropertyId{20}, "sku-1204418");
  properties.number(model::PropertyId{21}, 129'900);
  properties.number(model::PropertyId{22}, 2);
  properties.text(model::PropertyId{23}, "coffee machines");
  properties.text(model::PropertyId{24}, "CNY");
  const std::string personal(80, 'x');
  const model::NodeRef nodes[] = {{NodeId{1'234'567}, model::IdentifierKind::user_id, false, {}},
                                  {NodeId{1'234'568}, model::IdentifierKind::anonymous_id, false, {}}};
  BatchWriter writer(EventSeq{1'000'000}, Instant{1'790'000'000'000}, previous);
  for (int i = 0; i < 100; ++i) {
    writer.add_event({.event_time = Instant{1'790'000'000'000 - i * 37},
                      .kind = model::EventKind{12},
                      .message_id = "5c9f7fd2-3a53-4c0e-9d0e-3f6f2c6a8f11",
                      .nodes = nodes,
                      .clear = clear,
                      .personal_sealed = personal});
  }
  return std::move(writer).finish();
}

void WriteBatch(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    const FinishedBatch batch = usual_batch({});
    bytes = batch.bytes.size();
    benchmark::DoNotOptimize(batch.digest);
  }
  state.SetItemsProcessed(state.iterations() * 100);
  state.counters["bytes_a_record"] = static_cast<double>(bytes) / 100;
}
BENCHMARK(WriteBatch);

void DecodeBatch(benchmark::State& state) {
  const FinishedBatch batch = usual_batch({});
  model::RecordView record;
  for (auto _ : state) {
    auto reader = BatchReader::open(batch.bytes);
    std::uint64_t sum = 0;
    while (reader->next(record)) sum += record.nodes.size() + record.clear.size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(DecodeBatch);

void DigestBatch(benchmark::State& state) {
  const FinishedBatch batch = usual_batch({});
  for (auto _ : state) benchmark::DoNotOptimize(sha256(batch.bytes));
  state.SetItemsProcessed(state.iterations() * 100);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(batch.bytes.size()));
}
BENCHMARK(DigestBatch);

void Seal(benchmark::State& state) {
  const NodeKey key = make_node_key();
  const std::string plain(static_cast<std::size_t>(state.range(0)), 'p');
  std::string sealed;
  for (auto _ : state) {
    sealed.clear();
    seal(key, plain, "0123456789", sealed);
    benchmark::DoNotOptimize(sealed.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Seal)->Arg(20)->Arg(200)->Arg(2000);

void Open(benchmark::State& state) {
  const NodeKey key = make_node_key();
  std::string sealed;
  seal(key, std::string(static_cast<std::size_t>(state.range(0)), 'p'), "0123456789", sealed);
  for (auto _ : state) benchmark::DoNotOptimize(open(key, sealed, "0123456789"));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Open)->Arg(20)->Arg(200);

void MakeKey(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_node_key());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(MakeKey);

}  // namespace
}  // namespace rapport::codec
