#include <algorithm>

#include "base/assert.h"
#include "store/detail/impl.h"
#include "store/detail/node_rows.h"
#include "store/store.h"

/// Rows that followers of the log keep: where each node occurs, and the flips. They stay out of the
/// write-ahead log; rows and position lie in one family, so a crash takes both back to the same flush.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace {

constexpr std::uint8_t kUptoTag = 0;
constexpr std::uint8_t kByCauseTag = 1;
constexpr std::uint8_t kByCustomerTag = 2;

/// positions: (shop, block, upto) -> for each node of the block that occurs, ascending: number in the block
/// (u8), count - 1 (varint), upto - first seq (varint), then the distance from each seq to the next
/// (varints). A row a node and call would be ten times dearer than a row a block. The row without `upto` at
/// the block that no node can have is the follower's position.
constexpr std::uint32_t kNodesInBlock = 128;
constexpr std::uint32_t kNoBlock = 0xffff'ffff;

RowKey positions_upto_row(ShopNo shop) {
  return RowKey().shop(shop).u32(kNoBlock);
}

bool read_block(std::string_view row, EventSeq upto, std::uint32_t wanted, std::vector<EventSeq>& seqs) {
  ByteReader in(row);
  while (in.ok() && !in.at_end()) {
    const bool is_wanted = in.u8() == wanted;
    std::uint64_t left = in.varint();
    EventSeq seq{upto.value - in.varint()};
    for (;; --left) {
      if (!in.ok()) return false;
      if (is_wanted) seqs.push_back(seq);
      if (left == 0) break;
      seq.value += in.varint();
    }
    if (is_wanted) return true;
  }
  return in.ok();
}

RowKey flips_upto_row(ShopNo shop) {
  return RowKey().shop(shop).u8(kUptoTag);
}

Result<EventSeq> read_upto(const std::optional<std::string>& row) {
  if (!row) return EventSeq{};
  detail::RowKeyReader in(*row);
  const EventSeq seq{in.number(8)};
  if (!in.ok()) return Error{Errc::corrupt, "a follower's position is not what was written"};
  return seq;
}

bool read_flip(std::string_view row, FlipRow& flip) {
  ByteReader in(row);
  flip.customer = CustomerId{in.u32()};
  flip.body = in.rest();
  return in.ok();
}

}  // namespace

Status Store::append_positions(ShopNo shop, EventSeq upto,
                               std::span<const std::pair<NodeId, EventSeq>> rows) {
  std::vector<std::pair<NodeId, EventSeq>> sorted(rows.begin(), rows.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  rocksdb::WriteBatch batch;
  std::string row;
  for (std::size_t at = 0; at < sorted.size();) {
    const std::uint32_t block = sorted[at].first.value / kNodesInBlock;
    row.clear();
    ByteWriter out(row);
    while (at < sorted.size() && sorted[at].first.value / kNodesInBlock == block) {
      const NodeId node = sorted[at].first;
      std::size_t end = at + 1;
      while (end < sorted.size() && sorted[end].first == node) ++end;
      ASSERT(node.value != 0 && sorted[at].second.value != 0 && sorted[end - 1].second <= upto);
      out.u8(static_cast<std::uint8_t>(node.value % kNodesInBlock));
      out.varint(end - at - 1);
      out.varint(upto.value - sorted[at].second.value);
      while (++at < end) out.varint(sorted[at].second.value - sorted[at - 1].second.value);
    }
    batch.Put(impl_->family(Family::positions), RowKey().shop(shop).u32(block).u64(upto.value), row);
  }
  batch.Put(impl_->family(Family::positions), positions_upto_row(shop), RowKey().u64(upto.value));
  return impl_->write(follower_write_options(), batch);
}

Result<EventSeq> Store::positions_upto(ShopNo shop) const {
  RAPPORT_TRY(const std::optional<std::string> row, impl_->get(Family::positions, positions_upto_row(shop)));
  return read_upto(row);
}

Result<std::vector<EventSeq>> Store::positions(ShopNo shop, NodeId node) const {
  std::vector<EventSeq> seqs;
  RAPPORT_TRY(const auto erased, impl_->get(Family::meta, detail::erased_row(shop, node)));
  if (erased) return seqs;
  const std::uint32_t block = node.value / kNodesInBlock;
  const RowKey from = RowKey().shop(shop).u32(block);
  const RowKey to = RowKey().shop(shop).u32(block).u64(~0ULL);
  const rocksdb::Slice upper = to;
  rocksdb::ReadOptions how;
  how.prefix_same_as_start = true;
  how.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> rows(
      impl_->db->NewIterator(how, impl_->family(Family::positions)));
  for (rows->Seek(from); rows->Valid(); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(6));
    const EventSeq upto{key.number(8)};
    if (!key.ok() || !read_block(detail::view(rows->value()), upto, node.value % kNodesInBlock, seqs)) {
      return detail::damaged_row("positions", detail::view(rows->key()));
    }
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "positions");
  return seqs;
}

