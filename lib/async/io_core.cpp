// SPDX-License-Identifier: MIT
#include "async/io_core.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "async/io_choose.hpp"
#include "loop/context_core.hpp"
#include "os/clock.hpp"

namespace nestling::async {

IoCore::IoCore(Context& context, const IoQueueOptions& options)
    : core_(context.core()),
      pump_(context, options.name, [this] { pump(); }),
      choice_(choose_io_backend(context, *this, options)),
      nodes_(*this) {}

IoCore::~IoCore() {
    IoPool::free_all(spare_);
}

void IoCore::release() noexcept {
    if (--uses_ == 0) {
        delete this;
    }
}

void IoCore::prepare(IoNode& node, IoOperation&& operation, Done&& done) noexcept {
    node.operation = std::move(operation);
    node.done = std::move(done);
}

enum class Place : std::uint8_t { alone, in_chain };

/// What the engines need not look at.
static bool is_valid(const IoOperation& operation, Place place) noexcept {
    const IoKind kind = operation.kind();
    if (place == Place::in_chain && (kind == IoKind::accept_each || kind == IoKind::poll_each)) {
        return false;
    }
    if (kind != IoKind::poll && kind != IoKind::poll_each) {
        return true;
    }
    const std::uint32_t events = operation.fields().flags;
    return events != 0 && (events & ~std::uint32_t{POLLIN | POLLOUT}) == 0;
}

/// What keeps its end when it has to be handed over again.
static void fix_deadline(IoOperation& operation) noexcept {
    if (operation.kind() == IoKind::timeout) {
        IoOperation::Fields& fields = operation.fields();
        fields.offset += static_cast<std::uint64_t>(os::monotonic_ns());
        fields.mode = IoNode::absolute_time;
    }
}

void IoCore::enqueue(IoNode& node) noexcept {
    node.state = IoNode::State::queued;
    queued_.push_back(node);
    // Through the door of everything that changes what the loop waits for: an outer loop that is about to sleep looks
    // again (contracts B-48).
    list_pump();
}

void IoCore::refuse(IoNode& node, int error) noexcept {
    node.result = {-error, 0};
    end(node);
    list_pump();
}

IoNode* IoCore::start(IoOperation&& operation, Done&& done) {
    core_.assert_home("IoQueue::start()");
    IoNode& node = nodes_.take();
    prepare(node, std::move(operation), std::move(done));
    fix_deadline(node.operation);
    node.has_handle = true;
    ++uses_;
    ++pending_;
    if (is_valid(node.operation, Place::alone)) {
        enqueue(node);
    } else {
        refuse(node, EINVAL);
    }
    return &node;
}

IoNode* IoCore::start_chain(std::span<IoStep> steps) {
    core_.assert_home("IoQueue::start_chain()");
    // All of them first: when memory has run out, nothing has begun.
    IoList taken;
    try {
        for (std::size_t count = 0; count < steps.size() + 1; ++count) {
            taken.push_back(nodes_.take());
        }
    } catch (...) {
        while (IoNode* node = taken.pop_front()) {
            nodes_.give(*node);
        }
        throw;
    }
    IoNode& chain = *taken.pop_front();
    chain.state = IoNode::State::chain;
    chain.has_handle = true;
    ++uses_;
    const bool is_all_valid = std::all_of(steps.begin(), steps.end(),
                                          [](const IoStep& step) { return is_valid(step.operation, Place::in_chain); });
    IoNode* last = nullptr;
    for (IoStep& step : steps) {
        IoNode& node = *taken.pop_front();
        prepare(node, std::move(step.operation), std::move(step.done));
        node.owner = &chain;
        node.chain_previous = last;
        (last == nullptr ? chain.chain_next : last->chain_next) = &node;
        last = &node;
        ++pending_;
        if (is_all_valid) {
            enqueue(node);
        } else {
            refuse(node, is_valid(node.operation, Place::in_chain) ? ECANCELED : EINVAL);
        }
    }
    return &chain;
}

void IoCore::post(IoOperation&& operation, Done&& done) {
    core_.assert_not_forked("IoQueue::post()");
    IoNode* node = nullptr;
    {
        const std::lock_guard lock(mutex_);
        node = spare_.pop_front();
    }
    if (node == nullptr) {
        node = &IoPool::make(*this);
    }
    prepare(*node, std::move(operation), std::move(done));
    fix_deadline(node->operation);
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(*node);
        // RELAXED who does not see it yet is told by the schedule() below.
        has_posted_.store(true, std::memory_order_relaxed);
    }
    pump_.schedule();
}

void IoCore::take_posted() noexcept {
    // RELAXED who has posted schedules afterwards, and what that leads to sees it.
    if (!has_posted_.load(std::memory_order_relaxed)) {
        return;
    }
    IoList taken;
    {
        const std::lock_guard lock(mutex_);
        taken.append(posted_);
        // RELAXED under the mutex.
        has_posted_.store(false, std::memory_order_relaxed);
        for (std::size_t count = taken.size(); count != 0; --count) {
            IoNode* node = nodes_.take_free();
            if (node == nullptr) {
                break;
            }
            spare_.push_back(*node);
        }
    }
    while (IoNode* node = taken.pop_front()) {
        ++pending_;
        if (is_valid(node->operation, Place::alone)) {
            enqueue(*node);
        } else {
            refuse(*node, EINVAL);
        }
    }
}

void IoCore::submit() {
    if (is_submitting_) {
        // In a function that fills an entry.
        return;
    }
    is_submitting_ = true;
    is_refused_ = choice_.backend->submit(queued_, in_flight_) == IoBackend::Accepted::not_all;
    is_submitting_ = false;
    if (is_refused_) {
        // Nothing may be in flight that would wake anybody.
        pump_.schedule_idle();
    }
}

void IoCore::flush() {
    core_.assert_home("IoQueue::flush()");
    take_posted();
    submit();
}

std::size_t IoCore::pending() const {
    core_.assert_home("IoQueue::pending()");
    const std::lock_guard lock(mutex_);
    return pending_ + posted_.size();
}

}  // namespace nestling::async
