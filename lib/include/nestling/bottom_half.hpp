// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/handler_class.hpp>

namespace nestling {

namespace loop {
struct BottomHalfNode;
}

/// A named callback that any thread can schedule to run on a context's home thread.
///
/// Scheduling it again before it has run is the same as scheduling it once. Bottom halves run in the order in which
/// they were scheduled; one that is scheduled from a callback runs in the next iteration.
///
/// Destroying the handle: at home, the callback never runs again and is destroyed before the destructor returns (in its
/// own callback: right after that returns). On another thread, no new call starts once the home thread has seen it; a
/// call in progress is not waited for: use remove_and_wait() for that.
class NESTLING_API BottomHalf {
public:
    /// Any thread. An empty handle: only destruction, assignment and the bool test are allowed.
    BottomHalf() noexcept = default;
    /// Any thread. `name` must outlive the handle, usually a literal. Throws std::bad_alloc.
    BottomHalf(Context& context, const char* name, Callback<void()> callback,
               HandlerClass which = HandlerClass::general);
    BottomHalf(BottomHalf&& other) noexcept;
    BottomHalf& operator=(BottomHalf&& other) noexcept;
    BottomHalf(const BottomHalf&) = delete;
    BottomHalf& operator=(const BottomHalf&) = delete;
    ~BottomHalf();

    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }

    /// Any thread, lock-free, signal-safe, allocates nothing; no system call while the loop is awake. What was written
    /// before the call is visible in the callback. O(1).
    void schedule() const noexcept;
    /// Any thread, lock-free, signal-safe. Runs in any next iteration, at the latest 10 ms from now; is not progress. A
    /// schedule() on top makes it prompt.
    void schedule_idle() const noexcept;
    /// Any thread. Takes back a schedule() whose callback has not started.
    void cancel() const noexcept;
    /// Any thread. True between schedule() and the start of the callback.
    [[nodiscard]] bool is_scheduled() const noexcept;

    /// Any thread. Empties the handle. `removed` runs on the home thread when the callback is not running and can never
    /// run again: at home at once, or when its running call returns. Throws std::bad_alloc on other threads than home;
    /// nothing has changed then.
    void remove(Callback<void()> removed);
    /// Any thread but one that the home thread waits for. Empties the handle and returns when the callback is not
    /// running and can never run again. At home it returns at once, also inside the callback. The home thread must be
    /// iterating, else this waits until it does.
    void remove_and_wait();

private:
    loop::BottomHalfNode* node_ = nullptr;
    loop::ContextCore* core_ = nullptr;
};

/// Marks a device whose callbacks must not be entered while one of them is running (contracts F5.13).
struct ReentryGuard {
    bool engaged = false;
};

/// Home thread (the result). Wraps `callback` so that `guard` is engaged while it runs and restored after. When it is
/// engaged already, a report names `name`; the callback runs all the same. `guard` may be destroyed by the callback's
/// owner only after the callback has returned.
NESTLING_API Callback<void()> guarded(Context& context, const char* name, ReentryGuard& guard,
                                      Callback<void()> callback);

}  // namespace nestling
