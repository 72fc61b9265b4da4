#include "engine/engine_ledger.h"

#include <charconv>

#include "codec/json_writer.h"
#include "codec/properties_json.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/receipt_token.h"

// The ledger's doors.
namespace rapport::engine {
namespace {

/// So much of the leaf's hash stands in a token: who has it has seen the record.
constexpr std::size_t kTokenHashBytes = 16;

struct Found {
  std::string leaf;
  std::string event;  ///< its name
  Instant event_time, received;
  std::string properties;
};

/// The record at `seq`; with a message id, the record of that id in the batch that holds `seq`.
Result<std::pair<EventSeq, Found>> find_record(Inquiry& inquiry, EventSeq seq,
                                               std::string_view message_id = {}) {
  std::optional<std::pair<EventSeq, Found>> found;
  Status damaged;
  const Error none{Errc::not_found, "no record of the ledger stands at this position", "seq"};
  if (seq.value == 0 || seq > inquiry.known_at()) return none;
  const auto look = [&](const store::StoredBatch& batch) -> Status {
    RAPPORT_TRY(auto whole, codec::BatchReader::open(batch.bytes));
    RAPPORT_TRY(auto stored, codec::StoredRecords::open(batch.bytes));
    model::RecordView record;
    codec::StoredRecord bytes;
    while (whole.next(record) && stored.next(bytes)) {
      const bool wanted = message_id.empty() ? record.seq == seq : record.message_id == message_id;
      if (!wanted || !is_satisfaction_record(bytes)) continue;
      const model::EventSpec* spec = model::find_event(record.kind);
      Found one{ledger_leaf(record.seq, record.received, bytes.bytes), std::string(spec->name),
                record.event_time, record.received, codec::properties_json(record.clear, inquiry.currency())};
      found.emplace(record.seq, std::move(one));
    }
    return whole.status();
  };
  RAPPORT_CHECK(
      inquiry.store().read(inquiry.unit().shop.info().shop, seq, seq, [&](const store::StoredBatch& batch) {
        damaged = look(batch);
        return store::Walk::stop;
      }));
  RAPPORT_CHECK(damaged);
  if (!found) return none;
  return std::move(*found);
}

std::string token_of(ShopNo shop, EventSeq seq, std::string_view leaf) {
  return fmt::format("{}.{}.{}", shop.value, seq.value,
                     digest_hex(views::leaf_hash(leaf)).substr(0, 2 * kTokenHashBytes));
}

}  // namespace

Result<std::string> receipt_token(Inquiry& inquiry, EventSeq seq) {
  RAPPORT_TRY(const auto found, find_record(inquiry, seq));
  return token_of(inquiry.unit().shop.info().shop, found.first, found.second.leaf);
}

namespace {

Result<std::string> receipt_answer(Inquiry& inquiry, EventSeq seq, const Found& record) {
  Ledger& ledger = inquiry.unit().ledger;
  RAPPORT_CHECK(ledger.catch_up());
  RAPPORT_TRY(const LedgerHead head, ledger.head());
  RAPPORT_TRY(const LedgerSigner signer, ledger.signer());
  LedgerReceipt receipt;
  receipt.seq = seq;
  RAPPORT_TRY(receipt.index, ledger.index_of(seq));
  RAPPORT_TRY(receipt.proof, ledger.inclusion(receipt.index, head.size));
  receipt.leaf = record.leaf;
  receipt.checkpoint = signer.sign(head.size, head.root);
  receipt.verifier_key = signer.verifier_key();
  // What leaves here has been checked as its holder will check it.
  RAPPORT_CHECK(check_receipt(receipt, signer.verifier_key()));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("token", token_of(inquiry.unit().shop.info().shop, seq, record.leaf));
  json.key("record");
  json.begin_object();
  json.field("event", record.event);
  json.field("event_time", record.event_time);
  json.field("received", record.received);
  json.key("properties");
  json.raw(record.properties);
  json.end_object();
  json.key("receipt");
  json.raw(receipt_json(receipt));
  json.end_object();
  return text;
}

/// The signed note of the first `size` records.
Result<std::string> checkpoint_of(Ledger& ledger, const LedgerHead& head, std::uint64_t size) {
  if (size == head.size) {
    RAPPORT_TRY(std::string note, ledger.checkpoint());
    // The tree may have grown in between; then the note is of the one that was asked for.
    if (note.find(fmt::format("\n{}\n", size)) != std::string::npos) return note;
  }
  RAPPORT_TRY(const Digest root, ledger.root_of(size));
  RAPPORT_TRY(const LedgerSigner signer, ledger.signer());
  return signer.sign(size, root);
}

Result<std::string> status_answer(Inquiry& inquiry, const LedgerHead& head) {
  RAPPORT_TRY(const LedgerSigner signer, inquiry.unit().ledger.signer());
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("origin", signer.origin());
  json.field("key", signer.verifier_key());
  json.field("size", head.size);
  json.field("root", to_base64(as_view(head.root)));
  json.field("upto", head.upto);
  json.field("checkpoint", signer.sign(head.size, head.root));
  json.end_object();
  return text;
}

}  // namespace

void ledger_status(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(inquiry.unit().ledger.catch_up());
        RAPPORT_TRY(const LedgerHead head, inquiry.unit().ledger.head());
        return status_answer(inquiry, head);
      },
      std::move(reply));
}

