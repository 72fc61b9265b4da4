#include <algorithm>

#include "bench/assistant_questions.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"
#include "learn/intents.h"

// The assistant: how much of what was written for it, and not learned from, it understands; how long a turn
// takes.
namespace rapport::bench {
namespace {

constexpr double kPrecision = 0.85;  ///< as shops begin

struct Fared {
  std::size_t asked = 0, right = 0, sure = 0, sure_right = 0;
};

Fared fare(const learn::IntentModel& model, bool test) {
  Fared out;
  const double least = model.threshold(kPrecision);
  for (const AssistantQuestion& question : assistant_questions()) {
    if (question.is_test != test) continue;
    const learn::IntentAnswer answer = model.understand(question.text);
    ++out.asked;
    const bool right = answer.intent == question.intent;
    out.right += right ? 1 : 0;
    if (answer.confidence < least) continue;
    ++out.sure;
    out.sure_right += right ? 1 : 0;
  }
  return out;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Figure understood(const learn::IntentModel& model, bool test) {
  const Fared fared = fare(model, test);
  Figure figure{test ? "assistant.precision" : "assistant.precision_dev",
                share(fared.sure_right, fared.sure),
                "share",
                test ? kPrecision : 0,
                test ? 0.95 : 0,
                Better::higher,
                {}};
  figure.beside = {{"coverage", share(fared.sure, fared.asked)},
                   {"right_at_all", share(fared.right, fared.asked)},
                   {"questions", static_cast<double>(fared.asked)}};
  return figure;
}

Result<Figure> training() {
  const std::int64_t start = monotonic_ns();
  RAPPORT_TRY(const learn::IntentModel model, learn::IntentModel::train());
  Figure figure{
      "assistant.training", static_cast<double>(monotonic_ns() - start) / 1e9, "s", 10, 3, Better::lower, {}};
  const auto held_out = model.held_out(model.threshold(kPrecision));
  figure.beside = {{"phrases", static_cast<double>(model.phrases())},
                   {"held_out_precision", share(held_out.right, held_out.answered)},
                   {"held_out_coverage", share(held_out.answered, held_out.texts)}};
  return figure;
}

/// One turn after another of visitors with two turns each, durable.
Result<Figure> over_http(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "assistant"));
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  http::Client client(shop->place());
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"Authorization", http::basic_authorization(shop->key())}, {"Content-Type", "application/json"}};
  const auto questions = assistant_questions();
  const auto rounds = static_cast<std::size_t>(2'000 * options.scale) + 40;
  std::vector<double> took;
  std::int64_t begun = 0;
  for (std::size_t i = 0; i < rounds; ++i) {
    const std::int64_t start = monotonic_ns();
    RAPPORT_TRY(const auto reply,
                client.call({"POST", "/v1/shop/assistant", headers,
                             fmt::format(R"({{"anonymous_id":"bench-visitor-{:06}","text":"{}"}})", i / 2,
                                         questions[i % questions.size()].text)}));
    if (reply.status != 200) return Error{Errc::internal, "a turn was refused: " + reply.body};
    if (i == 20) begun = monotonic_ns();
    if (i >= 20)
      took.push_back(static_cast<double>(monotonic_ns() - start) / 1e6);  // The first waits for the model.
  }
  const double seconds = static_cast<double>(monotonic_ns() - begun) / 1e9;
  std::sort(took.begin(), took.end());
  Figure figure{"assistant.p99", took[took.size() * 99 / 100], "ms", 50, 20, Better::lower, {}};
  figure.beside = {{"p50_ms", took[took.size() / 2]},
                   {"turns_a_second", static_cast<double>(took.size()) / seconds},
                   {"disk_fdatasync_p50_ms", disk.p50_ms},
                   {"disk_fdatasync_p99_ms", disk.p99_ms}};
  return figure;
}

}  // namespace

Result<std::vector<Figure>> bench_assistant(const Options& options) {
  const learn::IntentModel& model = learn::IntentModel::starter();
  RAPPORT_TRY(Figure trained, training());
  RAPPORT_TRY(Figure latency, over_http(options));
  return std::vector<Figure>{understood(model, false), understood(model, true), std::move(trained),
                             std::move(latency)};
}

}  // namespace rapport::bench
