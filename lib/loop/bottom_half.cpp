// SPDX-License-Identifier: MIT
#include <nestling/bottom_half.hpp>

#include <memory>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/held_handlers.hpp"
#include "loop/removal.hpp"

namespace nestling {

using loop::BottomHalfNode;
using loop::ContextCore;
using State = sync::BottomHalfState<>;

BottomHalf::BottomHalf(Context& context, const char* name, Callback<void()> callback, HandlerClass which)
    : core_(&context.core()) {
    core_->assert_not_forked("BottomHalf");
    loop::HoldableCallback* front = nullptr;
    Callback<void()> called = loop::holdable(*core_, which, std::move(callback), &front);
    node_ = core_->handles().bottom_halves().make(name, std::move(called)).release();
    if (front != nullptr) {
        front->belongs_to(*node_);
    }
}

BottomHalf::BottomHalf(BottomHalf&& other) noexcept
    : node_(std::exchange(other.node_, nullptr)), core_(std::exchange(other.core_, nullptr)) {}

BottomHalf& BottomHalf::operator=(BottomHalf&& other) noexcept {
    std::swap(node_, other.node_);
    std::swap(core_, other.core_);
    BottomHalf old(std::move(other));
    return *this;
}

BottomHalf::~BottomHalf() {
    remove(Callback<void()>());
}

void BottomHalf::schedule() const noexcept {
    // The context is not asked for when there is nothing to tell it.
    if (node_->state.is_scheduled_already()) {
        return;
    }
    if (!core_->is_home() || !core_->queue().list_at_home(*node_)) {
        core_->queue().schedule_anew(*node_);
    }
}

void BottomHalf::schedule_idle() const noexcept {
    core_->queue().schedule_idle(*node_);
}

void BottomHalf::cancel() const noexcept {
    if (core_->is_home()) {
        node_->state.cancel_at_home();
    } else {
        node_->state.cancel();
    }
}

bool BottomHalf::is_scheduled() const noexcept {
    return node_->state.is_scheduled();
}

void BottomHalf::remove(Callback<void()> removed) {
    BottomHalfNode* node = node_;
    if (node == nullptr) {
        return;
    }
    ContextCore& core = *core_;
    if (!core.is_home()) {
        // First: when memory has run out, nothing has changed.
        std::unique_ptr<BottomHalfNode> when_deleted;
        if (removed) {
            when_deleted = core.make_request(node->name, [&core, node, removed = std::move(removed)]() mutable {
                core.stack().when_done(node, std::move(removed));
            });
        }
        node_ = nullptr;
        node->drop_handle();
        core.queue().mark_deleted(*node);
        if (when_deleted != nullptr) {
            // After the deletion, so the home thread has seen that when this runs.
            core.queue().publish(*when_deleted.release());
        }
        return;
    }
    node_ = nullptr;
    node->drop_handle();
    const bool is_pending = (node->state.look() & State::pending) != 0;
    if (!is_pending && !node->state.is_listed_at_home()) {
        core.queue().dispose(node);
    } else {
        // The list that it is on lets go of it in the next iteration; what the callback owns goes now.
        if (is_pending) {
            static_cast<void>(node->state.mark_deleted());
        } else {
            node->state.delete_at_home();
        }
        core.stack().when_done(node, [node] { node->callback.reset(); });
    }
    if (removed) {
        core.stack().when_done(node, std::move(removed));
    }
}

void BottomHalf::remove_and_wait() {
    if (node_ != nullptr) {
        loop::wait_for_removal(*core_, [this](Callback<void()> removed) { remove(std::move(removed)); });
    }
}

Callback<void()> guarded(Context& context, const char* name, ReentryGuard& guard, Callback<void()> callback) {
    const loop::Reporter& reporter = context.core().reporter();
    return [&reporter, name, &guard, callback = std::move(callback)]() mutable {
        // Copied, because the callback may destroy the handle and with it this closure (contracts B-14).
        ReentryGuard& engaged = guard;
        const bool outer = std::exchange(engaged.engaged, true);
        if (outer) {
            reporter.report(Report::Kind::reentered, name, -1,
                            "entered again while one of its device's callbacks runs");
        }
        struct Restore {
            ReentryGuard& guard;
            bool outer;
            ~Restore() { guard.engaged = outer; }
        } const restore{engaged, outer};
        callback();
    };
}

}  // namespace nestling
