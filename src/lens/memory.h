#pragma once

#include <cstddef>

namespace rapport::lens {

/// For the program's heap: whether this thread may take so many more bytes from the system. Always, but while
/// it runs a query that has used up what one query may have; the heap then fails the request, the query is
/// given up and the answer is `too_large`. Any thread; takes no memory itself.
bool query_may_take_from_system(std::size_t bytes) noexcept;

}  // namespace rapport::lens
