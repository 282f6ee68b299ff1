// SPDX-License-Identifier: MIT
#include "async/io_uring_backend.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <new>
#include <utility>

#include "os/thread_id.hpp"

namespace nestling::async {

using State = IoNode::State;

namespace {
/// The kernel adds POLLRDHUP, which nobody has asked for.
[[nodiscard]] std::int32_t what_was_asked_for(const IoOperation::Fields& fields, std::int32_t events) noexcept {
    const std::int32_t asked_for = events & (static_cast<std::int32_t>(fields.flags) | POLLERR | POLLHUP | POLLNVAL);
    return asked_for != 0 ? asked_for : events;
}
}  // namespace

IoUringBackend::IoUringBackend(Context& context, IoHost& host, std::unique_ptr<os::Ring> ring, const char* name)
    : context_(context),
      host_(host),
      name_(name),
      ring_(std::move(ring)),
      entries_(ring_->space_left()),
      completions_() {}

bool IoUringBackend::watch() noexcept {
    if (handler_) {
        return true;
    }
    try {
        FdCallbacks callbacks;
        callbacks.read = [&host = host_] { host.run(); };
        handler_ = FdHandler(context_, ring_->fd(), name_, std::move(callbacks));
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

// ---- To the kernel -------------------------------------------------------------------------------------------------

void IoUringBackend::begin_epoch() noexcept {
    const std::uintptr_t here = os::this_thread_id();
    if (thread_ != here) {
        thread_ = here;
        ++epoch_;
    }
}

std::size_t IoUringBackend::length_of(const IoNode& first) noexcept {
    std::size_t length = 1;
    for (const IoNode* node = first.chain_next; node != nullptr && node->state == State::queued;
         node = node->chain_next) {
        ++length;
    }
    return length;
}

void IoUringBackend::refuse(IoNode& first, IoList& queued, IoList& in_flight) noexcept {
    for (IoNode* node = &first; node != nullptr; node = node->chain_next) {
        queued.remove(*node);
        in_flight.push_back(*node);
        host_.completed(*node, {-E2BIG, 0});
    }
}

void IoUringBackend::hand_over(IoNode& node, IoList& queued, IoList& in_flight) noexcept {
    queued.remove(node);
    node.state = State::in_flight;
    node.phase = Phase::working;
    node.epoch = epoch_;
    in_flight.push_back(node);
}

IoBackend::Accepted IoUringBackend::submit(IoList& queued, IoList& in_flight) noexcept {
    begin_epoch();
    if (!is_enabled_) {
        is_enabled_ = ring_->enable() == 0;
        if (!is_enabled_) {
            return Accepted::not_all;
        }
    }
    while (IoNode* first = queued.first()) {
        const std::size_t length = length_of(*first);
        if (length > entries_) {
            refuse(*first, queued, in_flight);
            continue;
        }
        // The kernel ends a chain where a submission ends.
        if (ring_->space_left() < length && (send() == Sent::not_all || ring_->space_left() < length)) {
            return Accepted::not_all;
        }
        IoNode* node = first;
        for (std::size_t left = length; left != 0; --left) {
            IoNode* const next = node->chain_next;
            io_uring_sqe* const entry = ring_->next(0);
            hand_over(*node, queued, in_flight);
            fill_sqe(*entry, *node);
            if (left > 1) {
                link_to_next(*entry);
            }
            node = next;
        }
    }
    return send() == Sent::all ? Accepted::all : Accepted::not_all;
}

IoUringBackend::Sent IoUringBackend::send() noexcept {
    // Also fetches what waits in the kernel because the ring was full or this thread did not come by.
    if (ring_->submit() == 0) {
        return Sent::all;
    }
    // Completions may be in the way (EBUSY). Whatever it is: nothing is lost, and it is tried again.
    try {
        reap();
    } catch (const std::bad_alloc&) {
        // What could not be told stays where it is.
    }
    return ring_->submit() == 0 ? Sent::all : Sent::not_all;
}

void IoUringBackend::cancel(IoNode& node) noexcept {
    if (node.phase == Phase::held) {
        return;
    }
    const std::uint64_t mark = node.phase == Phase::waiting ? wait_mark : 0;
    const std::uint64_t user_data = reinterpret_cast<std::uintptr_t>(&node) | mark;
    io_uring_sqe* entry = ring_->next(0);
    if (entry == nullptr && ring_->submit() == 0) {
        entry = ring_->next(0);
    }
    if (entry != nullptr) {
        fill_cancel(*entry, user_data);
    } else {
        ring_->cancel_now(user_data, os::Ring::any_fd, 0);
    }
}

void IoUringBackend::wait() noexcept {
    constexpr std::int64_t patience = 10'000'000;
    ring_->submit_and_wait(patience);
}

// ---- From the kernel -----------------------------------------------------------------------------------------------

void IoUringBackend::reap() {
    for (;;) {
        for (; next_ != count_; ++next_) {
            ended(completions_[next_]);
        }
        next_ = 0;
        count_ = ring_->take(completions_);
        if (count_ == 0) {
            return;
        }
    }
}

void IoUringBackend::ended(const os::Ring::Completion& completion) {
    if (completion.user_data == 0) {
        return;
    }
    const auto address = static_cast<std::uintptr_t>(completion.user_data & ~wait_mark);
    IoNode& node = *reinterpret_cast<IoNode*>(address);  // NOLINT(performance-no-int-to-ptr): as the kernel keeps it
    if ((completion.user_data & wait_mark) != 0) {
        wait_ended(node, completion.result);
    } else {
        work_ended(node, completion);
    }
}

void IoUringBackend::work_ended(IoNode& node, const os::Ring::Completion& completion) {
    const IoKind kind = node.operation.kind();
    std::int32_t value = completion.result;
    if ((completion.flags & IoResult::more_flag) != 0) {
        host_.completed_once(node, {value, kind == IoKind::sqe ? completion.flags : 0});
        return;
    }
    if (kind == IoKind::timeout && value == -ETIME) {
        value = 0;
    }
    if (kind == IoKind::connect && value == -EISCONN && node.has_waited) {
        value = 0;
    }
    if (value > 0 && (kind == IoKind::poll || kind == IoKind::poll_each)) {
        value = what_was_asked_for(node.operation.fields(), value);
    }
    if (value >= 0 && !node.is_cancelled && (kind == IoKind::accept_each || kind == IoKind::poll_each)) {
        host_.completed_once(node, {value, 0});
        if (kind == IoKind::accept_each) {
            host_.again(node);
        }
        return;
    }
    // What comes after one that is held was cancelled by the kernel.
    const bool is_severed = node.chain_previous != nullptr && node.chain_previous->phase == Phase::held;
    if (is_severed || is_to_be_repeated(node, value)) {
        hold(node);
        return;
    }
    host_.completed(node, {value, kind == IoKind::sqe ? completion.flags : 0});
}

/// True if the operation was not carried out, and the user is not to know.
bool IoUringBackend::is_to_be_repeated(IoNode& node, std::int32_t value) const noexcept {
    const IoOperation::Fields& fields = node.operation.fields();
    node.must_wait = false;
    switch (value) {
        case -EINTR:
            return true;
        case -ECANCELED:
            // The thread that has handed it over is gone, and took it along.
            return node.epoch != epoch_ && node.owner == nullptr;
        case -EINPROGRESS:
        case -EALREADY:
            node.must_wait = fields.kind == IoKind::connect;
            return node.must_wait;
        case -EAGAIN:
            break;
        default:
            return false;
    }
    switch (fields.kind) {
        case IoKind::connect:
            // Of a socket that cannot be waited for, as a local one whose listener has no room.
            node.must_wait = !node.has_waited;
            break;
        case IoKind::send:
        case IoKind::recv:
            node.must_wait = (fields.flags & MSG_DONTWAIT) == 0;
            break;
        default:
            node.must_wait = fields.kind != IoKind::sqe;
            break;
    }
    return node.must_wait;
}

// ---- Once more -----------------------------------------------------------------------------------------------------

/// `node` is to be tried again, with all of its chain that comes after it and that has not been carried out.
void IoUringBackend::hold(IoNode& node) noexcept {
    node.phase = Phase::held;
    if (node.chain_next == nullptr) {
        restart(node);
    }
}

void IoUringBackend::restart(IoNode& last) noexcept {
    IoNode* first = &last;
    while (first->chain_previous != nullptr && first->chain_previous->phase == Phase::held) {
        first = first->chain_previous;
    }
    if (first->is_cancelled) {
        wait_ended(*first, -ECANCELED);
    } else if (first->must_wait) {
        start_wait(*first);
    } else {
        wait_ended(*first, 0);
    }
}

void IoUringBackend::start_wait(IoNode& node) noexcept {
    io_uring_sqe* entry = ring_->next(reinterpret_cast<std::uintptr_t>(&node) | wait_mark);
    if (entry == nullptr && ring_->submit() == 0) {
        entry = ring_->next(reinterpret_cast<std::uintptr_t>(&node) | wait_mark);
    }
    if (entry == nullptr) {
        // Without waiting, then.
        wait_ended(node, 0);
        return;
    }
    fill_wait(*entry, node);
    node.phase = Phase::waiting;
    node.has_waited = true;
    host_.wake();
}

void IoUringBackend::wait_ended(IoNode& first, std::int32_t value) noexcept {
    if (value >= 0 && !first.is_cancelled) {
        for (IoNode* node = &first; node != nullptr; node = node->chain_next) {
            host_.again(*node);
        }
        return;
    }
    IoNode* next = first.chain_next;
    host_.completed(first, {value < 0 ? value : -ECANCELED, 0});
    for (; next != nullptr; next = next->chain_next) {
        host_.completed(*next, {-ECANCELED, 0});
    }
}

}  // namespace nestling::async
