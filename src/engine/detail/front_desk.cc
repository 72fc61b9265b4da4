#include "engine/detail/front_desk.h"

#include "base/assert.h"
#include "base/bytes.h"

namespace rapport::engine {

store::Append StampedBatch::append(ShopNo shop) {
  dead_letter_views.clear();
  for (const std::string& body : dead_letters) dead_letter_views.push_back({received, body});
  change_views.clear();
  for (const TableChange& change : changes) {
    change_views.push_back({change.table, shop, change.key,
                            change.value ? std::optional<std::string_view>(*change.value) : std::nullopt});
  }
  store::Append out;
  out.shop = shop;
  out.batch = batch.bytes;
  out.digest = batch.digest;
  out.dedup = dedup;
  out.import_ids = import_ids;
  out.nodes = nodes;
  out.dead_letters = dead_letter_views;
  out.changes = change_views;
  out.closed_letters = closed_letters;
  return out;
}

FrontDesk::FrontDesk(const store::Store& store, const store::ShopInfo& shop, Keyring& keyring,
                     IdentifierTexts& texts)
    : store_(store), shop_(shop), keyring_(keyring), texts_(texts) {}

Status FrontDesk::recover(Instant now) {
  const store::LogHead head = store_.last(shop_.shop);
  last_ = head.seq;
  digest_ = head.digest;
  last_received_ = head.received;
  RAPPORT_CHECK(
      store_.load_nodes(shop_.shop, [&](const store::NodeRow& row) { nodes_.restore(row.hash, row.node); }));
  RAPPORT_TRY(const NodeId last_node, store_.last_node(shop_.shop));
  nodes_.reserve_through(last_node);
  RAPPORT_CHECK(store_.load_dedup(shop_.shop, now - hours(24), [&](const store::DedupEntry& entry) {
    ids_.insert(entry.id, now - hours(24));
  }));
  return store_.scan(store::Table::settings, shop_.shop, kSuppressionPrefix,
                     [&](std::string_view key, std::string_view) {
                       const auto bytes = from_hex(key.substr(kSuppressionPrefix.size()));
                       if (bytes.ok() && bytes->size() == 16) {
                         ByteReader in(*bytes);
                         Hash128 hash;
                         hash.high = in.u64();
                         hash.low = in.u64();
                         suppressed_.insert(hash);
                       }
                       return store::Walk::on;
                     });
}

std::string FrontDesk::suppression_key(const Hash128& hash) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u64(hash.high);
  out.u64(hash.low);
  return std::string(kSuppressionPrefix) + to_hex(bytes);
}

Hash128 FrontDesk::identifier_hash(const model::Identifier& identifier) const {
  std::string input;
  input.push_back(static_cast<char>(identifier.kind));
  input += identifier.value;
  return keyed_hash(shop_.pepper, input);
}

// The zero byte keeps message ids and identifiers (whose kinds start at 1) apart under one key.
Hash128 FrontDesk::message_hash(std::string_view message_id, bool from_page) const {
  std::string input;
  input.reserve(message_id.size() + 1);
  input.push_back(from_page ? '\1' : '\0');
  input += message_id;
  return keyed_hash(shop_.pepper, input);
}

std::optional<NodeId> FrontDesk::find(const model::Identifier& identifier) const {
  return nodes_.find(identifier_hash(identifier));
}

bool FrontDesk::is_suppressed(const model::Identifier& identifier) const {
  return !suppressed_.empty() && suppressed_.contains(identifier_hash(identifier));
}

void FrontDesk::begin(Instant received) {
  ASSERT(!writer_);
  received_ = std::max(received, last_received_ + milliseconds(apart_ ? 1 : 0));
  apart_ = false;
  writer_.emplace(last_.next(), received_, digest_);
}

Status FrontDesk::prepare_import_ids(const std::vector<model::Event>& events) {
  std::vector<Hash128> asked;
  for (const model::Event& event : events) {
    const Hash128 id = message_hash(event.message_id, event.from_page);
    if (event.from_import && !import_ids_known_.contains(id)) asked.push_back(id);
  }
  RAPPORT_TRY(const auto found, store_.find_import_ids(shop_.shop, asked));
  for (std::size_t i = 0; i < asked.size(); ++i) import_ids_known_.emplace(asked[i], found[i].has_value());
  return {};
}

