// SPDX-License-Identifier: MIT
#include <sys/timerfd.h>

#include <algorithm>

#include "os/alarm.hpp"

namespace nestling::os {

Alarm Alarm::create(Of clock) noexcept {
    Alarm alarm;
    alarm.clock_ = clock;
    const int id = clock == Of::wall ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    alarm.fd_ = OwnedFd(::timerfd_create(id, TFD_CLOEXEC | TFD_NONBLOCK));
    return alarm;
}

void Alarm::set(std::int64_t deadline) noexcept {
    // A zero time would disarm it.
    const std::int64_t at = std::max<std::int64_t>(deadline, 1);
    itimerspec spec{};
    spec.it_value.tv_sec = static_cast<time_t>(at / 1'000'000'000);
    spec.it_value.tv_nsec = static_cast<long>(at % 1'000'000'000);
    int flags = TFD_TIMER_ABSTIME;
    if (clock_ == Of::wall) {
        flags |= TFD_TIMER_CANCEL_ON_SET;
    }
    ::timerfd_settime(fd_.get(), flags, &spec, nullptr);
    deadline_ = deadline;
}

void Alarm::disarm() noexcept {
    const itimerspec spec{};
    ::timerfd_settime(fd_.get(), 0, &spec, nullptr);
    deadline_ = -1;
}

}  // namespace nestling::os
