// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#if defined(_WIN32)
#include "os/thread_id_win32.hpp"
#else

namespace nestling::os {

/// A number that no other living thread has. Cheaper than asking the system: the address of a variable of the thread.
inline std::uintptr_t this_thread_id() noexcept {
    // In the block that each thread has from its start: without this a shared library would call a function for it.
    [[gnu::tls_model("initial-exec")]] static thread_local char marker;
    return reinterpret_cast<std::uintptr_t>(&marker);
}

}  // namespace nestling::os

#endif