// True when the id was taken before; takes it otherwise.
bool FrontDesk::seen_before(const model::Event& event, const Hash128& id) {
  if (!event.from_import) return !ids_.insert(id, received_);
  const auto [known, is_new] = import_ids_known_.emplace(id, false);
  if (is_new) {
    const auto stored = store_.find_import_id(shop_.shop, id);
    known->second = stored.ok() && stored->has_value();
  }
  if (known->second) return true;
  known->second = true;
  return false;
}

FrontDesk::Outcome FrontDesk::add(const model::Event& event) {
  ASSERT(writer_.has_value());
  if (!suppressed_.empty()) {
    for (const model::Identifier& identifier : event.identifiers) {
      if (is_suppressed(identifier)) return Outcome::suppressed;
    }
  }
  // Without a message id nothing can be told to be a repeat of anything.
  const bool has_id = !event.message_id.empty();
  const Hash128 id = message_hash(event.message_id, event.from_page);
  if (has_id && seen_before(event, id)) return Outcome::duplicate;

  refs_.clear();
  sealed_values_.resize(std::max(sealed_values_.size(), event.identifiers.size()));
  for (std::size_t i = 0; i < event.identifiers.size(); ++i) {
    const model::Identifier& identifier = event.identifiers[i];
    const Hash128 hash = identifier_hash(identifier);
    model::NodeRef ref;
    ref.kind = identifier.kind;
    if (const auto known = nodes_.find(hash)) {
      ref.node = *known;
    } else {
      ref.node = nodes_.add(hash);
      ref.birth = true;
      const codec::NodeKey key = keyring_.make(ref.node);
      sealed_values_[i].clear();
      codec::seal(key, identifier.value, seal_context(SealedAs::identifier, ref.node), sealed_values_[i]);
      ref.sealed_value = sealed_values_[i];
      // Who reads right after the answer must not wait for the follower that knows where the value lies.
      texts_.remember(ref.node, identifier.value);
      births_.push_back({ref.node, identifier.kind, hash, key, sealed_values_[i]});
    }
    refs_.push_back(ref);
  }

  sealed_personal_.clear();
  if (!event.personal.empty() && !refs_.empty()) {
    // A node whose key is gone cannot be found any more, so its subject key is always there.
    const auto key = keyring_.find(refs_.front().node);
    ASSERT(key.has_value());
    codec::seal(*key, event.personal, seal_context(SealedAs::personal, refs_.front().node), sealed_personal_);
  }

  codec::EventRecord record;
  record.event_time = model::corrected_event_time(event, received_);
  record.event_type = event.type;
  record.kind = event.kind;
  record.name = event.name;
  record.message_id = event.message_id;
  record.nodes = refs_;
  record.is_alias = event.is_alias;
  record.from_import = event.from_import;
  record.from_page = event.from_page;
  record.clear = event.clear;
  record.personal_sealed = sealed_personal_;
  const EventSeq seq = writer_->add_event(record);
  if (has_id) (event.from_import ? import_ids_ : dedup_).push_back({id, seq});
  return Outcome::accepted;
}

EventSeq FrontDesk::add_control(model::RecordType type, std::string_view body) {
  ASSERT(writer_.has_value());
  apart_ = apart_ || type == model::RecordType::unlinked;
  return writer_->add_control(type, body);
}

void FrontDesk::add_dead_letter(std::string body) {
  dead_letters_.push_back(std::move(body));
}

void FrontDesk::close_letters(const std::vector<std::uint64_t>& ids) {
  closed_letters_.insert(closed_letters_.end(), ids.begin(), ids.end());
}

StampedBatch FrontDesk::finish() {
  ASSERT(writer_.has_value());
  StampedBatch out;
  out.first = last_.next();
  out.last = last_;
  out.received = received_;
  if (writer_->size() > 0) {
    out.last = EventSeq{last_.value + writer_->size()};
    out.batch = std::move(*writer_).finish();
    last_ = out.last;
    digest_ = out.batch.digest;
    last_received_ = received_;
  }
  writer_.reset();
  out.dedup = std::exchange(dedup_, {});
  out.import_ids = std::exchange(import_ids_, {});
  out.nodes = std::exchange(births_, {});
  out.dead_letters = std::exchange(dead_letters_, {});
  out.changes = std::exchange(changes_, {});
  out.closed_letters = std::exchange(closed_letters_, {});
  return out;
}

}  // namespace rapport::engine
