// SPDX-License-Identifier: MIT
#include <nestling/fd_ready.hpp>

#include <utility>

namespace nestling {

bool FdReady::wait(async::TaskFrame& task) {
    if (!begin(task)) {
        return false;
    }
    FdCallbacks callbacks;
    Callback<void()>& callback = interest_ == Interest::read ? callbacks.read : callbacks.write;
    callback = [this] {
        state_ = State::ready;
        resume();
    };
    handler_ = FdHandler(task.home(), fd_, task.name(), std::move(callbacks));
    state_ = State::waiting;
    suspend();
    return true;
}

void FdReady::await_resume() {
    const bool is_ready = state_ == State::ready;
    if (state_ != State::stopped) {
        finish();
        handler_ = FdHandler();
    }
    if (!is_ready) {
        throw_stopped();
    }
}

}  // namespace nestling
