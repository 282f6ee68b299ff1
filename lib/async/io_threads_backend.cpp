// SPDX-License-Identifier: MIT
#include "async/io_threads_backend.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "async/io_attempt.hpp"

namespace nestling::async {

using State = IoNode::State;

namespace {
/// As the kernel has it.
constexpr unsigned most_entries = 32768;

/// Calls `function`, which makes a handle; returns 0 or a negative errno.
template <class Function>
[[nodiscard]] std::int32_t error_of(Function function) noexcept {
    try {
        function();
        return 0;
    } catch (const std::system_error& error) {
        return -error.code().value();
    } catch (const std::bad_alloc&) {
        return -ENOMEM;
    }
}
}  // namespace

IoThreadsBackend::IoThreadsBackend(Context& context, IoHost& host, const IoQueueOptions& options)
    : context_(context),
      host_(host),
      name_(options.name),
      entries_(std::min(std::bit_ceil(std::clamp(options.entries, 1U, most_entries)), most_entries)),
      workers_(std::make_unique<IoWorkers>(context, host, options.pool, options.name)) {}

// ---- Beginning -----------------------------------------------------------------------------------------------------

IoBackend::Accepted IoThreadsBackend::submit(IoList& queued, IoList& in_flight) noexcept {
    while (IoNode* const first = queued.first()) {
        std::size_t length = 0;
        for (IoNode* node = first; node != nullptr && node->state == State::queued; node = node->chain_next) {
            queued.remove(*node);
            node->state = State::in_flight;
            in_flight.push_back(*node);
            ++length;
        }
        if (length > entries_) {
            refuse(*first);
        } else {
            run(*first);
        }
    }
    return start_workers();
}

void IoThreadsBackend::refuse(IoNode& first) noexcept {
    for (IoNode* node = &first; node != nullptr; node = node->chain_next) {
        host_.completed(*node, {-E2BIG, 0});
    }
}

IoBackend::Accepted IoThreadsBackend::start_workers() noexcept {
    return workers_->start(fresh_) == IoWorkers::Started::yes ? Accepted::all : Accepted::not_all;
}

void IoThreadsBackend::run(IoNode& first) noexcept {
    for (IoNode* node = &first; node != nullptr;) {
        const std::int32_t value = begin(*node);
        node = value == begun ? nullptr : finish(*node, value);
    }
}

std::int32_t IoThreadsBackend::begin(IoNode& node) noexcept {
    if (node.operation.kind() == IoKind::timeout) {
        return wait_for_time(node);
    }
    std::int32_t value = 0;
    switch (way_for(node, value)) {
        case IoWay::error:
            return value;
        case IoWay::pool:
            node.phase = Phase::working;
            fresh_.push_back(node);
            return begun;
        case IoWay::wait:
            break;
    }
    return attempt_or_wait(node);
}

std::int32_t IoThreadsBackend::attempt_or_wait(IoNode& node) noexcept {
    const IoKind kind = node.operation.kind();
    const int fd = node.watched ? node.watched.get() : node.operation.fields().fd;
    node.must_wait = false;
    const std::int32_t value = attempt(node, fd);
    if (value == not_ready) {
        return wait_for_descriptor(node);
    }
    if (kind == IoKind::connect && node.must_wait) {
        node.phase = Phase::working;
        fresh_.push_back(node);
        return begun;
    }
    if (value >= 0 && kind == IoKind::accept_each) {
        return accept_others(node, value);
    }
    if (value >= 0 && kind == IoKind::poll_each) {
        return tell_once(node, value);
    }
    return value;
}

std::int32_t IoThreadsBackend::accept_others(IoNode& node, std::int32_t first) noexcept {
    // The rest come in the next round: the descriptor still says that it is ready.
    constexpr int most_at_once = 64;
    const int fd = node.watched ? node.watched.get() : node.operation.fields().fd;
    std::int32_t value = first;
    for (int count = 1; value >= 0; ++count) {
        if (tell_once(node, value) != begun) {
            return value;
        }
        value = count < most_at_once ? attempt(node, fd) : not_ready;
    }
    return value == not_ready ? wait_for_descriptor(node) : value;
}

/// One result of several. Without memory it is the last one.
std::int32_t IoThreadsBackend::tell_once(IoNode& node, std::int32_t value) noexcept {
    if (node.operation.kind() == IoKind::poll_each) {
        stop_waiting(node);
    }
    const std::int32_t error = error_of([&] { host_.completed_once(node, {value, 0}); });
    return error == 0 ? begun : value;
}

// ---- Waiting -------------------------------------------------------------------------------------------------------

std::int32_t IoThreadsBackend::wait_for_descriptor(IoNode& node) noexcept {
    node.phase = Phase::waiting;
    node.has_waited = true;
    if (node.handler) {
        return begun;
    }
    const IoOperation::Fields& fields = node.operation.fields();
    // A descriptor of our own: the user may have a handler for the other one, and may close it, which ends nothing.
    node.watched = os::OwnedFd(::fcntl(fields.fd, F_DUPFD_CLOEXEC, 0));
    if (!node.watched) {
        return -errno;
    }
    const short events = events_for(fields);
    const std::int32_t error = error_of([&] {
        FdCallbacks callbacks;
        if ((events & POLLIN) != 0) {
            callbacks.read = [this, &node] { descriptor_ready(node); };
        }
        if ((events & POLLOUT) != 0) {
            callbacks.write = [this, &node] { descriptor_ready(node); };
        }
        node.handler = FdHandler(context_, node.watched.get(), name_, std::move(callbacks));
    });
    if (error != 0) {
        stop_waiting(node);
        return error;
    }
    return begun;
}

void IoThreadsBackend::descriptor_ready(IoNode& node) {
    if (node.phase != Phase::waiting) {
        return;
    }
    const std::int32_t value = attempt_or_wait(node);
    if (value != begun) {
        finish_and_go_on(node, value);
    }
    start_workers();
    host_.run();
}

std::int32_t IoThreadsBackend::wait_for_time(IoNode& node) noexcept {
    const IoOperation::Fields& fields = node.operation.fields();
    node.phase = Phase::waiting;
    const std::int32_t error = error_of([&] {
        node.timer = Timer(context_, name_, [this, &node] { time_passed(node); });
        const std::chrono::nanoseconds time(static_cast<std::int64_t>(fields.offset));
        if ((fields.mode & IoNode::absolute_time) != 0) {
            node.timer.arm_at(time);
        } else {
            node.timer.arm_after(time);
        }
    });
    return error == 0 ? begun : error;
}

void IoThreadsBackend::time_passed(IoNode& node) {
    finish_and_go_on(node, 0);
    start_workers();
    host_.run();
}

void IoThreadsBackend::stop_waiting(IoNode& node) noexcept {
    node.handler = FdHandler();
    node.watched.reset();
    node.timer = Timer();
}

// ---- Ending --------------------------------------------------------------------------------------------------------

IoNode* IoThreadsBackend::finish(IoNode& node, std::int32_t value) noexcept {
    stop_waiting(node);
    IoNode* next = node.chain_next;
    const bool severs = value < 0 || is_short(node.operation.fields(), value);
    host_.completed(node, {value, 0});
    if (next == nullptr || (!severs && !next->is_cancelled)) {
        return next;
    }
    for (; next != nullptr; next = next->chain_next) {
        host_.completed(*next, {-ECANCELED, 0});
    }
    return nullptr;
}

void IoThreadsBackend::finish_and_go_on(IoNode& node, std::int32_t value) noexcept {
    if (IoNode* const next = finish(node, value)) {
        run(*next);
    }
}

void IoThreadsBackend::reap() {
    IoWorkList finished;
    workers_->take_finished(finished);
    while (IoNode* const node = finished.pop_front()) {
        finish_and_go_on(*node, node->result.value);
    }
    if (start_workers() == Accepted::not_all) {
        host_.wake();
    }
}

void IoThreadsBackend::cancel(IoNode& node) noexcept {
    if (node.phase == Phase::waiting) {
        const auto progress = static_cast<std::int32_t>(node.progress);
        finish_and_go_on(node, progress != 0 ? progress : -ECANCELED);
    } else if (node.phase == Phase::working && workers_->take_back(node)) {
        finish_and_go_on(node, -ECANCELED);
    }
}

}  // namespace nestling::async
