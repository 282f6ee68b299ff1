// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::os {

/// Knows whether this process is the one that created it, or a forked child of that.
class ForkGuard {
public:
    ForkGuard();
    /// Any thread. One relaxed load.
    [[nodiscard]] bool in_child() const noexcept;

private:
    unsigned generation_;
};

}  // namespace nestling::os
