#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include "app/command.h"
#include "base/time.h"
#include "codec/json_writer.h"
#include "learn/text_classifier.h"
#include "lens/file_reader.h"

// rapport classify: a text classifier learned from one file and judged on another, with no folder and no
// server.
namespace rapport::app {
namespace {

struct Asked {
  std::string train, test, out;
  std::vector<std::string> columns = {"text", "label"}, texts;
  double precision = 0.985, cost = 0;
  std::string weighting = "chosen";
  std::uint32_t folds = 4;
  unsigned threads = 2;
  std::uint64_t seed = 1;
  bool json = false;
};

/// How the answers on one label fared.
struct LabelCount {
  std::size_t texts = 0, answered = 0, right = 0;
  double precision() const {
    return answered == 0 ? 0 : static_cast<double>(right) / static_cast<double>(answered);
  }
  double recall() const { return texts == 0 ? 0 : static_cast<double>(right) / static_cast<double>(texts); }
  double f1() const { return right == 0 ? 0 : 2 * precision() * recall() / (precision() + recall()); }
};

struct Judged {
  std::map<std::string, LabelCount> labels;
  std::size_t texts = 0, right = 0, sure = 0, sure_right = 0;
  double threshold = 2, train_seconds = 0, test_seconds = 0;
};

double seconds_since(std::int64_t start) {
  return static_cast<double>(monotonic_ns() - start) / 1e9;
}
double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Its place; nothing while no row had it, as columns of JSON Lines are known when they are met.
std::optional<std::size_t> column_of(const lens::RowReader& rows, const std::string& name) {
  const auto& columns = rows.columns();
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

[[noreturn]] void lacks(const lens::RowReader& rows, const std::string& name) {
  std::string there;
  for (const std::string& one : rows.columns()) there += (there.empty() ? "" : ", ") + one;
  give_up({Errc::bad_input, "no column '" + name + "' in " + rows.path(), "--columns", "two of: " + there});
}

std::vector<learn::LabelledText> read(const std::string& path, const std::vector<std::string>& names) {
  const auto rows = must(lens::open_rows(path));
  std::vector<learn::LabelledText> out;
  std::size_t blank = 0;
  for (lens::Row row; must(rows->next(row));) {
    const std::string where = fmt::format("{}:{}", path, row.line);
    if (!row.problem.empty()) give_up({Errc::bad_input, row.problem, where});
    const auto cell = [&](const std::string& name) {
      const auto column = column_of(*rows, name);
      return column && *column < row.cells.size() ? row.cells[*column] : std::string();
    };
    learn::LabelledText one{cell(names[0]), cell(names[1])};
    if (one.text.empty()) {
      ++blank;
      continue;
    }
    if (one.label.empty())
      give_up({Errc::bad_input, "a text without a label", where, "a label in " + names[1]});
    out.push_back(std::move(one));
  }
  for (const std::string& name : names) {
    if (!column_of(*rows, name)) lacks(*rows, name);
  }
  if (out.empty()) give_up({Errc::bad_input, "no text in the file", path, "rows with a text and a label"});
  if (blank > 0) std::fprintf(stderr, "%s: %zu rows without a text are left out\n", path.c_str(), blank);
  return out;
}

learn::TextTraining options_of(const Asked& asked) {
  learn::TextTraining options;
  options.cost = asked.cost;
  options.folds = asked.folds;
  options.seed = asked.seed;
  options.threads = asked.threads;
  if (asked.weighting == "plain") options.weighting = learn::TextWeighting::plain;
  if (asked.weighting == "odds") options.weighting = learn::TextWeighting::odds;
  return options;
}

/// One text a line: its number, what was meant, what was answered, how sure.
class AnswerFile {
 public:
  explicit AnswerFile(const std::string& path) {
    if (path.empty()) return;
    out_.open(path);
    if (!out_) give_up({Errc::io, "cannot write", path});
    out_ << "row,label,answer,confidence,sure\n";
  }
  void add(std::size_t row, const std::string& label, const std::string& answer, double confidence,
           bool sure) {
    if (!out_.is_open()) return;
    out_ << row << ',' << quoted(label) << ',' << quoted(answer) << ',' << fmt::format("{:.6f}", confidence)
         << ',' << (sure ? 1 : 0) << '\n';
  }

 private:
  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
  }
  std::ofstream out_;
};

Judged judge(const Asked& asked, const learn::TextClassifier& model,
             const std::vector<learn::LabelledText>& texts) {
  Judged judged;
  judged.texts = texts.size();
  judged.threshold = model.threshold(asked.precision);
  AnswerFile file(asked.out);
  std::vector<learn::TextClassifier::Answer> answers;
  answers.reserve(texts.size());
  const std::int64_t start = monotonic_ns();
  for (const learn::LabelledText& one : texts) answers.push_back(model.classify(one.text));
  judged.test_seconds = seconds_since(start);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& answer = model.labels()[answers[i].label];
    const bool right = answer == texts[i].label, sure = answers[i].confidence >= judged.threshold;
    ++judged.labels[texts[i].label].texts;
    ++judged.labels[answer].answered;
    if (right) ++judged.labels[answer].right;
    judged.right += right ? 1 : 0;
    judged.sure += sure ? 1 : 0;
    judged.sure_right += right && sure ? 1 : 0;
    file.add(i + 1, texts[i].label, answer, answers[i].confidence, sure);
  }
  return judged;
}

double macro_f1(const Judged& judged) {
  double sum = 0;
  for (const auto& [name, count] : judged.labels) sum += count.f1();
  return judged.labels.empty() ? 0 : sum / static_cast<double>(judged.labels.size());
}

void print_json(const Asked& asked, const learn::TextClassifier& model, std::size_t trained,
                const Judged& judged) {
  std::string line;
  codec::JsonWriter json(line);
  const auto real = [&](std::string_view name, double value) {
    json.key(name);
    json.real(value);
  };
  json.begin_object();
  json.field("train", trained);
  json.field("test", judged.texts);
  json.field("labels", model.labels().size());
  json.field("features", model.features());
  json.field("weighting", model.weighting() == learn::TextWeighting::odds ? "odds" : "plain");
  real("cost", model.cost());
  real("held_out_accuracy", model.held_out_accuracy());
  real("accuracy", share(judged.right, judged.texts));
  real("macro_f1", macro_f1(judged));
  real("precision_wanted", asked.precision);
  real("threshold", judged.threshold);
  real("coverage", share(judged.sure, judged.texts));
  real("precision", share(judged.sure_right, judged.sure));
  real("train_seconds", judged.train_seconds);
  real("texts_per_second",
       judged.test_seconds > 0 ? static_cast<double>(judged.texts) / judged.test_seconds : 0);
  json.key("by_label");
  json.begin_array();
  for (const auto& [name, count] : judged.labels) {
    json.begin_object();
    json.field("label", name);
    json.field("texts", count.texts);
    real("precision", count.precision());
    real("recall", count.recall());
    real("f1", count.f1());
    json.end_object();
  }
  json.end_array();
  json.end_object();
  std::printf("%s\n", line.c_str());
}

void print_text(const Asked& asked, const learn::TextClassifier& model, std::size_t trained,
                const Judged& judged) {
  std::printf(
      "trained on %zu texts of %zu labels in %.1f s: %zu features, %s, cost %g; %.2f %% right on texts held "
      "out\n",
      trained, model.labels().size(), judged.train_seconds, model.features(),
      model.weighting() == learn::TextWeighting::odds ? "weighted by odds" : "plain", model.cost(),
      100 * model.held_out_accuracy());
  if (judged.texts == 0) return;
  std::printf("%zu texts: %.2f %% right, macro F1 %.4f, %.0f a second\n", judged.texts,
              100 * share(judged.right, judged.texts), macro_f1(judged),
              static_cast<double>(judged.texts) / std::max(judged.test_seconds, 1e-9));
  if (judged.threshold > 1) {
    std::printf("no confidence is enough for %.1f %% precision\n", 100 * asked.precision);
  } else {
    std::printf(
        "confidence from %.4f (for %.1f %% precision, set on training texts): %.2f %% answered, %.2f %% of "
        "these right\n",
        judged.threshold, 100 * asked.precision, 100 * share(judged.sure, judged.texts),
        100 * share(judged.sure_right, judged.sure));
  }
  std::vector<std::pair<std::string, LabelCount>> worst(judged.labels.begin(), judged.labels.end());
  std::stable_sort(worst.begin(), worst.end(),
                   [](const auto& a, const auto& b) { return a.second.f1() < b.second.f1(); });
  worst.resize(std::min<std::size_t>(worst.size(), 10));
  std::printf("%8s %9s %8s %8s  hardest labels\n", "texts", "precision", "recall", "F1");
  for (const auto& [name, count] : worst)
    std::printf("%8zu %9.4f %8.4f %8.4f  %s\n", count.texts, count.precision(), count.recall(), count.f1(),
                name.c_str());
}

void print_said(const Asked& asked, const learn::TextClassifier& model) {
  const double threshold = model.threshold(asked.precision);
  for (const std::string& text : asked.texts) {
    const auto answer = model.classify(text);
    const std::string& label = model.labels()[answer.label];
    const bool sure = answer.confidence >= threshold;
    if (!asked.json) {
      std::printf("%s\t%.4f\t%s\n", label.c_str(), answer.confidence, sure ? "sure" : "for a person");
      continue;
    }
    std::string line;
    codec::JsonWriter json(line);
    json.begin_object();
    json.field("text", text);
    json.field("label", label);
    json.key("confidence");
    json.real(answer.confidence);
    json.field("sure", sure);
    json.end_object();
    std::printf("%s\n", line.c_str());
  }
}

/// What is read is never written over.
void check_out(const Asked& asked) {
  for (const std::string* file : {&asked.train, &asked.test}) {
    std::error_code unknown;
    if (asked.out.empty() || file->empty() || !std::filesystem::equivalent(asked.out, *file, unknown))
      continue;
    give_up(
        {Errc::bad_input, "this file is read", "--out " + asked.out, "another file than --train and --test"});
  }
}

void run(const Asked& asked) {
  if (asked.columns.size() != 2)
    give_up({Errc::bad_input, "two columns are wanted", "--columns", "text,label: their names in the files"});
  if (!(asked.precision > 0 && asked.precision <= 1))
    give_up({Errc::bad_input, "no such precision", "--precision", "above 0, up to 1"});
  check_out(asked);
  const std::vector<learn::LabelledText> texts = read(asked.train, asked.columns);
  std::vector<learn::LabelledText> others;
  if (!asked.test.empty()) others = read(asked.test, asked.columns);
  const std::int64_t start = monotonic_ns();
  auto trained = learn::TextClassifier::train(texts, options_of(asked));
  if (!trained.ok()) {
    Error error = std::move(trained).error();
    error.where = asked.train + (error.where.empty() ? "" : ", " + error.where);
    give_up(error);
  }
  const learn::TextClassifier model = std::move(trained).value();
  const double seconds = seconds_since(start);
  if (!asked.texts.empty()) return print_said(asked, model);
  Judged judged = judge(asked, model, others);
  judged.train_seconds = seconds;
  if (asked.json) {
    print_json(asked, model, texts.size(), judged);
  } else {
    print_text(asked, model, texts.size(), judged);
  }
}

}  // namespace

