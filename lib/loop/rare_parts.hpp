// SPDX-License-Identifier: MIT
#pragma once

#include "loop/deferred_calls.hpp"
#include "loop/held_handlers.hpp"

namespace nestling::loop {

/// What few contexts need: made when it is asked for, so that the others stay small. Home thread.
struct RareParts {
    explicit RareParts(CallbackStack& stack) noexcept : deferred(stack) {}

    DeferredCalls deferred;
    HeldHandlers held;
};

}  // namespace nestling::loop
