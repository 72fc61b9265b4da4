#include "store/store.h"

#include "base/assert.h"
#include "base/log.h"
#include "base/random.h"
#include "codec/record.h"
#include "store/detail/dead_letter_rows.h"
#include "store/detail/impl.h"

namespace rapport::store {

using detail::Family;
using detail::RowKey;
using detail::slice;

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Store::Impl::~Impl() {
  {
    const std::lock_guard lock(stop_mutex);
    stopping = true;
  }
  stop_signal.notify_all();
  if (witness_thread.joinable()) witness_thread.join();
  if (witness) {
    if (const Status synced = witness->sync(); !synced.ok()) {
      log(LogLevel::warn, "witness not synced at close", {{"error", synced.error().message}});
    }
  }
  if (!db) return;
  for (auto* handle : families) db->DestroyColumnFamilyHandle(handle);
  if (const auto closed = db->Close(); !closed.ok()) {
    log(LogLevel::warn, "store not closed cleanly", {{"error", closed.ToString()}});
  }
}

Error Store::Impl::poison(Error error) {
  // In the words of RocksDB and of errno alike.
  if (!poisoned && error.message.find("No space left on device") != std::string::npos) wants_space = true;
  poisoned.store(true);
  log(LogLevel::error, "the store refuses writes from here on", {{"error", error.message}});
  return error;
}

Status Store::Impl::write(const rocksdb::WriteOptions& how, rocksdb::WriteBatch& batch) {
  if (poisoned.load()) {
    return Error{Errc::unavailable, "an earlier write failed; the folder must be opened anew", options.path};
  }
  const auto status = db->Write(how, &batch);
  if (!status.ok()) return poison(detail::error_of(status, options.path));
  return {};
}

Result<std::optional<std::string>> Store::Impl::get(Family family, const RowKey& key) const {
  std::string value;
  const auto status = db->Get(rocksdb::ReadOptions(), this->family(family), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return detail::error_of(status, detail::family_name(family));
  return std::optional<std::string>(std::move(value));
}

std::unique_ptr<rocksdb::Iterator> Store::Impl::walk(Family family, const rocksdb::Slice& from,
                                                     const rocksdb::Slice* to) const {
  rocksdb::ReadOptions how;
  how.fill_cache = false;
  how.readahead_size = 1 << 20;
  how.iterate_upper_bound = to;
  how.total_order_seek = true;
  std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator(how, this->family(family)));
  rows->Seek(from);
  return rows;
}

LogHead Store::Impl::head(ShopNo shop) const {
  const std::lock_guard lock(shops_mutex);
  ASSERT(shop.value >= 1 && shop.value <= shops.size());
  return shops[shop.value - 1U].head;
}

Result<ShopInfo> Store::create_shop(std::string_view name) {
  const std::lock_guard appending(impl_->append_mutex);
  if (name.empty()) return Error{Errc::bad_input, "shop name: empty"};
  if (find_shop(name)) return Error{Errc::conflict, fmt::format("shop {}: exists already", name)};
  ShopInfo shop;
  {
    const std::lock_guard lock(impl_->shops_mutex);
    if (impl_->shops.size() >= 0xffff) return Error{Errc::too_large, "65,535 shops a folder"};
    shop.shop = ShopNo{static_cast<std::uint16_t>(impl_->shops.size() + 1)};
  }
  shop.name = name;
  secure_random(shop.pepper);
  std::string row(reinterpret_cast<const char*>(shop.pepper.data()), shop.pepper.size());
  row.append(name);
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::meta), RowKey().raw("shop/").shop(shop.shop), row);
  RAPPORT_CHECK(impl_->write(write_options(Sync::yes), batch));
  const std::lock_guard lock(impl_->shops_mutex);
  impl_->shops.push_back({shop, {}, 1});
  return shop;
}

std::vector<ShopInfo> Store::shops() const {
  const std::lock_guard lock(impl_->shops_mutex);
  std::vector<ShopInfo> infos;
  for (const ShopState& shop : impl_->shops) infos.push_back(shop.info);
  return infos;
}

std::optional<ShopInfo> Store::find_shop(std::string_view name) const {
  const std::lock_guard lock(impl_->shops_mutex);
  for (const ShopState& shop : impl_->shops) {
    if (shop.info.name == name) return shop.info;
  }
  return std::nullopt;
}

LogHead Store::last(ShopNo shop) const {
  return impl_->head(shop);
}

bool Store::accepts_writes() const {
  return !impl_->poisoned.load();
}

bool Store::wants_space() const {
  return impl_->wants_space.load();
}

namespace {

/// Collects the rows of one group commit and the heads that hold once it is durable.
class GroupCommit {
 public:
  explicit GroupCommit(Store::Impl& store) : store_(store) {}

  Status add(const Append& append) {
    ShopState& shop = state_of(append.shop);
    if (append.batch.empty()) {
      ASSERT(append.dedup.empty() && append.import_ids.empty() && append.nodes.empty());
    } else {
      RAPPORT_TRY(const codec::BatchHeader header, codec::read_batch_header(append.batch));
      ASSERT(header.first == shop.head.seq.next() && header.previous == shop.head.digest);
      ASSERT(header.received >= shop.head.received);
      put(Family::log, RowKey().shop(append.shop).u64(header.first.value), append.batch);
      shop.head = {header.last(), append.digest, header.received};
      add_dedup(append, header);
      add_nodes(append);
    }
    for (const DedupEntry& entry : append.import_ids) {
      put(Family::imports, RowKey().shop(append.shop).hash(entry.id), RowKey().u64(entry.seq.value).text());
    }
    for (const Change& change : append.changes) detail::add_change(store_, change, batch_);
    close_dead_letters(append, shop);
    return add_dead_letters(append, shop);
  }

