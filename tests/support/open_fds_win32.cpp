// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <string_view>

#include "support/open_fds.hpp"
#include "support/own_events_win32.hpp"
#include "support/true_call_win32.hpp"
#include "support/windows.hpp"

// After what it builds on.
#include <winternl.h>

namespace nestling::testing {

namespace {

constinit TrueCall<NTSTATUS NTAPI(HANDLE, OBJECT_INFORMATION_CLASS, void*, ULONG, ULONG*)> query_object("NtQueryObject",
                                                                                                        "ntdll.dll");

/// What the system's thread pool lets go of at some time: its threads, and the events that they wait for.
bool comes_and_goes(HANDLE handle) noexcept {
    // ObjectTypeInformation, which not every header has.
    constexpr auto type_information = static_cast<OBJECT_INFORMATION_CLASS>(2);
    alignas(PUBLIC_OBJECT_TYPE_INFORMATION) std::array<char, 1024> room{};
    ULONG needed = 0;
    if (query_object(handle, type_information, room.data(), static_cast<ULONG>(room.size()), &needed) < 0) {
        return false;
    }
    const UNICODE_STRING& name = reinterpret_cast<PUBLIC_OBJECT_TYPE_INFORMATION*>(room.data())->TypeName;
    const std::wstring_view type(name.Buffer, name.Length / sizeof(wchar_t));
    return type == L"Thread" || (type == L"Event" && !is_own_event(handle));
}

}  // namespace

// One by one: Wine does not know the sum.
std::size_t count_open_fds() {
    constexpr std::uintptr_t most = 8000;
    std::size_t count = 0;
    for (std::uintptr_t number = 4; number <= most; number += 4) {
        auto* const handle = reinterpret_cast<HANDLE>(number);
        DWORD flags = 0;
        count += ::GetHandleInformation(handle, &flags) != FALSE && !comes_and_goes(handle) ? 1 : 0;
    }
    return count;
}

}  // namespace nestling::testing
