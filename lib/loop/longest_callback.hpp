// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/statistics.hpp>

#include <cstdint>
#include <cstring>
#include <mutex>

namespace nestling::loop {

/// The longest callback that was timed, and a copy of its name: the handle may be gone when somebody asks.
class LongestCallback {
public:
    /// Home thread.
    void note(const char* name, std::int64_t duration) noexcept {
        // Only this thread writes it, so that the usual case needs no lock.
        if (duration <= duration_) {
            return;
        }
        const std::lock_guard lock(mutex_);
        duration_ = duration;
        const std::size_t length = ::strnlen(name, sizeof name_ - 1);
        std::memcpy(name_, name, length);
        name_[length] = '\0';
    }

    /// Any thread.
    void tell(Statistics& statistics) const noexcept {
        const std::lock_guard lock(mutex_);
        statistics.longest_callback = std::chrono::nanoseconds(duration_);
        std::memcpy(statistics.longest_callback_name, name_, sizeof name_);
    }

private:
    mutable std::mutex mutex_;
    std::int64_t duration_ = 0;
    char name_[sizeof Statistics::longest_callback_name] = "";
};

}  // namespace nestling::loop
