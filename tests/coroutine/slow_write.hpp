// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace nestling::testing {

/// While it lives, this thread calls `after` each time when write(2) has written and not returned yet: when another
/// thread has been woken, and this one does not know. SetEvent on Windows. Linking slow_write_posix.cpp, or the other,
/// puts a function of that name in front of the system's.
class SlowWrite {
public:
    explicit SlowWrite(std::function<void()> after);
    SlowWrite(const SlowWrite&) = delete;
    SlowWrite& operator=(const SlowWrite&) = delete;
    ~SlowWrite();

private:
    std::function<void()> after_;
};

}  // namespace nestling::testing
