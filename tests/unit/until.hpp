// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <thread>

namespace nestling::testing {

/// Returns when `condition` holds. For what another thread does and tells nobody, such as coming to its end; if it
/// never happens, the test program runs into its time limit.
template <class Condition>
void until(Condition condition) {
    while (!condition()) {
        std::this_thread::yield();
    }
}

/// Home thread. Iterates until `condition`, which a callback of the context makes true.
template <class Condition>
void poll_until(Context& context, Condition condition) {
    while (!condition()) {
        context.poll(Wait::block);
    }
}

}  // namespace nestling::testing
