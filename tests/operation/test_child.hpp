// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>

namespace nestling::testing {

/// A child process that waits until it is let go, and then exits with a code. Its end is the business of the test, but
/// it never outlives this.
class TestChild {
public:
    explicit TestChild(int exit_code = 0);
    TestChild(const TestChild&) = delete;
    TestChild& operator=(const TestChild&) = delete;
    ~TestChild();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void let_go();
    /// Lets it go, and returns when it has ended and is a zombie.
    void let_end();
    /// Its end is taken from the system. False if it was taken before.
    bool reap();

private:
    pid_t pid_ = -1;
    int gate_ = -1;
};

}  // namespace nestling::testing
