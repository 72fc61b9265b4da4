#include "lens/detail/query_memory.h"

#include <dlfcn.h>

#include <algorithm>
#include <cerrno>

#include "base/assert.h"
#include "lens/memory.h"

namespace rapport::lens::detail {
namespace {

thread_local QueryMemory* current = nullptr;

/// Requests below these are granted whatever the budget says: code that cannot fail makes small ones.
constexpr std::size_t kSmall = 64u << 10;
constexpr std::size_t kSmallFromSystem = 2u << 20;
/// A query that used more than this has its leavings returned to the system at once.
constexpr std::int64_t kGreat = 64 << 20;

using Control = int (*)(const char*, void*, std::size_t*, void*, std::size_t);

// jemalloc's control as DuckDB's build names it; null where DuckDB has no heap of its own.
Control control() {
  static const auto found = reinterpret_cast<Control>(::dlsym(RTLD_DEFAULT, "duckdb_je_mallctl"));
  return found;
}

// A counter that jemalloc keeps for this thread: bytes, only ever growing.
const std::uint64_t* counter(const char* name) {
  std::uint64_t* place = nullptr;
  std::size_t bytes = sizeof place;
  if (control() == nullptr || control()(name, &place, &bytes, nullptr, 0) != 0) return nullptr;
  return place;
}

}  // namespace

QueryMemory* query_memory_of_this_thread() noexcept {
  return current;
}

QueryMemory::QueryMemory(const DuckConnection& connection, std::size_t most)
    : connection_(connection),
      most_(most),
      allocated_(counter("thread.allocatedp")),
      freed_(counter("thread.deallocatedp")) {
  ASSERT(current == nullptr);
  before_ = in_use();
  current = this;
}

QueryMemory::~QueryMemory() {
  current = nullptr;
  // 4096 stands for all arenas (MALLCTL_ARENAS_ALL).
  if (peak_ > kGreat && control() != nullptr) control()("arena.4096.purge", nullptr, nullptr, nullptr, 0);
}

std::int64_t QueryMemory::in_use() const noexcept {
  if (allocated_ == nullptr || freed_ == nullptr) return 0;
  return static_cast<std::int64_t>(*allocated_ - *freed_);
}

bool QueryMemory::weigh(std::size_t bytes, std::size_t always) noexcept {
  if (bytes > static_cast<std::size_t>(INT64_MAX) / 2) return false;
  const std::int64_t wanted = in_use() - before_ + from_system_ + static_cast<std::int64_t>(bytes);
  if (wanted <= static_cast<std::int64_t>(most_)) {
    peak_ = std::max(peak_, wanted);
    return true;
  }
  over_ = true;
  connection_.interrupt();
  return bytes < always;
}

bool QueryMemory::may_have(std::size_t bytes) noexcept {
  return weigh(bytes, kSmall);
}

bool QueryMemory::may_have_from_system(std::size_t bytes) noexcept {
  if (!weigh(bytes, kSmallFromSystem)) return false;
  from_system_ += static_cast<std::int64_t>(bytes);
  return true;
}

}  // namespace rapport::lens::detail

namespace rapport::lens {

bool query_may_take_from_system(std::size_t bytes) noexcept {
  detail::QueryMemory* const memory = detail::query_memory_of_this_thread();
  return memory == nullptr || memory->may_have_from_system(bytes);
}

}  // namespace rapport::lens

// The two entries of DuckDB's own heap through which its allocator goes. What the program defines comes
// before what a shared library does, so DuckDB calls these; they hand on to the library's.
extern "C" {

[[gnu::visibility("default")]] void* duckdb_je_malloc(std::size_t bytes);
[[gnu::visibility("default")]] void* duckdb_je_realloc(void* place, std::size_t bytes);

void* duckdb_je_malloc(std::size_t bytes) {
  using Malloc = void* (*)(std::size_t);
  static const auto next = reinterpret_cast<Malloc>(::dlsym(RTLD_NEXT, "duckdb_je_malloc"));
  auto* const memory = rapport::lens::detail::query_memory_of_this_thread();
  if (memory != nullptr && !memory->may_have(bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return next(bytes);
}

void* duckdb_je_realloc(void* place, std::size_t bytes) {
  using Realloc = void* (*)(void*, std::size_t);
  static const auto next = reinterpret_cast<Realloc>(::dlsym(RTLD_NEXT, "duckdb_je_realloc"));
  auto* const memory = rapport::lens::detail::query_memory_of_this_thread();
  if (memory != nullptr && !memory->may_have(bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return next(place, bytes);
}
}
