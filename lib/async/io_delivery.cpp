// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <new>
#include <utility>

#include "async/io_core.hpp"
#include "loop/context_core.hpp"
#include "loop/deferred_calls.hpp"

namespace nestling::async {

using State = IoNode::State;

/// Keeps the queue's own things alive while a callback may destroy the queue.
class IoCore::Use {
public:
    explicit Use(IoCore& core) noexcept : core_(core) { ++core_.uses_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { core_.release(); }

private:
    IoCore& core_;
};

/// One call of a callback that stays where it is, because there may be others.
class IoCore::Call {
public:
    Call(IoCore& core, IoNode& node) noexcept : core_(core), node_(node) { ++node_.calls; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() { core_.end_call(node_); }

private:
    IoCore& core_;
    IoNode& node_;
};

// ---- From the engine -----------------------------------------------------------------------------------------------

void IoCore::completed(IoNode& node, IoResult result) noexcept {
    in_flight_.remove(node);
    node.phase = IoNode::Phase::none;
    node.result = result;
    end(node);
}

void IoCore::completed_once(IoNode& node, IoResult result) {
    IoNode& record = nodes_.take();
    record.state = State::result;
    record.owner = &node;
    record.result = {result.value, result.flags | IoResult::more_flag};
    ready_.push_back(record);
    if (node.operation.kind() == IoKind::poll_each) {
        in_flight_.remove(node);
        node.phase = IoNode::Phase::none;
        node.state = State::paused;
        paused_.push_back(node);
    }
}

void IoCore::again(IoNode& node) noexcept {
    in_flight_.remove(node);
    node.phase = IoNode::Phase::none;
    // What is queued behind the last submission of an iteration must not stay there (contracts B-56a).
    enqueue(node);
}

// ---- To the user ---------------------------------------------------------------------------------------------------

void IoCore::pump() {
    const Use use(*this);
    is_pump_listed_ = false;
    take_posted();
    submit();
    // What is there after a submission needs no wait: reads from the page cache, mostly.
    reap();
    deliver();
    if (!is_closed_) {
        settle();
    }
}

void IoCore::reap() {
    try {
        choice_.backend->reap();
    } catch (const std::bad_alloc&) {
        // The engine keeps what it could not tell.
        pump_.schedule_idle();
    }
    if (!in_flight_.empty() && !choice_.backend->watch()) {
        // No memory, no descriptors: it is looked for.
        pump_.schedule_idle();
    }
}

void IoCore::deliver() {
    const loop::DeferredCalls::Section section(core_.deferred());
    // What ends while completions run waits for the next iteration, so that requests without end do not starve the
    // rest.
    for (std::size_t left = ready_.size(); left != 0 && !is_closed_; --left) {
        IoNode* node = ready_.pop_front();
        if (node == nullptr) {
            return;
        }
        if (!ready_.empty()) {
            // A completion may wait for another one in a nested poll() (contracts F9.7), and may throw.
            list_pump();
        }
        if (node->state == State::result) {
            deliver_result(*node);
        } else {
            deliver_last(*node);
        }
        if (core_.is_budget_used_up()) {
            return;
        }
    }
}

/// A descriptor that nobody will be told of is closed.
static void drop_result(const IoNode& node, const IoResult& result) noexcept {
    const IoKind kind = node.operation.kind();
    if (result.ok() && (kind == IoKind::accept || kind == IoKind::accept_each || kind == IoKind::openat)) {
        ::close(result.value);
    }
}

void IoCore::deliver_result(IoNode& record) {
    IoNode& node = *record.owner;
    const IoResult result = record.result;
    nodes_.give(record);
    if (node.is_dropped) {
        drop_result(node, result);
        return;
    }
    const Call call(*this, node);
    if (node.done) {
        node.done(result);
    }
}

void IoCore::deliver_last(IoNode& node) {
    leave_chain(node);
    node.state = State::idle;
    const IoResult result = node.result;
    if (node.is_dropped) {
        drop_result(node, result);
        retire(node);
        return;
    }
    --pending_;
    if (node.calls != 0) {
        const Call call(*this, node);
        node.done(result);
        return;
    }
    Done done = std::move(node.done);
    retire(node);
    if (done) {
        done(result);
    }
}

void IoCore::end_call(IoNode& node) noexcept {
    if (--node.calls != 0) {
        return;
    }
    if (node.state == State::paused) {
        paused_.remove(node);
        enqueue(node);
        return;
    }
    if (node.is_dropped || node.state == State::idle) {
        const Done gone = std::move(node.done);
    }
    if (node.state == State::idle) {
        retire(node);
    }
}

void IoCore::settle() noexcept {
    if (!ready_.empty() || (!queued_.empty() && !is_refused_)) {
        list_pump();
        return;
    }
    if (pump_.is_scheduled()) {
        pump_.cancel();
        is_pump_listed_ = false;
        // RELAXED whoever posts after this schedules again.
        if (has_posted_.load(std::memory_order_relaxed) || choice_.backend->has_ended() ||
            (!is_refused_ && choice_.backend->has_to_submit())) {
            list_pump();
        }
    }
    if (is_refused_ && !pump_.is_scheduled()) {
        // Nothing may be in flight that would wake anybody.
        pump_.schedule_idle();
    }
}

void IoCore::leave_chain(IoNode& node) noexcept {
    IoNode* const chain = std::exchange(node.owner, nullptr);
    if (chain == nullptr) {
        return;
    }
    (node.chain_previous == nullptr ? chain->chain_next : node.chain_previous->chain_next) = node.chain_next;
    if (node.chain_next != nullptr) {
        node.chain_next->chain_previous = node.chain_previous;
    }
    node.chain_next = node.chain_previous = nullptr;
    if (chain->chain_next == nullptr && !chain->has_handle) {
        nodes_.give(*chain);
    }
}

void IoCore::retire(IoNode& node) noexcept {
    node.operation.fill().reset();
    if (!node.has_handle && node.calls == 0) {
        nodes_.give(node);
    }
}

// ---- What goes with the queue --------------------------------------------------------------------------------------

void IoCore::discard(IoNode& node) noexcept {
    if (node.state == State::result) {
        drop_result(*node.owner, node.result);
        nodes_.give(node);
        return;
    }
    leave_chain(node);
    if (node.state == State::ready) {
        drop_result(node, node.result);
    }
    node.state = State::idle;
    const Done gone = node.calls == 0 ? std::move(node.done) : Done();
    retire(node);
}

void IoCore::discard_all(IoList& list) noexcept {
    while (IoNode* node = list.pop_front()) {
        discard(*node);
    }
}

}  // namespace nestling::async
