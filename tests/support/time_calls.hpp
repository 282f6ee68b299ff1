// SPDX-License-Identifier: MIT
#pragma once

// The numbers and names of the calls that take a time, for the time that this program is compiled with: where `long`
// has 32 bits a time of 64 bits is a choice, and has calls of its own.
#include <sys/syscall.h>
#include <time.h>

namespace nestling::testing {

#if defined(SYS_ppoll_time64)
inline constexpr bool time_is_wide = sizeof(time_t) > sizeof(long);
inline constexpr long ppoll_number = time_is_wide ? SYS_ppoll_time64 : SYS_ppoll;
inline constexpr long timerfd_settime_number = time_is_wide ? SYS_timerfd_settime64 : SYS_timerfd_settime;
inline constexpr long clock_nanosleep_number = time_is_wide ? SYS_clock_nanosleep_time64 : SYS_clock_nanosleep;
#else
inline constexpr long ppoll_number = SYS_ppoll;
inline constexpr long timerfd_settime_number = SYS_timerfd_settime;
inline constexpr long clock_nanosleep_number = SYS_clock_nanosleep;
#endif

/// What the C library calls clock_gettime() for such a time.
inline constexpr const char* clock_gettime_name = sizeof(time_t) > sizeof(long) ? "__clock_gettime64" : "clock_gettime";

}  // namespace nestling::testing
