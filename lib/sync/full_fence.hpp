// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#if defined(__SANITIZE_THREAD__)
#define NESTLING_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NESTLING_TSAN 1
#endif
#endif

namespace nestling::sync {

#if defined(NESTLING_TSAN)

/// ThreadSanitizer does not know fences. A read-modify-write of one shared word orders at least as much and is seen.
inline void full_fence() noexcept {
    static std::atomic<unsigned> word{0};
    word.fetch_add(1, std::memory_order_seq_cst);
}
template <typename T>
void full_fence_after_rmw(const std::atomic<T>& word) noexcept {
    // What the fence orders behind the value that was read.
    static_cast<void>(word.load(std::memory_order_seq_cst));
    full_fence();
}

#elif defined(__x86_64__)

/// A locked instruction on the stack is a full barrier and several times cheaper than the mfence that some compilers
/// emit for a seq_cst fence. Just below the top: on it lies the address that the function is about to return to.
inline void full_fence() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    __asm__ __volatile__("lock orl $0, -4(%%rsp)" ::: "memory", "cc");
}

/// Right behind a read-modify-write of `word`, which is a full barrier here.
template <typename T>
void full_fence_after_rmw(const std::atomic<T>& /*word*/) noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

#else

inline void full_fence() noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}
template <typename T>
void full_fence_after_rmw(const std::atomic<T>& /*word*/) noexcept {
    full_fence();
}

#endif

}  // namespace nestling::sync
