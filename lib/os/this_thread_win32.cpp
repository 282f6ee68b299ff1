// SPDX-License-Identifier: MIT
#include "os/system_function_win32.hpp"
#include "os/this_thread.hpp"

namespace nestling::os {

void name_this_thread(const std::string& name) noexcept {
    using SetDescription = HRESULT(WINAPI*)(HANDLE, PCWSTR);
    // Since Windows 10, 1607: a program that is linked with it would not start on older ones.
    const auto set_description = system_function<SetDescription>(L"kernel32.dll", "SetThreadDescription");
    if (set_description == nullptr) {
        return;
    }
    wchar_t wide[64] = {};
    ::MultiByteToWideChar(CP_UTF8, 0, name.c_str(), -1, wide, 63);
    set_description(::GetCurrentThread(), wide);
}

long system_thread_id() noexcept {
    return static_cast<long>(::GetCurrentThreadId());
}

void use_precise_timeouts() noexcept {
    // The timers that a wait uses are precise by themselves.
}

}  // namespace nestling::os
