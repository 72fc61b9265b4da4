#include "learn/rules.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>

#include "app/command.h"
#include "base/time.h"
#include "bench/basket_shapes.h"
#include "codec/json_writer.h"
#include "learn/pair_counts.h"
#include "lens/text_file.h"

// rapport rules: association rules of a file of baskets, with no folder and no server.
namespace rapport::app {
namespace {

struct Asked {
  std::string file, separator, support_of = "rule", order = "lift", generate, categories;
  double support = 0.01, confidence = 0.5, fdr = 1;
  unsigned count = 0, longest = 0, threads = 1;
  std::size_t itemsets_most = 100'000'000, rules_most = 50'000'000, top = 0;
  std::uint64_t seed = 20'261'122;
  bool json = false, one_by_one = false, sizes = false;
};

struct Mined {
  learn::Itemsets itemsets;
  learn::Rules rules;
  double itemsets_seconds = 0, seconds = 0;
};

char separator_of(const std::string& text) {
  if (text.empty()) return 0;
  if (text == "blank" || text == " ") return ' ';
  if (text == "tab" || text == "\t") return '\t';
  if (text == "," || text == ";" || text == "|") return text[0];
  give_up({Errc::bad_input, "no separator '" + text + "'", "--separator", "one of: , ; | tab blank"});
}

double seconds_since(std::int64_t start) {
  return static_cast<double>(monotonic_ns() - start) / 1e9;
}

/// Each basket as a shop would count it at the till; then the pair rules.
learn::Itemsets count_one_by_one(const learn::Baskets& baskets, std::uint32_t smallest) {
  learn::PairCounts pairs;
  std::vector<double> us;
  us.reserve(baskets.size());
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    const std::int64_t start = monotonic_ns();
    must(pairs.add(baskets.basket(b)));
    us.push_back(static_cast<double>(monotonic_ns() - start) / 1e3);
  }
  const double mean = std::accumulate(us.begin(), us.end(), 0.0) / static_cast<double>(us.size());
  std::sort(us.begin(), us.end());
  std::fprintf(stderr, "one basket: mean %.2f us, median %.2f us, p99 %.2f us; %.1f MB of counts\n", mean,
               us[us.size() / 2], us[us.size() * 99 / 100], static_cast<double>(pairs.bytes()) / 1e6);
  return pairs.itemsets(smallest);
}

Mined mine(const Asked& asked, const learn::Baskets& baskets, const learn::Hierarchy* hierarchy) {
  learn::RuleOptions options;
  options.hierarchy = hierarchy;
  options.confidence = asked.confidence;
  options.rules_most = asked.rules_most;
  options.threads = asked.threads;
  if (asked.support_of == "antecedent") options.support_of = learn::SupportOf::antecedent;
  options.smallest_count =
      asked.count > 0 ? asked.count : must(learn::count_for_support(asked.support, baskets.size()));
  const std::uint32_t smallest = learn::itemset_count_for(options);
  const std::int64_t start = monotonic_ns();
  learn::Itemsets itemsets =
      asked.one_by_one ? count_one_by_one(baskets, smallest)
                       : must(learn::mine_itemsets(baskets, {.smallest_count = smallest,
                                                             .longest = asked.longest,
                                                             .threads = asked.threads,
                                                             .itemsets_most = asked.itemsets_most}));
  const double itemsets_seconds = seconds_since(start);
  learn::Rules rules = must(learn::make_rules(itemsets, options));
  const double seconds = seconds_since(start);
  return {std::move(itemsets), std::move(rules), itemsets_seconds, seconds};
}

/// What is listed, best first; ties stay in the order of the tree.
std::vector<const learn::Rule*> listed(const Asked& asked, const learn::Rules& rules) {
  std::vector<const learn::Rule*> order;
  for (const learn::Rule& rule : rules.all()) {
    if (rule.fdr_q <= asked.fdr) order.push_back(&rule);
  }
  const auto key = [&](const learn::Rule& rule) -> double {
    if (asked.order == "confidence") return rule.confidence;
    if (asked.order == "count") return rule.both_count;
    if (asked.order == "leverage") return rule.leverage;
    if (asked.order == "p") return -rule.fisher_p;
    return rule.lift;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const learn::Rule* a, const learn::Rule* b) { return key(*a) > key(*b); });
  return order;
}

