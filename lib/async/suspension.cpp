// SPDX-License-Identifier: MIT
#include <nestling/suspension.hpp>

#include <system_error>
#include <utility>

#include "loop/context_core.hpp"

namespace nestling::async {

void Suspension::suspend() {
    if (frame_->stop().stop_possible()) {
        frame_->need_wake();
    }
    frame_->suspension_ = this;
    if (frame_->stop().stop_possible()) {
        on_stop_.emplace(frame_->stop(), OnStop{this});
    }
}

void Suspension::finish() noexcept {
    on_stop_.reset();
    if (frame_->wake_) {
        frame_->wake_->cancel();
    }
}

void Suspension::resume() {
    frame_->home().core().assert_home("a task is resumed");
    if (frame_->suspension_ != this) {
        frame_->home().core().reporter().die(frame_->name(), "a task was resumed twice");
    }
    frame_->suspension_ = nullptr;
    frame_->run();
}

void Suspension::throw_stopped() {
    throw std::system_error(std::make_error_code(std::errc::operation_canceled), "nestling: a task was stopped");
}

}  // namespace nestling::async
