// SPDX-License-Identifier: MIT
#include <cstdint>

#include "support/open_fds.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

// One by one: Wine does not know the sum.
std::size_t count_open_fds() {
    constexpr std::uintptr_t most = 8000;
    std::size_t count = 0;
    for (std::uintptr_t number = 4; number <= most; number += 4) {
        DWORD flags = 0;
        count += ::GetHandleInformation(reinterpret_cast<HANDLE>(number), &flags) != FALSE ? 1 : 0;
    }
    return count;
}

}  // namespace nestling::testing
