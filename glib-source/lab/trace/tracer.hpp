// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nestling-lab/trace.hpp>

namespace nestling::lab {

/// Keeps the last steps. Steps inside a dispatch lie on a stack above the step that dispatches; the lab begins and ends
/// those that it drives, and others are recognised by the order of what is called.
class Tracer {
public:
    explicit Tracer(std::size_t kept);

    Step& begin(std::chrono::nanoseconds now, const Counts& counts, std::uint64_t wakeups);
    /// Of the innermost step; nothing if there is none.
    void end(std::chrono::nanoseconds now, const Counts& counts, std::uint64_t wakeups);
    /// The innermost step at the present depth of dispatches; null if none is open.
    [[nodiscard]] Step* current() noexcept { return open_.size() > depth_ ? open_.back() : nullptr; }

    void enter() noexcept { ++depth_; }
    void leave() noexcept { --depth_; }
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

    [[nodiscard]] std::uint64_t made() const noexcept { return made_; }
    [[nodiscard]] std::uint64_t longest_spin() const noexcept { return longest_spin_; }
    /// Oldest first.
    [[nodiscard]] std::vector<const Step*> kept() const;

private:
    struct Start {
        Counts counts;
        std::uint64_t wakeups = 0;
    };

    /// The one to be used again.
    Step& oldest_closed();

    std::vector<std::unique_ptr<Step>> ring_;
    std::size_t next_ = 0;
    std::vector<Step*> open_;
    std::vector<Start> starts_;
    std::size_t depth_ = 0;
    std::uint64_t made_ = 0;
    std::uint64_t spin_ = 0;
    std::uint64_t longest_spin_ = 0;
};

}  // namespace nestling::lab
