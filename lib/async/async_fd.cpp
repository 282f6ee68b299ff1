// SPDX-License-Identifier: MIT
#include <nestling/async_fd.hpp>

#include <stdexcept>
#include <system_error>
#include <utility>

#include "os/log.hpp"

namespace nestling {

namespace {

Interest with(Interest one, Interest other) noexcept {
    return static_cast<Interest>(static_cast<unsigned>(one) | static_cast<unsigned>(other));
}

Interest without(Interest one, Interest other) noexcept {
    return static_cast<Interest>(static_cast<unsigned>(one) & ~static_cast<unsigned>(other));
}

}  // namespace

bool AsyncFdReady::wait(async::TaskFrame& task) {
    if (!begin(task)) {
        return false;
    }
    if (place_ != nullptr) {
        throw std::logic_error("nestling: two tasks wait for the same of an AsyncFd");
    }
    fd_.watch(&place_ == &fd_.reader_ ? Interest::read : Interest::write);
    place_ = this;
    state_ = State::waiting;
    suspend();
    return true;
}

void AsyncFdReady::leave() noexcept {
    if (place_ == this) {
        place_ = nullptr;
    }
}

void AsyncFdReady::await_resume() {
    leave();
    if (state_ != State::stopped) {
        finish();
    }
    if (state_ != State::ready) {
        throw_stopped();
    }
}

AsyncFd::AsyncFd(Context& context, int fd, const char* name) {
    FdCallbacks callbacks;
    callbacks.read = [this] { ready(reader_, Interest::read); };
    callbacks.write = [this] { ready(writer_, Interest::write); };
    handler_ = FdHandler(context, fd, name, std::move(callbacks));
    if (const std::error_code error = handler_.watch(Interest::none)) {
        throw std::system_error(error, "nestling: AsyncFd");
    }
}

AsyncFd::~AsyncFd() {
    if (reader_ != nullptr || writer_ != nullptr) {
        os::die("", "AsyncFd", "destroyed while a task waits for it");
    }
}

void AsyncFd::watch(Interest interest) {
    const Interest wanted = with(watched_, interest);
    if (wanted == watched_) {
        return;
    }
    if (const std::error_code error = handler_.watch(wanted)) {
        throw std::system_error(error, "nestling: AsyncFd");
    }
    watched_ = wanted;
}

void AsyncFd::ready(AsyncFdReady*& place, Interest interest) {
    AsyncFdReady* const waiting = std::exchange(place, nullptr);
    if (waiting != nullptr) {
        waiting->state_ = AsyncFdReady::State::ready;
        waiting->resume();
        return;
    }
    // Only now: most tasks read and wait again.
    watched_ = without(watched_, interest);
    static_cast<void>(handler_.watch(watched_));
}

}  // namespace nestling
