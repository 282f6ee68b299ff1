// SPDX-License-Identifier: MIT
#include <algorithm>

#include "support/counted_calls.hpp"
#include "support/own_events_win32.hpp"
#include "support/true_call_win32.hpp"

namespace nestling::testing {

namespace {

constinit TrueCall<BOOL WINAPI(HANDLE)> true_set("SetEvent");
constinit TrueCall<BOOL WINAPI(HANDLE)> true_reset("ResetEvent");
constinit TrueCall<DWORD WINAPI(DWORD, const HANDLE*, BOOL, DWORD)> true_wait("WaitForMultipleObjects");
constinit TrueCall<DWORD WINAPI(DWORD, const HANDLE*, BOOL, DWORD, BOOL)> true_wait_ex("WaitForMultipleObjectsEx");

BOOL WINAPI set_event(HANDLE event) noexcept {
    if (is_own_event(event)) {
        count(Call::write);
    }
    return true_set(event);
}

BOOL WINAPI reset_event(HANDLE event) noexcept {
    if (is_own_event(event)) {
        count(Call::read);
    }
    return true_reset(event);
}

/// Threads of the C library wait for several handles as well. A loop has an event of the library's among them.
void count_wait(DWORD size, const HANDLE* handles, DWORD timeout) noexcept {
    if (std::any_of(handles, handles + size, is_own_event)) {
        count(Call::poll);
        count_sleep(timeout != 0);
    }
}

DWORD WINAPI wait_for_several(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout) noexcept {
    count_wait(size, handles, timeout);
    return true_wait(size, handles, all, timeout);
}

DWORD WINAPI wait_for_several_ex(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout, BOOL alertable) noexcept {
    count_wait(size, handles, timeout);
    return true_wait_ex(size, handles, all, timeout, alertable);
}

}  // namespace

}  // namespace nestling::testing

// The linker takes these pointers instead of those of the import library, for everything that is linked statically.
extern "C" {
extern void* const __imp_SetEvent;
extern void* const __imp_ResetEvent;
extern void* const __imp_WaitForMultipleObjects;
extern void* const __imp_WaitForMultipleObjectsEx;
void* const __imp_SetEvent = reinterpret_cast<void*>(&nestling::testing::set_event);
void* const __imp_ResetEvent = reinterpret_cast<void*>(&nestling::testing::reset_event);
void* const __imp_WaitForMultipleObjects = reinterpret_cast<void*>(&nestling::testing::wait_for_several);
void* const __imp_WaitForMultipleObjectsEx = reinterpret_cast<void*>(&nestling::testing::wait_for_several_ex);
}
