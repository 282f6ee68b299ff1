// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace nestling::stress {

/// Ends the process when a count stands still: that is what a lost wakeup looks like from outside. One line names the
/// state.
class Watchdog {
public:
    enum class OnLoss : std::uint8_t {
        fail,     ///< exit code 3
        succeed,  ///< exit code 0: it was to be lost
    };

    /// `progress` and `state` are called on the watchdog's thread. A machine that is busy with other things stands
    /// still for a second now and then; `patience` must be longer.
    Watchdog(std::function<std::uint64_t()> progress, std::function<std::string()> state, OnLoss on_loss = OnLoss::fail,
             std::chrono::seconds patience = std::chrono::seconds(20))
        : progress_(std::move(progress)),
          state_(std::move(state)),
          on_loss_(on_loss),
          patience_(patience),
          thread_([this] { watch(); }) {}
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    ~Watchdog() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

private:
    void watch() {
        std::unique_lock lock(mutex_);
        for (std::uint64_t before = progress_();;) {
            if (changed_.wait_for(lock, patience_, [this] { return is_over_; })) {
                return;
            }
            const std::uint64_t now = progress_();
            if (now == before) {
                std::printf("LOST WAKEUP after %llu wakes: %s\n", static_cast<unsigned long long>(now),
                            state_().c_str());
                std::fflush(stdout);
                std::_Exit(on_loss_ == OnLoss::succeed ? 0 : 3);
            }
            before = now;
        }
    }

    std::function<std::uint64_t()> progress_;
    std::function<std::string()> state_;
    const OnLoss on_loss_;
    const std::chrono::seconds patience_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace nestling::stress
