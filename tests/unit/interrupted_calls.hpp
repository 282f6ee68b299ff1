// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// While it lives, the first `times` calls of read() and of write() for `fd` end with EINTR and do nothing. One at a
/// time.
class InterruptedCalls {
public:
    InterruptedCalls(int fd, int times);
    InterruptedCalls(const InterruptedCalls&) = delete;
    InterruptedCalls& operator=(const InterruptedCalls&) = delete;
    ~InterruptedCalls();

    /// How many calls of each were interrupted.
    [[nodiscard]] static int reads();
    [[nodiscard]] static int writes();
};

}  // namespace nestling::testing