void add_classify(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command =
      app.add_subcommand("classify", "Learn what texts are about from one file, and be judged on another");
  command
      ->add_option("--train", asked->train,
                   "CSV, Excel, JSON Lines or Parquet with a text and its label a row")
      ->required();
  CLI::Option* test =
      command->add_option("--test", asked->test, "the same, to be judged on; nothing of it is learned from");
  command->add_option("--columns", asked->columns, "names of the two columns")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--precision", asked->precision,
                   "abstain below the confidence that gave this share of right answers in training")
      ->capture_default_str();
  command->add_option("--text", asked->texts, "classify this instead of a file; may be given again")
      ->excludes(test);
  command->add_option("--out", asked->out, "write each test row's answer here, as CSV")->needs(test);
  command->add_option("--weighting", asked->weighting, "of features")
      ->check(CLI::IsMember({"chosen", "plain", "odds"}))
      ->capture_default_str();
  command->add_option("--cost", asked->cost, "of an error in training; 0: chosen on held-out training texts")
      ->capture_default_str();
  command->add_option("--folds", asked->folds, "2..20, to set confidences by")->capture_default_str();
  command->add_option("--seed", asked->seed, "of the folds and of training")->capture_default_str();
  command->add_option("--threads", asked->threads, "1..64; the answer is the same")->capture_default_str();
  command->add_flag("--json", asked->json, "one line of JSON");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
