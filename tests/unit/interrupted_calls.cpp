// SPDX-License-Identifier: MIT
// The inline forms that fortified headers give these functions are in the way here.
#undef _FORTIFY_SOURCE

#include "unit/interrupted_calls.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace nestling::testing {

namespace {

std::atomic<int> chosen_fd{-1};
std::atomic<int> reads_left{0};
std::atomic<int> writes_left{0};
std::atomic<int> read_count{0};
std::atomic<int> write_count{0};

bool is_interrupted(int fd, std::atomic<int>& left, std::atomic<int>& count) noexcept {
    if (fd != chosen_fd.load() || left.fetch_sub(1) <= 0) {
        return false;
    }
    count.fetch_add(1);
    errno = EINTR;
    return true;
}

}  // namespace

InterruptedCalls::InterruptedCalls(int fd, int times) {
    read_count.store(0);
    write_count.store(0);
    reads_left.store(times);
    writes_left.store(times);
    chosen_fd.store(fd);
}

InterruptedCalls::~InterruptedCalls() {
    chosen_fd.store(-1);
}

int InterruptedCalls::reads() {
    return read_count.load();
}
int InterruptedCalls::writes() {
    return write_count.load();
}

}  // namespace nestling::testing

// A sanitizer's own definitions, where there are any, are called instead of the kernel: it learns from them which
// thread handed data to which.
extern "C" {
ssize_t __interceptor_write(int, const void*, size_t) __attribute__((weak));
ssize_t __interceptor_read(int, void*, size_t) __attribute__((weak));

ssize_t write(int fd, const void* data, size_t size) {
    using namespace nestling::testing;
    if (is_interrupted(fd, writes_left, write_count)) {
        return -1;
    }
    return __interceptor_write != nullptr ? __interceptor_write(fd, data, size) : ::syscall(SYS_write, fd, data, size);
}

ssize_t read(int fd, void* data, size_t size) {
    using namespace nestling::testing;
    if (is_interrupted(fd, reads_left, read_count)) {
        return -1;
    }
    return __interceptor_read != nullptr ? __interceptor_read(fd, data, size) : ::syscall(SYS_read, fd, data, size);
}
}  // extern "C"
