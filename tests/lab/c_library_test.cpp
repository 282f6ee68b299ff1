// SPDX-License-Identifier: MIT
// Each function of the C library that gives or takes a time, by the name that this file's time_t gives it: where there
// are two kinds of time_t, this is compiled with both.
#include <nestling-lab/catch2.hpp>
#include <nestling-lab/lab.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "support/testing.hpp"

using namespace nestling::lab;
using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds time_of(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::nanoseconds monotonic() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return time_of(now);
}

std::chrono::nanoseconds wall() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return time_of(now);
}

}  // namespace

TEST_CASE("the C library's clocks show the lab's time", "[lab][time][libc]") {
    LabOptions options;
    options.wall_clock = WallClock::follows;
    Lab lab(options);
    REQUIRE(lab.has_virtual_time());
    const auto before = monotonic();
    const auto wall_before = wall();
    lab.advance(2h + 3us);
    CHECK(monotonic() - before == 2h + 3us);
    CHECK(wall() - wall_before == 2h + 3us);

    timeval day{};
    CHECK(gettimeofday(&day, nullptr) == 0);
    CHECK(std::chrono::seconds(day.tv_sec) + std::chrono::microseconds(day.tv_usec) ==
          std::chrono::floor<std::chrono::microseconds>(wall()));
    time_t seconds = 0;
    CHECK(time(&seconds) == seconds);
    CHECK(std::chrono::seconds(seconds) == std::chrono::floor<std::chrono::seconds>(wall()));
    CHECK(time(nullptr) == seconds);
}

TEST_CASE("a clock that the lab does not move is the system's", "[lab][time][libc]") {
    const Lab lab;
    timespec now{};
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
    CHECK(time_of(now) > 0ns);
    CHECK(clock_gettime(-1, &now) == -1);
}

TEST_CASE("the C library's sleeps let the lab's time pass", "[lab][time][libc]") {
    Lab lab;
    timespec rest{};
    const timespec seven{7, 1};
    CHECK(nanosleep(&seven, &rest) == 0);
    CHECK(lab.now() == 7s + 1ns);
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &seven, &rest) == 0);
    CHECK(lab.now() == 14s + 2ns);
    timespec moment{};
    CHECK(clock_gettime(CLOCK_MONOTONIC, &moment) == 0);
    moment.tv_sec += 60;
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nullptr) == 0);
    CHECK(lab.now() == 74s + 2ns);
    CHECK(usleep(5) == 0);
    CHECK(sleep(1) == 0);
    CHECK(lab.now() == 75s + 5002ns);
}

TEST_CASE("waits with a limit end in the lab's time, and are counted", "[lab][time][libc]") {
    Lab lab;
    const timespec limit{3600, 5};
    const Counts before = lab.counts();
    CHECK(ppoll(nullptr, 0, &limit, nullptr) == 0);
    CHECK(lab.now() == 1h + 5ns);
    CHECK(lab.counts().since(before).of(Call::poll) == 1);
    CHECK(lab.counts().since(before).of(Call::epoll_wait) == 0);
}

TEST_CASE("a timerfd is read and set in the lab's time, with what was left of it", "[lab][time][timerfd][libc]") {
    Lab lab;
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    itimerspec value{{2, 0}, {10, 7}};
    itimerspec old{};
    const Counts before = lab.counts();
    CHECK(timerfd_settime(timer, 0, &value, nullptr) == 0);
    lab.advance(4s);
    CHECK(timerfd_gettime(timer, &value) == 0);
    CHECK(time_of(value.it_value) == 6s + 7ns);
    CHECK(time_of(value.it_interval) == 2s);
    value = {{0, 0}, {1, 0}};
    CHECK(timerfd_settime(timer, 0, &value, &old) == 0);
    CHECK(time_of(old.it_value) == 6s + 7ns);
    CHECK(lab.counts().since(before).of(Call::timerfd_settime) == 2);
    pollfd polled{timer, POLLIN, 0};
    CHECK(ppoll(&polled, 1, nullptr, nullptr) == 1);
    CHECK(lab.now() == 5s);
    close(timer);
}

TEST_CASE("messages are counted", "[lab][libc]") {
    const Lab lab;
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) == 0);
    char byte = 'x';
    iovec part{&byte, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const Counts before = lab.counts();
    CHECK(sendmsg(ends[0], &message, 0) == 1);
    CHECK(recvmsg(ends[1], &message, 0) == 1);
    CHECK(lab.counts().since(before).of(Call::send) == 1);
    CHECK(lab.counts().since(before).of(Call::receive) == 1);
    close(ends[0]);
    close(ends[1]);
}
