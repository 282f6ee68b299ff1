// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

#include "loop/timer_node.hpp"

namespace nestling::loop {

/// A change of a timer: carried out at once at home, posted from other threads. While it is under way it holds the
/// node, so that the handle may be destroyed before it arrives.
class TimerRequest {
public:
    enum class Kind : std::uint8_t { arm, anticipate, cancel };

    /// Any thread. May throw std::bad_alloc elsewhere than at home; nothing has changed then.
    static void make(TimerNode& node, Kind kind, std::int64_t deadline);

    TimerRequest(TimerRequest&& other) noexcept
        : node_(std::exchange(other.node_, nullptr)), deadline_(other.deadline_), kind_(other.kind_) {}
    TimerRequest(const TimerRequest&) = delete;
    TimerRequest& operator=(const TimerRequest&) = delete;
    /// Home thread, or the thread whose make() failed. Lets go of the node, also when it was never carried out.
    ~TimerRequest();

    void operator()() const { carry_out(*node_, kind_, deadline_); }

private:
    TimerRequest(TimerNode& node, Kind kind, std::int64_t deadline) noexcept;
    static void carry_out(TimerNode& node, Kind kind, std::int64_t deadline);

    TimerNode* node_;
    std::int64_t deadline_;
    Kind kind_;
};

}  // namespace nestling::loop
