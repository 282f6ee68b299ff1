// SPDX-License-Identifier: MIT
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>
#include <nestling/task_group.hpp>
#include <nestling/task_root.hpp>

#include <mutex>
#include <utility>

#include "loop/context_core.hpp"

namespace nestling::async {

void TaskOwner::destroy() noexcept {
    TaskFrame* const outermost = std::exchange(frame_, nullptr);
    TaskFrame* at = outermost;
    while (at->awaited_ != nullptr) {
        TaskOwner* const awaited = std::exchange(at->awaited_, nullptr);
        at = std::exchange(awaited->frame_, nullptr);
    }
    for (TaskFrame* outer = at; outer != nullptr; at = outer) {
        outer = at == outermost ? nullptr : at->parent_;
        at->handle_.destroy();
    }
}

const char* TaskFrame::name() const noexcept {
    return root_->name();
}

BottomHalf TaskFrame::make_wake(Context& context) {
    return BottomHalf(context, name(), [this] { woken(); });
}

void TaskFrame::woken() {
    if (suspension_ == nullptr) {
        home_->core().reporter().die(name(), "a task was woken that is not suspended");
    }
    suspension_->woken();
}

void TaskFrame::drive(Runner& runner) {
    // Of who runs a part of the task on the root's thread, the outermost one ends it when it is to end.
    TaskRoot* const root = home_ == &root_->home() ? root_ : nullptr;
    if (root != nullptr) {
        root->enter();
    }
    while (runner.next) {
        std::exchange(runner.next, nullptr).resume();
    }
    if (root != nullptr) {
        root->leave();
    }
}

void TaskFrame::run() {
    Runner runner{handle_};
    runner_ = &runner;
    drive(runner);
}

void TaskFrame::run_in_group(TaskFrame& parent, TaskGroup& group, const std::stop_token& stop) {
    begin(parent, stop);
    group_ = &group;
    run();
}

void TaskFrame::pass_on() noexcept {
    if (group_ != nullptr && !group_->ended(*this)) {
        return;
    }
    if (parent_ == nullptr) {
        root_->ended();
        return;
    }
    parent_->runner_ = runner_;
    runner_->next = parent_->handle_;
}

void TaskFrame::hop_to(Context& target, Suspension& suspension) {
    // What can fail comes first.
    BottomHalf wake = make_wake(target);
    if (home_ == begin_home_ && !way_home_) {
        way_home_.emplace(*home_, name(), [this] { come_home(); });
    }
    // The outer task is away as long as this one is, wherever that one's children go.
    if (home_ == begin_home_ && home_ == &root_->home()) {
        is_away_ = true;
        root_->went_away();
    }
    wake_ = std::move(wake);
    home_ = &target;
    suspension_ = &suspension;
    const std::lock_guard lock(root_->hops());
    wake_->schedule();
}

void TaskFrame::arrive() noexcept {
    { const std::lock_guard who_sent_it_has_let_go(root_->hops()); }
    if (is_away_ && home_ == &root_->home()) {
        is_away_ = false;
        root_->came_home();
    }
}

void TaskFrame::go_home() noexcept {
    const std::lock_guard lock(root_->hops());
    way_home_->schedule();
}

void TaskFrame::come_home() {
    home_ = begin_home_;
    arrive();
    Runner runner;
    runner_ = &runner;
    pass_on();
    drive(runner);
}

}  // namespace nestling::async
