// SPDX-License-Identifier: MIT
#include <nestling-lab/lab.hpp>

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

#include "support/testing.hpp"

using namespace nestling::lab;
using namespace std::chrono_literals;

TEST_CASE("epoll's wait with nanoseconds ends in the lab's time, and is counted", "[lab][time][libc]") {
    Lab lab;
    const int set = epoll_create1(0);
    epoll_event event{};
    const timespec limit{3600, 5};
    const Counts before = lab.counts();
    const int result = epoll_pwait2(set, &event, 1, &limit, nullptr);
    const int error = errno;
    CHECK(lab.counts().since(before).of(Call::epoll_wait) == 1);
    close(set);
    if (result < 0 && error == ENOSYS) {
        SKIP_LOUDLY("this system has no epoll_pwait2");
    }
    CHECK(result == 0);
    CHECK(lab.now() == 1h + 5ns);
}
