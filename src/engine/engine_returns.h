#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"
#include "engine/engine_desk.h"

/// Returns: asking for one, its decision by rule or a person, and its way to the refund, by the table of
/// model/returns.h. Answers are JSON (openapi.json describes them).
namespace rapport::engine {

struct ReturnsQuery {
  std::string queue = "waiting";  ///< waiting (for a decision), open, done
  std::size_t most = 50;          ///< 1 to 500
  std::optional<EventSeq> after_offset;
};
/// waiting and open: by deadline; done: the newest first. Errors: bad_input.
void returns(Engine& engine, ShopNo shop, ReturnsQuery query, Reply<std::string> reply);
/// One return with what it may become, and every update with its answer. Reasons that are more than a word,
/// what she wrote and her photographs with `reveal` alone. Errors: not_found.
struct ReturnQuery {
  std::string id;
  bool reveal = false;
  std::optional<EventSeq> after_offset = {};
};
void return_one(Engine& engine, ShopNo shop, ReturnQuery query, Reply<std::string> reply);

/// {"order_id","reason","product_id"?,"quantity"?,"text"?,"photos"?:[hash]}. With `anonymous_id` only for
/// that visitor's own orders. Decided at once where the policy has a rule for it. Errors: bad_input,
/// not_found, conflict while another return of the same things is open.
struct ReturnRequest {
  std::string body;
  std::optional<std::string> anonymous_id;
  std::string proof = {};  ///< what her browser shows to be believed (engine_visitor.h)
};
void request_return(Engine& engine, ShopNo shop, ReturnRequest request, Reply<std::string> reply);
/// Decides by the same rules the returns that events asked for within 48 hours (not an import's, nor a
/// simulated shop's) and that nobody has seen to; how many. Those that no rule decides are told why. Cheap
/// when there are none.
void decide_told_returns(Engine& engine, ShopNo shop, Reply<std::size_t> reply);
/// {"state","amount"?,"currency"?,"reason"?}. Errors: not_found; bad_input; conflict for what the state
/// cannot become, and for a refund above what is left of the order's total; forbidden for one above what this
/// role pays back alone (decide::may_pay_return).
void update_return(Engine& engine, ShopNo shop, std::string id, std::string body, DeskWho who,
                   Reply<std::string> reply);

void return_policy(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// {"days","rules":[{"reasons":[..],"value_most"?,"photos"?,"then":"approve"|"reject"}]}. Errors: bad_input.
void publish_return_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

/// The decision id of the message that a return was paid.
std::string refund_message_id(std::string_view return_id);

}  // namespace rapport::engine
