#include "engine/engine_models.h"

#include <algorithm>
#include <thread>

#include "base/log.h"
#include "codec/json_writer.h"
#include "decide/recommend.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/model_notes.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/recommend_parts.h"
#include "engine/detail/taken.h"
#include "engine/engine_needs.h"
#include "learn/artefact.h"
#include "learn/evaluate.h"

// Models of a shop: trained, kept, listed, judged.
namespace rapport::engine {
namespace {

constexpr std::size_t kModelsMost = 32;

/// What is trained when nobody says otherwise, and on what.
constexpr std::string_view kShipped[] = {"popularity", "trend",          "due",       "habits", "next-basket",
                                         "rules",      "category-rules", "item-bm25", "als",    "content"};

std::string_view basis_of(std::string_view model) {
  if (model == "content") return "attributes";
  return model.starts_with("item-") || model == "als" || model == "ease" ? "all" : "purchases";
}

unsigned training_threads() {
  // One thread is left to those who are served meanwhile.
  return std::max(1U, std::thread::hardware_concurrency() - 1);
}

Result<std::vector<std::string>> texts_of(const NounMembers& body, std::string_view name) {
  std::vector<std::string> texts;
  const codec::JsonValue list = body.find(name);
  if (!list.present() || list.is_null()) return texts;
  if (!list.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "this is no list", std::string(name), "[\"item-bm25\", ...]"};
  for (codec::JsonItems items(list); items.next();) {
    if (!items.value().is(codec::JsonKind::string) || texts.size() == kModelsMost)
      return Error{Errc::bad_input, "this is no list of names", std::string(name),
                   fmt::format("up to {} texts", kModelsMost)};
    texts.push_back(items.value().text());
  }
  return texts;
}

Result<std::vector<learn::ModelSpec>> specs_of(const NounMembers& body) {
  RAPPORT_TRY(std::vector<std::string> names, texts_of(body, "models"));
  if (names.empty()) names.assign(std::begin(kShipped), std::end(kShipped));
  std::vector<learn::ModelSpec> specs;
  for (const std::string& name : names) {
    RAPPORT_TRY(learn::ModelSpec spec, learn::parse_model_spec(name));
    const learn::ModelKind* kind = learn::find_model_kind(spec.name);
    if (kind == nullptr || kind->load == nullptr)
      return Error{Errc::bad_input, fmt::format("no model '{}' is kept by a shop", spec.name), "models",
                   "one of rapport evaluate --help, but not tifu-knn"};
    specs.push_back(std::move(spec));
  }
  return specs;
}

/// How a model of tastes did on each customer's last basket.
struct Judged {
  std::string model;
  learn::Estimate ndcg;
};

/// Holds the models of tastes against each other and puts the best of them first, which then serves.
Status put_best_first(learn::ModelSet& set, const ShopInteractions& data, std::vector<Judged>& judged) {
  learn::EvaluateOptions options;
  options.split.by = learn::SplitBy::last_basket;
  options.k = {10};
  options.seeds = 1;
  options.threads = training_threads();
  std::vector<std::size_t> places;
  for (std::size_t m = 0; m < set.models.size(); ++m) {
    if (!decide::is_taste(set.models[m].spec)) continue;
    places.push_back(m);
    RAPPORT_TRY(learn::ModelSpec spec, learn::parse_model_spec(set.models[m].spec));
    options.models.push_back(std::move(spec));
  }
  if (places.empty()) return {};
  RAPPORT_TRY(const learn::Evaluation evaluation,
              learn::evaluate(data.all, options, [](const std::string&) {}));
  std::size_t best = places.front();
  double most = -1;
  for (const std::size_t place : places) {
    for (const learn::ModelOutcome& outcome : evaluation.models) {
      if (outcome.spec.text() != set.models[place].spec) continue;
      const auto ndcg = std::find_if(outcome.metrics.begin(), outcome.metrics.end(),
                                     [](const learn::MetricRow& row) { return row.name == "ndcg@10"; });
      if (ndcg == outcome.metrics.end()) continue;
      judged.push_back({set.models[place].spec, ndcg->value});
      if (ndcg->value.mean > most) best = place;
      most = std::max(most, ndcg->value.mean);
    }
  }
  const auto first = set.models.begin() + static_cast<std::ptrdiff_t>(places.front());
  const auto winner = set.models.begin() + static_cast<std::ptrdiff_t>(best);
  std::rotate(first, winner, winner + 1);
  return {};
}

/// The category of each product alone, as an attribute of it; none for what the book does not know yet.
std::vector<std::vector<std::uint32_t>> categories_of(const TakenByAll& taken,
                                                      const decide::OfferBook& book) {
  std::vector<std::vector<std::uint32_t>> categories(taken.products.size() - 1);
  for (std::size_t item = 0; item < std::min(categories.size(), book.products()); ++item) {
    const std::uint32_t category = book.category(static_cast<decide::OfferNo>(item));
    if (category != 0) categories[item] = {category};
  }
  return categories;
}

/// Trains every model that the data carry.
Result<learn::ModelSet> train_set(const TakenByAll& taken, const decide::OfferBook& book,
                                  const std::vector<learn::ModelSpec>& specs,
                                  std::vector<std::pair<std::string, std::string>>& left_out,
                                  std::vector<Judged>* judged) {
  RAPPORT_TRY(const ShopInteractions data, interactions_of(taken));
  learn::TrainContext context;
  context.threads = training_threads();
  context.attributes = &data.attributes;
  learn::ModelSet set;
  set.trained_ms = taken.now.ms;
  set.position = taken.position.value;
  set.customers = taken.customers.size();
  set.purchases = taken.purchases;
  set.views = taken.views;
  set.baskets = data.baskets;
  set.items.assign(taken.products.begin() + 1, taken.products.end());
  const auto categories = categories_of(taken, book);
  for (const learn::ModelSpec& spec : specs) {
    const std::string_view basis = basis_of(spec.name);
    context.attributes = spec.name == "category-rules" ? &categories : &data.attributes;
    auto model = learn::train_model(spec, basis == "purchases" ? data.purchases : data.all, context);
    if (model.ok()) {
      set.models.push_back({spec.text(), std::string(basis), std::move(*model)});
    } else if (model.error().code == Errc::refused) {
      left_out.emplace_back(spec.text(), model.error().message);
    } else {
      return std::move(model).error().at("models");
    }
  }
  if (set.models.empty())
    return Error{Errc::refused, "the data carry none of these models: " + left_out.front().second, "models"};
  if (judged != nullptr) RAPPORT_CHECK(put_best_first(set, data, *judged));
  return set;
}

void write_models(codec::JsonWriter& json, const Shelf::Models& models) {
  const learn::ModelSet& set = models.set;
  json.field("trained_at", Instant{set.trained_ms});
  write_trained_on(json, models);
  json.key("models");
  json.begin_array();
  const learn::KeptModel* likes = decide::serving_like(set);
  for (const learn::KeptModel& kept : set.models) {
    json.begin_object();
    const learn::ModelKind* kind =
        learn::find_model_kind(std::string_view(kept.spec).substr(0, kept.spec.find(':')));
    json.field("model", kept.spec);
    json.field("learned_from", kept.basis);
    json.field("what", kind == nullptr ? std::string_view() : kind->what);
    json.field("serves_like", &kept == likes);
    json.end_object();
  }
  json.end_array();
  write_left_out(json, models);
}

Error still_serving(Error error, Shelf& shelf) {
  const auto current = shelf.current();
  if (!current.ok() || *current == nullptr) {
    error.message += "; no models serve";
  } else {
    error.message +=
        fmt::format("; the models of {} go on serving", format_instant(Instant{(*current)->set.trained_ms}));
  }
  return error;
}

/// One training of a shop at a time.
class OneTraining {
 public:
  explicit OneTraining(std::atomic<bool>& under_way) : under_way_(under_way) {
    owns_ = !under_way_.exchange(true);
  }
  ~OneTraining() {
    if (owns_) under_way_ = false;
  }
  OneTraining(const OneTraining&) = delete;
  bool owns() const { return owns_; }

