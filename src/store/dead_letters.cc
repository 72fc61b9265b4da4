#include "store/detail/dead_letter_rows.h"
#include "store/detail/impl.h"
#include "store/store.h"

/// Events that could not be accepted, kept for mending. They may hold anything, so they lie sealed under a
/// key a day, and that key is destroyed when the time is over.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace {

struct LetterRow {
  std::uint64_t id = 0;
  Instant at;
  std::string_view sealed;
};

Result<LetterRow> parse_letter(std::string_view key, std::string_view value) {
  detail::RowKeyReader key_in(key.substr(2));
  detail::RowKeyReader in(value);
  LetterRow letter;
  letter.id = key_in.number(8);
  letter.at = Instant{static_cast<std::int64_t>(in.number(8))};
  letter.sealed = in.rest();
  if (!key_in.ok() || !in.ok()) return detail::damaged_row("dead_letters", key);
  return letter;
}

Result<std::optional<codec::NodeKey>> key_of_day(const Store::Impl& store, ShopNo shop, std::int64_t day) {
  RAPPORT_TRY(const std::optional<std::string> row, store.get(Family::keys, detail::day_key_row(shop, day)));
  if (!row) return std::optional<codec::NodeKey>();
  codec::NodeKey key;
  if (row->size() != key.size()) return detail::damaged_row("keys", "day");
  std::copy(row->begin(), row->end(), reinterpret_cast<char*>(key.data()));
  return std::optional<codec::NodeKey>(key);
}

}  // namespace

Status Store::dead_letters(ShopNo shop, std::uint64_t after,
                           const std::function<Walk(const DeadLetter&)>& visit) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  const RowKey end = detail::end_of_shop(shop);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::dead_letters, RowKey().shop(shop).u64(after + 1), &upper);
  for (; rows->Valid(); rows->Next()) {
    RAPPORT_TRY(const LetterRow letter, parse_letter(detail::view(rows->key()), detail::view(rows->value())));
    RAPPORT_TRY(const auto key, key_of_day(*impl_, shop, day_number(letter.at)));
    if (!key) continue;
    RAPPORT_TRY(std::string body, codec::open(*key, letter.sealed, detail::dead_letter_aad(shop)));
    if (visit({letter.id, letter.at, std::move(body)}) == Walk::stop) break;
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "dead_letters");
  return {};
}

Status Store::delete_dead_letter(ShopNo shop, std::uint64_t id) {
  rocksdb::WriteBatch batch;
  batch.Delete(impl_->family(Family::dead_letters), RowKey().shop(shop).u64(id));
  return impl_->write(write_options(Sync::yes), batch);
}

Status Store::destroy_dead_letters(ShopNo shop, std::span<const std::uint64_t> ids) {
  if (ids.empty()) return {};
  {
    // No later letter gets the number of one of these.
    const std::lock_guard appending(impl_->append_mutex);
    std::uint64_t next = 0;
    {
      const std::lock_guard lock(impl_->shops_mutex);
      next = impl_->shops[shop.value - 1U].next_dead_letter;
    }
    rocksdb::WriteBatch last;
    last.Put(impl_->family(Family::meta), detail::last_letter_row(shop), RowKey().u64(next - 1).text());
    RAPPORT_CHECK(impl_->write(write_options(Sync::no), last));
  }
  const std::unique_lock erasing(impl_->erasure_mutex);
  rocksdb::WriteBatch batch;
  for (const std::uint64_t id : ids)
    batch.Delete(impl_->family(Family::dead_letters), RowKey().shop(shop).u64(id));
  const RowKey from = RowKey().shop(shop), to = detail::end_of_shop(shop);
  return impl_->delete_for_good(batch, {{Family::dead_letters, from.text(), to.text()}});
}

Result<std::size_t> Store::expire_dead_letters(ShopNo shop, Instant now) {
  const std::int64_t first_kept = day_number(now - kDeadLettersKept);
  if (first_kept <= 0) return std::size_t{0};
  const std::unique_lock erasing(impl_->erasure_mutex);
  const RowKey from = detail::day_key_row(shop, 0);
  const RowKey to = detail::day_key_row(shop, first_kept);
  const rocksdb::Slice upper = to;
  rocksdb::WriteBatch batch;
  std::size_t days_destroyed = 0;
  {
    const auto keys = impl_->walk(Family::keys, from, &upper);
    for (; keys->Valid(); keys->Next(), ++days_destroyed)
      batch.Delete(impl_->family(Family::keys), keys->key());
    if (!keys->status().ok()) return detail::error_of(keys->status(), "keys");
    if (days_destroyed == 0) return days_destroyed;
    const RowKey end = detail::end_of_shop(shop);
    const rocksdb::Slice letters_end = end;
    const auto letters = impl_->walk(Family::dead_letters, RowKey().shop(shop), &letters_end);
    for (; letters->Valid(); letters->Next()) {
      RAPPORT_TRY(const LetterRow letter,
                  parse_letter(detail::view(letters->key()), detail::view(letters->value())));
      if (day_number(letter.at) < first_kept) {
        batch.Delete(impl_->family(Family::dead_letters), letters->key());
      }
    }
    if (!letters->status().ok()) return detail::error_of(letters->status(), "dead_letters");
  }
  RAPPORT_CHECK(impl_->delete_for_good(batch, {{Family::keys, from.text(), to.text()}}));
  return days_destroyed;
}

}  // namespace rapport::store
