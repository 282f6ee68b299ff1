// SPDX-License-Identifier: MIT
// The inline forms that fortified headers give this function are in the way here.
#undef _FORTIFY_SOURCE

#include "coroutine/slow_write.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace nestling::testing {

namespace {

thread_local std::function<void()>* after_write = nullptr;

}  // namespace

SlowWrite::SlowWrite(std::function<void()> after) : after_(std::move(after)) {
    after_write = &after_;
}

SlowWrite::~SlowWrite() {
    after_write = nullptr;
}

}  // namespace nestling::testing

extern "C" ssize_t write(int fd, const void* bytes, size_t length) {
    const ssize_t written = ::syscall(SYS_write, fd, bytes, length);
    if (nestling::testing::after_write != nullptr) {
        (*nestling::testing::after_write)();
    }
    return written;
}