/// Items and categories that stand in a basket: a file of categories may name others.
std::size_t items_met(const learn::Baskets& baskets) {
  std::vector<bool> met(baskets.items());
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    for (const std::uint32_t item : baskets.basket(b)) met[item] = true;
  }
  return static_cast<std::size_t>(std::count(met.begin(), met.end(), true));
}

std::string rule_json(const learn::Baskets& baskets, const learn::Rules& rules, const learn::Rule& rule) {
  std::string line;
  codec::JsonWriter json(line);
  json.begin_object();
  json.key("antecedent");
  json.begin_array();
  for (const std::uint32_t item : rules.antecedent(rule)) json.text(baskets.name(item));
  json.end_array();
  json.field("consequent", baskets.name(rule.consequent));
  json.field("count", rule.both_count);
  json.field("antecedent_count", rule.antecedent_count);
  json.field("consequent_count", rule.consequent_count);
  const std::pair<std::string_view, double> measures[] = {
      {"support", rule.support},   {"confidence", rule.confidence}, {"lift", rule.lift},
      {"leverage", rule.leverage}, {"conviction", rule.conviction}, {"fisher_p", rule.fisher_p},
      {"fdr_q", rule.fdr_q},
  };
  for (const auto& [name, value] : measures) {
    json.key(name);
    json.real(value);  // an infinite conviction is null
  }
  json.end_object();
  return line;
}

std::string rule_text(const learn::Baskets& baskets, const learn::Rules& rules, const learn::Rule& rule) {
  std::string left;
  for (const std::uint32_t item : rules.antecedent(rule))
    left += (left.empty() ? "" : ", ") + baskets.name(item);
  return fmt::format("{{{}}} => {}", left, baskets.name(rule.consequent));
}

void print_json(const Asked& asked, const learn::BasketText& read, const Mined& mined,
                const std::vector<const learn::Rule*>& order) {
  const learn::Baskets& baskets = read.baskets;
  const std::size_t shown = asked.top == 0 ? order.size() : std::min(asked.top, order.size());
  for (std::size_t i = 0; i < shown; ++i)
    std::printf("%s\n", rule_json(baskets, mined.rules, *order[i]).c_str());
  std::string line;
  codec::JsonWriter json(line);
  json.begin_object();
  json.field("baskets", baskets.size());
  json.field("items", items_met(baskets));
  json.field("itemsets", mined.itemsets.size());
  json.field("rules", order.size());
  json.key("seconds");
  json.real(mined.seconds);
  json.key("itemsets_seconds");
  json.real(mined.itemsets_seconds);
  json.field("smallest_count", mined.itemsets.smallest_count());
  json.field("tests", mined.rules.tests());
  json.field("blank_lines", read.blank_lines);
  if (asked.sizes) {
    json.key("itemsets_by_size");
    json.begin_array();
    for (const std::size_t size : mined.itemsets.sizes()) json.unsigned_integer(size);
    json.end_array();
  }
  json.end_object();
  std::printf("%s\n", line.c_str());
}

void print_text(const Asked& asked, const learn::BasketText& read, const Mined& mined,
                const std::vector<const learn::Rule*>& order) {
  const std::size_t shown = std::min(asked.top == 0 ? std::size_t{20} : asked.top, order.size());
  std::printf("%7s %8s %8s %8s %9s %10s %9s %9s  rule\n", "count", "support", "conf", "lift", "leverage",
              "conviction", "p", "q");
  for (std::size_t i = 0; i < shown; ++i) {
    const learn::Rule& rule = *order[i];
    std::printf("%7u %8.5f %8.4f %8.3f %9.5f %10.3f %9.2g %9.2g  %s\n", rule.both_count, rule.support,
                rule.confidence, rule.lift, rule.leverage, rule.conviction, rule.fisher_p, rule.fdr_q,
                rule_text(read.baskets, mined.rules, rule).c_str());
  }
  std::printf("%zu baskets, %zu items; %zu itemsets in at least %u baskets, %zu rules (%zu shown); %.4f s\n",
              read.baskets.size(), items_met(read.baskets), mined.itemsets.size(),
              mined.itemsets.smallest_count(), order.size(), shown, mined.seconds);
}

