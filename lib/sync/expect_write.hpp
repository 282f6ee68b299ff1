// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::sync {

#if defined(__x86_64__)

/// A hint that a read-modify-write of `where` comes soon: the line is fetched to be changed, once, and not to be read
/// first and asked for again.
inline void expect_write(const void* where) noexcept {
    // Not __builtin_prefetch: for processors in general compilers leave the intention out.
    __asm__ __volatile__("prefetchw %0" : : "m"(*static_cast<const char*>(where)));
}

#else

inline void expect_write(const void* where) noexcept {
    __builtin_prefetch(where, 1);
}

#endif

}  // namespace nestling::sync
