// SPDX-License-Identifier: MIT
#include "unit/absent_epoll_pwait2.hpp"

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace nestling::testing {

namespace {

constexpr std::size_t signal_set_size = 8;
std::atomic<bool> is_absent{false};
std::atomic<int> refusals{0};

}  // namespace

void forget_epoll_pwait2() noexcept {
    is_absent.store(true);
}

int epoll_pwait2_refusals() noexcept {
    return refusals.load();
}

}  // namespace nestling::testing

extern "C" int epoll_pwait2(int fd, epoll_event* events, int size, const timespec* timeout, const sigset_t* signals) {
    using namespace nestling::testing;
    if (is_absent.load()) {
        refusals.fetch_add(1);
        errno = ENOSYS;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_epoll_pwait2, fd, events, size, timeout, signals, signal_set_size));
}
