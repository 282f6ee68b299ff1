// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <atomic>
#include <utility>

namespace demo {

namespace {

// A signal handler is given nothing but the number of the signal.
std::atomic<const nestling::BottomHalf*> scheduled_by_signal{nullptr};
std::atomic<int> signal_number{0};
static_assert(std::atomic<const nestling::BottomHalf*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_signal(int signal) {
    signal_number.store(signal);
    if (const nestling::BottomHalf* bottom_half = scheduled_by_signal.load()) {
        bottom_half->schedule();
    }
}

}  // namespace

Interrupt::Interrupt(nestling::Context& context, nestling::Callback<void(int signal)> callback)
    : callback_(std::move(callback)), bottom_half_(context, "interrupt", [this] { callback_(signal_number.load()); }) {
    scheduled_by_signal.store(&bottom_half_);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, &old_int_);
    ::sigaction(SIGTERM, &action, &old_term_);
}

Interrupt::~Interrupt() {
    ::sigaction(SIGINT, &old_int_, nullptr);
    ::sigaction(SIGTERM, &old_term_, nullptr);
    scheduled_by_signal.store(nullptr);
}

}  // namespace demo
