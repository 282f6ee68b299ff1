// SPDX-License-Identifier: MIT
#include <algorithm>

#include "support/counted_calls.hpp"
#include "support/own_events_win32.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

namespace {

template <typename Function>
Function true_one(const char* name) noexcept {
    return reinterpret_cast<Function>(
        reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleA("kernel32.dll"), name)));
}

BOOL WINAPI set_event(HANDLE event) noexcept {
    static const auto next = true_one<BOOL(WINAPI*)(HANDLE)>("SetEvent");
    if (is_own_event(event)) {
        count(Call::write);
    }
    return next(event);
}

BOOL WINAPI reset_event(HANDLE event) noexcept {
    static const auto next = true_one<BOOL(WINAPI*)(HANDLE)>("ResetEvent");
    if (is_own_event(event)) {
        count(Call::read);
    }
    return next(event);
}

/// Threads of the C library wait for several handles as well. A loop has an event of the library's among them.
void count_wait(DWORD size, const HANDLE* handles, DWORD timeout) noexcept {
    if (std::any_of(handles, handles + size, is_own_event)) {
        count(Call::poll);
        count_sleep(timeout != 0);
    }
}

DWORD WINAPI wait_for_several(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout) noexcept {
    static const auto next = true_one<DWORD(WINAPI*)(DWORD, const HANDLE*, BOOL, DWORD)>("WaitForMultipleObjects");
    count_wait(size, handles, timeout);
    return next(size, handles, all, timeout);
}

DWORD WINAPI wait_for_several_ex(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout, BOOL alertable) noexcept {
    static const auto next =
        true_one<DWORD(WINAPI*)(DWORD, const HANDLE*, BOOL, DWORD, BOOL)>("WaitForMultipleObjectsEx");
    count_wait(size, handles, timeout);
    return next(size, handles, all, timeout, alertable);
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
