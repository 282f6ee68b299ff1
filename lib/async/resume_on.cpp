// SPDX-License-Identifier: MIT
#include <nestling/resume_on.hpp>

namespace nestling {

bool ResumeOn::leave(async::TaskFrame& task) {
    if (!begin(task)) {
        state_ = State::stopped;
        return false;
    }
    if (&task.home() == &target_) {
        return false;
    }
    state_ = State::sent;
    hop_to(target_);
    return true;
}

void ResumeOn::woken() {
    arrive();
    resume();
}

void ResumeOn::await_resume() {
    if (state_ == State::stopped) {
        throw_stopped();
    }
}

}  // namespace nestling
