// SPDX-License-Identifier: MIT
#include "unit/no_threads.hpp"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "support/true_call_win32.hpp"

namespace nestling::testing {

struct NoThreads::Saved {};

namespace {

std::atomic<bool> refuses{false};

constinit TrueCall<std::uintptr_t(void*, unsigned, unsigned(__stdcall*)(void*), void*, unsigned, unsigned*)> true_begin(
    "_beginthreadex", "msvcrt.dll");

std::uintptr_t begin_thread(void* security, unsigned stack, unsigned(__stdcall* start)(void*), void* argument,
                            unsigned flags, unsigned* id) {
    if (refuses.load()) {
        errno = EAGAIN;
        return 0;
    }
    return true_begin(security, stack, start, argument, flags, id);
}

}  // namespace

NoThreads::NoThreads() {
    refuses.store(true);
}

NoThreads::~NoThreads() {
    refuses.store(false);
}

}  // namespace nestling::testing

// The linker takes this pointer instead of that of the import library.
extern "C" {
extern void* const __imp__beginthreadex;
void* const __imp__beginthreadex = reinterpret_cast<void*>(&nestling::testing::begin_thread);
}
