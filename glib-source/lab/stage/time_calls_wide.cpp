// SPDX-License-Identifier: MIT
// Where time_t is wider than `long`: glibc's names.
#include "stage/time_calls.hpp"

#include <sys/syscall.h>

namespace nestling::lab::stage {

constinit const TimeNames time_names{
    .clock_gettime = "__clock_gettime64",
    .clock_nanosleep = "__clock_nanosleep_time64",
    .epoll_pwait2 = "__epoll_pwait2_time64",
    .nanosleep = "__nanosleep64",
    .ppoll = "__ppoll64",
    .recvmsg = "__recvmsg64",
    .sendmsg = "__sendmsg64",
};

constinit const TimeNumbers time_numbers{
    .clock_gettime = SYS_clock_gettime64,
    .ppoll = SYS_ppoll_time64,
    .timerfd_gettime = SYS_timerfd_gettime64,
    .timerfd_settime = SYS_timerfd_settime64,
};

}  // namespace nestling::lab::stage
