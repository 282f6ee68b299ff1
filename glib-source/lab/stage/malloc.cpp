// SPDX-License-Identifier: MIT
// Stands before glibc: allocations that are counted.
#include <cstddef>

#include "stage/call_counts.hpp"

extern "C" {
namespace stage = nestling::lab::stage;

// The names are glibc's. NOLINTBEGIN(readability-identifier-naming,bugprone-reserved-identifier)
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t number, std::size_t size) noexcept;
void* __libc_realloc(void* old, std::size_t size) noexcept;
// NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier)

void* malloc(std::size_t size) noexcept {
    ++stage::counts_of_thread.allocations;
    return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size) noexcept {
    ++stage::counts_of_thread.allocations;
    return __libc_calloc(number, size);
}

void* realloc(void* old, std::size_t size) noexcept {
    ++stage::counts_of_thread.allocations;
    return __libc_realloc(old, size);
}
}  // extern "C"
