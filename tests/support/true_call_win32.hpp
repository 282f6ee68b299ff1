// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "support/windows.hpp"

namespace nestling::testing {

/// A function of the system, for who stands in front of it. Looked up by the first call, without the lock that a local
/// static has: that may need the function itself.
template <typename Function>
class TrueCall {
public:
    constexpr explicit TrueCall(const char* name, const char* library = "kernel32.dll") noexcept
        : name_(name), library_(library) {}

    template <typename... Arguments>
    auto operator()(Arguments... arguments) noexcept {
        Function* found = found_.load();
        if (found == nullptr) {
            found = reinterpret_cast<Function*>(
                reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleA(library_), name_)));
            found_.store(found);
        }
        return found(arguments...);
    }

private:
    const char* name_;
    const char* library_;
    std::atomic<Function*> found_{nullptr};
};

}  // namespace nestling::testing
