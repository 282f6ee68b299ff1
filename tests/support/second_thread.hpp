// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace nestling::testing {

/// A thread that does one thing at a time for its maker, who waits: another thread, and yet always the same order. It
/// lives as long as this, because a thread for each of many thousand things costs time, and memory under qemu-user.
class SecondThread {
public:
    SecondThread() : thread_([this] { serve(); }) {}
    ~SecondThread() {
        hand_over([this] { is_over_ = true; });
        thread_.join();
    }
    SecondThread(const SecondThread&) = delete;
    SecondThread& operator=(const SecondThread&) = delete;

    /// Returns when it has done `work`, which must not throw.
    void run(std::function<void()> work) {
        hand_over(std::move(work));
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return work_ == nullptr; });
    }

private:
    void hand_over(std::function<void()> work) {
        {
            const std::lock_guard lock(mutex_);
            work_ = std::move(work);
        }
        changed_.notify_all();
    }

    void serve() {
        std::unique_lock lock(mutex_);
        while (!is_over_) {
            changed_.wait(lock, [this] { return work_ != nullptr; });
            work_();
            work_ = nullptr;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> work_;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace nestling::testing
