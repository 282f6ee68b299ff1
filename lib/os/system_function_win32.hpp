// SPDX-License-Identifier: MIT
#pragma once

#include "os/windows.hpp"

namespace nestling::os {

/// Any thread. The function `name` of a DLL that every process has, or null where the system is older than it.
template <class Function>
Function system_function(const wchar_t* dll, const char* name) noexcept {
    // By way of the type that compilers let stand for any function.
    return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(::GetProcAddress(::GetModuleHandleW(dll), name)));
}

}  // namespace nestling::os
