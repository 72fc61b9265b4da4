#include <algorithm>
#include <cmath>
#include <future>
#include <numeric>

#include "base/random.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"
#include "codec/segment.h"
#include "decide/lane_shares.h"
#include "decide/recommend.h"
#include "engine/engine_models.h"

// Recommendations over HTTP and in process, and what the policies of a scene earn in a world of known rates.
namespace rapport::bench {
namespace {

using model::ScenePolicy;

// --- scenes
// ---------------------------------------------------------------------------------------------------------

model::Scene four_lanes(ScenePolicy policy) {
  model::Scene scene;
  scene.policy = policy;
  for (const char* name : {"a", "b", "c", "d"}) {
    auto& lane = scene.lanes.emplace_back();
    lane.name = name;
    lane.share = 25;
  }
  return scene;
}

struct Earned {
  double of_oracle = 0, of_uniform = 0;
};

/// `impressions` drawn by the policy's shares, which are worked out anew every `every` of them; from the
/// middle on `later` holds.
Earned play(ScenePolicy policy, const std::vector<double>& rates, const std::vector<double>& later,
            int impressions, int every, std::uint64_t seed) {
  const model::Scene scene = four_lanes(policy);
  Random random(seed);
  decide::SceneTally tally;
  std::vector<double> shares = decide::lane_shares(scene, {}, {}, seed);
  double got = 0, best = 0, uniform = 0;
  for (int i = 0; i < impressions; ++i) {
    const std::vector<double>& now = i < impressions / 2 ? rates : later;
    if (i % every == 0)
      shares = decide::lane_shares(scene, tally, tally, mix64(seed + static_cast<unsigned>(i)));
    double draw = random.uniform();
    std::size_t lane = 0;
    while (lane + 1 < shares.size() && (draw -= shares[lane]) >= 0) ++lane;
    got += now[lane];
    best += *std::max_element(now.begin(), now.end());
    uniform += std::accumulate(now.begin(), now.end(), 0.0) / static_cast<double>(now.size());
    tally.close(lane, random.chance(now[lane]));
  }
  return {got / best, got / uniform};
}

constexpr std::size_t kItems = 12'000, kMillion = 1'000'000;
constexpr int kBuyers = 4'000;

// --- in process
// -----------------------------------------------------------------------------------------------------

std::string product_id(std::size_t i) {
  return fmt::format("P{:07}", i);
}

/// Products in categories of about a hundred, all on offer.
decide::OfferBook make_book(std::size_t items) {
  decide::OfferBookParts parts;
  Random random(3);
  for (std::size_t i = 0; i < items; ++i) {
    auto& entry = parts.products.emplace_back();
    entry.offer.id = product_id(i);
    entry.offer.category = fmt::format("category {}", i / 100);
    entry.offer.price_minor = static_cast<std::int64_t>(1'000 + random.below(100'000));
    entry.offer.repurchase_days = i % 3 == 0 ? 30 : 0;
    entry.offer.stock = static_cast<std::int64_t>(random.below(20));
    parts.sold.push_back({static_cast<std::uint32_t>(i), "", random.below(1'000)});
  }
  return decide::OfferBook(std::move(parts));
}

/// Customers with tastes of a category or two.
learn::Interactions make_taken(std::size_t items, std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  learn::InteractionsBuilder builder;
  for (std::size_t i = 0; i < items; ++i) (void)builder.add_item(product_id(i));
  for (std::size_t c = 0; c < customers; ++c) {
    const std::uint64_t taste = random.below(items / 100);
    for (int basket = 0; basket < 6; ++basket) {
      for (int n = 0; n < 3; ++n) {
        const std::uint64_t category = random.chance(0.7) ? taste : random.below(items / 100);
        const std::uint64_t place = std::min(random.below(100), random.below(100));
        (void)builder.add(std::to_string(c), product_id(category * 100 + place), basket * 864'000'000LL);
      }
    }
  }
  return std::move(builder).build().value();
}

Result<Figure> in_process(const Options& options) {
  const auto items = static_cast<std::size_t>(static_cast<double>(kMillion) * options.scale) / 100 * 100;
  const decide::OfferBook book = make_book(items);
  const learn::Interactions taken = make_taken(items, items / 4, options.seed);
  learn::ModelSet models;
  for (const char* name : {"item-bm25", "due", "rules"}) {
    RAPPORT_TRY(auto model, learn::train_model({name, {}}, taken, {.threads = 2}));
    models.models.push_back({name, "all", std::move(model)});
  }
  for (std::uint32_t item = 0; item < taken.items(); ++item) models.items.push_back(taken.item_name(item));
  model::Scene scene;
  scene.id = "home";
  using enum model::SceneSource;
  for (const auto& [source, share] : {std::pair{due, 25}, {like, 45}, {goes_with, 20}, {region, 10}}) {
    auto& lane = scene.lanes.emplace_back();
    lane.share = share;
    lane.source = source;
    lane.kinds = {model::OfferKind::product};
  }
  std::vector<double> ms;
  std::size_t shown = 0, reasons = 0;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    decide::Visit visit;
    const auto events = taken.of(mix64(i) % taken.customers());
    for (const learn::Interaction& event : events) visit.seen.push_back({event.item, true, event.time_ms});
    visit.now = Instant{80LL * 86'400'000};
    decide::RecommendRequest request;
    request.seed = i;
    const std::int64_t start = monotonic_ns();
    const decide::Decision decision = decide::recommend(book, &models, scene, visit, request);
    ms.push_back(static_cast<double>(monotonic_ns() - start) / 1e6);
    shown += decision.items.size();
    for (const decide::Recommended& item : decision.items) reasons += item.reasons.size();
  }
  std::sort(ms.begin(), ms.end());
  Figure figure{"recommend.in_process", ms[ms.size() / 2], "ms", 2, 1, Better::lower, {}};
  figure.beside = {{"items", static_cast<double>(items)},
                   {"p99_ms", ms[ms.size() * 99 / 100]},
                   {"shown", static_cast<double>(shown) / static_cast<double>(ms.size())},
                   {"reasons", static_cast<double>(reasons) / static_cast<double>(ms.size())}};
  return figure;
}

// --- over HTTP
// -------------------------------------------------------------------------------------------------------

/// Publishes the products and sends the orders of `customers`, through the engine's own door.
Status fill(ServedShop& shop, const learn::Interactions& taken) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < taken.items(); ++i)
    messages.push_back(fmt::format(
        R"({{"type":"track","event":"Product Published","properties":{{"product_id":"{}","name":"Product {}","category":"category {}","price":{},"repurchase_days":{}}}}})",
        product_id(i), i, i / 100, 10 + i % 90, i % 3 == 0 ? 30 : 0));
  for (std::size_t c = 0; c < taken.customers(); ++c) {
    const auto events = taken.of(c);
    for (std::size_t i = 0; i < events.size();) {
      std::string lines;
      const std::size_t begin = i;
      for (; i < events.size() && events[i].time_ms == events[begin].time_ms; ++i)
        lines += fmt::format(R"({}{{"product_id":"{}","quantity":1,"price":20}})", lines.empty() ? "" : ",",
                             taken.item_name(events[i].item));
      messages.push_back(fmt::format(
          R"({{"type":"track","event":"Order Completed","userId":"user-{:07}","timestamp":"{}","properties":{{"order_id":"O-{}-{}","total":60,"currency":"CNY","products":[{}]}}}})",
          c, format_instant(Instant{1'780'000'000'000 + events[begin].time_ms}), c, begin, lines));
    }
  }
  for (std::size_t at = 0; at < messages.size();) {
    std::string batch = "{\"batch\":[";
    for (std::size_t n = 0; n < 500 && at < messages.size(); ++n, ++at)
      batch += (n == 0 ? "" : ",") + messages[at];
    RAPPORT_TRY(auto parsed, codec::parse_batch(batch + "]}", codec::EndpointKind::batch, {}));
    if (!parsed.dead.empty())
      return fail(Errc::internal, "an event was refused: {}", parsed.dead[0].reason.describe());
    engine::IngestRequest request;
    request.events = std::move(parsed.accepted);
    std::promise<Status> done;
    shop.engine().ingest(shop.shop(), std::move(request), [&](Result<model::IngestAnswer> answer) {
      done.set_value(answer.ok() ? Status() : Status(answer.error()));
    });
    RAPPORT_CHECK(done.get_future().get());
  }
  return {};
}

Result<std::vector<Figure>> over_http(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "recommend"));
  const auto customers = static_cast<std::size_t>(kBuyers * options.scale);
  const learn::Interactions taken = make_taken(kItems, customers, options.seed);
  RAPPORT_CHECK(fill(*shop, taken));
  std::promise<Result<std::string>> trained;
  engine::train_models(shop->engine(), shop->shop(), "{}",
                       [&](Result<std::string> answer) { trained.set_value(std::move(answer)); });
  RAPPORT_CHECK(trained.get_future().get());
  http::ClientRequest request;
  request.method = "POST";
  request.target = "/v1/recommend";
  request.headers = {{"Authorization", http::basic_authorization(shop->key())},
                     {"Content-Type", "application/json"}};
  Random random(options.seed);
  const auto ask = [&](std::uint64_t, std::string& out) {
    request.body =
        fmt::format(R"({{"customer":"user-{:07}","scene":"home","n":10}})", random.below(customers));
    out += http::request_bytes(request, "127.0.0.1");
  };
  const StealReading before = read_steal();
  std::vector<double> rates, p99s;
  for (int run = 0; run < 5; ++run) {
    http::LoadOptions load;
    load.place = shop->place();
    load.connections = 32;
    load.requests = static_cast<std::uint64_t>(30'000 * options.scale);
    load.make = ask;
    RAPPORT_TRY(const http::LoadReport report, http::run_load(load));
    if (report.failed > 0) return fail(Errc::internal, "{} requests failed", report.failed);
    rates.push_back(report.rate());
    p99s.push_back(report.quantile_us(0.99) / 1000.0);
  }
  std::sort(rates.begin(), rates.end());
  std::sort(p99s.begin(), p99s.end());
  http::Client client(shop->place());
  request.body = R"({"customer":"user-0000007","scene":"home","n":10})";
  RAPPORT_TRY(const http::ClientReply reply, client.call(request));
  Figure rate{"recommend.rate", rates[rates.size() / 2], "lists/s", 8'000, 15'000, Better::higher, {}};
  Figure p99{"recommend.p99", p99s[p99s.size() / 2], "ms", 5, 3, Better::lower, {}};
  rate.beside = p99.beside = {{"items", static_cast<double>(kItems)},
                              {"customers", static_cast<double>(customers)},
                              {"body_bytes", static_cast<double>(reply.body.size())},
                              {"steal_percent", steal_percent(before, read_steal())}};
  return std::vector{rate, p99};
}

}  // namespace

