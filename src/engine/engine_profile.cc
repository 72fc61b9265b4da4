#include <algorithm>
#include <map>

#include "codec/survey.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/service_profile.h"
#include "engine/engine_packages.h"
#include "model/catalogue_ids.h"

// One service against the ordinary service: what the facts, the surveys and the studies say.
namespace rapport::engine {
namespace {

namespace k = model::kind;

/// Counts of customers by service; `high` = holders in the segment high_value.
constexpr std::string_view kHoldersSql =
    "WITH high AS (SELECT DISTINCT customer FROM segments WHERE segment = 'high_value') SELECT service_id, "
    "count(*) FILTER (WHERE bought > 0 OR entitled > 0) AS held, count(*) FILTER (WHERE (bought > 0 OR "
    "entitled "
    "> 0) AND booked > 0) AS booked, count(*) FILTER (WHERE bought > 0) AS paid, count(*) FILTER (WHERE "
    "(bought > "
    "0 OR entitled > 0) AND renewed > 0) AS renewed, count(*) FILTER (WHERE (bought > 0 OR entitled > 0) AND "
    "customer IN (SELECT customer FROM high)) AS high, sum(delivered)::DOUBLE AS delivered, sum(late + "
    "errors)::DOUBLE AS wrong, count(rating) AS ratings, coalesce(sum(rating::DOUBLE), 0) AS rating_sum, "
    "coalesce(sum(rating::DOUBLE * rating::DOUBLE), 0) AS rating_squares FROM service_life WHERE customer IS "
    "NOT "
    "NULL GROUP BY service_id ORDER BY service_id";

struct Counts {
  double held = 0, booked = 0, paid = 0, renewed = 0, high = 0, delivered = 0, wrong = 0;
  Sums ratings;
};

void add_counts(const model::Table& table, const std::string& service, Counts& to) {
  const std::size_t row = row_of(table, "service_id", service);
  const std::pair<std::string_view, double*> columns[] = {{"held", &to.held},
                                                          {"booked", &to.booked},
                                                          {"paid", &to.paid},
                                                          {"renewed", &to.renewed},
                                                          {"high", &to.high},
                                                          {"delivered", &to.delivered},
                                                          {"wrong", &to.wrong},
                                                          {"ratings", &to.ratings.n},
                                                          {"rating_sum", &to.ratings.sum},
                                                          {"rating_squares", &to.ratings.squares}};
  for (const auto& [name, sum] : columns) *sum += cell(table, name, row);
}

class Profiling {
 public:
  Profiling(Inquiry& inquiry, ServiceProfile& out) : inquiry_(inquiry), out_(out) {
    for (std::size_t i = 0; i < kProfileDimensions.size(); ++i)
      out_.dimensions[i].name = kProfileDimensions[i];
  }

  Status run() {
    RAPPORT_CHECK(choose_ordinary());
    RAPPORT_TRY(const model::Table table, inquiry_.table(std::string(kHoldersSql)));
    add_counts(table, out_.service, own_);
    for (const std::string& id : out_.ordinary) add_counts(table, id, ordinary_);
    take_facts();
    RAPPORT_CHECK(take_worth());
    return take_surveys();
  }

 private:
  void add(std::string_view dimension, std::optional<Evidence> evidence) {
    for (Dimension& one : out_.dimensions) {
      if (one.name == dimension && evidence) one.evidence.push_back(std::move(*evidence));
    }
  }

  Status choose_ordinary() {
    RAPPORT_TRY(const auto services, inquiry_.nouns(k::service_published));
    std::vector<std::string> rest;
    bool found = false;
    for (const auto& [id, text] : services) {
      const auto noun = NounMembers::parse(text);
      if (!noun.ok()) continue;
      const std::string layer = (*noun)->text("layer");
      if (id == out_.service) {
        found = true;
        out_.name = id;
        for (const std::string_view member : {"title", "name"}) {
          if (std::string name = (*noun)->text(member); !name.empty()) out_.name = std::move(name);
        }
        out_.layer = layer.empty() ? "augmented" : layer;
        continue;
      }
      rest.push_back(id);
      if (layer == "core" || layer == "actual") out_.ordinary.push_back(id);
    }
    if (!found) return Error{Errc::not_found, "no such service", "id", "one of GET /v1/services"};
    out_.ordinary_is_rest = out_.ordinary.empty();
    if (out_.ordinary_is_rest) out_.ordinary = std::move(rest);
    return {};
  }

