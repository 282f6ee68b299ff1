// SPDX-License-Identifier: MIT
#include "loop/blocked_threads.hpp"

#include <mutex>
#include <string>

#include "loop/context_core.hpp"
#include "os/thread_id.hpp"

namespace nestling::loop {

/// All of them, in a list through themselves.
class BlockedThreads {
public:
    /// Adds `entry`, or tells that it closes a ring.
    bool add(BlockedOn& entry) {
        const std::lock_guard lock(mutex_);
        for (const BlockedOn* at = &entry; at != nullptr; at = blocked_home_of(at->target_)) {
            if (at->target_.home().is(entry.thread_)) {
                return false;
            }
        }
        entry.next_ = first_;
        first_ = &entry;
        return true;
    }

    void remove(BlockedOn& entry) {
        const std::lock_guard lock(mutex_);
        BlockedOn** link = &first_;
        while (*link != &entry) {
            link = &(*link)->next_;
        }
        *link = entry.next_;
    }

    static BlockedThreads& all() {
        static BlockedThreads threads;
        return threads;
    }

private:
    /// Null if the home thread of `target` goes on.
    [[nodiscard]] const BlockedOn* blocked_home_of(const ContextCore& target) const noexcept {
        for (const BlockedOn* at = first_; at != nullptr; at = at->next_) {
            if (target.home().is(at->thread_)) {
                return at;
            }
        }
        return nullptr;
    }

    std::mutex mutex_;
    BlockedOn* first_ = nullptr;
};

BlockedOn::BlockedOn(const ContextCore& target, const char* what) : thread_(os::this_thread_id()), target_(target) {
    if (!BlockedThreads::all().add(*this)) {
        target.reporter().die("", std::string(what) + " would wait for ever: the home thread waits for this one");
    }
}

BlockedOn::~BlockedOn() {
    BlockedThreads::all().remove(*this);
}

}  // namespace nestling::loop