 private:
  std::atomic<bool>& under_way_;
  bool owns_ = false;
};

void write_judged(codec::JsonWriter& json, const std::vector<Judged>& judged) {
  json.key("judged");
  json.begin_array();
  for (const Judged& one : judged) {
    json.begin_object();
    json.field("model", one.model);
    for (const auto& [name, value] :
         {std::pair{"ndcg_10", one.ndcg.mean}, {"low", one.ndcg.low}, {"high", one.ndcg.high}}) {
      json.key(name);
      json.real(value);
    }
    json.end_object();
  }
  json.end_array();
}

Result<std::string> train(Inquiry& inquiry, const std::string& body) {
  ShopUnit& unit = inquiry.unit();
  const OneTraining guard(unit.training);
  if (!guard.owns())
    return Error{Errc::conflict, "a training of this shop is under way", "", "again when it is done"};
  RAPPORT_TRY(const auto members, NounMembers::parse(body.empty() ? "{}" : body));
  RAPPORT_TRY(const auto specs, specs_of(*members));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::int64_t began = monotonic_ns();
  std::vector<std::pair<std::string, std::string>> left_out;
  const bool judges = members->raw("judge") == "true";
  std::vector<Judged> judged;
  TimeSpan span;
  const auto attempt = [&]() -> Result<std::shared_ptr<const Shelf::Models>> {
    RAPPORT_TRY(const TakenByAll taken, copy_taken(unit.shop));
    span = purchases_span(taken);
    RAPPORT_TRY(const auto serving, unit.recommend_desk.refresh());
    RAPPORT_TRY(learn::ModelSet set,
                train_set(taken, *serving->book, specs, left_out, judges ? &judged : nullptr));
    return unit.shelf.replace(std::move(set), left_out, now);
  };
  const auto trained = attempt();
  if (!trained.ok()) {
    unit.shelf.failed(trained.error(), now);
    keep_note(unit.shelf, failure_note(now, trained.error()));
    return still_serving(trained.error(), unit.shelf);
  }
  unit.recommend_desk.models_changed();
  const std::int64_t took_ms = (monotonic_ns() - began) / 1'000'000;
  keep_note(unit.shelf, training_note(**trained, now, span, took_ms));
  const auto needs = predict_needs(inquiry);
  if (!needs.ok())
    log(LogLevel::warn, "needs could not be predicted; the calendar tries again",
        {{"shop", unit.shop.info().name}, {"why", needs.error().describe()}});
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  write_models(json, **trained);
  if (judges) write_judged(json, judged);
  json.field("needs_predicted", needs.ok() ? *needs : 0);
  json.key("seconds");
  json.thousandths(took_ms);
  json.end_object();
  return text;
}

Result<std::string> list(Inquiry& inquiry) {
  Shelf& shelf = inquiry.unit().shelf;
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  const auto current = shelf.current();
  json.field("serving", current.ok() && *current != nullptr);
  json.field("training", inquiry.unit().training.load());
  if (current.ok() && *current != nullptr) write_models(json, **current);
  if (!current.ok()) json.field("damage", current.error().describe());
  RAPPORT_TRY(const auto attempt, shelf.last_attempt());
  json.key("last_training");
  if (!attempt) {
    json.null();
  } else {
    json.begin_object();
    json.field("at", attempt->at);
    json.field("succeeded", attempt->failure.empty());
    if (!attempt->failure.empty()) json.field("why", attempt->failure);
    json.end_object();
  }
  json.end_object();
  return text;
}

Result<unsigned> whole(const NounMembers& body, std::string_view name, unsigned fallback) {
  const codec::JsonValue value = body.find(name);
  if (!value.present() || value.is_null()) return fallback;
  const auto number = value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
  if (!number || *number < 0 || *number > 1'000'000)
    return Error{Errc::bad_input, "this is no whole number", std::string(name), "0 .. 1000000"};
  return static_cast<unsigned>(*number);
}

Result<learn::EvaluateOptions> evaluate_options(const NounMembers& body) {
  learn::EvaluateOptions options;
  RAPPORT_TRY(std::vector<std::string> names, texts_of(body, "models"));
  if (names.empty()) names = {"next-basket", "item-bm25", "als", "rules"};
  for (const std::string& name : names) {
    RAPPORT_TRY(learn::ModelSpec spec, learn::parse_model_spec(name));
    options.models.push_back(std::move(spec));
  }
  const std::string split = body.text("split"), repeats = body.text("repeats");
  RAPPORT_TRY(options.split.by, learn::parse_split(split.empty() ? "time" : split));
  options.split.repeats = repeats == "yes"  ? learn::Repeats::yes
                          : repeats == "no" ? learn::Repeats::no
                                            : learn::Repeats::unknown;
  options.split.hidden_share = body.number("hidden").value_or(options.split.hidden_share);
  RAPPORT_TRY(options.seeds, whole(body, "seeds", options.seeds));
  RAPPORT_TRY(options.tune, whole(body, "tune", options.tune));
  RAPPORT_TRY(options.split.seed, whole(body, "seed", static_cast<unsigned>(options.split.seed)));
  RAPPORT_TRY(options.replicates, whole(body, "replicates", static_cast<unsigned>(options.replicates)));
  options.against = body.text("against");
  const codec::JsonValue lengths = body.find("k");
  if (lengths.present() && lengths.is(codec::JsonKind::array)) {
    options.k.clear();
    for (codec::JsonItems items(lengths); items.next();) {
      const auto length = items.value().is(codec::JsonKind::number) ? items.value().integer() : std::nullopt;
      if (!length || *length < 1) return Error{Errc::bad_input, "this is no list length", "k", "[10, 20]"};
      options.k.push_back(static_cast<unsigned>(*length));
    }
    std::sort(options.k.begin(), options.k.end());
  }
  options.threads = training_threads();
  return options;
}

Result<std::string> judge(Inquiry& inquiry, const std::string& body) {
  RAPPORT_TRY(const auto members, NounMembers::parse(body.empty() ? "{}" : body));
  RAPPORT_TRY(learn::EvaluateOptions options, evaluate_options(*members));
  RAPPORT_TRY(const TakenByAll taken, copy_taken(inquiry.unit().shop));
  RAPPORT_TRY(const ShopInteractions data, interactions_of(taken));
  options.attributes = &data.attributes;
  const bool views = members->raw("views") == "true";
  const std::int64_t began = monotonic_ns();
  RAPPORT_TRY(const learn::Evaluation evaluation,
              learn::evaluate(views ? data.all : data.purchases, options, [](const std::string&) {}));
  keep_note(inquiry.unit().shelf, judgement_note(evaluation, taken, (monotonic_ns() - began) / 1'000'000));
  return members->raw("text") == "true" ? learn::evaluation_text(evaluation)
                                        : learn::evaluation_json(evaluation);
}

}  // namespace

void train_models(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop, [body = std::move(body)](Inquiry& inquiry) { return train(inquiry, body); }, std::move(reply));
}

void models(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(shop, list, std::move(reply));
}

void models_history(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto notes, inquiry.unit().shelf.notes());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("history");
        json.begin_array();
        for (auto note = notes.rbegin(); note != notes.rend(); ++note) json.raw(*note);
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void evaluate_models(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop, [body = std::move(body)](Inquiry& inquiry) { return judge(inquiry, body); }, std::move(reply));
}

}  // namespace rapport::engine