static_assert(kLedgerLevels == views::kTileLevels);

void ledger_tile(Engine& engine, ShopNo shop, unsigned level, std::uint64_t number,
                 Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [level, number](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(inquiry.unit().ledger.catch_up());
        return inquiry.unit().ledger.tile({level, number});
      },
      std::move(reply));
}

void ledger_receipt(Engine& engine, ShopNo shop, EventSeq seq, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [seq](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto found, find_record(inquiry, seq));
        return receipt_answer(inquiry, found.first, found.second);
      },
      std::move(reply));
}

void ledger_receipt_of(Engine& engine, ShopNo shop, EventSeq upto, std::string message_id,
                       Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [upto, message_id = std::move(message_id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto found, find_record(inquiry, upto, message_id));
        return receipt_answer(inquiry, found.first, found.second);
      },
      std::move(reply));
}

void ledger_receipt_by_token(Engine& engine, std::string token, Reply<std::string> reply) {
  const Error none{Errc::not_found, "no receipt of this shop's ledger", "token",
                   "the token that came with the receipt"};
  std::uint64_t shop = 0, seq = 0;
  const char* const end = token.data() + token.size();
  const auto first = std::from_chars(token.data(), end, shop);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.' || shop == 0 || shop > 0xffff)
    return reply(none);
  const auto second = std::from_chars(first.ptr + 1, end, seq);
  if (second.ec != std::errc{} || second.ptr == end || *second.ptr != '.') return reply(none);
  engine.inquire_quickly(
      ShopNo{static_cast<std::uint16_t>(shop)},
      [none, seq = EventSeq{seq}, token = std::move(token)](Inquiry& inquiry) -> Result<std::string> {
        const auto found = find_record(inquiry, seq);
        // One answer for what is not there and for who cannot know it.
        const bool knows = found.ok() && equal_in_constant_time(token_of(inquiry.unit().shop.info().shop,
                                                                         found->first, found->second.leaf),
                                                                token);
        if (!knows) return none;
        return receipt_answer(inquiry, found->first, found->second);
      },
      std::move(reply));
}

void ledger_consistency(Engine& engine, ShopNo shop, std::uint64_t from, std::uint64_t to,
                        Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [from, to](Inquiry& inquiry) -> Result<std::string> {
        Ledger& ledger = inquiry.unit().ledger;
        RAPPORT_CHECK(ledger.catch_up());
        RAPPORT_TRY(const LedgerHead head, ledger.head());
        const std::uint64_t size = to == 0 ? head.size : to;
        RAPPORT_TRY(const auto proof, ledger.consistency(from, size));
        RAPPORT_TRY(const std::string checkpoint, checkpoint_of(ledger, head, size));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("from", from);
        json.field("to", size);
        json.key("proof");
        json.begin_array();
        for (const Digest& hash : proof) json.text(to_base64(as_view(hash)));
        json.end_array();
        json.field("checkpoint", checkpoint);
        json.end_object();
        return text;
      },
      std::move(reply));
}

void ledger_verify(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(inquiry.unit().ledger.catch_up());
        RAPPORT_TRY(const LedgerHead head, inquiry.unit().ledger.verify());
        return status_answer(inquiry, head);
      },
      std::move(reply));
}

}  // namespace rapport::engine
