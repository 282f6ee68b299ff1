// SPDX-License-Identifier: MIT
#include "support/own_events_win32.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "support/true_call_win32.hpp"

namespace nestling::testing {

namespace {

/// By number: handles are numbered from 4 in steps of 4.
constexpr std::size_t most = 16'384;
std::array<std::atomic<bool>, most> own;

std::size_t number_of(HANDLE event) noexcept {
    const auto number = reinterpret_cast<std::uintptr_t>(event) / 4;
    return number < most ? number : 0;
}

constinit TrueCall<HANDLE WINAPI(SECURITY_ATTRIBUTES*, BOOL, BOOL, const char*)> true_create_event("CreateEventA");
constinit TrueCall<BOOL WINAPI(HANDLE)> true_close("CloseHandle");

HANDLE WINAPI make_event(SECURITY_ATTRIBUTES* security, BOOL is_manual, BOOL is_set, const char* name) noexcept {
    const HANDLE event = true_create_event(security, is_manual, is_set, name);
    note_event(event, false);
    return event;
}

BOOL WINAPI close_handle(HANDLE handle) noexcept {
    // Before, because another thread may be given the number at once.
    note_event(handle, false);
    return true_close(handle);
}

}  // namespace

void note_event(HANDLE event, bool is_own) noexcept {
    own[number_of(event)].store(is_own);
}

bool is_own_event(HANDLE event) noexcept {
    return number_of(event) != 0 && own[number_of(event)].load();
}

}  // namespace nestling::testing

// The linker takes these pointers instead of those of the import library.
extern "C" {
extern void* const __imp_CreateEventA;
extern void* const __imp_CloseHandle;
void* const __imp_CreateEventA = reinterpret_cast<void*>(&nestling::testing::make_event);
void* const __imp_CloseHandle = reinterpret_cast<void*>(&nestling::testing::close_handle);
}
