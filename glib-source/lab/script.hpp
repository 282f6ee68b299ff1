// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace nestling::lab {

/// What is to happen, and when. Times in nanoseconds of the process's clock.
class Script {
public:
    using Action = std::function<void()>;

    void add(std::int64_t time, Action action) { moments_.emplace(time, std::move(action)); }
    /// Runs what is due; more may be added meanwhile.
    void run_due(std::int64_t now);
    /// The next moment; negative: none.
    [[nodiscard]] std::int64_t next() const noexcept { return moments_.empty() ? -1 : moments_.begin()->first; }

    /// Makes `fd` a scripted one.
    void set(int fd, int conditions) { fds_[fd].level = conditions; }
    void pulse(int fd, int conditions) { fds_[fd].pulse |= conditions; }
    void interrupt() noexcept { ++interrupts_; }
    [[nodiscard]] bool take_interrupt() noexcept;

    /// An action has run that may have changed what the loop waits for: the poll that goes on ends, and nothing is
    /// ready.
    void end_poll() noexcept { has_acted_ = true; }
    bool take_end_of_poll() noexcept { return std::exchange(has_acted_, false); }

    [[nodiscard]] bool has(std::int64_t fd) const { return fds_.count(static_cast<int>(fd)) != 0; }
    /// What a poll for `events` is told.
    [[nodiscard]] unsigned short answer(int fd, unsigned short events) const;
    /// It was told, and returned.
    void told(int fd) { fds_.at(fd).pulse = 0; }
    [[nodiscard]] int make_fake() noexcept { return next_fake_++; }

private:
    struct Fd {
        int level = 0;
        int pulse = 0;
    };
    /// Above what a process can open.
    static constexpr int first_fake = 1'000'000'000;

    std::multimap<std::int64_t, Action> moments_;
    std::map<int, Fd> fds_;
    unsigned interrupts_ = 0;
    bool has_acted_ = false;
    int next_fake_ = first_fake;
};

}  // namespace nestling::lab