Result<std::vector<Figure>> bench_scenes(const Options& options) {
  const std::vector<double> rates = {0.12, 0.08, 0.05, 0.02}, swapped = {0.02, 0.08, 0.05, 0.12};
  const auto impressions = static_cast<int>(100'000 * options.scale);
  constexpr int kSeeds = 20, kEvery = 200;
  std::vector<Figure> figures;
  for (const ScenePolicy policy : model::kScenePolicies) {
    double steady = 0, changed = 0;
    for (int s = 0; s < kSeeds; ++s) {
      const std::uint64_t seed = mix64(options.seed + static_cast<unsigned>(s));
      steady += play(policy, rates, rates, impressions, kEvery, seed).of_oracle / kSeeds;
      changed += play(policy, rates, swapped, impressions, kEvery, seed).of_oracle / kSeeds;
    }
    const bool is_default = policy == ScenePolicy::thompson;
    const std::string name(model::scene_policy_name(policy));
    figures.push_back({"scenes." + name,
                       steady * 100,
                       "% of oracle",
                       is_default ? 95.0 : 0,
                       is_default ? 97.0 : 0,
                       Better::higher,
                       {}});
    figures.push_back({"scenes." + name + ".swapped",
                       changed * 100,
                       "% of oracle",
                       is_default ? 90.0 : 0,
                       is_default ? 93.0 : 0,
                       Better::higher,
                       {}});
  }
  double worst = 10;
  Random random(options.seed);
  const int worlds = static_cast<int>(1'000 * options.scale), compared = std::min(worlds, 200);
  int ahead = 0;
  for (int w = 0; w < worlds; ++w) {
    std::vector<double> drawn(4);
    for (double& rate : drawn) rate = 0.005 + 0.145 * random.uniform();
    const std::uint64_t seed = random.next();
    const Earned earned = play(ScenePolicy::thompson, drawn, drawn, impressions, 1'000, seed);
    worst = std::min(worst, earned.of_uniform);
    if (w >= compared) continue;
    ahead += earned.of_oracle >
             play(ScenePolicy::literal, drawn, drawn, impressions, 1'000, mix64(seed)).of_oracle;
  }
  Figure beaten{"scenes.literal_beaten", 100.0 * ahead / compared, "% of worlds", 95, 0, Better::higher, {}};
  beaten.beside = {{"worlds", static_cast<double>(compared)}};
  figures.push_back(beaten);
  Figure figure{"scenes.worst_world", worst * 100, "% of uniform", 95, 98, Better::higher, {}};
  figure.beside = {{"worlds", static_cast<double>(worlds)}};
  figures.push_back(figure);
  return figures;
}

Result<std::vector<Figure>> bench_recommend(const Options& options) {
  RAPPORT_TRY(std::vector<Figure> figures, over_http(options));
  RAPPORT_TRY(Figure alone, in_process(options));
  figures.push_back(std::move(alone));
  return figures;
}

}  // namespace rapport::bench
