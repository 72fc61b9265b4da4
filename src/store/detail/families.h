#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/store.h"

/// The column families of a data folder and how each is tuned for its use.
namespace rapport::store::detail {

enum class Family : std::uint8_t {
  meta,       ///< RocksDB's "default": format, shops, ledger of erasures
  log,        ///< shop, first seq -> batch
  nodes,      ///< shop, keyed hash -> node, kind
  keys,       ///< shop, node -> key, hash, kind; shop, day -> key
  dedup,      ///< shop, first seq -> received, ids
  imports,    ///< shop, import id -> seq
  positions,  ///< shop, block of nodes, upto -> where each occurs
  flips,      ///< shop, cause -> flip; shop, customer, cause -> ""
  dead_letters,
  files,
  settings,
  outbox,
  ledger,  ///< shop, tile or entries -> hashes, seqs
};
inline constexpr std::size_t kFamilies = 13;
inline constexpr std::array<Family, kFamilies> kAllFamilies = {
    Family::meta,     Family::log,       Family::nodes, Family::keys,         Family::dedup,
    Family::imports,  Family::positions, Family::flips, Family::dead_letters, Family::files,
    Family::settings, Family::outbox,    Family::ledger};

std::string_view family_name(Family family);

rocksdb::DBOptions database_options(const StoreOptions& options, rocksdb::Env* env);
std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(const StoreOptions& options);

}  // namespace rapport::store::detail
