// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace demo {

/// The intervals between frames: whether the thread that draws was ever kept from drawing.
class FrameMeter {
public:
    static constexpr std::chrono::nanoseconds period{16666667};
    /// A frame that ended later than this was missed by somebody who looks at the screen.
    static constexpr std::chrono::nanoseconds late_after = period * 3 / 2;
    static constexpr std::size_t kept = 300;

    /// What happened since begin().
    struct Facts {
        std::uint64_t frames = 0;
        std::uint64_t late = 0;
        std::chrono::nanoseconds worst{0};
    };

    void begin(std::chrono::nanoseconds now);
    void frame(std::chrono::nanoseconds now);

    /// At `now`, a frame that has not ended yet counts for the worst interval as long as it has lasted.
    [[nodiscard]] Facts facts(std::chrono::nanoseconds now) const;
    /// The latest intervals, the newest last.
    [[nodiscard]] const std::deque<std::chrono::nanoseconds>& intervals() const noexcept { return intervals_; }

private:
    std::deque<std::chrono::nanoseconds> intervals_;
    std::chrono::nanoseconds last_{-1};
    Facts facts_;
};

}  // namespace demo
