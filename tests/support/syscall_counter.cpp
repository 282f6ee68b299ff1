// SPDX-License-Identifier: MIT
#include "support/syscall_counter.hpp"

#include <atomic>
#include <thread>

#include "support/counted_calls.hpp"

namespace nestling::testing {

namespace {

constexpr std::array<const char*, call_kinds> names{
    "write", "read", "poll", "ppoll", "epoll_wait", "epoll_pwait2", "epoll_ctl", "timerfd_settime", "io_uring_enter"};

std::array<std::atomic<std::uint64_t>, call_kinds> counts;
std::atomic<std::uint64_t> sleep_count{0};

std::uint64_t count_of(std::size_t index) noexcept {
    return counts[index].load(std::memory_order_seq_cst);
}

}  // namespace

void count(Call call) noexcept {
    counts[static_cast<std::size_t>(call)].fetch_add(1, std::memory_order_seq_cst);
}

void count_sleep(bool may_sleep) noexcept {
    if (may_sleep) {
        sleep_count.fetch_add(1, std::memory_order_seq_cst);
    }
}

void forget_sleep(bool may_sleep) noexcept {
    if (may_sleep) {
        sleep_count.fetch_sub(1, std::memory_order_seq_cst);
    }
}

SyscallCounter::SyscallCounter() : start_() {
    for (std::size_t index = 0; index < call_kinds; ++index) {
        start_[index] = count_of(index);
    }
}

std::uint64_t SyscallCounter::of(Call call) const {
    const auto index = static_cast<std::size_t>(call);
    return count_of(index) - start_[index];
}

std::uint64_t SyscallCounter::waits() const {
    return of(Call::poll) + of(Call::ppoll) + of(Call::epoll_wait) + of(Call::epoll_pwait2) + of(Call::io_uring_enter);
}

std::uint64_t SyscallCounter::total() const {
    std::uint64_t sum = 0;
    for (std::size_t index = 0; index < call_kinds; ++index) {
        sum += count_of(index) - start_[index];
    }
    return sum;
}

std::string SyscallCounter::text() const {
    std::string result;
    for (std::size_t index = 0; index < call_kinds; ++index) {
        const std::uint64_t number = count_of(index) - start_[index];
        if (number != 0) {
            result += (result.empty() ? "" : ", ") + std::string(names[index]) + " " + std::to_string(number);
        }
    }
    return result.empty() ? "none" : result;
}

std::uint64_t sleeps_begun() noexcept {
    return sleep_count.load(std::memory_order_seq_cst);
}

void wait_until_asleep(std::uint64_t sleeps_before) noexcept {
    while (sleeps_begun() == sleeps_before) {
        std::this_thread::yield();
    }
}

}  // namespace nestling::testing