void generate(const Asked& asked) {
  if (asked.generate != "retail" && asked.generate != "dense")
    give_up({Errc::bad_input, "no shape '" + asked.generate + "'", "--generate", "retail or dense"});
  const auto shape = asked.generate == "dense" ? bench::BasketShape::dense : bench::BasketShape::retail;
  std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(asked.seed));
  std::fputs(bench::basket_lines(bench::make_baskets(shape, asked.seed)).c_str(), stdout);
}

void run(const Asked& asked) {
  if (!asked.generate.empty()) return generate(asked);
  if (asked.file.empty())
    give_up({Errc::bad_input, "no data", "--file", "a text file with one basket a line"});
  if (asked.one_by_one && asked.longest != 0 && asked.longest != 2)
    give_up({Errc::bad_input, "baskets one by one give rules of two items", "--max-length", "2, or none"});
  learn::BasketText read =
      must(learn::parse_baskets(must(lens::read_text_file(asked.file)), separator_of(asked.separator)));
  learn::CategorisedBaskets categorised;
  if (!asked.categories.empty()) {
    categorised = must(learn::with_categories(read.baskets, must(lens::read_text_file(asked.categories))));
    if (categorised.without > 0)
      std::fprintf(stderr, "%zu of %zu items have no category\n", categorised.without, read.baskets.items());
    read.baskets = std::move(categorised.baskets);
  }
  const Mined mined = mine(asked, read.baskets, asked.categories.empty() ? nullptr : &categorised.hierarchy);
  const std::vector<const learn::Rule*> order = listed(asked, mined.rules);
  if (asked.json) {
    print_json(asked, read, mined, order);
  } else {
    print_text(asked, read, mined, order);
  }
}

}  // namespace

void add_rules(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("rules", "Find what is bought together in a file of baskets");
  command->add_option("--file", asked->file, "one basket a line, its items separated; also gzipped");
  command->add_option("--separator", asked->separator,
                      "one of: , ; | tab blank; found by looking when absent");
  command->add_option(
      "--categories", asked->categories,
      "lines item,category (and [category],category): rules on every level, as \"[category]\"");
  CLI::Option* support = command->add_option("--support", asked->support, "smallest share of baskets, 0..1")
                             ->capture_default_str();
  command->add_option("--count", asked->count, "smallest number of baskets, instead of a share")
      ->check(CLI::PositiveNumber)
      ->excludes(support);
  command
      ->add_option("--support-of", asked->support_of,
                   "what the support counts: the whole rule, or antecedent")
      ->check(CLI::IsMember({"rule", "antecedent"}))
      ->capture_default_str();
  command->add_option("--confidence", asked->confidence, "smallest confidence, 0..1")->capture_default_str();
  command->add_option("--max-length", asked->longest, "most items of a rule, both sides together");
  command->add_option("--fdr", asked->fdr, "list rules up to this false discovery rate")
      ->capture_default_str();
  command->add_option("--order", asked->order, "best first by")
      ->check(CLI::IsMember({"lift", "confidence", "count", "leverage", "p"}))
      ->capture_default_str();
  command->add_option("--top", asked->top, "list only the first; without it all with --json, else 20");
  command->add_option("--threads", asked->threads, "1..64; the answer is the same")->capture_default_str();
  command->add_option("--itemsets-most", asked->itemsets_most, "give up beyond")->capture_default_str();
  command->add_option("--rules-most", asked->rules_most, "give up beyond")->capture_default_str();
  command->add_flag("--one-by-one", asked->one_by_one,
                    "count pairs basket by basket, as at a till, and say what one basket costs");
  command->add_flag("--sizes", asked->sizes, "with --json: itemsets by number of items");
  command->add_flag("--json", asked->json, "a line of JSON a rule, then one that sums up");
  command->add_option("--generate", asked->generate, "write baskets of a shape instead: retail or dense");
  command->add_option("--seed", asked->seed, "of --generate")->capture_default_str();
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
