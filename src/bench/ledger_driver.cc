#include <algorithm>
#include <future>

#include "base/bytes.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"
#include "codec/json_index.h"
#include "codec/segment.h"
#include "engine/engine_ledger.h"

// The ledger: reviews taken durably until they stand in the tree, and receipts of them.
namespace rapport::bench {
namespace {

constexpr std::size_t kReviews = 200'000, kInBatch = 1'000, kAhead = 4, kReceipts = 2'000;

template <class T>
Result<T> wait(const std::function<void(engine::Reply<T>)>& ask) {
  std::promise<Result<T>> promise;
  ask([&](Result<T> answer) { promise.set_value(std::move(answer)); });
  return promise.get_future().get();
}

Result<std::vector<engine::IngestRequest>> make_reviews(std::size_t reviews, std::uint64_t seed) {
  Random random(seed);
  std::vector<engine::IngestRequest> requests;
  for (std::size_t at = 0; at < reviews;) {
    std::string body = "{\"batch\":[";
    for (std::size_t n = 0; n < kInBatch && at < reviews; ++n, ++at)
      body += fmt::format(
          R"({}{{"type":"track","userId":"u{}","event":"Review Posted","messageId":"r{}","properties":{{"review_id":"R{}","product_id":"P{}","rating":{},"text":"It is quiet enough for the child's room."}}}})",
          n == 0 ? "" : ",", random.below(20'000), at, at, random.below(2'000), random.between(1, 5));
    RAPPORT_TRY(auto parsed, codec::parse_batch(body + "]}", codec::EndpointKind::batch, {}));
    if (!parsed.dead.empty()) return parsed.dead[0].reason;
    requests.emplace_back().events = std::move(parsed.accepted);
  }
  return requests;
}

/// Batches beside one another, so that one waits for the disk while the next is stamped.
Status send(ServedShop& shop, std::vector<engine::IngestRequest> requests) {
  std::vector<std::future<Result<model::IngestAnswer>>> waiting;
  const auto finish = [&]() -> Status {
    auto answer = waiting.front().get();
    waiting.erase(waiting.begin());
    return answer.ok() ? Status() : Status(answer.error());
  };
  for (engine::IngestRequest& request : requests) {
    if (waiting.size() == kAhead) RAPPORT_CHECK(finish());
    auto promise = std::make_shared<std::promise<Result<model::IngestAnswer>>>();
    waiting.push_back(promise->get_future());
    shop.engine().ingest(shop.shop(), std::move(request), [promise](Result<model::IngestAnswer> answer) {
      promise->set_value(std::move(answer));
    });
  }
  while (!waiting.empty()) RAPPORT_CHECK(finish());
  return {};
}

Result<std::uint64_t> member(const std::string& json, std::string_view name) {
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(json));
  const auto value = index.root().find(name).integer();
  if (!value) return Error{Errc::internal, "the ledger's status lacks a number", std::string(name)};
  return static_cast<std::uint64_t>(*value);
}

/// Of so many asked one after the other, from the call to the answer's text.
Result<double> median_us(const std::function<void(engine::Reply<std::string>)>& ask) {
  std::vector<double> us;
  for (std::size_t i = 0; i < kReceipts; ++i) {
    const std::int64_t asked = monotonic_ns();
    RAPPORT_CHECK(wait<std::string>(ask));
    us.push_back(static_cast<double>(monotonic_ns() - asked) / 1e3);
  }
  std::sort(us.begin(), us.end());
  return us[us.size() / 2];
}

}  // namespace

Result<std::vector<Figure>> bench_ledger(const Options& options) {
  const auto reviews = static_cast<std::size_t>(kReviews * options.scale);
  std::vector<double> rates, proofs, receipts;
  const StealReading before = read_steal();
  for (int run = 0; run < 5; ++run) {
    RAPPORT_TRY(const auto shop, ServedShop::open(options, "ledger"));
    RAPPORT_TRY(auto requests, make_reviews(reviews, options.seed + static_cast<std::uint64_t>(run)));
    const std::int64_t start = monotonic_ns();
    RAPPORT_CHECK(send(*shop, std::move(requests)));
    const auto status = wait<std::string>(
        [&](auto reply) { engine::ledger_status(shop->engine(), shop->shop(), std::move(reply)); });
    RAPPORT_CHECK(status);
    RAPPORT_TRY(const std::uint64_t size, member(*status, "size"));
    if (size != reviews) return fail(Errc::internal, "{} of {} reviews stand in the ledger", size, reviews);
    rates.push_back(static_cast<double>(reviews) / (static_cast<double>(monotonic_ns() - start) / 1e9));
    RAPPORT_TRY(const std::uint64_t upto, member(*status, "upto"));
    Random random(options.seed);
    RAPPORT_TRY(const double proof, median_us([&](auto reply) {
                  engine::ledger_consistency(shop->engine(), shop->shop(), 1 + random.below(reviews), 0,
                                             std::move(reply));
                }));
    RAPPORT_TRY(const double receipt, median_us([&](auto reply) {
                  engine::ledger_receipt(shop->engine(), shop->shop(), EventSeq{upto - random.below(reviews)},
                                         std::move(reply));
                }));
    proofs.push_back(proof);
    receipts.push_back(receipt);
  }
  std::sort(rates.begin(), rates.end());
  std::sort(proofs.begin(), proofs.end());
  std::sort(receipts.begin(), receipts.end());
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  Figure append{"ledger.append", rates[2], "records/s", 20'000, 50'000, Better::higher, {}};
  append.beside = {{"records", static_cast<double>(reviews)},
                   {"low", rates[0]},
                   {"high", rates[4]},
                   {"disk_fdatasync_p50_ms", disk.p50_ms},
                   {"steal_percent", steal_percent(before, read_steal())}};
  Figure proof{"ledger.proof", proofs[2], "us", 100, 50, Better::lower, {}};
  Figure receipt{"ledger.receipt", receipts[2], "us", 0, 0, Better::lower, {}};
  proof.beside = receipt.beside = {{"records", static_cast<double>(reviews)}};
  return std::vector<Figure>{append, proof, receipt};
}

}  // namespace rapport::bench
