// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define NESTLING_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NESTLING_ASAN 1
#endif
#endif

#if defined(NESTLING_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace nestling::os {

// Memory that is ours and holds no object: AddressSanitizer, which sees what malloc gives and takes, cannot know that.
// Any thread. `where` is a multiple of 8. O(size) where there is such a sanitizer, and else nothing.

#if defined(NESTLING_ASAN)

inline constexpr bool can_poison = true;
inline void poison(const void* where, std::size_t size) noexcept {
    __asan_poison_memory_region(where, size);
}
inline void unpoison(const void* where, std::size_t size) noexcept {
    __asan_unpoison_memory_region(where, size);
}
inline bool is_poisoned(const void* where) noexcept {
    return __asan_address_is_poisoned(where) != 0;
}

#else

inline constexpr bool can_poison = false;
inline void poison(const void*, std::size_t) noexcept {}
inline void unpoison(const void*, std::size_t) noexcept {}
inline bool is_poisoned(const void*) noexcept {
    return false;
}

#endif

}  // namespace nestling::os
