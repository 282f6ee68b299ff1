// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace nestling::testing {

/// While it lives, this thread calls `after` each time when write(2) has written and not returned yet: when another
/// thread has been woken, and this one does not know. Linking slow_write.cpp puts a write() in front of the C
/// library's.
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
