// SPDX-License-Identifier: MIT
#pragma once

/// The calls that take a time_t like the lab's. Where `long` has 32 bits a time of 64 is a choice: the C library's
/// headers then give each such function, also ours, another name, and the kernel has calls of another number for it.
namespace nestling::lab::stage {

struct TimeNames {
    const char* clock_gettime;
    const char* clock_nanosleep;
    const char* epoll_pwait2;
    const char* nanosleep;
    const char* ppoll;
    const char* recvmsg;
    const char* sendmsg;
};
extern const TimeNames time_names;

struct TimeNumbers {
    long clock_gettime;
    long ppoll;
    long timerfd_gettime;
    long timerfd_settime;
};
extern const TimeNumbers time_numbers;

}  // namespace nestling::lab::stage
