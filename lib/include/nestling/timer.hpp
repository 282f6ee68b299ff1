// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/handler_class.hpp>

namespace nestling {

namespace loop {
struct TimerNode;
}

enum class Clock : std::uint8_t {
    monotonic,     ///< CLOCK_MONOTONIC
    wall,          ///< CLOCK_REALTIME; follows jumps of the clock at once
    virtual_time,  ///< the context's own clock, see Context::advance_virtual_time()
};

/// Any thread. Nanoseconds since the epoch of `clock` (monotonic or wall).
NESTLING_API std::chrono::nanoseconds clock_now(Clock clock) noexcept;

/// A named callback at a point in time: never early, in order of deadline, and first armed first among equals.
///
/// Changes from another thread than home are carried out by the home thread, in the order in which they were made.
class NESTLING_API Timer {
public:
    /// Any thread. An empty handle.
    Timer() noexcept = default;
    /// Any thread. `name` must outlive the handle, usually a literal. Throws std::bad_alloc.
    Timer(Context& context, const char* name, Callback<void()> callback, Clock clock = Clock::monotonic,
          HandlerClass which = HandlerClass::general);
    Timer(Timer&& other) noexcept;
    Timer& operator=(Timer&& other) noexcept;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    /// Any thread. As BottomHalf: at home the callback never runs again.
    ~Timer();

    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }

    /// Any thread. (Re-)arms the timer for `deadline`, in the clock's time; one in the past is due in the next round.
    /// O(1) at home for monotonic and virtual clocks, O(log n) for the wall clock; allocates on other threads. Throws
    /// std::bad_alloc; elsewhere than at home the timer is as it was then, at home it is disarmed.
    void arm_at(std::chrono::nanoseconds deadline);
    /// Any thread. arm_at(now + delay); `now` is read here, so the timer is not early by a cached clock. For the
    /// virtual clock: home thread.
    void arm_after(std::chrono::nanoseconds delay);
    /// Any thread. As arm_at(), unless the timer is armed for that time or an earlier one.
    void anticipate(std::chrono::nanoseconds deadline);
    /// Any thread. Disarms. Does not wait for a callback that is running on another thread.
    void cancel();
    /// Home thread. True while armed: from arming to the start of the callback.
    [[nodiscard]] bool is_armed() const;
    /// Home thread. The deadline, or a negative time when it is not armed.
    [[nodiscard]] std::chrono::nanoseconds deadline() const;

    /// Any thread. As BottomHalf::remove().
    void remove(Callback<void()> removed);
    /// Any thread. As BottomHalf::remove_and_wait().
    void remove_and_wait();

private:
    loop::TimerNode* node_ = nullptr;
    loop::ContextCore* core_ = nullptr;
};

}  // namespace nestling
