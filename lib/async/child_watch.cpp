// SPDX-License-Identifier: MIT
#include <nestling/bottom_half.hpp>
#include <nestling/child_watch.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/timer.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "loop/context_core.hpp"
#include "os/child_process.hpp"

namespace nestling {

namespace {

using os::ProcessEnd;

ChildStatus status_of(const ProcessEnd& end) noexcept {
    switch (end.kind) {
        case ProcessEnd::Kind::exited:
            return {ChildStatus::Kind::exited, end.value};
        case ProcessEnd::Kind::killed:
            return {ChildStatus::Kind::killed, end.value};
        case ProcessEnd::Kind::dumped:
            return {ChildStatus::Kind::dumped, end.value};
        default:
            return {ChildStatus::Kind::unknown, 0};
    }
}

bool has_no_descriptors(const std::error_code& error) noexcept {
    // The second is how containers refuse a call that they do not know.
    return error == std::errc::function_not_supported || error == std::errc::operation_not_permitted;
}

}  // namespace

/// Held by the handle and by what the context may still call.
struct ChildWatch::State : std::enable_shared_from_this<ChildWatch::State> {
    static constexpr std::chrono::milliseconds longest_pause{64};

    State(pid_t number, Callback<void(ChildStatus)> call) : pid(number), callback(std::move(call)) {}

    static void open(const std::shared_ptr<State>& state, Context& context, const char* name) {
        std::error_code error;
        state->process = os::open_process(state->pid, error);
        if (!error) {
            state->form = ChildForm::pidfd;
            state->handles.ended =
                FdHandler(context, state->process.get(), name,
                          {.read = [state] { state->look(); }, .write = {}, .poll = {}, .poll_ready = {}});
        } else if (has_no_descriptors(error)) {
            state->form = ChildForm::polling;
            state->handles.pause = Timer(context, name, [state] { state->look(); });
            state->handles.pause.arm_after(state->length);
        } else if (error == std::errc::no_such_process) {
            state->handles.gone = BottomHalf(context, name, [state] { state->tell({ProcessEnd::Kind::unknown, 0}); });
            state->handles.gone.schedule();
        } else {
            throw std::system_error(
                error, "nestling: cannot watch process " + std::to_string(state->pid) + " for \"" + name + "\"");
        }
    }

    /// Any thread, while the home thread may be telling.
    void close() noexcept {
        const Handles closed = [this] {
            const std::lock_guard lock(mutex);
            return std::move(handles);
        }();
    }

    void look() {
        const ProcessEnd end = os::take_process_end(pid, process.get());
        if (end.kind != ProcessEnd::Kind::running) {
            tell(end);
            return;
        }
        const std::lock_guard lock(mutex);
        if (handles.pause) {
            length = std::min(length * 2, longest_pause);
            handles.pause.arm_after(length);
        }
    }

    void tell(const ProcessEnd& end) {
        // The callback may destroy the watch.
        const std::shared_ptr<State> self = shared_from_this();
        close();
        callback(status_of(end));
    }

    const pid_t pid;
    ChildForm form = ChildForm::pidfd;
    Callback<void(ChildStatus)> callback;
    os::OwnedFd process;
    std::chrono::milliseconds length{1};

    /// One of them is not empty until the end is told.
    struct Handles {
        FdHandler ended;
        Timer pause;
        BottomHalf gone;
    };
    std::mutex mutex;
    Handles handles;
};

ChildWatch::ChildWatch() noexcept = default;

ChildWatch::ChildWatch(Context& context, pid_t pid, const char* name, Callback<void(ChildStatus)> callback) {
    context.core().assert_home("ChildWatch");
    if (pid <= 0) {
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "nestling: " + std::to_string(pid) + " is no process");
    }
    auto state = std::make_shared<State>(pid, std::move(callback));
    try {
        State::open(state, context, name);
    } catch (...) {
        state->close();
        throw;
    }
    state_ = std::move(state);
}

ChildWatch::ChildWatch(ChildWatch&& other) noexcept = default;

ChildWatch& ChildWatch::operator=(ChildWatch&& other) noexcept {
    std::swap(state_, other.state_);
    const ChildWatch old(std::move(other));
    return *this;
}

ChildWatch::~ChildWatch() {
    if (state_ != nullptr) {
        state_->close();
    }
}

pid_t ChildWatch::pid() const noexcept {
    return state_->pid;
}

ChildForm ChildWatch::form() const noexcept {
    return state_->form;
}

}  // namespace nestling