  Status commit() {
    RAPPORT_CHECK(store_.write(write_options(Sync::yes), batch_));
    for (const ShopState& shop : touched_) {
      if (shop.head.seq == store_.head(shop.info.shop).seq) continue;
      auto witnessed = store_.witness->record(shop.info.shop, {shop.head.seq, shop.head.digest});
      if (!witnessed.ok()) return store_.poison(std::move(witnessed).error());
    }
    const std::lock_guard lock(store_.shops_mutex);
    for (const ShopState& shop : touched_) store_.shops[shop.info.shop.value - 1U] = shop;
    return {};
  }

 private:
  ShopState& state_of(ShopNo shop) {
    for (ShopState& touched : touched_) {
      if (touched.info.shop == shop) return touched;
    }
    const std::lock_guard lock(store_.shops_mutex);
    ASSERT(shop.value >= 1 && shop.value <= store_.shops.size());
    return touched_.emplace_back(store_.shops[shop.value - 1U]);
  }

  void put(Family family, const RowKey& key, std::string_view value) {
    batch_.Put(store_.family(family), key, slice(value));
  }

  void add_dedup(const Append& append, const codec::BatchHeader& header) {
    if (append.dedup.empty()) return;
    std::string row;
    ByteWriter out(row);
    out.i64(header.received.ms);
    for (const DedupEntry& entry : append.dedup) {
      ASSERT(entry.seq >= header.first && entry.seq <= header.last());
      out.varint(entry.seq.value - header.first.value);
      out.u64(entry.id.high);
      out.u64(entry.id.low);
    }
    put(Family::dedup, RowKey().shop(append.shop).u64(header.first.value), row);
  }

  void add_nodes(const Append& append) {
    NodeId highest;
    for (const NewNode& node : append.nodes) {
      ASSERT(node.node.value != 0);
      highest = std::max(highest, node.node);
      std::string row;
      ByteWriter out(row);
      out.u32(node.node.value);
      out.u8(static_cast<std::uint8_t>(node.kind));
      put(Family::nodes, RowKey().shop(append.shop).hash(node.hash), row);
      row.assign(reinterpret_cast<const char*>(node.key.data()), node.key.size());
      out.u64(node.hash.high);
      out.u64(node.hash.low);
      out.u8(static_cast<std::uint8_t>(node.kind));
      out.raw(node.sealed_value);
      put(Family::keys, RowKey().shop(append.shop).u8(detail::kNodeKeyTag).u32(node.node.value), row);
    }
    if (highest.value != 0) {
      put(Family::meta, RowKey().raw("last_node/").shop(append.shop), RowKey().u32(highest.value).text());
    }
  }

  Status add_dead_letters(const Append& append, ShopState& shop) {
    for (const NewDeadLetter& letter : append.dead_letters) {
      RAPPORT_TRY(const codec::NodeKey key, day_key(append.shop, day_number(letter.at)));
      std::string sealed = RowKey().u64(static_cast<std::uint64_t>(letter.at.ms)).text();
      codec::seal(key, letter.body, detail::dead_letter_aad(append.shop), sealed);
      put(Family::dead_letters, RowKey().shop(append.shop).u64(shop.next_dead_letter++), sealed);
    }
    return {};
  }

  /// The highest number ever given is kept when letters go, so that no later letter gets it again.
  void close_dead_letters(const Append& append, const ShopState& shop) {
    if (append.closed_letters.empty()) return;
    for (const std::uint64_t id : append.closed_letters) {
      batch_.Delete(store_.family(Family::dead_letters), RowKey().shop(append.shop).u64(id));
    }
    put(Family::meta, detail::last_letter_row(append.shop), RowKey().u64(shop.next_dead_letter - 1).text());
  }

  Result<codec::NodeKey> day_key(ShopNo shop, std::int64_t day) {
    for (const DayKey& known : day_keys_) {
      if (known.shop == shop && known.day == day) return known.key;
    }
    const RowKey row = detail::day_key_row(shop, day);
    RAPPORT_TRY(const std::optional<std::string> stored, store_.get(Family::keys, row));
    DayKey day_key{shop, day, {}};
    if (stored) {
      if (stored->size() != day_key.key.size()) return detail::damaged_row("keys", row.text());
      std::copy(stored->begin(), stored->end(), reinterpret_cast<char*>(day_key.key.data()));
    } else {
      day_key.key = codec::make_node_key();
      put(Family::keys, row, {reinterpret_cast<const char*>(day_key.key.data()), day_key.key.size()});
    }
    return day_keys_.emplace_back(day_key).key;
  }

  struct DayKey {
    ShopNo shop;
    std::int64_t day;
    codec::NodeKey key;
  };
  Store::Impl& store_;
  rocksdb::WriteBatch batch_;
  std::vector<ShopState> touched_;
  std::vector<DayKey> day_keys_;
};

}  // namespace

Status Store::append(std::span<const Append> appends) {
  const std::lock_guard appending(impl_->append_mutex);
  if (appends.empty()) return {};
  GroupCommit group(*impl_);
  for (const Append& append : appends) RAPPORT_CHECK(group.add(append));
  return group.commit();
}

}  // namespace rapport::store
