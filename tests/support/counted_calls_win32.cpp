// SPDX-License-Identifier: MIT
#include <cstdint>

#include "support/counted_calls.hpp"
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
    count(Call::write);
    return next(event);
}

BOOL WINAPI reset_event(HANDLE event) noexcept {
    static const auto next = true_one<BOOL(WINAPI*)(HANDLE)>("ResetEvent");
    count(Call::read);
    return next(event);
}

DWORD WINAPI wait_for_several(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout) noexcept {
    static const auto next = true_one<DWORD(WINAPI*)(DWORD, const HANDLE*, BOOL, DWORD)>("WaitForMultipleObjects");
    count(Call::poll);
    count_sleep(timeout != 0);
    return next(size, handles, all, timeout);
}

DWORD WINAPI wait_for_several_ex(DWORD size, const HANDLE* handles, BOOL all, DWORD timeout, BOOL alertable) noexcept {
    static const auto next =
        true_one<DWORD(WINAPI*)(DWORD, const HANDLE*, BOOL, DWORD, BOOL)>("WaitForMultipleObjectsEx");
    count(Call::poll);
    count_sleep(timeout != 0);
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
