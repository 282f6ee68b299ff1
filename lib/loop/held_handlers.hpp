// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/handler_class.hpp>

#include <array>
#include <cstdint>
#include <memory>

namespace nestling::loop {

class ContextCore;
class HeldHandlers;
struct BottomHalfNode;
struct FdNode;
struct TimerNode;

/// Stands in front of a callback whose class may be held: then the handler is put aside, in a way of its kind. The loop
/// itself knows nothing of classes, so handlers of the general class cost nothing.
///
/// Home thread, but for the construction.
class HoldableCallback {
public:
    HoldableCallback(ContextCore& core, HandlerClass which, Callback<void()> callback) noexcept
        : core_(core), which_(which), callback_(std::move(callback)) {}
    HoldableCallback(const HoldableCallback&) = delete;
    HoldableCallback& operator=(const HoldableCallback&) = delete;
    ~HoldableCallback();

    /// Before the handler can run: whose callback it is.
    void belongs_to(BottomHalfNode& node) noexcept { half_ = &node; }
    void belongs_to(TimerNode& node) noexcept { timer_ = &node; }
    void belongs_to(FdNode& node) noexcept { fd_ = &node; }

    void run();

private:
    friend class HeldHandlers;
    void put_aside();
    void take_back() noexcept;

    ContextCore& core_;
    const HandlerClass which_;
    Callback<void()> callback_;
    // One of them.
    BottomHalfNode* half_ = nullptr;
    TimerNode* timer_ = nullptr;
    FdNode* fd_ = nullptr;
    /// Of a timer that could not be armed for much later, for want of memory.
    bool is_disarmed_ = false;

    // Of the list of those that are put aside.
    HeldHandlers* list_ = nullptr;
    HoldableCallback* next_ = nullptr;
    HoldableCallback* before_ = nullptr;
};

/// `callback` as it is for the general class, else behind a HoldableCallback, which is told in `*front`.
Callback<void()> holdable(ContextCore& core, HandlerClass which, Callback<void()> callback, HoldableCallback** front);

/// The callbacks of a descriptor.
class HoldableFd {
public:
    HoldableFd(ContextCore& core, HandlerClass which, FdCallbacks& callbacks);
    void belongs_to(FdNode& node) const noexcept;

private:
    std::array<HoldableCallback*, 2> fronts_{};
};

/// Which classes are held in one context, and who is put aside. Home thread.
class HeldHandlers {
public:
    HeldHandlers() noexcept = default;
    HeldHandlers(const HeldHandlers&) = delete;
    HeldHandlers& operator=(const HeldHandlers&) = delete;
    ~HeldHandlers();

    void hold(HandlerClass which) noexcept { ++holds_[index(which)]; }
    void release(HandlerClass which) noexcept;
    [[nodiscard]] bool is_held(HandlerClass which) const noexcept { return holds_[index(which)] != 0; }

    void add(HoldableCallback& callback) noexcept;
    void remove(HoldableCallback& callback) noexcept;

private:
    static std::size_t index(HandlerClass which) noexcept { return static_cast<std::size_t>(which); }

    std::array<unsigned, 3> holds_{};
    HoldableCallback* first_ = nullptr;
    HoldableCallback* last_ = nullptr;
};

}  // namespace nestling::loop
