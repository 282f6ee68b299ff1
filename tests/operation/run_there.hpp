// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <utility>

#include "support/gate.hpp"

namespace nestling::testing {

/// Another thread than the home thread. Runs `act` on the home thread, and returns when it has run.
template <class F>
void run_there(Context& context, F act) {
    Gate done;
    context.post("run_there", [&] {
        act();
        done.open();
    });
    done.wait();
}

}  // namespace nestling::testing
