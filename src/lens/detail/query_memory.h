#pragma once

#include <cstddef>
#include <cstdint>

#include "lens/detail/duck.h"

namespace rapport::lens::detail {

/// What the query of this thread may take, while one of these lives on it. DuckDB's memory_limit counts what
/// its buffer manager hands out; the texts and lists that functions build lie outside of it, and one call
/// over one chunk of rows can build terabytes of them before DuckDB looks whether it was interrupted. So the
/// heap itself is asked: over the budget a large request is refused, upon which DuckDB gives the query up,
/// and a small one is granted but interrupts it. Queries run on the thread that asks (the setting threads is
/// 1).
///
/// Counted exactly where DuckDB brings its own heap (jemalloc), by replacing the two entries through which it
/// asks for memory; elsewhere through may_take_from_system().
class QueryMemory {
 public:
  /// `most` bytes, from now on. One a thread at a time.
  QueryMemory(const DuckConnection& connection, std::size_t most);
  /// Gives back to the system what a great query leaves behind.
  ~QueryMemory();
  QueryMemory(const QueryMemory&) = delete;
  QueryMemory& operator=(const QueryMemory&) = delete;

  /// More was asked for than there is.
  bool over() const { return over_; }
  std::size_t most() const { return most_; }

  /// Whether the thread's query may have so many more bytes of DuckDB's heap.
  bool may_have(std::size_t bytes) noexcept;
  /// The same for memory that another heap takes from the system for this thread, and is not seen to return.
  bool may_have_from_system(std::size_t bytes) noexcept;

 private:
  bool weigh(std::size_t bytes, std::size_t always) noexcept;
  std::int64_t in_use() const noexcept;

  const DuckConnection& connection_;
  std::size_t most_;
  const std::uint64_t *allocated_ = nullptr, *freed_ = nullptr;
  std::int64_t before_ = 0;
  std::int64_t from_system_ = 0, peak_ = 0;
  bool over_ = false;
};

/// Null where no query runs.
QueryMemory* query_memory_of_this_thread() noexcept;

}  // namespace rapport::lens::detail
