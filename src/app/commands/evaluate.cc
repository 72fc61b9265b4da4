#include "learn/evaluate.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_writer.h"
#include "lens/file_reader.h"
#include "lens/text_file.h"

// rapport evaluate: how good the models are on a file's own history, with no folder and no server, or on a
// shop's, where the folder's server does it.
namespace rapport::app {
namespace {

struct Asked {
  std::string interactions, baskets, columns, models = "item-cosine,als", split = "time", k = "10,20",
                                              repeats = "auto", write_split;
  std::string attributes;
  learn::EvaluateOptions options;
  std::string data, shop;
  bool json = false, one_by_one = false, quiet = false, views = false;
};

std::vector<std::string> cut(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// The places of customer, item, time and, when there is one, weight.
std::vector<std::size_t> places_of(const Asked& asked, const std::vector<std::string>& columns) {
  if (asked.columns.empty()) {
    if (columns.size() < 3)
      give_up({Errc::bad_input, "too few columns", asked.interactions, "customer,item,time[,weight]"});
    return columns.size() > 3 ? std::vector<std::size_t>{0, 1, 2, 3} : std::vector<std::size_t>{0, 1, 2};
  }
  std::vector<std::size_t> places;
  for (const std::string& name : cut(asked.columns)) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end())
      give_up({Errc::not_found, "no column '" + name + "'", "--columns",
               fmt::format("{}", fmt::join(columns, ", "))});
    places.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  if (places.size() < 3 || places.size() > 4)
    give_up(
        {Errc::bad_input, "three or four columns are needed", "--columns", "customer,item,time[,weight]"});
  return places;
}

double weight_of(const std::string& text, std::uint64_t line) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    give_up({Errc::bad_input, "'" + text + "' is not a weight", fmt::format("line {}", line),
             "a number above 0"});
  return value;
}

template <class T>
T must_on_line(Result<T> result, std::uint64_t line) {
  if (!result.ok()) give_up(std::move(result).error().at(fmt::format("line {}", line)));
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

learn::Interactions read_interactions(const Asked& asked) {
  const auto reader = must(lens::open_rows(asked.interactions));
  learn::InteractionsBuilder builder;
  lens::Row row;
  std::vector<std::size_t> places;
  while (must(reader->next(row))) {
    if (!row.problem.empty()) give_up({Errc::bad_input, row.problem, fmt::format("line {}", row.line)});
    if (places.empty()) places = places_of(asked, reader->columns());
    row.cells.resize(reader->columns().size());
    const std::int64_t time_ms = must_on_line(learn::parse_time_ms(row.cells[places[2]]), row.line);
    const double weight = places.size() > 3 ? weight_of(row.cells[places[3]], row.line) : 1;
    // A line of weight 0 says that nothing happened (a returned article, a free one counted as none).
    if (weight == 0) continue;
    must_on_line(builder.add(row.cells[places[0]], row.cells[places[1]], time_ms, weight), row.line);
  }
  return must(std::move(builder).build());
}

learn::Interactions read(const Asked& asked) {
  if (asked.interactions.empty() == asked.baskets.empty())
    give_up({Errc::bad_input, "one file of data is needed", "--interactions",
             "customer,item,time[,weight] a line; or --baskets-by-customer, or --shop"});
  if (!asked.interactions.empty()) return read_interactions(asked);
  return must(learn::parse_customer_baskets(must(lens::read_text_file(asked.baskets)), asked.one_by_one));
}

/// Lines "item,attribute[,attribute...]"; an item may have many lines. Attributes are words.
std::vector<std::vector<std::uint32_t>> read_attributes(const std::string& path,
                                                        const learn::Interactions& data) {
  std::unordered_map<std::string, std::uint32_t> items, numbers;
  for (std::uint32_t item = 0; item < data.items(); ++item) items[data.item_name(item)] = item;
  std::vector<std::vector<std::uint32_t>> attributes(data.items());
  const std::string text = must(lens::read_text_file(path));
  std::size_t known = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with('\r')) line.pop_back();
    const std::vector<std::string> words = cut(line);
    if (words.empty() || !items.contains(words[0])) continue;
    ++known;
    for (std::size_t i = 1; i < words.size(); ++i)
      attributes[items[words[0]]].push_back(
          numbers.emplace(words[i], static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  if (known == 0)
    give_up(
        {Errc::bad_input, "no line begins with an item of the data", path, "item,attribute,attribute..."});
  return attributes;
}

learn::Repeats repeats_of(const std::string& text) {
  return text == "yes" ? learn::Repeats::yes : text == "no" ? learn::Repeats::no : learn::Repeats::unknown;
}

void write_list(codec::JsonWriter& json, const char* name, const std::string& text, bool numbers) {
  json.key(name);
  json.begin_array();
  for (const std::string& part : cut(text)) {
    if (numbers) {
      unsigned value = 0;
      std::from_chars(part.data(), part.data() + part.size(), value);
      json.unsigned_integer(value);
    } else {
      json.text(part);
    }
  }
  json.end_array();
}

/// The shop's own history: judged where it is.
void run_in_shop(const Asked& asked) {
  if (!asked.write_split.empty())
    give_up({Errc::bad_input, "a shop's history is judged where it is and leaves no files", "--write-split",
             "a file in place of --shop (rapport sql writes one)"});
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  write_list(json, "models", asked.models, false);
  write_list(json, "k", asked.k, true);
  json.field("split", asked.split);
  json.field("repeats", asked.repeats);
  json.key("hidden");
  json.real(asked.options.split.hidden_share);
  json.field("seeds", asked.options.seeds);
  json.field("seed", asked.options.split.seed);
  json.field("tune", asked.options.tune);
  json.field("against", asked.options.against);
  json.field("replicates", asked.options.replicates);
  json.field("views", asked.views);
  json.field("text", !asked.json);
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"POST", "/v1/models/evaluate", text});
  std::printf("%s%s", reply.body.c_str(), asked.json ? "\n" : "");
}

void write_items(std::ostream& out, std::span<const std::uint32_t> items) {
  for (std::size_t i = 0; i < items.size(); ++i) out << (i == 0 ? "" : " ") << items[i];
}

/// What its lists are kept under: its name, and with its settings where several of that name are judged.
std::string file_name_of(const learn::ModelSpec& spec, const std::vector<learn::ModelSpec>& all) {
  const auto same = std::count_if(all.begin(), all.end(),
                                  [&](const learn::ModelSpec& one) { return one.name == spec.name; });
  std::string name = same > 1 ? spec.text() : spec.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ':' || c == '/'; }, '_');
  return name;
}

