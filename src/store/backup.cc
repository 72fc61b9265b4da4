#include "store/backup.h"

#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <charconv>

#include "store/detail/files.h"
#include "store/detail/impl.h"

namespace rapport::store {
namespace {

const rocksdb::IOOptions kIo;

bool exists(rocksdb::FileSystem& fs, const std::string& path) {
  return fs.FileExists(path, kIo, nullptr).ok();
}

}  // namespace

Status Store::backup(const std::string& folder) const {
  // An erasure has to see the files go that a backup would hold on to, and a backup must not begin before an
  // erasure and end after it.
  const std::shared_lock reading(impl_->erasure_mutex);
  rocksdb::FileSystem& fs = *impl_->fs;
  if (exists(fs, folder)) return Error{Errc::conflict, "the backup's folder exists already", folder};
  RAPPORT_CHECK(detail::make_folders(fs, folder));
  // What is durable now is in the copy, which is made after; the copy's witness says so.
  std::vector<ShopState> shops;
  {
    const std::lock_guard lock(impl_->shops_mutex);
    shops = impl_->shops;
  }
  rocksdb::Checkpoint* raw = nullptr;
  auto status = rocksdb::Checkpoint::Create(impl_->db.get(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(impl_->backup_database_path(folder));
  if (!status.ok()) return detail::error_of(status, folder);
  RAPPORT_CHECK(detail::Witness::create(fs, folder));
  RAPPORT_TRY(const auto witness, detail::Witness::open(fs, folder));
  for (const ShopState& shop : shops) {
    if (shop.head.seq.value == 0) continue;
    RAPPORT_CHECK(witness->record(shop.info.shop, {shop.head.seq, shop.head.digest}));
  }
  RAPPORT_CHECK(witness->sync());
  return detail::sync_folder(fs, folder);
}

Result<std::uint64_t> Store::folder_bytes() const {
  return detail::tree_bytes(*impl_->fs, impl_->options.path);
}

Result<std::vector<Erasure>> erasure_ledger(const Store& store) {
  std::vector<Erasure> ledger;
  for (const ShopInfo& shop : store.shops()) {
    RAPPORT_TRY(const std::vector<NodeId> nodes, store.erased_nodes(shop.shop));
    for (const NodeId node : nodes) ledger.push_back({shop.name, node});
  }
  return ledger;
}

namespace {
constexpr std::string_view kLedgerHead = "# rapport erasures: ";
}

std::string format_ledger(const std::vector<Erasure>& ledger) {
  std::string text = fmt::format("{}{}\n", kLedgerHead, ledger.size());
  for (const Erasure& erasure : ledger) text += fmt::format("{}\t{}\n", erasure.shop, erasure.node.value);
  return text;
}

Result<std::vector<Erasure>> parse_ledger(std::string_view text) {
  std::vector<Erasure> ledger;
  // Without its first line a cut or empty file would pass for a folder in which nobody was erased.
  std::size_t promised = 0;
  const std::string_view count = text.substr(std::min(kLedgerHead.size(), text.size()));
  const auto head = std::from_chars(count.data(), count.data() + count.size(), promised);
  if (!text.starts_with(kLedgerHead) || head.ec != std::errc{} || head.ptr == count.data() + count.size() ||
      *head.ptr != '\n') {
    return Error{Errc::bad_input, "not a ledger of erasures", "ledger", "what `rapport erasures` wrote"};
  }
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || number == 1) continue;
    const std::size_t tab = line.rfind('\t');
    std::uint32_t node = 0;
    const char* last = line.data() + line.size();
    const bool whole = tab != std::string_view::npos && tab > 0 &&
                       std::from_chars(line.data() + tab + 1, last, node).ptr == last && node != 0;
    if (!whole) {
      return Error{Errc::bad_input, "ledger of erasures", fmt::format("line {}", number), "shop<tab>node"};
    }
    ledger.push_back({std::string(line.substr(0, tab)), NodeId{node}});
  }
  if (ledger.size() != promised) {
    return Error{Errc::bad_input, fmt::format("the ledger holds {} erasures of {}", ledger.size(), promised),
                 "ledger", "the whole of what `rapport erasures` wrote"};
  }
  return ledger;
}

namespace {

Status erase_again(Store& store, const RestoreOptions& options) {
  for (const ShopInfo& shop : store.shops()) {
    std::vector<NodeId> nodes;
    for (const Erasure& erasure : options.ledger) {
      if (erasure.shop == shop.name) nodes.push_back(erasure.node);
    }
    if (nodes.empty()) continue;
    std::sort(nodes.begin(), nodes.end());
    RAPPORT_CHECK(store.reserve_nodes(shop.shop, nodes.back()));
    RAPPORT_CHECK(store.load_nodes(shop.shop, [&](const NodeRow& row) {
      if (options.erasing && std::binary_search(nodes.begin(), nodes.end(), row.node))
        options.erasing(shop, row);
    }));
    RAPPORT_CHECK(store.destroy_keys(shop.shop, nodes));
  }
  return {};
}

Status check_and_erase(const StoreOptions& at, const RestoreOptions& options) {
  RAPPORT_TRY(const std::unique_ptr<Store> store, Store::open(at));
  if (store->shops().empty())
    return Error{Errc::not_found, "no shop in this backup", options.from, "a folder made by `backup`"};
  for (const ShopInfo& shop : store->shops()) RAPPORT_CHECK(store->verify_log(shop.shop));
  RAPPORT_CHECK(erase_again(*store, options));
  return options.finish ? options.finish(*store) : Status{};
}

Status name_folder(rocksdb::FileSystem& fs, const std::string& from, const std::string& to) {
  const auto named = fs.RenameFile(from, to, kIo, nullptr);
  if (!named.ok()) return detail::error_of(named, to);
  const std::size_t slash = to.find_last_of('/');
  return detail::sync_folder(fs, slash == std::string::npos ? "." : slash == 0 ? "/" : to.substr(0, slash));
}

}  // namespace

Result<std::unique_ptr<Store>> restore(const RestoreOptions& options) {
  FileSystem& file_system = options.to.file_system != nullptr ? *options.to.file_system : FileSystem::real();
  const std::shared_ptr<rocksdb::FileSystem> fs = file_system.rocks();
  if (!exists(*fs, detail::Witness::path_in(options.from)) || !exists(*fs, options.from + "/db/CURRENT")) {
    return Error{Errc::not_found, "no backup here", options.from, "a folder made by `backup`"};
  }
  if (exists(*fs, options.to.path)) {
    return Error{Errc::conflict, "the folder to restore into exists already", options.to.path};
  }
  StoreOptions beside = options.to;
  beside.path += ".restoring";
  // Left by a restore that was cut short: it was never whole.
  if (exists(*fs, beside.path)) RAPPORT_CHECK(detail::remove_tree(*fs, beside.path));
  Status restored = detail::copy_tree(*fs, options.from, beside.path);
  if (restored.ok()) restored = check_and_erase(beside, options);
  if (restored.ok()) restored = name_folder(*fs, beside.path, options.to.path);
  if (!restored.ok()) {
    if (const Status removed = detail::remove_tree(*fs, beside.path); !removed.ok()) return removed.error();
    return restored.error();
  }
  return Store::open(options.to);
}

}  // namespace rapport::store
