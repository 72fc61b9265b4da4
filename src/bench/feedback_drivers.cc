#include <algorithm>
#include <thread>

#include "base/random.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"
#include "engine/engine_feedback.h"
#include "learn/feedback_model.h"
#include "learn/pains.h"

// What customers say: how fast it is told by class, in process and over HTTP, and how soon a new pain is
// seen.
namespace rapport::bench {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::size_t kMentionsMost = 50;

/// What people write in one go: two or three of the shipped model's own phrases behind each other.
std::vector<std::string> texts(std::uint64_t seed, std::size_t count) {
  const auto examples = learn::starter_feedback_examples();
  Random random(seed);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (std::uint64_t n = 2 + random.below(2); n > 0; --n)
      text += examples[random.below(examples.size())].text + "。";
    out.push_back(std::move(text));
  }
  return out;
}

Result<Figure> in_process(const Options& options) {
  const auto said = texts(options.seed, static_cast<std::size_t>(50'000 * options.scale) + 100);
  const learn::FeedbackModel& model = learn::FeedbackModel::starter();
  const std::int64_t start = monotonic_ns();
  std::size_t clauses = 0;
  for (const std::string& text : said) clauses += model.classify(text).size();
  const double seconds = static_cast<double>(monotonic_ns() - start) / 1e9;
  Figure figure{"feedback.rate",
                static_cast<double>(said.size()) / seconds,
                "texts/s",
                20'000,
                50'000,
                Better::higher,
                {}};
  figure.beside = {{"clauses_each", static_cast<double>(clauses) / static_cast<double>(said.size())}};
  return figure;
}

/// From the first byte of a review sent to its entry among its department's, read over HTTP.
Result<double> one_round(http::Client& client, const std::string& key, const std::string& id,
                         const std::string& text) {
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"Authorization", http::basic_authorization(key)}, {"Content-Type", "application/json"}};
  const std::int64_t start = monotonic_ns();
  RAPPORT_TRY(
      const auto sent,
      client.call({"POST", "/v1/track", headers,
                   fmt::format(R"({{"userId":"u-{}","event":"Review Posted","messageId":"m-{}","properties":)"
                               R"({{"review_id":"{}","product_id":"P1","rating":2,"text":"{}"}}}})",
                               id, id, id, text)}));
  if (sent.status != 200) return Error{Errc::internal, "a review was refused: " + sent.body};
  for (;;) {
    RAPPORT_TRY(const auto listed,
                client.call({"GET", "/v1/feedback?department=product&limit=1", headers, ""}));
    if (listed.body.find("\"id\":\"" + id + "\"") != std::string::npos) break;
    if (monotonic_ns() - start > 10'000'000'000)
      return Error{Errc::internal, "a review was not told in 10 s"};
  }
  return static_cast<double>(monotonic_ns() - start) / 1e6;
}

Result<Figure> over_http(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "feedback"));
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  engine::listen_to_feedback(shop->engine(), shop->shop(), [](const Result<std::size_t>&) {});
  http::Client client(shop->place());
  const auto rounds = static_cast<std::size_t>(1'000 * options.scale) + 20;
  std::vector<double> took;
  for (std::size_t i = 0; i < rounds; ++i) {
    RAPPORT_TRY(const double ms,
                one_round(client, shop->key(), fmt::format("V{}", i), "电池太不耐用了，用了两天就坏了"));
    if (i >= 10) took.push_back(ms);  // The first wait for the model.
  }
  std::sort(took.begin(), took.end());
  Figure figure{"feedback.p99", took[took.size() * 99 / 100], "ms", 5, 2, Better::lower, {}};
  figure.beside = {{"p50_ms", took[took.size() / 2]},
                   {"disk_fdatasync_p50_ms", disk.p50_ms},
                   {"disk_fdatasync_p99_ms", disk.p99_ms}};
  return figure;
}