/// SEED-train.txt: "customer item item ...", in order; SEED-cases.txt: "customer|shown|relevant";
/// SEED-MODEL.txt: a list a case. Items and customers by number.
void write_split(const std::string& folder, const learn::Ranked& ranked,
                 const std::vector<learn::ModelSpec>& all) {
  const std::string path = fmt::format("{}/{}-", folder, ranked.seed);
  const auto finish = [](std::ofstream& out, const std::string& name) {
    if (!out.flush()) give_up({Errc::io, "cannot be written", name, "a folder that exists, with room"});
  };
  std::vector<std::uint32_t> items;
  const auto of = [&](std::span<const learn::Interaction> events) {
    items.clear();
    for (const learn::Interaction& event : events) items.push_back(event.item);
    return std::span<const std::uint32_t>(items);
  };
  const std::string lists_path = path + file_name_of(ranked.spec, all) + ".txt";
  std::ofstream train(path + "train.txt"), cases(path + "cases.txt"), lists(lists_path);
  for (std::uint32_t customer = 0; customer < ranked.split.train.customers(); ++customer) {
    const auto events = ranked.split.train.of(customer);
    if (events.empty()) continue;
    train << customer << ' ';
    write_items(train, of(events));
    train << '\n';
  }
  for (std::size_t i = 0; i < ranked.split.cases.size(); ++i) {
    const learn::Case& each = ranked.split.cases[i];
    cases << each.customer << '|';
    write_items(cases, of(ranked.all.of(each.customer).first(each.shown)));
    cases << '|';
    write_items(cases, each.relevant);
    cases << '\n';
    write_items(lists, ranked.lists[i]);
    lists << '\n';
  }
  finish(train, path + "train.txt");
  finish(cases, path + "cases.txt");
  finish(lists, lists_path);
}

