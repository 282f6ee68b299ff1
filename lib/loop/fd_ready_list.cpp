// SPDX-License-Identifier: MIT
#include "loop/fd_ready_list.hpp"

#include <utility>

namespace nestling::loop {

void FdReadyList::add(FdNode& node) noexcept {
    if (node.is_queued) {
        return;
    }
    node.is_queued = true;
    node.next_ready = nullptr;
    (first_ == nullptr ? first_ : last_->next_ready) = &node;
    last_ = &node;
}

void FdReadyList::erase(FdNode& node) noexcept {
    if (!node.is_queued) {
        return;
    }
    FdNode* before = nullptr;
    for (FdNode* at = first_; at != &node; at = at->next_ready) {
        before = at;
    }
    (before == nullptr ? first_ : before->next_ready) = node.next_ready;
    if (last_ == &node) {
        last_ = before;
    }
    node.is_queued = false;
}

inline void FdReadyList::call(CallbackStack::Frame& frame, Callback<void()>& callback) noexcept {
    run_count_.add(1);
    frame.call(callback);
}

/// The same of one that is to deal with `events` of the descriptor.
inline void FdReadyList::call_for(CallbackStack::Frame& frame, const FdNode& node, Callback<void()>& callback,
                                  std::uint32_t events) noexcept {
    run_count_.add(1);
    if (stack_.is_timed()) [[unlikely]] {
        call_timed(frame, node, callback, events);
    } else {
        frame.call_untimed(callback);
    }
}

int FdReadyList::number_of(const FdNode& node) noexcept {
    // A thread that removes the handle has the number overwritten once it has let go of the set.
    const std::lock_guard lock(set_mutex_);
    return node.is_removed() ? -1 : node.fd();
}

void FdReadyList::call_timed(CallbackStack::Frame& frame, const FdNode& node, Callback<void()>& callback,
                             std::uint32_t events) noexcept {
    const bool is_traced = stack_.is_traced();
    const int fd = is_traced ? number_of(node) : -1;
    frame.call(callback);
    if (is_traced && !node.is_removed()) {
        stack_.look_again(fd, events);
    }
}

inline bool FdReadyList::run_one(FdNode& node) noexcept {
    const std::uint32_t events = std::exchange(node.revents, std::uint8_t{0});
    const bool poll_is_ready = node.poll_is_ready;
    node.poll_is_ready = false;
    CallbackStack::Frame frame(stack_, &node, node.name);
    if (poll_is_ready && events == fdmon::event_none && !node.is_removed()) {
        // A nested poll() must not find the same condition again before this has dealt with it (contracts F6.13).
        const bool outer = node.in_poll_ready;
        node.in_poll_ready = true;
        call(frame, node.extras->poll_ready);
        node.in_poll_ready = outer;
        return true;
    }
    bool progress = false;
    constexpr std::uint32_t trouble = fdmon::event_error | fdmon::event_hang_up;
    if ((events & (fdmon::event_in | trouble)) != 0 && (node.wanted() & fdmon::event_in) != 0 && !node.is_removed()) {
        call_for(frame, node, node.read, fdmon::event_in);
        progress = true;
    }
    const bool hang_up_is_ours = (node.wanted() & fdmon::event_in) == 0;
    const std::uint32_t for_write =
        fdmon::event_out | fdmon::event_error | (hang_up_is_ours ? fdmon::event_hang_up : fdmon::event_none);
    if ((events & for_write) != 0 && (node.wanted() & fdmon::event_out) != 0 && !node.is_removed()) {
        call_for(frame, node, node.extras->write, fdmon::event_out);
        progress = true;
    }
    return progress;
}

bool FdReadyList::run(const Budget& budget) noexcept {
    bool progress = false;
    while (FdNode* node = first_) {
        first_ = node->next_ready;
        node->is_queued = false;
        progress = run_one(*node) || progress;
        if (budget.is_used_up()) {
            break;
        }
    }
    return progress;
}

}  // namespace nestling::loop