Status Store::append_flips(ShopNo shop, EventSeq upto, std::span<const FlipRow> flips) {
  rocksdb::WriteBatch batch;
  std::string row;
  std::uint32_t nth = 0;
  for (std::size_t i = 0; i < flips.size(); ++i) {
    const FlipRow& flip = flips[i];
    ASSERT(flip.cause <= upto && (i == 0 || flips[i - 1].cause <= flip.cause));
    nth = i > 0 && flips[i - 1].cause == flip.cause ? nth + 1 : 0;
    row.clear();
    ByteWriter out(row);
    out.u32(flip.customer.value);
    out.raw(flip.body);
    batch.Put(impl_->family(Family::flips),
              RowKey().shop(shop).u8(kByCauseTag).u64(flip.cause.value).u32(nth), row);
    batch.Put(impl_->family(Family::flips),
              RowKey().shop(shop).u8(kByCustomerTag).u32(flip.customer.value).u64(flip.cause.value).u32(nth),
              "");
  }
  batch.Put(impl_->family(Family::flips), flips_upto_row(shop), RowKey().u64(upto.value));
  return impl_->write(follower_write_options(), batch);
}

Result<EventSeq> Store::flips_upto(ShopNo shop) const {
  RAPPORT_TRY(const std::optional<std::string> row, impl_->get(Family::flips, flips_upto_row(shop)));
  return read_upto(row);
}

Status Store::delete_flips_after(ShopNo shop, EventSeq seq) {
  RAPPORT_TRY(const EventSeq upto, flips_upto(shop));
  const RowKey from = RowKey().shop(shop).u8(kByCauseTag).u64(seq.value + 1);
  const RowKey to = RowKey().shop(shop).u8(kByCauseTag + 1);
  const rocksdb::Slice upper = to;
  const auto rows = impl_->walk(Family::flips, from, &upper);
  rocksdb::WriteBatch batch;
  for (; rows->Valid(); rows->Next()) {
    const std::string_view place = detail::view(rows->key()).substr(3);
    FlipRow flip;
    if (!read_flip(detail::view(rows->value()), flip)) {
      return detail::damaged_row("flips", detail::view(rows->key()));
    }
    batch.Delete(impl_->family(Family::flips), rows->key());
    batch.Delete(impl_->family(Family::flips),
                 RowKey().shop(shop).u8(kByCustomerTag).u32(flip.customer.value).raw(place));
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "flips");
  batch.Put(impl_->family(Family::flips), flips_upto_row(shop), RowKey().u64(std::min(upto, seq).value));
  return impl_->write(follower_write_options(), batch);
}

Status Store::flips(ShopNo shop, EventSeq from, const std::function<Walk(const FlipRow&)>& visit) const {
  const RowKey start = RowKey().shop(shop).u8(kByCauseTag).u64(from.value);
  const RowKey to = RowKey().shop(shop).u8(kByCauseTag + 1);
  const rocksdb::Slice upper = to;
  const auto rows = impl_->walk(Family::flips, start, &upper);
  for (; rows->Valid(); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(3));
    FlipRow flip;
    flip.cause = EventSeq{key.number(8)};
    if (!key.ok() || !read_flip(detail::view(rows->value()), flip)) {
      return detail::damaged_row("flips", detail::view(rows->key()));
    }
    if (visit(flip) == Walk::stop) break;
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "flips");
  return {};
}

Status Store::flips_of(ShopNo shop, CustomerId customer,
                       const std::function<Walk(const FlipRow&)>& visit) const {
  const RowKey start = RowKey().shop(shop).u8(kByCustomerTag).u32(customer.value);
  const RowKey to = RowKey().raw(start.text()).raw(std::string(13, '\xff'));
  const rocksdb::Slice upper = to;
  const auto places = impl_->walk(Family::flips, start, &upper);
  for (; places->Valid(); places->Next()) {
    const std::string_view place = detail::view(places->key()).substr(start.text().size());
    RAPPORT_TRY(const std::optional<std::string> row,
                impl_->get(Family::flips, RowKey().shop(shop).u8(kByCauseTag).raw(place)));
    detail::RowKeyReader key(place);
    FlipRow flip;
    flip.cause = EventSeq{key.number(8)};
    if (!row || !key.ok() || !read_flip(*row, flip)) {
      return detail::damaged_row("flips", detail::view(places->key()));
    }
    if (visit(flip) == Walk::stop) break;
  }
  if (!places->status().ok()) return detail::error_of(places->status(), "flips");
  return {};
}

}  // namespace rapport::store
