// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/fd_handler.hpp>

#include <utility>

namespace nestling::testing {

/// Callbacks that only read.
inline FdCallbacks reading(Callback<void()> read) {
    FdCallbacks callbacks;
    callbacks.read = std::move(read);
    return callbacks;
}

}  // namespace nestling::testing