void run(Asked& asked) {
  if (!asked.shop.empty()) return run_in_shop(asked);
  const learn::Interactions data = read(asked);
  std::vector<std::vector<std::uint32_t>> attributes;
  if (!asked.attributes.empty()) {
    attributes = read_attributes(asked.attributes, data);
    asked.options.attributes = &attributes;
  }
  asked.options.split.by = must(learn::parse_split(asked.split));
  asked.options.split.repeats = repeats_of(asked.repeats);
  for (const std::string& text : cut(asked.models))
    asked.options.models.push_back(must(learn::parse_model_spec(text)));
  asked.options.k.clear();
  for (const std::string& text : cut(asked.k)) {
    unsigned value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size())
      give_up({Errc::bad_input, "'" + text + "' is no list length", "--k", "10,20"});
    asked.options.k.push_back(value);
  }
  std::sort(asked.options.k.begin(), asked.options.k.end());
  if (!asked.write_split.empty())
    asked.options.ranked = [&](const learn::Ranked& ranked) {
      write_split(asked.write_split, ranked, asked.options.models);
    };
  const learn::Evaluation evaluation =
      must(learn::evaluate(data, asked.options, [&](const std::string& what) {
        if (!asked.quiet) std::fprintf(stderr, "%s\n", what.c_str());
      }));
  if (asked.json) {
    std::printf("%s\n", learn::evaluation_json(evaluation).c_str());
  } else {
    std::printf("%s", learn::evaluation_text(evaluation).c_str());
  }
}

std::string models_help() {
  std::string text = "Models, with settings as in als:factors=64:reg=0.01 :\n";
  for (const learn::ModelKind& kind : learn::model_kinds())
    text += fmt::format("  {:<12} {} [{}]\n", kind.name, kind.what, fmt::join(kind.settings, " "));
  text +=
      "\npopularity and personal are always there. The same input gives the same output, byte for byte.\n"
      "Example: rapport evaluate --interactions ratings.csv --models item-bm25,ease,als --split last-basket "
      "--json\n";
  return text;
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Hold recommenders against each other on the history of a file or a shop");
  command->footer(models_help());
  command->add_option(
      "--interactions", asked->interactions,
      "CSV, Excel, JSON Lines or Parquet: customer, item, time and perhaps weight; also gzipped");
  command->add_option("--columns", asked->columns,
                      "names of these columns; the first three or four when absent");
  command->add_option("--baskets-by-customer", asked->baskets,
                      "text, a basket a line: customer item item ..., each customer's lines in time order");
  asked->data = default_data();
  command->add_option("--data", asked->data, "with --shop: the data folder")->capture_default_str();
  command->add_option("--shop", asked->shop, "a shop's own orders in place of a file");
  command->add_flag("--views", asked->views, "with --shop: views count beside orders");
  command->add_flag("--one-by-one", asked->one_by_one,
                    "every item of a line is a basket of its own, in order");
  command->add_option("--attributes", asked->attributes,
                      "text lines item,attribute,... for the model content");
  command->add_option("--models", asked->models, "names, comma between")->capture_default_str();
  command->add_option("--split", asked->split, "time, last-basket or customers")->capture_default_str();
  command
      ->add_option("--hidden", asked->options.split.hidden_share,
                   "share of events or of customers that is hidden")
      ->capture_default_str();
  command->add_option("--repeats", asked->repeats, "whether items had before are candidates")
      ->check(CLI::IsMember({"auto", "yes", "no"}))
      ->capture_default_str();
  command->add_option("--k", asked->k, "lengths of lists")->capture_default_str();
  command->add_option("--seeds", asked->options.seeds, "runs of what has chance in it")
      ->capture_default_str();
  command->add_option("--seed", asked->options.split.seed, "the first seed")->capture_default_str();
  command
      ->add_option("--tune", asked->options.tune,
                   "settings tried per model on a split of the training data; 0: as given")
      ->capture_default_str();
  command->add_option(
      "--against", asked->options.against,
      "the model that the others are compared to; the better of popularity and personal when absent");
  command->add_option(
      "--write-split", asked->write_split,
      "folder in which what was shown, what was asked and every list are left, for other programs");
  command->add_option("--replicates", asked->options.replicates, "of the bootstrap")->capture_default_str();
  command->add_option("--threads", asked->options.threads, "1..64; the answer is the same")
      ->capture_default_str();
  command->add_flag("--json", asked->json, "one JSON document on one line");
  command->add_flag("--quiet", asked->quiet, "no word of progress");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
