#pragma once

#include <pthread.h>

#include <algorithm>
#include <string>

namespace rapport {

/// What `top -H`, gdb and perf call the calling thread. The system keeps 15 bytes; the rest is cut.
inline void name_this_thread(std::string name) {
  name.resize(std::min<std::size_t>(name.size(), 15));
  ::pthread_setname_np(::pthread_self(), name.c_str());
}

}  // namespace rapport
