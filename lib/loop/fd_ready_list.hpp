// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

#include "loop/budget.hpp"
#include "loop/callback_stack.hpp"
#include "loop/fd_node.hpp"
#include "sync/counter.hpp"

namespace nestling::loop {

/// The fd handlers that are ready and have not run yet, in the order in which they became so. Home thread.
class FdReadyList {
public:
    /// `set_mutex`: under it the handlers are known to be there, or to be removed.
    FdReadyList(CallbackStack& stack, std::mutex& set_mutex) noexcept : stack_(stack), set_mutex_(set_mutex) {}
    FdReadyList(const FdReadyList&) = delete;
    FdReadyList& operator=(const FdReadyList&) = delete;

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    /// The others follow by FdNode::next_ready.
    [[nodiscard]] const FdNode* first() const noexcept { return first_; }
    /// O(1). Does nothing for one that is listed.
    void add(FdNode& node) noexcept;
    /// O(listed). Does nothing for one that is not listed.
    void erase(FdNode& node) noexcept;
    /// Runs the callbacks of what is listed, including what an outer iteration has left. True on progress.
    bool run(const Budget& budget) noexcept;

    /// Any thread.
    [[nodiscard]] std::uint64_t run_count() const noexcept { return run_count_.get(); }

private:
    bool run_one(FdNode& node) noexcept;
    void call(CallbackStack::Frame& frame, Callback<void()>& callback) noexcept;
    void call_for(CallbackStack::Frame& frame, const FdNode& node, Callback<void()>& callback,
                  std::uint32_t events) noexcept;
    void call_timed(CallbackStack::Frame& frame, const FdNode& node, Callback<void()>& callback,
                    std::uint32_t events) noexcept;

    /// -1 if the handler is removed.
    [[nodiscard]] int number_of(const FdNode& node) noexcept;

    CallbackStack& stack_;
    std::mutex& set_mutex_;
    FdNode* first_ = nullptr;
    FdNode* last_ = nullptr;
    sync::SingleWriterCounter<std::uint64_t> run_count_;
};

}  // namespace nestling::loop
