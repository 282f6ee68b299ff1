// SPDX-License-Identifier: MIT
#include <algorithm>

#include "os/alarm.hpp"
#include "os/clock.hpp"
#include "os/waitable_timer.hpp"

namespace nestling::os {

Alarm Alarm::create(Of clock) noexcept {
    Alarm alarm;
    alarm.clock_ = clock;
    alarm.fd_ = create_waitable_timer();
    return alarm;
}

void Alarm::set(std::int64_t deadline) noexcept {
    if (clock_ == Of::wall) {
        // The system moves it when the clock is set.
        set_waitable_timer_for(fd_.get(), deadline);
    } else {
        set_waitable_timer_after(fd_.get(), std::max<std::int64_t>(deadline - monotonic_ns(), 0));
    }
    deadline_ = deadline;
}

void Alarm::disarm() noexcept {
    cancel_waitable_timer(fd_.get());
    deadline_ = -1;
}

}  // namespace nestling::os
