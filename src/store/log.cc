#include "store/log.h"

#include "base/assert.h"
#include "store/detail/impl.h"
#include "store/detail/read_log.h"
#include "store/store.h"

namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace detail {

Result<codec::BatchHeader> header_of(ShopNo shop, const rocksdb::Iterator& batch) {
  RowKeyReader key(view(batch.key()));
  const std::uint64_t key_shop = key.number(2);
  const EventSeq seq{key.number(8)};
  Result<codec::BatchHeader> header = codec::read_batch_header(view(batch.value()));
  if (!header.ok()) {
    return std::move(header).error().at(fmt::format("shop {}, seq {}", shop.value, seq.value));
  }
  if (!key.ok() || !key.rest().empty() || key_shop != shop.value || header->first != seq) {
    return Error{Errc::corrupt, "a batch does not stand under its own seq",
                 fmt::format("shop {}, seq {}", shop.value, seq.value)};
  }
  return header;
}

Error broken_chain(ShopNo shop, EventSeq seq) {
  return Error{Errc::corrupt, "a batch does not follow the one before it",
               fmt::format("shop {}, seq {}", shop.value, seq.value)};
}

Error log_error(const rocksdb::Status& status, ShopNo shop, EventSeq seq) {
  return error_of(status, fmt::format("log of shop {} near seq {}", shop.value, seq.value));
}

}  // namespace detail

struct LogReader::State {
  const Store::Impl& store;
  ShopNo shop;
  EventSeq position;  ///< exact once `started`; before, what the caller asked for
  ChainCheck check;
  bool started = false;
  bool has_previous = false;
  Digest digest{};
  RowKey end;
  rocksdb::Slice upper;
  std::unique_ptr<rocksdb::Iterator> batches;

  /// Places the iterator on the batch at `position`.
  void seek();
  Status check_chain(const codec::BatchHeader& header) const;
};

LogReader::LogReader(const Store& store, ShopNo shop, EventSeq from, ChainCheck check)
    : state_(new State{*store.impl_, shop, EventSeq{std::max<std::uint64_t>(from.value, 1)}, check}) {
  state_->end = detail::end_of_shop(shop);
  state_->upper = state_->end;
}
LogReader::~LogReader() = default;
LogReader::LogReader(LogReader&&) noexcept = default;
LogReader& LogReader::operator=(LogReader&&) noexcept = default;

EventSeq LogReader::position() const {
  return state_->position;
}

const Digest& LogReader::digest() const {
  return state_->digest;
}

void LogReader::State::seek() {
  const RowKey row = RowKey().shop(shop).u64(position.value);
  batches = store.walk(Family::log, row, &upper);
  if (started) return;
  const bool exact = batches->Valid() && batches->key() == rocksdb::Slice(row);
  if (exact) return;
  // The batch that holds `position` begins before it.
  batches->SeekForPrev(row);
}

Status LogReader::State::check_chain(const codec::BatchHeader& header) const {
  const bool in_place =
      started ? header.first == position : header.first <= position && header.last() >= position;
  const bool first = header.first == EventSeq{1};
  const bool chained = check == ChainCheck::no || (first && header.previous == Digest{}) ||
                       (!first && (!has_previous || header.previous == digest));
  if (!in_place || !chained) return detail::broken_chain(shop, started ? position : header.first);
  return {};
}

Result<bool> LogReader::next(StoredBatch& batch) {
  State& state = *state_;
  if (state.position > state.store.head(state.shop).seq) {
    state.batches.reset();  // an idle reader must not keep files alive
    return false;
  }
  // An iterator stands on the batch given last; one that ends there may be older than what follows.
  if (state.batches) state.batches->Next();
  if (!state.batches || !state.batches->Valid()) state.seek();
  if (!state.batches->status().ok()) {
    Error error = detail::log_error(state.batches->status(), state.shop, state.position);
    state.batches.reset();
    return error;
  }
  if (!state.batches->Valid()) {
    state.batches.reset();
    return detail::broken_chain(state.shop, state.position);
  }
  auto header = detail::header_of(state.shop, *state.batches);
  Status chained = header.ok() ? state.check_chain(*header) : Status(header.error());
  if (!chained.ok()) {
    state.batches.reset();
    return std::move(chained).error();
  }
  batch = {*header, detail::view(state.batches->value())};
  if (state.check == ChainCheck::yes) state.digest = sha256(batch.bytes);
  state.has_previous = state.started = true;
  state.position = header->last().next();
  return true;
}

Status Store::read(ShopNo shop, EventSeq from, EventSeq to,
                   const std::function<Walk(const StoredBatch&)>& visit) const {
  LogReader reader(*this, shop, from, ChainCheck::no);
  StoredBatch batch;
  while (reader.position() <= to) {
    RAPPORT_TRY(const bool more, reader.next(batch));
    if (!more || visit(batch) == Walk::stop) break;
  }
  return {};
}

Status Store::read_records(ShopNo shop, std::span<const EventSeq> seqs,
                           const std::function<void(const model::RecordView&)>& visit) const {
  const EventSeq last = impl_->head(shop).seq;
  const std::unique_ptr<rocksdb::Iterator> batches(
      impl_->db->NewIterator(rocksdb::ReadOptions(), impl_->family(Family::log)));
  model::RecordView record;
  for (std::size_t at = 0; at < seqs.size();) {
    const EventSeq wanted = seqs[at];
    ASSERT(at == 0 || seqs[at - 1] < wanted);
    if (wanted > last || wanted.value == 0) {
      return Error{Errc::not_found, fmt::format("no record of seq {}", wanted.value), "",
                   fmt::format("1 to {}", last.value)};
    }
    batches->SeekForPrev(RowKey().shop(shop).u64(wanted.value));
    if (!batches->status().ok()) return detail::log_error(batches->status(), shop, wanted);
    if (!batches->Valid()) return detail::broken_chain(shop, wanted);
    RAPPORT_TRY(const codec::BatchHeader header, detail::header_of(shop, *batches));
    if (header.last() < wanted) return detail::broken_chain(shop, wanted);
    RAPPORT_TRY(codec::BatchReader in, codec::BatchReader::open(detail::view(batches->value())));
    while (at < seqs.size() && seqs[at] <= header.last() && in.next(record)) {
      if (record.seq != seqs[at]) continue;
      visit(record);
      ++at;
    }
    RAPPORT_CHECK(in.status());
  }
  return {};
}

Status Store::verify_log(ShopNo shop, const std::function<void(const StoredBatch&)>& visit) const {
  LogReader reader(*this, shop, EventSeq{1});
  StoredBatch batch;
  model::RecordView record;
  for (;;) {
    RAPPORT_TRY(const bool more, reader.next(batch));
    if (!more) return {};
    RAPPORT_TRY(codec::BatchReader records, codec::BatchReader::open(batch.bytes));
    while (records.next(record)) continue;
    if (Status whole = records.status(); !whole.ok()) {
      return std::move(whole).error().at(fmt::format("shop {}", shop.value));
    }
    if (visit) visit(batch);
  }
}

}  // namespace rapport::store
