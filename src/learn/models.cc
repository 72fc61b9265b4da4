#include "learn/als.h"
#include "learn/category_rules.h"
#include "learn/ease.h"
#include "learn/habits.h"
#include "learn/neighbours.h"
#include "learn/next_basket.h"
#include "learn/pair_rules.h"
#include "learn/popularity.h"
#include "learn/recommender.h"
#include "learn/tifu_knn.h"

// The one table of what there is to train.
namespace rapport::learn {
namespace {

using Tries = std::vector<std::map<std::string, double>>;

Tries neighbour_tries() {
  return {{{"neighbours", 100}}, {{"neighbours", 50}}, {{"neighbours", 300}}, {{"halflife", 5}},
          {{"halflife", 2}},     {{"neighbours", 20}}, {{"halflife", 10}},    {{"neighbours", 1000}}};
}

std::vector<ModelKind> all_kinds() {
  return {
      {"popularity", "how many customers took it", false, train_popularity, {}, {}, Popularity::load},
      {"personal",
       "in how many of her baskets it was, newer ones counting more",
       false,
       train_personal,
       {{{"halflife", 0}}, {{"halflife", 20}}, {{"halflife", 10}}, {{"halflife", 5}}},
       {"halflife"},
       PersonalFrequency::load},
      {"trend",
       "what many took lately, pulled to what they took at all times",
       false,
       train_trend,
       {{{"halflife", 14}}, {{"halflife", 3}}, {{"halflife", 60}}, {{"halflife", 365}}},
       {"halflife", "strength"},
       Popularity::load},
      {"due",
       "what she usually buys again about now",
       false,
       train_due,
       {{{"strength", 2}}, {{"strength", 0.5}}, {{"strength", 8}}, {{"shape", 3}}, {{"shape", 1}}},
       {"strength", "shape"},
       DueModel::load},
      {"next-basket",
       "what she takes again, what is due, what goes with it, what all take",
       false,
       train_next_basket,
       {{{"like", 0.3}},
        {{"like", 0}},
        {{"like", 0}, {"due", 0}},
        {{"like", 0}, {"due", 0.6}},
        {{"like", 0.1}},
        {{"like", 0.3}, {"own", 0.6}},
        {{"like", 0.7}},
        {{"like", 0.3}, {"halflife", 10}}},
       {"own", "due", "like", "halflife", "neighbours", "strength", "shape"},
       NextBasket::load},
      {"habits",
       "what she takes again or what many take lately, by weights learned from last baskets",
       false,
       train_habits,
       {{{"baskets", 8}}, {{"strength", 0.5}}, {{"strength", 8}}, {{"baskets", 4}}},
       {"strength", "halflife", "baskets"},
       Habits::load},
      {"item-cosine",
       "items taken by the same customers, cosine",
       false,
       train_item_cosine,
       neighbour_tries(),
       {"neighbours", "shrink", "halflife", "counts"},
       ItemNeighbours::load},
      {"item-tfidf",
       "the same, customers weighed by how choosy they are",
       false,
       train_item_tfidf,
       neighbour_tries(),
       {"neighbours", "shrink", "halflife", "counts"},
       ItemNeighbours::load},
      {"item-bm25",
       "the same, popular items damped",
       false,
       train_item_bm25,
       neighbour_tries(),
       {"neighbours", "k1", "b", "halflife", "counts"},
       ItemNeighbours::load},
      {"ease",
       "a linear model of items on items in closed form",
       false,
       train_ease,
       {{{"lambda", 200}}, {{"lambda", 50}}, {{"lambda", 800}}, {{"lambda", 200}, {"halflife", 5}}},
       {"lambda", "items", "halflife"},
       Ease::load},
      {"als",
       "factors of customers and items by implicit alternating least squares",
       true,
       train_als_model,
       {{{"reg", 0.003}},
        {{"reg", 0.001}},
        {{"reg", 0.01}},
        {{"reg", 0.03}},
        {{"reg", 0.003}, {"alpha0", 0.3}},
        {{"reg", 0.01}, {"alpha0", 0.3}},
        {{"reg", 0.003}, {"alpha0", 0.03}},
        {{"reg", 0.01}, {"alpha0", 0.03}}},
       {"factors", "sweeps", "steps", "alpha0", "reg"},
       Als::load},
      {"tifu-knn",
       "personal frequencies and those of like customers (keeps rows of customers)",
       false,
       train_tifu_knn,
       {{{"alpha", 0.7}},
        {{"alpha", 0.9}},
        {{"alpha", 0.5}},
        {{"alpha", 0.2}},
        {{"alpha", 0.2}, {"neighbours", 900}},
        {{"alpha", 0.1}},
        {{"alpha", 0.2}, {"rg", 0.6}},
        {{"alpha", 0.2}, {"neighbours", 100}}},
       {"group", "rb", "rg", "alpha", "neighbours"}},
      {"rules",
       "what goes with her last basket, by rules between pairs",
       false,
       train_pair_rules,
       {{{"count", 3}}, {{"count", 2}}, {{"count", 5}}, {{"count", 10}}},
       {"count", "most"},
       PairRules::load},
      {"category-rules",
       "what goes with the categories of her last basket",
       false,
       train_category_rules,
       {{{"count", 5}}, {{"count", 3}}, {{"count", 10}}, {{"count", 30}}},
       {"count", "most"},
       CategoryRules::load},
      {"content",
       "items described alike",
       false,
       train_content,
       neighbour_tries(),
       {"neighbours", "shrink", "halflife"},
       ItemNeighbours::load},
  };
}

}  // namespace

std::span<const ModelKind> model_kinds() {
  static const std::vector<ModelKind> kinds = all_kinds();
  return kinds;
}

}  // namespace rapport::learn
