// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/fd_handler.hpp>
#include <nestling/io_operation.hpp>
#include <nestling/timer.hpp>

#include <cstddef>
#include <cstdint>

#include "os/owned_fd.hpp"

namespace nestling::async {

class IoCore;

/// One request of a queue; or a chain of them; or one result of a request that has several.
struct IoNode {
    enum class State : std::uint8_t {
        idle,       ///< free, or ended with the handle still there
        queued,     ///< waits to be handed to the engine
        in_flight,  ///< the engine has it, and the buffers
        paused,     ///< poll_each, from a result until `done` has returned
        ready,      ///< has ended; `done` is to be called for the last time
        chain,      ///< holds the requests of a chain
        result,     ///< one result of `owner`
    };

    explicit IoNode(IoCore& owning_core) noexcept : core(&owning_core) {}
    IoNode(const IoNode&) = delete;
    IoNode& operator=(const IoNode&) = delete;

    /// In the `mode` of a timeout: `offset` is when it ends, not how long it takes.
    static constexpr std::uint32_t absolute_time = 1;

    // On the one list that it is on.
    IoNode* next = nullptr;
    IoNode* previous = nullptr;

    IoCore* core;
    IoOperation operation;
    Callback<void(IoResult)> done;
    IoResult result;

    State state = State::idle;
    bool has_handle = false;
    /// The handle is gone: `done` is not to be called.
    bool is_dropped = false;
    bool is_cancelled = false;
    /// How many calls of `done` are running, of which there may be several only if there are several results.
    std::uint32_t calls = 0;

    /// Of a request of a chain: the node of the chain. Of a result: the request.
    IoNode* owner = nullptr;
    /// Of a chain: its first request that has not ended. Of a request of a chain: the next one.
    IoNode* chain_next = nullptr;
    IoNode* chain_previous = nullptr;

    // ---- The engine's own ----

    /// What the engine is doing about it.
    enum class Phase : std::uint8_t {
        none,
        working,  ///< the operation itself
        waiting,  ///< until the descriptor is ready
        held,     ///< nothing, until the rest of its chain has come back: then it is tried again
    };
    Phase phase = Phase::none;
    bool must_wait = false;
    bool has_waited = false;
    /// Which thread has handed it to the kernel.
    std::uint32_t epoch = 0;
    /// Seconds and nanoseconds, which the kernel reads while the request is in flight (contracts B-28).
    std::int64_t time[2] = {};
    IoNode* work_next = nullptr;
    IoNode* work_previous = nullptr;
    /// Where it is among the workers. Under their mutex.
    enum class Work : std::uint8_t { none, waiting, taken, finished };
    Work work = Work::none;
    /// Bytes that are done, of an operation that goes on until all are.
    std::uint32_t progress = 0;
    os::OwnedFd watched;
    FdHandler handler;
    Timer timer;

    /// For the next request. What it owned is gone already.
    void reset() noexcept {
        result = {};
        state = State::idle;
        has_handle = is_dropped = is_cancelled = must_wait = has_waited = false;
        owner = chain_next = chain_previous = nullptr;
        phase = Phase::none;
        progress = 0;
    }
};

/// Nodes in a row. Each is on one list of this kind at most.
template <IoNode* IoNode::*Next, IoNode* IoNode::*Previous>
class IoListThrough {
public:
    IoListThrough() noexcept = default;
    IoListThrough(const IoListThrough&) = delete;
    IoListThrough& operator=(const IoListThrough&) = delete;

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] IoNode* first() const noexcept { return first_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void push_back(IoNode& node) noexcept {
        node.*Next = nullptr;
        node.*Previous = last_;
        (last_ == nullptr ? first_ : last_->*Next) = &node;
        last_ = &node;
        ++size_;
    }
    void push_front(IoNode& node) noexcept {
        node.*Next = first_;
        node.*Previous = nullptr;
        (first_ == nullptr ? last_ : first_->*Previous) = &node;
        first_ = &node;
        ++size_;
    }
    void remove(IoNode& node) noexcept {
        (node.*Previous == nullptr ? first_ : node.*Previous->*Next) = node.*Next;
        (node.*Next == nullptr ? last_ : node.*Next->*Previous) = node.*Previous;
        --size_;
    }
    /// Null if it is empty.
    IoNode* pop_front() noexcept {
        IoNode* const node = first_;
        if (node != nullptr) {
            first_ = node->*Next;
            (first_ == nullptr ? last_ : first_->*Previous) = nullptr;
            --size_;
        }
        return node;
    }
    /// All of `other` behind what is here.
    void append(IoListThrough& other) noexcept {
        if (other.empty()) {
            return;
        }
        other.first_->*Previous = last_;
        (last_ == nullptr ? first_ : last_->*Next) = other.first_;
        last_ = other.last_;
        size_ += other.size_;
        other.first_ = other.last_ = nullptr;
        other.size_ = 0;
    }

private:
    IoNode* first_ = nullptr;
    IoNode* last_ = nullptr;
    std::size_t size_ = 0;
};

using IoList = IoListThrough<&IoNode::next, &IoNode::previous>;
/// Of what is in flight and waits for, or comes from, a thread of the pool.
using IoWorkList = IoListThrough<&IoNode::work_next, &IoNode::work_previous>;

}  // namespace nestling::async
