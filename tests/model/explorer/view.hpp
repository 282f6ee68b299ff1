// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace nestling::model {

/// Thread 0 is the one that builds the state before the others start and looks at it after they have ended.
inline constexpr unsigned max_threads = 8;
inline constexpr unsigned max_atoms = 56;

using Stamp = std::uint32_t;

/// What a thread knows, or what a message tells its reader: of each thread the last step that happens before (a vector
/// clock), and of each atomic object the oldest message that may still be read. Both only grow, and are joined alike.
class View {
public:
    /// Views are copied and joined in lanes, because most programs fill a fraction of them.
    static constexpr unsigned lane = 8;
    static constexpr unsigned lanes_for(unsigned atoms) noexcept { return (max_threads + atoms + lane - 1) / lane; }

    Stamp& clock(unsigned thread) noexcept { return at_[thread]; }
    [[nodiscard]] Stamp clock(unsigned thread) const noexcept { return at_[thread]; }
    Stamp& seen(unsigned atom) noexcept { return at_[max_threads + atom]; }
    [[nodiscard]] Stamp seen(unsigned atom) const noexcept { return at_[max_threads + atom]; }

    void join(const View& other, unsigned lanes) noexcept { join_from(0, other, lanes); }

    /// Leaves the clocks alone: the order of seq_cst fences restricts what may be read and makes nothing happen before.
    void join_seen(const View& other, unsigned lanes) noexcept { join_from(max_threads, other, lanes); }

    void copy(const View& other, unsigned lanes) noexcept {
        for (unsigned i = 0; i < lanes * lane; ++i) {
            at_[i] = other.at_[i];
        }
    }

private:
    void join_from(unsigned first, const View& other, unsigned lanes) noexcept {
        for (unsigned i = first; i < lanes * lane; ++i) {
            at_[i] = at_[i] < other.at_[i] ? other.at_[i] : at_[i];
        }
    }

    std::array<Stamp, max_threads + max_atoms> at_{};
};

}  // namespace nestling::model
