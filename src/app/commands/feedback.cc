#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/print.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

// rapport feedback: what customers say, by class; pains; corrections; answers to reviews.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, text, klass, sentiment, aspect, department, state, product, kind, sort,
      language, phrase;
  std::int64_t rating = 0;
  std::uint64_t limit = 20, before = 0;
  std::int32_t days = 28;
  std::vector<std::string> clauses;
  bool json = false;
};

/// "?class=logistics&limit=20" of what is set.
class Query {
 public:
  Query& with(std::string_view name, const std::string& value) {
    if (value.empty() || value == "0") return *this;
    text_ += (text_.empty() ? "?" : "&") + std::string(name) + "=" + http::percent_encode(value);
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string word(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
}

void print_clause(codec::JsonValue clause, std::string_view mark) {
  std::printf("    %s%-10s %-14s %4s  %s%s\n", std::string(mark).c_str(), word(clause, "class").c_str(),
              word(clause, "aspect").c_str(), word(clause, "sentiment").c_str(), word(clause, "text").c_str(),
              word(clause, "urgency") == "1" ? "  (presses)" : "");
}

void print_list(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  const codec::JsonValue root = index.root(), counts = root.find("counts"), model = root.find("model");
  std::printf("%s pieces of feedback, %s negative, %s wait for a person; model %s, %s records behind%s\n",
              word(counts, "all").c_str(), word(counts, "negative").c_str(), word(counts, "unsure").c_str(),
              word(model, "version").c_str(), word(model, "behind").c_str(),
              model.find("listening").is_true() ? "" : " (nobody listens: rapport serve does)");
  for (codec::JsonItems items(root.find("feedback")); items.next();) {
    const codec::JsonValue one = items.value();
    const codec::JsonValue ticket = one.find("ticket");
    std::printf("%s  %s %s  %s  %s%s\n", word(one, "at").c_str(), word(one, "kind").c_str(),
                word(one, "id").c_str(), word(one, "customer").c_str(), word(one, "state").c_str(),
                ticket.is_null()
                    ? ""
                    : fmt::format("  {} {}", word(ticket, "ticket_id"), word(ticket, "state")).c_str());
    for (codec::JsonItems clauses(one.find("clauses")); clauses.next();) print_clause(clauses.value(), "");
    for (codec::JsonItems clauses(one.find("unsure")); clauses.next();) print_clause(clauses.value(), "? ");
  }
  if (!root.find("next").is_null()) std::printf("more: --before %s\n", word(root, "next").c_str());
}

void print_pains(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  std::printf("%8s %9s %7s %9s %7s %6s  phrase\n", "blamed", "customers", "lately", "expected", "rise",
              "burst");
  for (codec::JsonItems items(index.root().find("pains")); items.next();) {
    const codec::JsonValue one = items.value();
    std::printf("%8s %9s %7s %9s %7s %6s  %s\n", word(one, "n").c_str(), word(one, "customers").c_str(),
                word(one, "recent").c_str(), word(one, "expected").c_str(), word(one, "rise").c_str(),
                one.find("burst").is_true() ? "yes" : "", word(one, "phrase").c_str());
  }
}

void print_said(const std::string& body) {
  codec::JsonIndex index;
  if (!index.parse(body).ok()) return;
  for (codec::JsonItems items(index.root().find("clauses")); items.next();) {
    const codec::JsonValue one = items.value();
    std::string classes;
    for (codec::JsonItems all(one.find("classes")); all.next();)
      classes += (classes.empty() ? "" : "+") + all.value().text();
    std::printf("%-12s %-14s %3s  %-5s %-12s %s\n", classes.empty() ? "-" : classes.c_str(),
                word(one, "aspect").c_str(), word(one, "sentiment").c_str(), word(one, "confidence").c_str(),
                one.find("sure").is_true() ? "" : "for a person", word(one, "text").c_str());
  }
}

void show(const Asked& asked, const std::string& body, void (*print)(const std::string&)) {
  asked.json ? void(std::printf("%s\n", body.c_str())) : print(body);
}

void list(const Asked& asked) {
  Query query;
  query.with("class", asked.klass)
      .with("sentiment", asked.sentiment)
      .with("aspect", asked.aspect)
      .with("department", asked.department)
      .with("state", asked.state)
      .with("product", asked.product)
      .with("kind", asked.kind)
      .with("phrase", asked.phrase)
      .with("limit", std::to_string(asked.limit))
      .with("before", std::to_string(asked.before));
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", "/v1/feedback" + query.text(), ""}).body, print_list);
}

void pains(const Asked& asked) {
  Query query;
  query.with("days", std::to_string(asked.days))
      .with("class", asked.klass)
      .with("sort", asked.sort)
      .with("limit", std::to_string(asked.limit));
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", "/v1/feedback/pains" + query.text(), ""}).body, print_pains);
}

std::string with_text(const std::string& text, std::int64_t rating = 0) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("text", text);
  if (rating > 0) json.field("rating", rating);
  json.end_object();
  return body;
}

void classify(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"POST", "/v1/feedback/classify", with_text(asked.text, asked.rating)}).body,
       print_said);
}

