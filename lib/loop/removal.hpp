// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>

#include "loop/blocked_threads.hpp"
#include "loop/context_core.hpp"

namespace nestling::loop {

/// One thread waits until another has done something, once.
class OneTimeSignal {
public:
    void set() {
        // Under the lock, because the waiter destroys this as soon as it sees the flag.
        const std::lock_guard lock(mutex_);
        is_set_ = true;
        changed_.notify_one();
    }

    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_set_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_set_ = false;
};

/// Calls `remove(callback)` so that `callback` runs on the home thread when nothing of the handle runs any more, and
/// waits for that. At home there is nothing to wait for: what runs is the caller itself.
template <class Remove>
void wait_for_removal(ContextCore& core, Remove remove) {
    if (core.is_home()) {
        remove(Callback<void()>());
        return;
    }
    const BlockedOn blocked(core, "remove_and_wait()");
    OneTimeSignal done;
    remove(Callback<void()>([&done] { done.set(); }));
    done.wait();
}

}  // namespace nestling::loop
