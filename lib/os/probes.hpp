// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <nestling/annotations.hpp>

namespace nestling::os::probes {

// Statically defined probes of provider "nestling", for bpftrace, perf, systemtap and gdb. Those who call these first
// ask whether anybody is there: then a call is one instruction that does nothing, and without the probes nothing at
// all.

/// How many tracers there are: the kernel, or who traces without it, counts here.
extern "C" NESTLING_HIDDEN volatile unsigned short nestling_probe_users;

/// Any thread.
inline unsigned users() noexcept {
    return nestling_probe_users;
}
inline bool are_wanted() noexcept {
    return users() != 0;
}

/// An iteration begins to run callbacks; `waited`: it was allowed to sleep before.
void iteration_begin(const char* context, unsigned waited) noexcept;
void iteration_end(const char* context, unsigned progress) noexcept;
/// `timeout` in nanoseconds, negative: without limit.
void sleep_begin(const char* context, std::int64_t timeout) noexcept;
void sleep_end(const char* context) noexcept;
void callback_begin(const char* context, const char* handle) noexcept;
void callback_end(const char* context, const char* handle, std::int64_t nanoseconds) noexcept;
/// Somebody wakes the loop by its event. Signal-safe.
void wake_written(const char* context) noexcept;

}  // namespace nestling::os::probes
