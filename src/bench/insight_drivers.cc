#include <algorithm>

#include "base/time.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"

namespace rapport::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kCallsARun = 40;

struct Question {
  std::string name, method, target, body;
  double must_ms, aim_ms;
};

const std::vector<Question>& questions() {
  static const std::vector<Question> all = {
      {"overview", "GET", "/v1/overview", "", 20, 5},
      {"matrix", "GET", "/v1/segments/matrix", "", 20, 5},
      {"customers", "GET", "/v1/customers?limit=50&sort=value", "", 20, 5},
      {"segment_page", "GET", "/v1/customers?limit=50&segment=high_value", "", 20, 5},
  };
  return all;
}

Result<double> ask_ms(http::Client& client, const ServedShop& shop, const Question& question) {
  http::ClientRequest request{question.method, question.target, {}, question.body};
  request.headers = {{"Authorization", http::basic_authorization(shop.key())}};
  const std::int64_t start = monotonic_ns();
  RAPPORT_TRY(const http::ClientReply reply, client.call(request));
  if (reply.status != 200)
    return fail(Errc::internal, "{} answered {}: {}", question.target, reply.status,
                reply.body.substr(0, 200));
  return static_cast<double>(monotonic_ns() - start) / 1e6;
}

/// One event more, so that the last pass over the customers does not know everything.
Status touch(http::Client& client, const ServedShop& shop, int number) {
  http::ClientRequest request{
      "POST", "/v1/track", {}, fmt::format(R"({{"userId":"touched-{}","event":"Touched"}})", number)};
  request.headers = {{"Authorization", http::basic_authorization(shop.key())}};
  RAPPORT_TRY(const http::ClientReply reply, client.call(request));
  if (reply.status != 200) return fail(Errc::internal, "an event was answered with {}", reply.status);
  return {};
}

}  // namespace

Result<std::vector<Figure>> bench_insight(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "insight"));
  const auto customers = static_cast<std::uint32_t>(500'000 * options.scale);
  RAPPORT_CHECK(fill_shop(*shop, options, customers));
  const StealReading before = read_steal();
  http::Client client(shop->place());
  RAPPORT_TRY(const double first_ms, ask_ms(client, *shop, questions().front()));
  std::vector<Figure> figures;
  int touched = 0;
  for (const Question& question : questions()) {
    std::vector<double> medians, p99s;
    for (int run = 0; run < kRuns; ++run) {
      std::vector<double> ms;
      for (int call = 0; call < kCallsARun; ++call) {
        RAPPORT_CHECK(touch(client, *shop, ++touched));
        RAPPORT_TRY(const double took, ask_ms(client, *shop, question));
        ms.push_back(took);
      }
      std::sort(ms.begin(), ms.end());
      medians.push_back(ms[ms.size() / 2]);
      p99s.push_back(ms[ms.size() * 99 / 100]);
    }
    std::sort(medians.begin(), medians.end());
    std::sort(p99s.begin(), p99s.end());
    Figure figure{"insight." + question.name,
                  p99s[kRuns / 2],
                  "ms p99",
                  question.must_ms,
                  question.aim_ms,
                  Better::lower,
                  {}};
    figure.beside = {{"p50_ms", medians[kRuns / 2]},
                     {"customers", static_cast<double>(customers)},
                     {"first_pass_ms", first_ms},
                     {"steal_percent", steal_percent(before, read_steal())}};
    figures.push_back(std::move(figure));
  }
  const Question trial{"rule", "POST", "/v1/rules/check", R"({"text":"count(Purchase) >= 2 in 90d"})", 0, 0};
  RAPPORT_TRY(const double rule_ms, ask_ms(client, *shop, trial));
  Figure rule{"insight.rule_check", rule_ms, "ms", 2'500, 1'000, Better::lower, {}};
  rule.beside = {{"customers", static_cast<double>(customers)}};
  figures.push_back(std::move(rule));
  return figures;
}

}  // namespace rapport::bench