/// One clause of an ordinary shop, by the model's own phrases.
learn::SaidClause ordinary(const std::vector<learn::FeedbackExample>& examples, Random& random,
                           std::uint32_t number) {
  const learn::FeedbackExample& one = examples[random.below(examples.size())];
  learn::SaidClause clause;
  clause.text = one.text;
  clause.blame = one.sentiment < 0;
  clause.at_ms = 28 * kDay - static_cast<std::int64_t>(random.below(28 * kDay));
  clause.author = clause.source = number;
  return clause;
}

/// A fault that nobody named before, said in as many ways as people say things.
constexpr std::string_view kFaults[] = {"滤网卡扣",  "折叠支架",  "磁吸底座", "旋转喷头",
                                        "hinge pin", "drip tray", "内胆涂层", "升降滑轨"};
constexpr std::string_view kAroundZh[] = {
    "{}断了",       "才一周{}就松了",   "{}质量不行", "这个{}一掰就断", "又是{}坏掉",
    "{}根本卡不住", "客服说{}要自费换", "{}有裂缝",   "装上{}就歪",     "请问{}能单独买吗"};
constexpr std::string_view kAroundEn[] = {
    "the {} broke",        "{} came loose after a week", "the {} is badly made", "cracked {} again",
    "my {} does not hold", "they want money for the {}", "the {} bends at once", "can I buy the {} alone"};

std::string mention(std::string_view fault, Random& random) {
  const bool english = static_cast<unsigned char>(fault[0]) < 0x80;
  std::string text(english ? kAroundEn[random.below(std::size(kAroundEn))]
                           : kAroundZh[random.below(std::size(kAroundZh))]);
  return text.replace(text.find("{}"), 2, fault);
}

/// How many mentions until it bursts among the ten that rise most; kMentionsMost + 1 when it does not.
std::size_t mentions_until_found(std::uint64_t seed, const std::vector<learn::FeedbackExample>& examples) {
  Random random(seed);
  std::vector<learn::SaidClause> clauses;
  for (std::uint32_t i = 0; i < 3'000; ++i) clauses.push_back(ordinary(examples, random, i));
  const std::string_view fault = kFaults[random.below(std::size(kFaults))];
  learn::PainOptions asked;
  asked.now_ms = 28 * kDay;
  asked.most = 10;
  asked.rising_first = true;
  for (std::uint32_t n = 1; n <= kMentionsMost; ++n) {
    clauses.push_back({mention(fault, random), 28 * kDay - static_cast<std::int64_t>(random.below(6 * kDay)),
                       10'000 + n, 10'000 + n, true});
    if (n < asked.authors_least) continue;
    for (const learn::Pain& pain : learn::find_pains(clauses, asked)) {
      if (pain.burst && pain.phrase.find(fault) != std::string::npos) return n;
    }
  }
  return kMentionsMost + 1;
}

Result<Figure> injected_pain(const Options& options) {
  const auto examples = learn::starter_feedback_examples();
  std::vector<double> mentions;
  Random seeds(options.seed);
  const auto rounds = std::max<std::size_t>(20, static_cast<std::size_t>(40 * options.scale));
  for (std::size_t i = 0; i < rounds; ++i)
    mentions.push_back(static_cast<double>(mentions_until_found(seeds.next(), examples)));
  std::sort(mentions.begin(), mentions.end());
  Figure figure{"feedback.pain", mentions.back(), "mentions", 50, 30, Better::lower, {}};
  figure.beside = {{"median", mentions[mentions.size() / 2]}, {"seeds", static_cast<double>(rounds)}};
  return figure;
}

}  // namespace

Result<std::vector<Figure>> bench_feedback(const Options& options) {
  RAPPORT_TRY(Figure rate, in_process(options));
  RAPPORT_TRY(Figure latency, over_http(options));
  RAPPORT_TRY(Figure pain, injected_pain(options));
  return std::vector<Figure>{std::move(rate), std::move(latency), std::move(pain)};
}

}  // namespace rapport::bench
