// SPDX-License-Identifier: MIT
#include "os/signal_set.hpp"

#include <nestling/signals.hpp>

#include <string>
#include <system_error>

namespace nestling::os {

sigset_t signal_set(std::initializer_list<int> signals) {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : signals) {
        if (number == SIGKILL || number == SIGSTOP || ::sigaddset(&set, number) != 0) {
            throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                    "nestling: signal " + std::to_string(number) + " cannot be watched");
        }
    }
    return set;
}

bool set_blocked(int number, int how) noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, number);
    sigset_t before;
    ::sigemptyset(&before);
    ::pthread_sigmask(how, &set, &before);
    return has_signal(before, number);
}

}  // namespace nestling::os

namespace nestling {

BlockedSignals::BlockedSignals(std::initializer_list<int> signals) : unblocked_before_(os::signal_set(signals)) {
    for (int number = 1; number != os::signal_limit; ++number) {
        if (os::has_signal(unblocked_before_, number) && os::set_blocked(number, SIG_BLOCK)) {
            ::sigdelset(&unblocked_before_, number);
        }
    }
}

BlockedSignals::~BlockedSignals() {
    ::pthread_sigmask(SIG_UNBLOCK, &unblocked_before_, nullptr);
}

}  // namespace nestling
