#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.h"
#include "codec/record.h"
#include "store/store.h"

namespace rapport::store {
namespace {

namespace fs = std::filesystem;

/// A store in a folder of its own (below $RAPPORT_BENCH_DIR, else the system's temporary folder).
class BenchStore {
 public:
  BenchStore() {
    const char* base = std::getenv("RAPPORT_BENCH_DIR");
    folder_ = (fs::path(base != nullptr ? base : fs::temp_directory_path().string()) / "rapport_bench_XXXXXX")
                  .string();
    if (mkdtemp(folder_.data()) == nullptr) std::abort();
    open();
    shop_ = store_->create_shop("bench")->shop;
  }
  ~BenchStore() {
    store_.reset();
    fs::remove_all(folder_);
  }
  void open() {
    store_.reset();
    store_ = std::move(Store::open({.path = folder_ + "/data"})).value();
  }
  /// One synced commit of `batches` batches of 100 events, each with its de-duplication ids and `births`
  /// nodes.
  void append(int batches, int births) {
    std::vector<codec::FinishedBatch> finished;
    std::vector<Append> appends;
    std::vector<std::vector<DedupEntry>> dedup(static_cast<std::size_t>(batches));
    std::vector<std::vector<NewNode>> nodes(static_cast<std::size_t>(batches));
    LogHead head = store_->last(shop_);
    for (std::size_t b = 0; b < dedup.size(); ++b) {
      codec::BatchWriter writer(head.seq.next(), Instant{1}, head.digest);
      for (int i = 0; i < 100; ++i) {
        const model::NodeRef node{NodeId{7}, model::IdentifierKind::user_id, false, {}};
        const EventSeq seq = writer.add_event({.event_time = Instant{0},
                                               .kind = model::EventKind{3},
                                               .message_id = "5c9f7fd2-3a53-4c0e-9d0e-3f6f2c6a8f11",
                                               .nodes = std::span(&node, 1),
                                               .clear = clear_,
                                               .personal_sealed = clear_});
        dedup[b].push_back({{random_.next(), random_.next()}, seq});
      }
      for (int i = 0; i < births; ++i) {
        nodes[b].push_back(
            {NodeId{++nodes_}, model::IdentifierKind::email, {random_.next(), random_.next()}, {}});
      }
      finished.push_back(std::move(writer).finish());
      head.digest = finished.back().digest;
      head.seq = EventSeq{head.seq.value + 100};
    }
    for (std::size_t b = 0; b < dedup.size(); ++b) {
      appends.push_back({.shop = shop_,
                         .batch = finished[b].bytes,
                         .digest = finished[b].digest,
                         .dedup = dedup[b],
                         .nodes = nodes[b]});
    }
    if (!store_->append(appends).ok()) std::abort();
  }
  Store& store() { return *store_; }
  ShopNo shop() const { return shop_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::unique_ptr<Store> store_;
  ShopNo shop_;
  Random random_{1};
  std::uint32_t nodes_ = 0;
  std::string clear_ = std::string(60, 'c');
};

/// What the disk itself takes for 16 KB and an fdatasync: the floor under every append.
void Fdatasync(benchmark::State& state) {
  const BenchStore bench;
  const int fd = open((bench.folder() + "/raw").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const std::string bytes(16 << 10, 'x');
  for (auto _ : state) {
    if (write(fd, bytes.data(), bytes.size()) < 0 || fdatasync(fd) != 0) std::abort();
  }
  close(fd);
}
BENCHMARK(Fdatasync)->UseRealTime();

/// Arguments: batches of 100 events a commit; new nodes a batch.
void AppendSynced(benchmark::State& state) {
  BenchStore bench;
  for (auto _ : state) bench.append(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  state.SetItemsProcessed(state.iterations() * state.range(0) * 100);
}
BENCHMARK(AppendSynced)
    ->Args({1, 0})
    ->Args({1, 10})
    ->Args({8, 10})
    ->Args({32, 10})
    ->UseRealTime()
    ->MinTime(2);

void ReadAndDecode(benchmark::State& state) {
  BenchStore bench;
  for (int i = 0; i < 250; ++i) bench.append(40, 0);
  bench.open();
  const auto check = state.range(0) != 0 ? ChainCheck::yes : ChainCheck::no;
  model::RecordView record;
  std::int64_t records = 0;
  for (auto _ : state) {
    LogReader reader(bench.store(), bench.shop(), EventSeq{1}, check);
    StoredBatch batch;
    while (*reader.next(batch)) {
      auto in = codec::BatchReader::open(batch.bytes);
      while (in->next(record)) ++records;
    }
  }
  state.SetItemsProcessed(records);
}
BENCHMARK(ReadAndDecode)->Arg(1)->Arg(0)->UseRealTime()->Unit(benchmark::kMillisecond);

void LoadNodes(benchmark::State& state) {
  BenchStore bench;
  for (int i = 0; i < 100; ++i) bench.append(1, 10'000);
  bench.open();
  std::int64_t nodes = 0;
  for (auto _ : state) {
    if (!bench.store().load_nodes(bench.shop(), [&](const NodeRow&) { ++nodes; }).ok()) std::abort();
  }
  state.SetItemsProcessed(nodes);
}
BENCHMARK(LoadNodes)->UseRealTime()->Unit(benchmark::kMillisecond);

void EraseOneOfAMillionNodes(benchmark::State& state) {
  BenchStore bench;
  for (int i = 0; i < 100; ++i) bench.append(1, 10'000);
  bench.open();
  std::uint32_t node = 0;
  for (auto _ : state) {
    const NodeId gone{node += 97};
    if (!bench.store().destroy_keys(bench.shop(), std::span(&gone, 1)).ok()) std::abort();
  }
}
BENCHMARK(EraseOneOfAMillionNodes)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(10);

void AppendPositions(benchmark::State& state) {
  BenchStore bench;
  Random random(2);
  std::uint64_t seq = 0;
  std::vector<std::pair<NodeId, EventSeq>> rows;
  for (auto _ : state) {
    rows.clear();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      rows.emplace_back(NodeId{static_cast<std::uint32_t>(1 + random.below(300'000))}, EventSeq{++seq});
    }
    if (!bench.store().append_positions(bench.shop(), EventSeq{seq}, rows).ok()) std::abort();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(seq));
}
BENCHMARK(AppendPositions)
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2);

/// One node's positions after 10 M rows of 300,000 nodes in strides of 100,000.
void ReadPositions(benchmark::State& state) {
  BenchStore bench;
  Random random(2);
  std::uint64_t seq = 0;
  for (int stride = 0; stride < 100; ++stride) {
    std::vector<std::pair<NodeId, EventSeq>> rows;
    for (int i = 0; i < 100'000; ++i) {
      rows.emplace_back(NodeId{static_cast<std::uint32_t>(1 + random.below(300'000))}, EventSeq{++seq});
    }
    if (!bench.store().append_positions(bench.shop(), EventSeq{seq}, rows).ok()) std::abort();
  }
  for (auto _ : state) {
    const NodeId node{static_cast<std::uint32_t>(1 + random.below(300'000))};
    benchmark::DoNotOptimize(bench.store().positions(bench.shop(), node));
  }
}
BENCHMARK(ReadPositions)->UseRealTime()->Unit(benchmark::kMicrosecond);

void SaveAndReadCheckpoint(benchmark::State& state) {
  BenchStore bench;
  bench.append(1, 0);
  const LogHead head = bench.store().last(bench.shop());
  constexpr int kChunks = 100;
  for (auto _ : state) {
    int left = kChunks;
    const Status saved = bench.store().save_checkpoint(bench.shop(), {head.seq, head.digest, 1, {}},
                                                       [&](std::string& chunk) -> Result<bool> {
                                                         chunk.assign(1 << 20, 'c');
                                                         return left-- > 0;
                                                       });
    const Status read =
        bench.store().read_checkpoint(bench.shop(), head.seq, [](std::string_view) { return Status(); });
    if (!saved.ok() || !read.ok()) std::abort();
  }
  state.SetBytesProcessed(state.iterations() * (kChunks << 20));
}
BENCHMARK(SaveAndReadCheckpoint)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport::store
