#include <benchmark/benchmark.h>

#include "codec/segment.h"

namespace rapport::codec {
namespace {

/// A batch as the servers of a shop send it: identifiers, six declared properties, a small context.
std::string make_batch(int events) {
  std::string body = R"({"batch":[)";
  for (int i = 0; i < events; ++i) {
    body += fmt::format(
        R"({}{{"type":"track","event":"Product Viewed","userId":"u{}","anonymousId":"7b1f0e7c-3a86-4f0e-9d5a-{:012}",)"
        R"("messageId":"node-{:036}","timestamp":"2026-11-22T03:04:05.678Z","properties":{{"product_id":"P{}",)"
        R"("category":"air purifier","brand":"Mistral","price":899.00,"position":{},"campaign":"spring"}},)"
        R"("context":{{"library":{{"name":"analytics-node","version":"2.1.0"}}}}}})",
        i == 0 ? "" : ",", i % 17, i, i, i % 1000, i % 20);
  }
  return body + R"(],"sentAt":"2026-11-22T03:04:06.000Z"})";
}

void parse_batches(benchmark::State& state) {
  const std::string body = make_batch(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    auto parsed = parse_batch(body, EndpointKind::batch, {});
    if (!parsed.ok() || !parsed->dead.empty()) state.SkipWithError("the batch is refused");
    benchmark::DoNotOptimize(parsed);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(parse_batches)->Arg(1)->Arg(100);

}  // namespace
}  // namespace rapport::codec
