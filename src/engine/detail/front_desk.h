#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "codec/record.h"
#include "engine/detail/identifier_texts.h"
#include "engine/detail/keyring.h"
#include "engine/detail/message_ids.h"
#include "engine/detail/node_index.h"
#include "model/answers/ingest.h"
#include "model/event.h"
#include "store/store.h"

/// The front desk of one shop: what lives ahead of the log. It takes parsed events, drops repeats and the
/// suppressed, gives every identifier its node number, seals what is personal, and stamps the next batch.
/// Owned by the shop thread.
namespace rapport::engine {

/// Whose values are kept out after an erasure. A device or a browser may be somebody else's tomorrow.
inline bool is_suppressed_kind(model::IdentifierKind kind) {
  return kind != model::IdentifierKind::device_id && kind != model::IdentifierKind::anonymous_id;
}

/// A row of the store's small tables that changes together with a batch.
struct TableChange {
  store::Table table = store::Table::outbox;
  std::string key;
  std::optional<std::string> value;  ///< none = delete
};

/// A stamped batch on its way to the committer; owns everything that store::Append borrows.
struct StampedBatch {
  EventSeq first, last;
  Instant received;
  codec::FinishedBatch batch;
  std::vector<store::DedupEntry> dedup, import_ids;
  std::vector<store::NewNode> nodes;
  std::vector<std::string> dead_letters;
  std::vector<store::NewDeadLetter> dead_letter_views;
  std::vector<TableChange> changes;
  std::vector<store::Change> change_views;
  std::vector<std::uint64_t> closed_letters;

  store::Append append(ShopNo shop);
  bool nothing() const {
    return batch.bytes.empty() && dead_letters.empty() && changes.empty() && closed_letters.empty();
  }
};

class FrontDesk {
 public:
  FrontDesk(const store::Store& store, const store::ShopInfo& shop, Keyring& keyring, IdentifierTexts& texts);

  /// Reads nodes, message ids and suppressed identifiers back. Errors: the store's.
  Status recover(Instant now);

  // --- stamping: begin, add..., finish
  void begin(Instant received);
  enum class Outcome : std::uint8_t { accepted, duplicate, suppressed };
  Outcome add(const model::Event& event);
  EventSeq add_control(model::RecordType type, std::string_view body);
  void add_dead_letter(std::string body);
  /// Dead letters whose events are in this batch, or need not be: they go when it is durable.
  void close_letters(const std::vector<std::uint64_t>& ids);
  /// Commits with the batch.
  void add_change(TableChange change) { changes_.push_back(std::move(change)); }
  std::size_t size() const { return writer_ ? writer_->size() : 0; }
  std::size_t bytes() const { return writer_ ? writer_->bytes() : 0; }
  bool empty() const { return size() == 0 && dead_letters_.empty(); }
  /// The batch, ready to commit. A batch that holds dead letters only has no bytes and first > last.
  StampedBatch finish();

  /// Import ids are looked up in the store before a batch of imported events is added.
  Status prepare_import_ids(const std::vector<model::Event>& events);

  /// Lets go of looked-up import ids. Only while nothing is in flight: what was taken is then known to the
  /// store.
  void forget_import_lookups() { import_ids_known_.clear(); }
  std::size_t import_lookups() const { return import_ids_known_.size(); }

  EventSeq last() const { return last_; }  ///< last stamped, durable or not
  Instant last_received() const { return last_received_; }
  std::optional<NodeId> find(const model::Identifier& identifier) const;
  void forget(NodeId node) { nodes_.forget(node); }
  /// Suppresses an identifier from now on; the caller makes it durable under suppression_key().
  void suppress(const Hash128& hash) { suppressed_.insert(hash); }
  bool is_suppressed(const model::Identifier& identifier) const;
  Hash128 identifier_hash(const model::Identifier& identifier) const;
  static std::string suppression_key(const Hash128& hash);
  static constexpr std::string_view kSuppressionPrefix = "suppressed/";

  MessageIds& message_ids() { return ids_; }
  std::size_t memory_bytes() const { return ids_.memory_bytes() + nodes_.memory_bytes(); }

 private:
  /// Pages have message ids of their own: whoever guesses one that the shop's server, or the engine itself,
  /// will use makes no duplicate of what comes with it.
  Hash128 message_hash(std::string_view message_id, bool from_page) const;
  bool seen_before(const model::Event& event, const Hash128& id);

  const store::Store& store_;
  store::ShopInfo shop_;
  Keyring& keyring_;
  IdentifierTexts& texts_;
  MessageIds ids_;
  NodeIndex nodes_;
  std::unordered_set<Hash128> suppressed_;
  /// Import ids looked up for the coming batch: true = taken already.
  std::unordered_map<Hash128, bool> import_ids_known_;

  EventSeq last_;
  Digest digest_{};
  Instant last_received_ = Instant::min();
  bool apart_ = false;  ///< an unlink was stamped: what follows is later than it, so that it may link again

  // The batch being stamped.
  Instant received_;
  std::optional<codec::BatchWriter> writer_;
  std::vector<store::DedupEntry> dedup_, import_ids_;
  std::vector<store::NewNode> births_;
  std::vector<std::string> dead_letters_;
  std::vector<TableChange> changes_;
  std::vector<std::uint64_t> closed_letters_;
  std::vector<model::NodeRef> refs_;
  std::vector<std::string> sealed_values_;
  std::string sealed_personal_;
  std::string hash_input_;
};

}  // namespace rapport::engine
