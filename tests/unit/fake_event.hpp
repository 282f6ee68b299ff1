// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// Stands in for the event that wakes a loop, and counts what the wake protocol does with it.
struct FakeEvent {
    int sets = 0;
    int drains = 0;

    void set() noexcept { ++sets; }
    void drain() noexcept { ++drains; }
};

}  // namespace nestling::testing
