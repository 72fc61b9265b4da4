#include "bench/shop_fixture.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "base/random.h"
#include "codec/segment.h"

namespace rapport::bench {
namespace {

constexpr std::size_t kTemplates = 256;
constexpr int kIdDigits = 16;

std::string product(Random& random) {
  return fmt::format("P{:04}", random.below(2'000));
}

std::string message(Random& random, std::uint32_t customers) {
  const std::uint64_t who = random.below(customers);
  const std::string head = fmt::format(
      R"({{"messageId":"m-{}","userId":"user-{:07}","anonymousId":"anon-{:07}","timestamp":"2026-11-22T03:04:05Z",)",
      std::string(kIdDigits, '#'), who, who);
  const std::uint64_t kind = random.below(100);
  if (kind < 70) {
    return head +
           fmt::format(
               R"("type":"track","event":"Product Viewed","properties":{{"product_id":"{}","category":"c{}","price":{}.5}}}})",
               product(random), random.below(40), random.between(10, 900));
  }
  if (kind < 80) {
    return head +
           fmt::format(
               R"("type":"track","event":"Product Added","properties":{{"product_id":"{}","quantity":1,"price":99}}}})",
               product(random));
  }
  if (kind < 88) {
    return head +
           fmt::format(
               R"("type":"track","event":"Order Completed","properties":{{"order_id":"O{}","total":{},"currency":"CNY","products":[{{"product_id":"{}","quantity":1,"price":{}}}]}}}})",
               random.next() >> 20, random.between(50, 3'000), product(random), random.between(50, 3'000));
  }
  if (kind < 95) return head + R"("type":"page","name":"Product","properties":{"path":"/p"}})";
  return head +
         fmt::format(
             R"("type":"identify","traits":{{"email":"user{}@example.com","city_tier":"{}","age_band":"25-35"}}}})",
             who, random.between(1, 4));
}

/// Calls under way, at most `most`.
class Gate {
 public:
  explicit Gate(int most) : most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return under_way_ < most_; });
    ++under_way_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --under_way_;
    moved_.notify_all();
  }
  void wait_for_all() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return under_way_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  int most_, under_way_ = 0;
};

}  // namespace

Result<std::unique_ptr<ServedShop>> ServedShop::open(const Options& options, const std::string& name,
                                                     Keep keep) {
  auto served = std::make_unique<ServedShop>();
  served->keep_ = keep;
  served->folder_ = options.scratch + "/" + name;
  std::filesystem::remove_all(served->folder_);
  RAPPORT_CHECK(served->start());
  RAPPORT_TRY(served->shop_, served->engine_->create_shop("bench", {}));
  RAPPORT_TRY(served->key_, served->engine_->add_key(served->shop_, model::KeyRole::admin, "bench"));
  return served;
}

ServedShop::~ServedShop() {
  stop();
  if (keep_ == Keep::nothing) std::filesystem::remove_all(folder_);
}

Status ServedShop::start() {
  engine::EngineOptions options;
  options.data = folder_;
  RAPPORT_TRY(engine_, engine::Engine::open(options));
  api_ = std::make_unique<http::Api>(
      *engine_, http::ApiOptions{.scratch = folder_ + "/scratch", .requests_a_second = 1e9});
  RAPPORT_TRY(server_, http::Server::start({.listen = "127.0.0.1:0"}, *api_));
  return {};
}

void ServedShop::stop() {
  if (server_) server_->stop();
  if (engine_) engine_->stop();
  server_.reset();
  api_.reset();
  engine_.reset();
}

Result<double> ServedShop::reopen() {
  stop();
  const std::int64_t begin = monotonic_ns();
  RAPPORT_CHECK(start());
  return static_cast<double>(monotonic_ns() - begin) / 1e9;
}

http::Place ServedShop::place() const {
  return {.host = "127.0.0.1", .port = server_->port()};
}

