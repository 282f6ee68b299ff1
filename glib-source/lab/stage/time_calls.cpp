// SPDX-License-Identifier: MIT
// Where time_t is as wide as `long`.
#include "stage/time_calls.hpp"

#include <sys/syscall.h>

namespace nestling::lab::stage {

constinit const TimeNames time_names{
    .clock_gettime = "clock_gettime",
    .clock_nanosleep = "clock_nanosleep",
    .epoll_pwait2 = "epoll_pwait2",
    .nanosleep = "nanosleep",
    .ppoll = "ppoll",
    .recvmsg = "recvmsg",
    .sendmsg = "sendmsg",
};

constinit const TimeNumbers time_numbers{
    .clock_gettime = SYS_clock_gettime,
    .ppoll = SYS_ppoll,
    .timerfd_gettime = SYS_timerfd_gettime,
    .timerfd_settime = SYS_timerfd_settime,
};

}  // namespace nestling::lab::stage
