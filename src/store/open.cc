#include <rocksdb/env.h>

#include "base/log.h"
#include "codec/record.h"
#include "store/detail/dead_letter_rows.h"
#include "store/detail/files.h"
#include "store/detail/impl.h"
#include "store/detail/read_log.h"
#include "store/store.h"

namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace {

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kFormat = "1";
/// Batches at the end of each log whose chain is recomputed at every opening; verify_log does the rest.
constexpr int kTailBatches = 64;
const rocksdb::IOOptions kIo;

bool is_lock_conflict(const rocksdb::Status& status) {
  return status.IsIOError() && status.ToString().find("lock") != std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (impl->options.file_system == nullptr) impl->options.file_system = &FileSystem::real();
  impl->fs = impl->options.file_system->rocks();
  impl->env = rocksdb::NewCompositeEnv(impl->fs);
  RAPPORT_CHECK(detail::make_folders(*impl->fs, options.path));
  RAPPORT_CHECK(detail::make_folders(*impl->fs, impl->checkpoint_folder()));
  RAPPORT_CHECK(impl->open_database());
  RAPPORT_CHECK(impl->load_shops());
  for (const ShopState& shop : impl->shops) {
    RAPPORT_CHECK(impl->check_witness(shop));
    RAPPORT_CHECK(impl->check_tail(shop));
  }
  RAPPORT_CHECK(impl->finish_purge());
  impl->start_witness_thread();
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Status Store::Impl::open_database() {
  // A folder without a database is a new one; the witness is made first, so that whatever has a database has
  // a witness, and a database that vanished is noticed.
  const bool has_database = fs->FileExists(database_path() + "/CURRENT", kIo, nullptr).ok();
  const bool has_witness = fs->FileExists(detail::Witness::path_in(options.path), kIo, nullptr).ok();
  if (!has_database && !has_witness) RAPPORT_CHECK(detail::Witness::create(*fs, options.path));

  RAPPORT_CHECK(detail::make_folders(*fs, database_path()));
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(detail::database_options(options, env.get()), database_path(),
                                        detail::family_descriptors(options), &families, &opened);
  db.reset(opened);
  if (is_lock_conflict(status)) {
    return Error{Errc::conflict, "another process holds this folder", options.path};
  }
  if (!status.ok()) return detail::error_of(status, database_path());
  RAPPORT_TRY(witness, detail::Witness::open(*fs, options.path));

  RAPPORT_TRY(const std::optional<std::string> format, get(Family::meta, RowKey().raw(kFormatKey)));
  if (format && *format != kFormat) {
    return Error{Errc::unsupported, fmt::format("folder of format {}", *format), options.path, "format 1"};
  }
  if (format) return {};
  rocksdb::WriteBatch batch;
  batch.Put(family(Family::meta), detail::slice(kFormatKey), detail::slice(kFormat));
  return write(write_options(Sync::yes), batch);
}

Status Store::Impl::load_shops() {
  const std::string prefix = "shop/";
  const RowKey end = RowKey().raw("shop0");
  const rocksdb::Slice limit = end;
  const auto rows = walk(Family::meta, prefix, &limit);
  for (; rows->Valid(); rows->Next()) {
    ShopState shop;
    detail::RowKeyReader key(detail::view(rows->key()).substr(prefix.size()));
    shop.info.shop = ShopNo{static_cast<std::uint16_t>(key.number(2))};
    const std::string_view row = detail::view(rows->value());
    if (!key.ok() || shop.info.shop.value != shops.size() + 1 || row.size() <= shop.info.pepper.size()) {
      return detail::damaged_row("meta", detail::view(rows->key()));
    }
    std::copy_n(row.begin(), shop.info.pepper.size(), reinterpret_cast<char*>(shop.info.pepper.data()));
    shop.info.name = row.substr(shop.info.pepper.size());
    RAPPORT_CHECK(load_head(shop));
    shops.push_back(std::move(shop));
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "meta");
  // Shops that the witness knows and the database does not: the database is an older one, or a new one.
  const ShopNo after{static_cast<std::uint16_t>(shops.size() + 1)};
  RAPPORT_TRY(const auto mark, witness->mark(after));
  if (mark) {
    return Error{Errc::corrupt, "acknowledged records of a shop are missing with the shop itself",
                 fmt::format("shop {}", after.value), fmt::format("records up to seq {}", mark->seq.value)};
  }
  return {};
}

Status Store::Impl::load_head(ShopState& shop) {
  const RowKey from = RowKey().shop(shop.info.shop);
  const RowKey to = detail::end_of_shop(shop.info.shop);
  const rocksdb::Slice lower = from, upper = to;
  rocksdb::ReadOptions how;
  how.iterate_lower_bound = &lower;
  how.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> batches(db->NewIterator(how, family(Family::log)));
  batches->SeekToLast();
  if (batches->Valid()) {
    RAPPORT_TRY(const codec::BatchHeader header, detail::header_of(shop.info.shop, *batches));
    shop.head = {header.last(), sha256(detail::view(batches->value())), header.received};
  }
  if (!batches->status().ok()) return detail::log_error(batches->status(), shop.info.shop, EventSeq{});
  const std::unique_ptr<rocksdb::Iterator> letters(db->NewIterator(how, family(Family::dead_letters)));
  letters->SeekToLast();
  if (letters->Valid()) {
    shop.next_dead_letter = detail::RowKeyReader(detail::view(letters->key()).substr(2)).number(8) + 1;
  }
  if (!letters->status().ok()) return detail::error_of(letters->status(), "dead_letters");
  RAPPORT_TRY(const std::optional<std::string> closed,
              get(Family::meta, detail::last_letter_row(shop.info.shop)));
  if (closed) {
    shop.next_dead_letter = std::max(shop.next_dead_letter, detail::RowKeyReader(*closed).number(8) + 1);
  }
  return {};
}

Status Store::Impl::check_witness(const ShopState& shop) {
  RAPPORT_TRY(const auto mark, witness->mark(shop.info.shop));
  if (!mark) return {};
  const std::string where = fmt::format("shop {}, seq {}", shop.info.name, shop.head.seq.value);
  if (mark->seq > shop.head.seq) {
    return Error{Errc::corrupt, "acknowledged records are missing at the end of the log", where,
                 fmt::format("records up to seq {}", mark->seq.value)};
  }
  const RowKey row = RowKey().shop(shop.info.shop).u64(mark->seq.value);
  const std::unique_ptr<rocksdb::Iterator> batches(
      db->NewIterator(rocksdb::ReadOptions(), family(Family::log)));
  batches->SeekForPrev(row);
  if (!batches->status().ok()) return detail::log_error(batches->status(), shop.info.shop, mark->seq);
  if (!batches->Valid()) {
    return Error{Errc::corrupt, "a witnessed batch is missing", where};
  }
  RAPPORT_TRY(const codec::BatchHeader header, detail::header_of(shop.info.shop, *batches));
  if (header.last() != mark->seq || sha256(detail::view(batches->value())) != mark->digest) {
    return Error{Errc::corrupt, "a batch is not the one that was acknowledged",
                 fmt::format("shop {}, seq {}", shop.info.name, mark->seq.value)};
  }
  return {};
}

Status Store::Impl::check_tail(const ShopState& shop) {
  if (shop.head.seq.value == 0) return {};
  const RowKey from = RowKey().shop(shop.info.shop);
  const RowKey to = detail::end_of_shop(shop.info.shop);
  const rocksdb::Slice lower = from, upper = to;
  rocksdb::ReadOptions how;
  how.iterate_lower_bound = &lower;
  how.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> batches(db->NewIterator(how, family(Family::log)));
  batches->SeekToLast();
  codec::BatchHeader after;
  for (int i = 0; i < kTailBatches && batches->Valid(); ++i, batches->Prev()) {
    RAPPORT_TRY(const codec::BatchHeader header, detail::header_of(shop.info.shop, *batches));
    const bool follows = i == 0 || (header.last().next() == after.first &&
                                    sha256(detail::view(batches->value())) == after.previous);
    if (!follows) return detail::broken_chain(shop.info.shop, after.first);
    after = header;
  }
  if (!batches->status().ok()) return detail::log_error(batches->status(), shop.info.shop, after.first);
  const bool reached_start = !batches->Valid();
  if (reached_start && (after.first != EventSeq{1} || after.previous != Digest{})) {
    return detail::broken_chain(shop.info.shop, after.first);
  }
  return {};
}

void Store::Impl::start_witness_thread() {
  if (options.witness_every.ms <= 0) return;
  witness_thread = std::thread([this] {
    std::unique_lock lock(stop_mutex);
    while (!stop_signal.wait_for(lock, std::chrono::milliseconds(options.witness_every.ms),
                                 [this] { return stopping; })) {
      lock.unlock();
      if (Status synced = witness->sync(); !synced.ok()) poison(std::move(synced).error());
      lock.lock();
    }
  });
}

}  // namespace rapport::store
