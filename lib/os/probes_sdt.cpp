// SPDX-License-Identifier: MIT
// NOLINTNEXTLINE(bugprone-reserved-identifier): the header's name for it.
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

#include "os/probes.hpp"

// Each probe has a counter of its tracers, by name. All are the same one: who traces one probe gets a loop that times
// every callback, and then the others cost nothing more. Tools look for it in a section of this name.
extern "C" {
__attribute__((section(".probes"))) volatile unsigned short nestling_probe_users = 0;

extern volatile unsigned short nestling_iteration_begin_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_iteration_end_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_sleep_begin_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_sleep_end_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_callback_begin_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_callback_end_semaphore __attribute__((alias("nestling_probe_users")));
extern volatile unsigned short nestling_wake_written_semaphore __attribute__((alias("nestling_probe_users")));
}

namespace nestling::os::probes {

void iteration_begin(const char* context, unsigned waited) noexcept {
    STAP_PROBE2(nestling, iteration_begin, context, waited);
}
void iteration_end(const char* context, unsigned progress) noexcept {
    STAP_PROBE2(nestling, iteration_end, context, progress);
}
void sleep_begin(const char* context, std::int64_t timeout) noexcept {
    STAP_PROBE2(nestling, sleep_begin, context, timeout);
}
void sleep_end(const char* context) noexcept {
    STAP_PROBE1(nestling, sleep_end, context);
}
void callback_begin(const char* context, const char* handle) noexcept {
    STAP_PROBE2(nestling, callback_begin, context, handle);
}
void callback_end(const char* context, const char* handle, std::int64_t nanoseconds) noexcept {
    STAP_PROBE3(nestling, callback_end, context, handle, nanoseconds);
}
void wake_written(const char* context) noexcept {
    STAP_PROBE1(nestling, wake_written, context);
}

}  // namespace nestling::os::probes
