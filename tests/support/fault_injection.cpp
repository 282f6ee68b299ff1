// SPDX-License-Identifier: MIT
#include "support/fault_injection.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace nestling::testing {

namespace {

struct Plan {
    std::atomic<int> error{0};
    std::atomic<int> successes{0};
};
std::array<Plan, creation_kinds> plans;

Plan& plan_of(Creation creation) {
    return plans[static_cast<std::size_t>(creation)];
}

bool must_fail(Creation creation) noexcept {
    Plan& plan = plan_of(creation);
    const int error = plan.error.load();
    if (error == 0 || plan.successes.fetch_sub(1) > 0) {
        return false;
    }
    errno = error;
    return true;
}

}  // namespace

FailingCreation::FailingCreation(Creation creation, int error, int successes) : creation_(creation) {
    plan_of(creation).successes.store(successes);
    plan_of(creation).error.store(error);
}

FailingCreation::~FailingCreation() {
    plan_of(creation_).error.store(0);
}

}  // namespace nestling::testing

extern "C" {
using nestling::testing::Creation;

int epoll_create1(int flags) noexcept {
    return nestling::testing::must_fail(Creation::epoll_create1)
               ? -1
               : static_cast<int>(::syscall(SYS_epoll_create1, flags));
}

int eventfd(unsigned int value, int flags) noexcept {
    return nestling::testing::must_fail(Creation::eventfd) ? -1
                                                           : static_cast<int>(::syscall(SYS_eventfd2, value, flags));
}

int pipe2(int* ends, int flags) noexcept {
    return nestling::testing::must_fail(Creation::pipe2) ? -1 : static_cast<int>(::syscall(SYS_pipe2, ends, flags));
}

int timerfd_create(int clock, int flags) noexcept {
    return nestling::testing::must_fail(Creation::timerfd_create)
               ? -1
               : static_cast<int>(::syscall(SYS_timerfd_create, clock, flags));
}
}  // extern "C"
