// SPDX-License-Identifier: MIT
#include <nestling/this_task.hpp>

namespace nestling::this_task {

bool Pause::pause(async::TaskFrame& task) {
    if (!begin(task)) {
        return false;
    }
    task.need_wake();
    suspend();
    wake();
    was_suspended_ = true;
    return true;
}

void Pause::await_resume() {
    if (was_suspended_) {
        finish();
    }
    if (frame().stop().stop_requested()) {
        throw_stopped();
    }
}

}  // namespace nestling::this_task
