// SPDX-License-Identifier: MIT
#include <nestling/waiter.hpp>

#include <utility>

#include "os/log.hpp"

namespace nestling::async {

void WaitList::push(Waiter& waiter) noexcept {
    waiter.previous_ = last_;
    waiter.next_ = nullptr;
    (last_ == nullptr ? first_ : last_->next_) = &waiter;
    last_ = &waiter;
}

void WaitList::remove(Waiter& waiter) noexcept {
    (waiter.previous_ == nullptr ? first_ : waiter.previous_->next_) = waiter.next_;
    (waiter.next_ == nullptr ? last_ : waiter.next_->previous_) = waiter.previous_;
}

void WaitPlace::refuse_waiters(const WaitList& list, const char* what) noexcept {
    if (!list.empty()) {
        os::die("", what, "destroyed while a task waits at it");
    }
}

void Waiter::grant() noexcept {
    list_.remove(*this);
    state_ = State::granted;
    wake();
}

bool Waiter::wait(TaskFrame& task) {
    if (!begin(task)) {
        state_ = State::stopped;
        return false;
    }
    {
        const std::lock_guard lock(mutex());
        if (take()) {
            return false;
        }
    }
    task.need_wake();
    {
        const std::lock_guard lock(mutex());
        if (take()) {
            return false;
        }
        state_ = State::waiting;
        list_.push(*this);
    }
    is_suspended_ = true;
    suspend();
    return true;
}

bool Waiter::end_wait() {
    if (std::exchange(is_suspended_, false)) {
        finish();
        const std::lock_guard who_woke_it_has_let_go(mutex());
    }
    const State ended = std::exchange(state_, State::idle);
    if (ended == State::stopped) {
        throw_stopped();
    }
    return ended == State::granted;
}

void Waiter::leave() noexcept {
    if (!is_suspended_) {
        return;
    }
    forget_stop();
    const std::lock_guard lock(mutex());
    if (state_ == State::waiting) {
        list_.remove(*this);
        place_.settle();
    } else if (state_ == State::granted) {
        give_back();
        place_.settle();
    }
}

void Waiter::stop_waiting(Suspension& self) {
    auto& waiter = static_cast<Waiter&>(self);
    const std::lock_guard lock(waiter.mutex());
    if (waiter.state_ == State::waiting) {
        waiter.list_.remove(waiter);
        waiter.state_ = State::stopped;
        waiter.wake();
        waiter.place_.settle();
    }
}

}  // namespace nestling::async
