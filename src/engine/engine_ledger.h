#pragma once

#include <string>

#include "engine/engine.h"
#include "engine/ledger_receipt.h"

/// The ledger of satisfaction records, as readers and customers meet it. Answers are JSON (openapi.json
/// describes them) unless said otherwise; every answer is of a tree that holds all that was durable when it
/// was asked for.
namespace rapport::engine {

/// {"origin", "key", "size", "root", "upto", "checkpoint"}
void ledger_status(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// The hashes of tile `number` of a level below kLedgerLevels, 32 bytes each. Errors: not_found.
inline constexpr unsigned kLedgerLevels = 8;
void ledger_tile(Engine& engine, ShopNo shop, unsigned level, std::uint64_t number, Reply<std::string> reply);
/// {"token", "record", "receipt"} for the record at the position: what it says in clear, and that it stands
/// in the ledger. Errors: not_found for a position without a record of the ledger.
void ledger_receipt(Engine& engine, ShopNo shop, EventSeq seq, Reply<std::string> reply);
/// The same for the record with this message id in the batch that ends at or holds `upto`; what an answer to
/// an event tells as its offset.
void ledger_receipt_of(Engine& engine, ShopNo shop, EventSeq upto, std::string message_id,
                       Reply<std::string> reply);
/// The same for who holds a token that one of these gave: the token names the shop and proves that its holder
/// knows the record. Errors: not_found.
void ledger_receipt_by_token(Engine& engine, std::string token, Reply<std::string> reply);
/// {"from", "to", "proof", "checkpoint"}: the tree of `to` records (0 = all) begins with that of `from`.
/// Errors: bad_input.
void ledger_consistency(Engine& engine, ShopNo shop, std::uint64_t from, std::uint64_t to,
                        Reply<std::string> reply);
/// Makes the whole tree again from the log and compares. As ledger_status. Errors: corrupt naming what
/// differs.
void ledger_verify(Engine& engine, ShopNo shop, Reply<std::string> reply);

}  // namespace rapport::engine
