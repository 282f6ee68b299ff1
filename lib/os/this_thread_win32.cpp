// SPDX-License-Identifier: MIT
#include "os/this_thread.hpp"
#include "os/windows.hpp"

namespace nestling::os {

void name_this_thread(const std::string& name) noexcept {
    using SetDescription = HRESULT(WINAPI*)(HANDLE, PCWSTR);
    // Since Windows 10, 1607: a program that is linked with it would not start on older ones.
    const FARPROC found = ::GetProcAddress(::GetModuleHandleW(L"kernel32.dll"), "SetThreadDescription");
    if (found == nullptr) {
        return;
    }
    wchar_t wide[64] = {};
    ::MultiByteToWideChar(CP_UTF8, 0, name.c_str(), -1, wide, 63);
    reinterpret_cast<SetDescription>(reinterpret_cast<void*>(found))(::GetCurrentThread(), wide);
}

long system_thread_id() noexcept {
    return static_cast<long>(::GetCurrentThreadId());
}

void use_precise_timeouts() noexcept {
    // The timers that a wait uses are precise by themselves.
}

}  // namespace nestling::os
