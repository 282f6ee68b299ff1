// SPDX-License-Identifier: MIT
#include <nestling/run_in_pool.hpp>

#include <mutex>

namespace nestling::async {

bool JobGate::enter() {
    const std::lock_guard lock(mutex_);
    is_inside_ = !is_closed_;
    return is_inside_;
}

void JobGate::leave() noexcept {
    // Under the lock, because the task destroys what the job used as soon as it knows.
    const std::lock_guard lock(mutex_);
    is_inside_ = false;
    changed_.notify_all();
}

void JobGate::close() noexcept {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    changed_.wait(lock, [this] { return !is_inside_; });
}

}  // namespace nestling::async
