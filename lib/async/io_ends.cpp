// SPDX-License-Identifier: MIT
#include <cerrno>
#include <utility>

#include "async/io_core.hpp"
#include "loop/context_core.hpp"

namespace nestling::async {

using State = IoNode::State;

/// Its result stands; what is left is to tell.
void IoCore::end(IoNode& node) noexcept {
    node.state = State::ready;
    ready_.push_back(node);
}

bool IoCore::is_pending(const IoNode& node) noexcept {
    return node.state == State::chain ? node.chain_next != nullptr : node.state != State::idle;
}

// ---- Cancelling ----------------------------------------------------------------------------------------------------

void IoCore::cancel_one(IoNode& node) noexcept {
    switch (node.state) {
        case State::queued:
        case State::paused:
            (node.state == State::queued ? queued_ : paused_).remove(node);
            node.result = {-ECANCELED, 0};
            end(node);
            break;
        case State::in_flight:
            node.is_cancelled = true;
            choice_.backend->cancel(node);
            break;
        default:
            return;
    }
    list_pump();
}

void IoCore::cancel(IoNode& node) noexcept {
    core_.assert_home("IoRequest::cancel()");
    if (node.state != State::chain) {
        cancel_one(node);
        return;
    }
    // First all marks: none may begin because the one before it has just succeeded.
    for (IoNode* step = node.chain_next; step != nullptr; step = step->chain_next) {
        step->is_cancelled = true;
    }
    for (IoNode* step = node.chain_next; step != nullptr; step = step->chain_next) {
        cancel_one(*step);
    }
}

// ---- The handle goes -----------------------------------------------------------------------------------------------

void IoCore::wait_until_let_go(IoNode& node) noexcept {
    node.is_cancelled = true;
    while (node.state == State::in_flight) {
        // Again each time: what was on its way between two states is not found by the first one.
        choice_.backend->cancel(node);
        if (node.state != State::in_flight) {
            return;
        }
        choice_.backend->wait();
        reap();
    }
}

void IoCore::drop_one(IoNode& node) noexcept {
    if (node.state == State::idle) {
        retire(node);
        return;
    }
    if (node.state == State::in_flight) {
        wait_until_let_go(node);
    }
    if (node.state == State::queued || node.state == State::paused) {
        (node.state == State::queued ? queued_ : paused_).remove(node);
    }
    leave_chain(node);
    node.is_dropped = true;
    if (node.state != State::ready) {
        node.result = {-ECANCELED, 0};
        // There may be results in front of this.
        end(node);
    }
    --pending_;
    list_pump();
    if (node.calls == 0) {
        node.operation.fill().reset();
        const Done gone = std::move(node.done);
    }
}

void IoCore::drop(IoNode& node) noexcept {
    if (fork_.in_child()) {
        const Done gone = std::move(node.done);
        return;
    }
    if (core_.home().is_set()) {
        core_.assert_home("~IoRequest()");
    }
    node.has_handle = false;
    if (node.state != State::chain) {
        drop_one(node);
        release();
        return;
    }
    for (IoNode* step = node.chain_next; step != nullptr; step = step->chain_next) {
        step->is_cancelled = true;
    }
    if (node.chain_next == nullptr) {
        nodes_.give(node);
    } else {
        // The last one to leave frees the node of the chain.
        IoNode* step = node.chain_next;
        while (step != nullptr) {
            IoNode* const next = step->chain_next;
            drop_one(*step);
            step = next;
        }
    }
    release();
}

void IoCore::detach(IoNode& node) noexcept {
    core_.assert_home("IoRequest::detach()");
    node.has_handle = false;
    if (node.state == State::idle) {
        retire(node);
    } else if (node.state == State::chain && node.chain_next == nullptr) {
        nodes_.give(node);
    }
    release();
}

// ---- The queue goes ------------------------------------------------------------------------------------------------

void IoCore::close() noexcept {
    is_closed_ = true;
    if (fork_.in_child()) {
        // The threads are not here, and the ring is the parent's.
        choice_.backend->abandon();
        return;
    }
    if (core_.home().is_set()) {
        core_.assert_home("~IoQueue()");
    }
    take_posted();
    for (IoNode* node = in_flight_.first(); node != nullptr; node = node->next) {
        node->is_cancelled = true;
    }
    while (IoNode* node = in_flight_.first()) {
        wait_until_let_go(*node);
    }
    // What a callback owns may be a request of this queue.
    while (!queued_.empty() || !ready_.empty() || !paused_.empty()) {
        // Results before the requests that they belong to.
        discard_all(ready_);
        discard_all(queued_);
        discard_all(paused_);
    }
    pending_ = 0;
    choice_.backend.reset();
    pump_ = BottomHalf();
    release();
}

}  // namespace nestling::async
