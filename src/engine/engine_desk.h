#pragma once

#include <string>

#include "engine/engine.h"

/// What agents do on tickets beside answering: refunds, coupons and appointments within the desk's policy,
/// and written answers (docs/desk.md). Answers are JSON (openapi.json describes them); positions in them are
/// durable and folded.
namespace rapport::engine {

/// Who acts, as events name staff, and in what role of the console.
struct DeskWho {
  std::string name, role;
  bool reveal = true;  ///< may read what is written of customers
};

/// What agents may do: as published, or what is shipped.
void desk_policy(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// Errors: bad_input naming the member.
void publish_desk_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

struct DeskActionAsk {
  std::string ticket, body;
  DeskWho who;
};
/// {"action":"refund"|"coupon"|"appointment","key","reason","order_id"?,"amount"?,"value"?,"coupon_id"?,
/// "service_id"?,"for"?}: done at once, or waits for a second person. The same key on the same ticket is the
/// same action, however often it is sent. Errors: bad_input; not_found; forbidden for a role that may not;
/// refused beyond a limit, naming it; conflict for a key that was used for something else.
void act_on_ticket(Engine& engine, ShopNo shop, DeskActionAsk ask, Reply<std::string> reply);

struct DeskDecision {
  std::string ticket, action, body;  ///< {"approve":true|false,"reason"?}
  DeskWho who;
};
/// A second person lets a waiting action through, or does not. Errors: not_found; forbidden; refused when it
/// is beyond a limit by now; conflict for one that does not wait.
void decide_desk_action(Engine& engine, ShopNo shop, DeskDecision decision, Reply<std::string> reply);

/// What was done and what waits on one ticket, and what this person may do there; reasons that are more than
/// a word where he may read them. Errors: not_found.
void ticket_actions(Engine& engine, ShopNo shop, std::string ticket, DeskWho who, Reply<std::string> reply);
/// What waits for a second person, oldest first.
void waiting_desk_actions(Engine& engine, ShopNo shop, bool reveal, Reply<std::string> reply);

/// Written answers.
void macros(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// Errors: not_found.
void macro(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);
/// {"title"?,"texts":{"zh-Hans":..,"zh-Hant":..,"en":..},"state"?,"class"?,"action"?,"closed"?}. Errors:
/// bad_input naming the member, also for a placeholder that nothing fills.
void publish_macro(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);

struct MacroAsk {
  std::string ticket, macro, language;  ///< "" = the customer's, else the first that the macro has
  DeskWho who;                          ///< for `{agent}`: what the roster calls him
};
/// The text for this ticket's customer, its placeholders filled; `missing` names those without a fact.
/// Errors: not_found.
void fill_macro(Engine& engine, ShopNo shop, MacroAsk ask, Reply<std::string> reply);

struct DeskReply {
  std::string ticket, body;
  DeskWho who;
};
/// {"text"?,"macro"?,"language"?,"agent"?}: writes to the customer in the ticket's conversation; with a macro
/// its steps are done in the same write, and without a text its own is sent. Errors: not_found; bad_input;
/// refused while a placeholder has no fact, naming it.
void reply_on_ticket(Engine& engine, ShopNo shop, DeskReply asked, Reply<std::string> reply);

/// {"satisfied":bool,"note"?,"agent"?}: what she said when she was called back. Satisfied closes the ticket;
/// otherwise it is opened again and escalated. Errors: not_found; bad_input; conflict for a ticket that is
/// not solved.
void call_back_ticket(Engine& engine, ShopNo shop, DeskReply asked, Reply<std::string> reply);

/// The link under which the customer sees the record of her case. Errors: not_found.
void case_link(Engine& engine, ShopNo shop, std::string ticket, Reply<std::string> reply);
/// What was said and done when, what was promised and whether it was kept, receipts, the outcome; nothing of
/// what the staff thinks or who they are. Errors: not_found for a token that is none, and for one whose
/// customer was erased: the same for both.
void case_record(Engine& engine, std::string token, Reply<std::string> reply);

struct FeedbackAnswerAsk {
  std::string body;
  DeskWho who;
};
/// "You said, we did":
/// {"answer_id","texts":{..},"about":{"phrase"?,"class"?,"aspect"?,"product_id"?,"days"?},
/// "preview"?:true,"expect"?:n}. With `preview` it only counts; else it tells every author once, when there
/// are as many as `expect` says. Praise and blame alike: neither can be asked for. Errors: bad_input naming
/// the member; conflict when there are more or fewer authors by now.
void answer_feedback(Engine& engine, ShopNo shop, FeedbackAnswerAsk ask, Reply<std::string> reply);
/// What was answered, each with how many heard of it.
void feedback_answers(Engine& engine, ShopNo shop, Reply<std::string> reply);

}  // namespace rapport::engine