  void take_facts() {
    const Counts &a = own_, &b = ordinary_;
    add("customisation",
        share_evidence({"share of holders who booked a time of their own", "预约了自己时间的持有者比例"},
                       a.booked, a.held, b.booked, b.held));
    add("charging", share_evidence({"share of holders who paid for it by itself", "单独付费购买的持有者比例"},
                                   a.paid, a.held, b.paid, b.held));
    add("experience", mean_evidence("facts", {"mean rating of those who rated it", "评分者的平均评分"},
                                    a.ratings, b.ratings));
    add("experience",
        share_evidence({"share of deliveries on time and without an error", "准时且无差错的交付比例"},
                       std::max(0.0, a.delivered - a.wrong), a.delivered,
                       std::max(0.0, b.delivered - b.wrong), b.delivered));
    add("advantage", share_evidence({"share of holders who renewed", "续用的持有者比例"}, a.renewed, a.held,
                                    b.renewed, b.held));
    add("positioning",
        share_evidence({"share of high-value customers among its holders", "持有者中高价值客户的比例"},
                       a.high, a.held, b.high, b.held));
  }

  /// What a study or verdict says that it brings, a holder: against nothing, for that is what an effect is.
  Status take_worth() {
    RAPPORT_TRY(const model::Table life, inquiry_.table(std::string(kServiceLifeSql)));
    RAPPORT_TRY(const ServiceWorths worths, service_worths(inquiry_, life));
    const auto told = worths.told.find(out_.service);
    if (told == worths.told.end() || own_.held < kProfileLeast) return {};
    constexpr double kZ95 = 1.959963984540054;
    Evidence out{.source = "study", .unit = "currency"};
    out.measure = {fmt::format("benefit a holder by {}", told->second.study_id),
                   fmt::format("每位持有者的收益（{}）", told->second.study_id)};
    const double each = told->second.amount / own_.held, se = told->second.se / own_.held;
    out.own = {each, own_.held, {each - kZ95 * se, each + kZ95 * se}};
    out.difference = each;
    out.difference_interval = out.own.interval;
    add("added_value", std::move(out));
    return {};
  }

  /// Answers to items that name one of the six dimensions, in surveys about this service and about the
  /// ordinary ones; of one scale only.
  Status take_surveys() {
    RAPPORT_TRY(const auto surveys, inquiry_.nouns(k::survey_published));
    struct Asked {
      Sums own, ordinary;
    };
    std::map<std::pair<std::string, std::string>, Asked> asked;  // dimension, scale
    for (const auto& [id, text] : surveys) {
      const auto survey = codec::parse_survey(text);
      if (!survey.ok()) continue;
      const bool own = survey->service_id == out_.service;
      const bool other =
          std::find(out_.ordinary.begin(), out_.ordinary.end(), survey->service_id) != out_.ordinary.end();
      if (!own && !other) continue;
      for (const model::SurveyItem& item : survey->items) {
        const bool ours = std::find(kProfileDimensions.begin(), kProfileDimensions.end(), item.dimension) !=
                          kProfileDimensions.end();
        if (!ours || item.type != model::ItemType::scale) continue;
        Asked& to = asked[{item.dimension, fmt::format("{} - {}", item.low, item.high)}];
        RAPPORT_CHECK(add_answers(id, item, own ? to.own : to.ordinary));
      }
    }
    for (const auto& [key, sums] : asked) {
      add(key.first, mean_evidence("survey",
                                   {fmt::format("mean answer ({})", key.second),
                                    fmt::format("问卷平均分（{}）", key.second)},
                                   sums.own, sums.ordinary));
    }
    return {};
  }

  Status add_answers(const std::string& survey, const model::SurveyItem& item, Sums& to) {
    std::string name;
    for (const char c : survey) name += c == '\'' ? std::string("''") : std::string(1, c);
    // A turned item counts from the other end. Item names hold no quotes.
    const std::string value = item.reverse ? fmt::format("({} - value::DOUBLE)", item.low + item.high)
                                           : std::string("value::DOUBLE");
    RAPPORT_TRY(const model::Table table,
                inquiry_.table(
                    fmt::format("SELECT count(*) AS n, coalesce(sum(x), 0) AS s, coalesce(sum(x * x), 0) AS "
                                "q FROM (SELECT {} AS x FROM survey_answers WHERE survey_id = '{}' AND item "
                                "= '{}')",
                                value, name, item.item)));
    to.n += cell(table, "n", 0);
    to.sum += cell(table, "s", 0);
    to.squares += cell(table, "q", 0);
    return {};
  }

  Inquiry& inquiry_;
  ServiceProfile& out_;
  Counts own_, ordinary_;
};

}  // namespace

void service_profile(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        ServiceProfile profile;
        profile.service = id;
        RAPPORT_CHECK(Profiling(inquiry, profile).run());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        write_profile(json, profile);
        json.field("currency", inquiry.currency().text());
        json.field("known_at", inquiry.known_at());
        json.end_object();
        return text;
      },
      std::move(reply));
}

}  // namespace rapport::engine
