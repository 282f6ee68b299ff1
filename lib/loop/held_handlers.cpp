// SPDX-License-Identifier: MIT
#include "loop/held_handlers.hpp"

#include <new>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/rare_parts.hpp"

namespace nestling {

namespace loop {

namespace {
/// Nobody arms a timer for exactly so late; one that is put aside stays armed, so that it can be cancelled and armed
/// anew.
constexpr std::int64_t never = std::int64_t{1} << 61;

std::int64_t now_of(Clock clock, const TimerSet& timers) noexcept {
    return clock == Clock::virtual_time ? timers.virtual_now() : clock_now(clock).count();
}
}  // namespace

HoldableCallback::~HoldableCallback() {
    if (list_ != nullptr) {
        list_->remove(*this);
    }
}

void HoldableCallback::run() {
    if (core_.is_held(which_)) {
        put_aside();
    } else {
        callback_();
    }
}

void HoldableCallback::put_aside() {
    if (fd_ != nullptr) {
        core_.fds().mute(*fd_);
    } else if (half_ != nullptr) {
        core_.queue().schedule_idle(*half_);
    } else {
        try {
            core_.timers().arm(*timer_, never);
            is_disarmed_ = false;
        } catch (const std::bad_alloc&) {
            is_disarmed_ = true;
        }
    }
    core_.rare().held.add(*this);
}

void HoldableCallback::take_back() noexcept {
    if (fd_ != nullptr) {
        core_.fds().unmute(*fd_);
        core_.fd_set_changed(*fd_);
    } else if (half_ != nullptr) {
        // Unless it was cancelled.
        if (half_->state.is_scheduled()) {
            core_.queue().schedule_anew(*half_);
        }
    } else if (is_disarmed_ ? !timer_->is_armed() : timer_->deadline == never) {
        // Armed for the past it needs no memory, but for a wall clock's.
        core_.timers().arm(*timer_, now_of(timer_->clock(), core_.timers()));
        core_.deadline_changed(*timer_);
    }
}

Callback<void()> holdable(ContextCore& core, HandlerClass which, Callback<void()> callback, HoldableCallback** front) {
    *front = nullptr;
    if (which == HandlerClass::general || !callback) {
        return callback;
    }
    auto owned = std::make_unique<HoldableCallback>(core, which, std::move(callback));
    *front = owned.get();
    return [owned = std::move(owned)] { owned->run(); };
}

HoldableFd::HoldableFd(ContextCore& core, HandlerClass which, FdCallbacks& callbacks) {
    callbacks.read = holdable(core, which, std::move(callbacks.read), &fronts_[0]);
    callbacks.write = holdable(core, which, std::move(callbacks.write), &fronts_[1]);
    if (which != HandlerClass::general && callbacks.poll && callbacks.poll_ready) {
        callbacks.poll = [&core, which, poll = std::move(callbacks.poll)]() mutable {
            return !core.is_held(which) && poll();
        };
        // What `poll` has seen before the hold it will see after it.
        callbacks.poll_ready = [&core, which, ready = std::move(callbacks.poll_ready)]() mutable {
            if (!core.is_held(which)) {
                ready();
            }
        };
    }
}

void HoldableFd::belongs_to(FdNode& node) const noexcept {
    for (HoldableCallback* front : fronts_) {
        if (front != nullptr) {
            front->belongs_to(node);
        }
    }
}

HeldHandlers::~HeldHandlers() {
    while (first_ != nullptr) {
        remove(*first_);
    }
}

void HeldHandlers::release(HandlerClass which) noexcept {
    if (--holds_[index(which)] != 0) {
        return;
    }
    for (HoldableCallback* at = first_; at != nullptr;) {
        HoldableCallback* callback = std::exchange(at, at->next_);
        if (callback->which_ == which) {
            remove(*callback);
            callback->take_back();
        }
    }
}

void HeldHandlers::add(HoldableCallback& callback) noexcept {
    if (std::exchange(callback.list_, this) != nullptr) {
        return;
    }
    callback.before_ = last_;
    callback.next_ = nullptr;
    (last_ == nullptr ? first_ : last_->next_) = &callback;
    last_ = &callback;
}

void HeldHandlers::remove(HoldableCallback& callback) noexcept {
    (callback.before_ == nullptr ? first_ : callback.before_->next_) = callback.next_;
    (callback.next_ == nullptr ? last_ : callback.next_->before_) = callback.before_;
    callback.list_ = nullptr;
}

}  // namespace loop

HoldHandlers::HoldHandlers(Context& context, HandlerClass which) : held_(context.core().rare().held), which_(which) {
    if (which == HandlerClass::general) {
        context.core().reporter().die("", "HoldHandlers of the general class");
    }
    held_.hold(which);
}

HoldHandlers::~HoldHandlers() {
    held_.release(which_);
}

}  // namespace nestling
