// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "bench/hook.hpp"

namespace bench {

/// What users of loops without a cross-thread queue write themselves: a list behind a mutex, and one wake of the loop
/// when the list stops being empty. Of pointers for objects that exist, of functions for what is posted once.
template <class Item>
class LockedQueue {
public:
    /// Any thread. True if the loop must be woken.
    bool push(Item item) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(item));
        return waiting_.size() == 1;
    }
    /// The loop's thread.
    void run_all() {
        {
            const std::lock_guard lock(mutex_);
            running_.swap(waiting_);
        }
        for (const Item& item : running_) {
            call(item);
        }
        running_.clear();
    }

private:
    static void call(const Hook* hook) { (*hook)(); }
    static void call(const std::function<void()>& function) { function(); }

    std::mutex mutex_;
    std::vector<Item> waiting_;
    std::vector<Item> running_;
};
using RemoteQueue = LockedQueue<const Hook*>;
using RemotePosts = LockedQueue<std::function<void()>>;

/// The same for functions that the loop's own thread posts: no lock, but the functions are kept, as any post must.
class HomeQueue {
public:
    bool push(const Hook& hook) {
        waiting_.emplace_back([&hook] { hook(); });
        return waiting_.size() == 1;
    }
    void run_all() {
        running_.swap(waiting_);
        for (const std::function<void()>& function : running_) {
            function();
        }
        running_.clear();
    }

private:
    std::vector<std::function<void()>> waiting_;
    std::vector<std::function<void()>> running_;
};

inline const Hook& hook_at(void* data) {
    return *static_cast<const Hook*>(data);
}

/// The address of a hook as the `void*` that C libraries keep.
inline void* data_of(const Hook& hook) {
    return const_cast<Hook*>(&hook);
}

}  // namespace bench
