// SPDX-License-Identifier: MIT
#include <nestling/sleep.hpp>

namespace nestling {

bool Sleep::sleep(async::TaskFrame& task) {
    if (!begin(task)) {
        return false;
    }
    timer_ = Timer(
        task.home(), task.name(),
        [this] {
            state_ = State::over;
            resume();
        },
        clock_);
    if (until_ == Until::delay) {
        timer_.arm_after(time_);
    } else {
        timer_.arm_at(time_);
    }
    suspend();
    state_ = State::asleep;
    return true;
}

void Sleep::await_resume() {
    if (state_ != State::awake) {
        finish();
        timer_ = Timer();
    }
    if (state_ != State::over) {
        throw_stopped();
    }
}

}  // namespace nestling