/// "logistics:-1:delay" as a clause of the whole text.
void write_clause(codec::JsonWriter& json, const std::string& said) {
  const std::size_t first = said.find(':'), second = said.find(':', first + 1);
  const std::string sentiment =
      first == std::string::npos
          ? ""
          : said.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (sentiment != "-1" && sentiment != "0" && sentiment != "1")
    give_up({Errc::bad_input, fmt::format("'{}' is no clause", said), "--clause", "CLASS:-1|0|1[:ASPECT]"});
  json.begin_object();
  json.field("class", said.substr(0, first));
  json.key("sentiment");
  json.raw(sentiment);
  if (second != std::string::npos) json.field("aspect", said.substr(second + 1));
  json.end_object();
}

void correct(const Asked& asked) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.key("clauses");
  json.begin_array();
  for (const std::string& clause : asked.clauses) write_clause(json, clause);
  json.end_array();
  json.end_object();
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply =
      session.call({"POST", fmt::format("/v1/feedback/{}/correct", http::percent_encode(asked.id)), body});
  std::printf("%s\n",
              asked.json ? reply.body.c_str() : ("corrected at " + field(reply.body, "offset")).c_str());
}

void reply(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const std::string path = fmt::format("/v1/feedback/{}/reply", http::percent_encode(asked.id));
  if (asked.text.empty()) {
    const auto draft = session.call({"GET", path + Query().with("language", asked.language).text(), ""});
    std::printf("%s\n", asked.json ? draft.body.c_str() : field(draft.body, "draft").c_str());
    return;
  }
  const auto sent = session.call({"POST", path, with_text(asked.text)});
  std::printf("%s\n", asked.json ? sent.body.c_str() : ("answered at " + field(sent.body, "offset")).c_str());
}

CLI::App* part(CLI::App& command, const std::shared_ptr<Asked>& asked, const char* name, const char* what,
               void (*run)(const Asked&)) {
  CLI::App* sub = command.add_subcommand(name, what);
  add_data_option(*sub, asked->data);
  add_shop_option(*sub, asked->shop);
  sub->add_flag("--json", asked->json, "one JSON document on one line");
  sub->callback([asked, run] { run(*asked); });
  return sub;
}

}  // namespace

void add_feedback(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("feedback", "What customers say: by class, pains, corrections");
  command->require_subcommand(1);
  CLI::App* all = part(*command, asked, "list", "Newest first", list);
  all->add_option("--class", asked->klass, "product, service, logistics, price, payment, experience");
  all->add_option("--department", asked->department, "whose business it is; the same words");
  all->add_option("--sentiment", asked->sentiment, "negative, neutral, positive");
  all->add_option("--aspect", asked->aspect, "battery, delay, refund, ...");
  all->add_option("--state", asked->state,
                  "classified, unsure, corrected, or of its ticket: open, solved, ...");
  all->add_option("--product", asked->product, "of this product");
  all->add_option("--kind", asked->kind, "review, follow_up, message, survey");
  all->add_option("--phrase", asked->phrase, "what stands in the words, in either script and any case");
  all->add_option("--limit", asked->limit, "at most so many")->capture_default_str();
  all->add_option("--before", asked->before, "the next page");
  CLI::App* phrases = part(*command, asked, "pains", "Phrases that stand out in complaints", pains);
  phrases->add_option("--days", asked->days, "of the last so many")->capture_default_str();
  phrases->add_option("--class", asked->klass, "of clauses of this class");
  phrases->add_option("--sort", asked->sort, "odds or rising");
  phrases->add_option("--limit", asked->limit, "at most so many")->capture_default_str();
  CLI::App* say = part(*command, asked, "classify", "What the shop's model says to a text", classify);
  say->add_option("text", asked->text, "the text")->required();
  say->add_option("--rating", asked->rating, "the stars that its author gave with it, 1 to 5")
      ->check(CLI::Range(1, 5));
  CLI::App* mend = part(*command, asked, "correct", "Say what it is about; the model learns of it", correct);
  mend->add_option("id", asked->id, "of the list")->required();
  mend->add_option("--clause", asked->clauses, "CLASS:-1|0|1[:ASPECT]; may be given again")->required();
  CLI::App* answer =
      part(*command, asked, "reply", "A draft of an answer to a review; with --text it is sent", reply);
  answer->add_option("id", asked->id, "of the review")->required();
  answer->add_option("--text", asked->text, "the answer, as a person wrote it");
  answer->add_option("--language", asked->language, "of the draft: zh-Hans, zh-Hant, en");
  command->footer("Example: rapport feedback pains --data ./data --shop main --sort rising");
}

}  // namespace rapport::app