EventTexts::EventTexts(const Options& options, std::uint32_t customers, std::size_t events_a_request,
                       const std::string& key)
    : events_(events_a_request) {
  Random random(options.seed);
  for (std::size_t t = 0; t < kTemplates; ++t) {
    http::ClientRequest request;
    request.method = "POST";
    request.target = events_ == 1 ? "/v1/track" : "/v1/batch";
    request.headers = {{"Authorization", http::basic_authorization(key)},
                       {"Content-Type", "application/json"}};
    if (events_ == 1) {
      do {
        request.body = message(random, customers);
      } while (request.body.find(R"("type":"track")") == std::string::npos);
    } else {
      request.body = "{\"batch\":[";
      for (std::size_t e = 0; e < events_; ++e)
        request.body += (e > 0 ? "," : "") + message(random, customers);
      request.body += "]}";
    }
    Template made;
    made.bytes = http::request_bytes(request, "127.0.0.1");
    const std::string place(kIdDigits, '#');
    for (std::size_t at = made.bytes.find(place); at != std::string::npos;
         at = made.bytes.find(place, at + kIdDigits)) {
      made.id_places.push_back(at);
    }
    templates_.push_back(std::move(made));
  }
}

void EventTexts::append(std::uint64_t i, std::string& out) const {
  const Template& chosen = templates_[i % templates_.size()];
  const std::size_t start = out.size();
  out += chosen.bytes;
  std::uint64_t id = i * events_;
  for (const std::size_t place : chosen.id_places) {
    std::uint64_t rest = id++;
    for (int digit = kIdDigits - 1; digit >= 0; --digit) {
      out[start + place + static_cast<std::size_t>(digit)] = "0123456789abcdef"[rest & 15];
      rest >>= 4;
    }
  }
}

Status fill_shop(ServedShop& shop, const Options& options, std::uint32_t customers) {
  Random random(options.seed + 1);
  Gate gate(4);
  std::mutex failure_mutex;
  Status failure;
  codec::ParseOptions parse;
  parse.batch_bytes_max = std::size_t{64} << 20;
  std::string body;
  for (std::uint32_t from = 0; from < customers; from += 200) {
    body = "{\"batch\":[";
    for (std::uint32_t who = from; who < std::min(customers, from + 200); ++who) {
      const std::string head = fmt::format(
          R"("userId":"user-{:07}","anonymousId":"anon-{:07}","timestamp":"2026-11-2{}T0{}:04:05Z",)", who,
          who, random.below(2), random.below(10));
      body += body.back() == '[' ? "" : ",";
      body += fmt::format(
          R"({{{}"type":"identify","traits":{{"email":"user{}@example.com","city_tier":"{}","age_band":"25-35","gender":"female","region":"浙江"}}}})",
          head, who, random.between(1, 4));
      for (int view = 0; view < 7; ++view) {
        body += fmt::format(
            R"(,{{{}"type":"track","event":"Product Viewed","properties":{{"product_id":"{}","category":"c{}"}}}})",
            head, product(random), random.below(40));
      }
      body += fmt::format(
          R"(,{{{}"type":"track","event":"Order Completed","properties":{{"order_id":"O{}","total":{},"currency":"CNY","products":[{{"product_id":"{}","quantity":1,"price":99}},{{"product_id":"{}","quantity":2,"price":5}}]}}}})",
          head, who, random.between(50, 3'000), product(random), product(random));
    }
    body += "]}";
    RAPPORT_TRY(codec::ParsedBatch parsed, codec::parse_batch(body, codec::EndpointKind::batch, parse));
    if (!parsed.dead.empty()) return parsed.dead.front().reason;
    engine::IngestRequest request;
    request.events = std::move(parsed.accepted);
    gate.enter();
    shop.engine().ingest(shop.shop(), std::move(request), [&](Result<model::IngestAnswer> answer) {
      if (!answer.ok()) {
        const std::lock_guard lock(failure_mutex);
        failure = answer.error();
      }
      gate.leave();
    });
    const std::lock_guard lock(failure_mutex);
    if (!failure.ok()) break;
  }
  gate.wait_for_all();
  return failure;
}

}  // namespace rapport::bench
