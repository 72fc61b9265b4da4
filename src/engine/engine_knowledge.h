#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

/// What the shop knows, for page, assistant and agent: answers that people wrote (Content Published of kind
/// answer) and the facts of its products. Answers are JSON texts (docs/knowledge.md).
namespace rapport::engine {

struct AnswersQuery {
  std::string question;    ///< "" = those about the product
  std::string product_id;  ///< in view; "" = any
  std::string language;    ///< zh-Hans, zh-Hant, en
  std::size_t most = 5;    ///< 1 .. 20
};
/// What stands and is no draft, best match first; for everybody.
void shop_answers(Engine& engine, ShopNo shop, AnswersQuery query, Reply<std::string> reply);

struct KnowledgeQuery {
  std::string query;  ///< part of a wording, an answer or an id; "" = all
  std::string state;  ///< draft, standing, not_yet, over; "" = any
  std::size_t most = 200;
  std::optional<EventSeq> after;
};
/// Errors: bad_input.
void knowledge(Engine& engine, ShopNo shop, KnowledgeQuery query, Reply<std::string> reply);

/// {"title"?,"questions":[..],"answer":{"zh-Hans"?,"zh-Hant"?,"en"?},"product_id"?,"category"?,"intent"?,"media"?:[..],"from"?,
/// "until"?,"draft"?}: the whole of it. Errors: bad_input naming the member; conflict for the id of other
/// content.
void publish_knowledge(Engine& engine, ShopNo shop, std::string id, std::string body,
                       Reply<std::string> reply);

/// What cannot both be so. `after`: read your writes.
void knowledge_contradictions(Engine& engine, ShopNo shop, std::optional<EventSeq> after,
                              Reply<std::string> reply);

}  // namespace rapport::engine
