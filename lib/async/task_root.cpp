// SPDX-License-Identifier: MIT
#include <nestling/spawn.hpp>
#include <nestling/task_root.hpp>

#include <mutex>

#include "loop/context_core.hpp"

namespace nestling::async {

TaskRoot::~TaskRoot() {
    if (holder_ != nullptr) {
        holder_->root_ = nullptr;
    }
}

void TaskRoot::prepare(TaskFrame& frame) {
    frame.home_ = &home_;
    frame.begin_home_ = &home_;
    frame.root_ = this;
    frame.stop_ = &stop_;
    frame.need_wake();
    start_.frame_ = &frame;
    frame.suspension_ = &start_;
}

void TaskRoot::start(TaskFrame& frame) noexcept {
    const std::lock_guard lock(hops_);
    frame.wake();
}

void TaskRoot::Start::woken() {
    { const std::lock_guard who_started_it_has_let_go(root_.hops()); }
    resume();
}

void TaskRoot::settle() {
    if (!is_doomed_) {
        deliver();
    } else if (has_ended_ || away_ == 0) {
        finish();
    }
}

void TaskRoot::finish() noexcept {
    if (is_waited_for_) {
        is_over_ = true;
    } else {
        delete this;
    }
}

void TaskRoot::doom() {
    holder_ = nullptr;
    is_doomed_ = true;
    if (running_ != 0) {
        return;
    }
    is_waited_for_ = away_ != 0;
    while (is_waited_for_ && !is_over_) {
        home_.core().poll(Wait::block);
    }
    delete this;
}

}  // namespace nestling::async
