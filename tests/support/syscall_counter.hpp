// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace nestling::testing {

/// The calls of the C library that the program counts: every one that a loop makes. On Windows SetEvent is a write,
/// ResetEvent a read, and a wait for several handles or for a completion port a poll.
enum class Call : std::uint8_t {
    write,
    read,
    poll,
    ppoll,
    epoll_wait,
    epoll_pwait2,
    epoll_ctl,
    timerfd_settime,
    io_uring_enter,
};
inline constexpr std::size_t call_kinds = 9;

/// Counts calls since it was made, of all threads of the program.
///
/// Linking counted_calls_posix.cpp into a program puts counting definitions of these functions in front of the C
/// library's, for the program itself and for all shared libraries that it uses; counted_calls_win32.cpp in front of the
/// system's, for the program itself.
class SyscallCounter {
public:
    SyscallCounter();

    [[nodiscard]] std::uint64_t of(Call call) const;
    /// poll, ppoll, epoll_wait, epoll_pwait2 and io_uring_enter together.
    [[nodiscard]] std::uint64_t waits() const;
    [[nodiscard]] std::uint64_t total() const;
    /// "write 1, epoll_wait 2", for messages.
    [[nodiscard]] std::string text() const;

private:
    std::array<std::uint64_t, call_kinds> start_;
};

/// How many calls of poll, ppoll, epoll_wait, epoll_pwait2 and io_uring_enter that may sleep have begun since the
/// program started. A thread that is to be woken out of its sleep is asleep, or will be without looking again, when
/// this has grown.
std::uint64_t sleeps_begun() noexcept;
/// Until sleeps_begun() is no longer `sleeps_before`.
void wait_until_asleep(std::uint64_t sleeps_before) noexcept;

}  // namespace nestling::testing
