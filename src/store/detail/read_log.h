#pragma once

#include <rocksdb/iterator.h>

#include "codec/record.h"
#include "store/detail/rows.h"

/// What every reader of the log checks, and how it names damage.
namespace rapport::store::detail {

/// Decodes the header under the iterator and holds it against its key. Errors: corrupt naming shop and seq.
Result<codec::BatchHeader> header_of(ShopNo shop, const rocksdb::Iterator& batch);

Error broken_chain(ShopNo shop, EventSeq seq);
/// A status of RocksDB while reading near `seq`.
Error log_error(const rocksdb::Status& status, ShopNo shop, EventSeq seq);

}  // namespace rapport::store::detail
