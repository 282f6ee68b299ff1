// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "os/owned_fd.hpp"

namespace nestling::os {

/// A descriptor that becomes readable at an absolute time, and, for the wall clock, when that clock is set.
class Alarm {
public:
    enum class Of : std::uint8_t { monotonic, wall };

    /// Empty where the system has no such descriptor, or has run out of them.
    static Alarm create(Of clock) noexcept;

    Alarm() noexcept = default;
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// Sets it for `deadline` (nanoseconds of its clock), and makes it unreadable until then.
    void set(std::int64_t deadline) noexcept;
    /// Makes it unreadable until it is set again.
    void disarm() noexcept;
    /// It has gone off, and need not be made unreadable.
    void forget() noexcept { deadline_ = -1; }
    /// What it is set for, or -1.
    [[nodiscard]] std::int64_t deadline() const noexcept { return deadline_; }

private:
    OwnedFd fd_;
    [[maybe_unused]] Of clock_ = Of::monotonic;
    std::int64_t deadline_ = -1;
};

}  // namespace nestling::os
