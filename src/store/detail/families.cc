#include "store/detail/families.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <cstdarg>
#include <cstdio>

#include "base/log.h"

namespace rapport::store::detail {
namespace {

/// RocksDB's errors go to Rapport's log; its own LOG files would be one more place to keep clean.
class ErrorLogger final : public rocksdb::Logger {
 public:
  ErrorLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    std::string_view message(line);
    while (message.ends_with('\n')) message.remove_suffix(1);
    log(LogLevel::error, "rocksdb", {{"message", message}});
  }
};

bool looked_up_by_point(Family family) {
  return family == Family::nodes || family == Family::keys || family == Family::imports ||
         family == Family::files || family == Family::positions;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const StoreOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.block_size =
      family == Family::log || family == Family::dedup || family == Family::files ? 64 << 10 : 8 << 10;
  if (looked_up_by_point(family)) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  if (options.compression == Compression::off) table.block_restart_interval = 1;

  rocksdb::ColumnFamilyOptions family_options;
  family_options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family_options.compression =
      options.compression == Compression::on ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  family_options.write_buffer_size = family == Family::log ? 64 << 20 : 24 << 20;
  family_options.level_compaction_dynamic_level_bytes = true;
  if (family == Family::nodes || family == Family::keys) {
    // An erasure rewrites the files that its rows lie in: small files make that cheap.
    family_options.target_file_size_base = 4 << 20;
  }
  if (family == Family::positions) {
    family_options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(6));
    table.whole_key_filtering = false;
    family_options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  }
  return family_options;
}

}  // namespace

std::string_view family_name(Family family) {
  static constexpr std::array<std::string_view, kFamilies> kNames = {
      "default", "log",          "nodes", "keys",     "dedup",  "imports", "positions",
      "flips",   "dead_letters", "files", "settings", "outbox", "ledger"};
  return kNames[static_cast<std::size_t>(family)];
}

rocksdb::DBOptions database_options(const StoreOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  // Anything but an unfinished last record is damage and must stop the opening.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.paranoid_checks = true;
  // A failed write is final until the folder is opened anew: no quiet retries behind our back.
  db.max_bgerror_resume_count = 0;
  // All families reach their files in one step of the manifest: no family can be older than another.
  db.atomic_flush = true;
  db.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes);
  db.max_background_jobs = 2;
  db.max_total_wal_size = 256 << 20;
  db.max_manifest_file_size = 4 << 20;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log = std::make_shared<ErrorLogger>();
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const StoreOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const Family family : kAllFamilies) {
    descriptors.emplace_back(std::string(family_name(family)), family_options(family, options, cache));
  }
  return descriptors;
}

}  // namespace rapport::store::detail
