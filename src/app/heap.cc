#include "app/heap.h"

#include <gperftools/malloc_extension.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <new>

#include "lens/memory.h"

namespace rapport::app {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
/// Taken at once: small enough that an idle program stays small, great enough that most of it is huge pages.
constexpr std::size_t kStep = 2 * kHugePage;

class HugePages : public SysAllocator {
 public:
  explicit HugePages(SysAllocator* below) : below_(below) {}

  void* Alloc(std::size_t size, std::size_t* actual_size, std::size_t alignment) override {
    if (!lens::query_may_take_from_system(size)) return nullptr;
    if (actual_size == nullptr) return below_->Alloc(size, actual_size, alignment);
    const std::size_t wanted = (size + kStep - 1) / kStep * kStep;
    void* const memory = below_->Alloc(wanted, actual_size, std::max(alignment, kHugePage));
    if (memory != nullptr) ::madvise(memory, *actual_size, MADV_HUGEPAGE);
    return memory;
  }

 private:
  SysAllocator* below_;
};

}  // namespace

void ask_for_huge_pages() {
  MallocExtension* const heap = MallocExtension::instance();
  // Of the whole process and never freed: the heap outlives every static.
  alignas(HugePages) static std::byte place[sizeof(HugePages)];
  heap->SetSystemAllocator(new (place) HugePages(heap->GetSystemAllocator()));
}

}  // namespace rapport::app
