// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>

#include <csignal>

namespace demo {

/// Turns SIGINT and SIGTERM into a call on the home thread of a context; one object at a time.
///
/// The signal handler calls BottomHalf::schedule(), which is made for that: no pipe of our own, no thread that waits.
/// The handler serves once: whoever presses Ctrl-C again wants the process to end at once, and it does.
class Interrupt {
public:
    Interrupt(nestling::Context& context, nestling::Callback<void(int signal)> callback);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

private:
    nestling::Callback<void(int)> callback_;
    nestling::BottomHalf bottom_half_;
    struct sigaction old_int_ {};
    struct sigaction old_term_ {};
};

}  // namespace demo
