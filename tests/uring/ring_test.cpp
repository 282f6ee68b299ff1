// SPDX-License-Identifier: MIT
#include "os/ring.hpp"

#include <liburing.h>
#include <poll.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/forbid_io_uring.hpp"
#include "support/testing.hpp"
#include "uring/ring_faults.hpp"

namespace nestling::testing {

namespace {

using os::Ring;

std::unique_ptr<Ring> make_ring(unsigned entries) {
    Ring::Refusal refusal;
    std::unique_ptr<Ring> ring = Ring::create(entries, refusal);
    if (ring != nullptr) {
        REQUIRE(ring->enable() == 0);
    } else if (refusal.error != EPERM && refusal.error != ENOSYS) {
        FAIL(refusal.why);
    }
    return ring;
}

#define RING_OR_SKIP(name, entries)                        \
    const std::unique_ptr<Ring> name = make_ring(entries); \
    if (name == nullptr) {                                 \
        SKIP_LOUDLY("the kernel refuses io_uring");        \
    }

void add_nop(Ring& ring, std::uint64_t user_data) {
    io_uring_sqe* request = ring.next(user_data);
    REQUIRE(request != nullptr);
    ::io_uring_prep_nop(request);
}

void add_poll(Ring& ring, int fd, std::uint64_t user_data) {
    io_uring_sqe* request = ring.next(user_data);
    REQUIRE(request != nullptr);
    ::io_uring_prep_poll_add(request, fd, POLLIN);
}

/// All that are there, in their order.
std::vector<Ring::Completion> take_all(Ring& ring) {
    std::vector<Ring::Completion> all;
    std::array<Ring::Completion, 7> some;
    for (;;) {
        const std::size_t count = ring.take(some);
        all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
        if (count != 0) {
            continue;
        }
        if (!ring.needs_enter()) {
            return all;
        }
        REQUIRE(ring.submit() == 0);
    }
}

constexpr std::int64_t an_hour = 3'600'000'000'000;

}  // namespace

TEST_CASE("requests go in and their completions come out with their user data", "[ring][B-27][F11.7]") {
    RING_OR_SKIP(ring, 8);
    CHECK_FALSE(ring->needs_enter());
    CHECK_FALSE(ring->has_completions());
    CHECK(ring->submit() == 0);
    for (std::uint64_t number = 1; number <= 3; ++number) {
        add_nop(*ring, number << 40);
    }
    CHECK(ring->needs_enter());
    CHECK(ring->unsubmitted() == 3);
    CHECK(ring->space_left() == 5);
    CHECK_FALSE(ring->has_completions());
    CHECK(ring->submit() == 0);
    CHECK(ring->unsubmitted() == 0);
    CHECK(ring->space_left() == 8);
    REQUIRE(ring->has_completions());
    const auto all = take_all(*ring);
    REQUIRE(all.size() == 3);
    for (std::size_t number = 1; number <= 3; ++number) {
        CHECK(all[number - 1].user_data == std::uint64_t{number} << 40);
        CHECK(all[number - 1].result == 0);
    }
    CHECK_FALSE(ring->has_completions());
}

TEST_CASE("a request is all zero when it is handed out, whatever was in its place before", "[ring][B-27][F11.7]") {
    RING_OR_SKIP(ring, 1);
    const Ends ends;
    add_poll(*ring, ends.near(), 5);
    CHECK(ring->submit() == 0);
    io_uring_sqe* request = ring->next(0);
    REQUIRE(request != nullptr);
    CHECK(request->opcode == 0);
    CHECK(request->fd == 0);
    CHECK(request->poll32_events == 0);
    CHECK(request->user_data == 0);
}

TEST_CASE("a full queue says so, and takes more once it has been submitted", "[ring][F11.9]") {
    RING_OR_SKIP(ring, 4);
    for (int round = 0; round < 5; ++round) {
        for (std::uint64_t number = 0; number < 4; ++number) {
            add_nop(*ring, number);
        }
        CHECK(ring->space_left() == 0);
        CHECK(ring->next(9) == nullptr);
        REQUIRE(ring->submit() == 0);
    }
    CHECK(take_all(*ring).size() == 20);
}

TEST_CASE("completions for which there is no room wait in the kernel, and none is lost", "[ring][F11.9]") {
    RING_OR_SKIP(ring, 4);
    constexpr std::uint64_t many = 1000;
    for (std::uint64_t number = 0; number < many; ++number) {
        if (ring->space_left() == 0) {
            REQUIRE(ring->submit() == 0);
        }
        add_nop(*ring, number);
    }
    REQUIRE(ring->submit() == 0);
    CHECK(ring->needs_enter());
    const auto all = take_all(*ring);
    REQUIRE(all.size() == many);
    std::uint64_t sum = 0;
    for (const Ring::Completion& each : all) {
        sum += each.user_data;
    }
    CHECK(sum == many * (many - 1) / 2);
    CHECK_FALSE(ring->needs_enter());
}

TEST_CASE("a wait ends with a completion, when its time is over, and on a signal", "[ring][B-28][B-29][F11.10]") {
    RING_OR_SKIP(ring, 4);
    const Ends ends;
    add_poll(*ring, ends.near(), 1);
    SECTION("a completion") {
        std::thread other([&ends] { ends.put(); });
        CHECK(ring->submit_and_wait(GENERATE(std::int64_t{-1}, an_hour)) == 0);
        other.join();
        CHECK(take_all(*ring).size() == 1);
    }
    SECTION("time over, and not before, with and without something to submit") {
        for (const std::int64_t timeout : {std::int64_t{1}, std::int64_t{100'000}, std::int64_t{2'500'000}}) {
            const auto begin = std::chrono::steady_clock::now();
            CHECK(ring->submit_and_wait(timeout) == 0);
            CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::nanoseconds(timeout));
            CHECK_FALSE(ring->has_completions());
        }
        CHECK(ring->submit_and_wait(0) == 0);
    }
    SECTION("a signal, with and without something to submit") {
        struct sigaction action {};
        struct sigaction before {};
        action.sa_handler = [](int) {};
        REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
        std::atomic<bool> is_done{false};
        std::thread rain([&is_done, victim = ::pthread_self()] {
            while (!is_done.load()) {
                ::pthread_kill(victim, SIGUSR1);
                std::this_thread::yield();
            }
        });
        CHECK(ring->submit_and_wait(-1) == 0);
        CHECK(ring->unsubmitted() == 0);
        CHECK(ring->submit_and_wait(an_hour) == 0);
        is_done.store(true);
        rain.join();
        ::sigaction(SIGUSR1, &before, nullptr);
        CHECK_FALSE(ring->has_completions());
        ends.put();
        CHECK(ring->submit_and_wait(-1) == 0);
        CHECK(take_all(*ring).size() == 1);
    }
}

TEST_CASE("what the kernel does not take is told, kept, and taken later", "[ring][F11.9]") {
    RING_OR_SKIP(ring, 4);
    const int error = GENERATE(EBUSY, EAGAIN, ENOMEM);
    add_nop(*ring, 1);
    add_nop(*ring, 2);
    {
        const FailingRing failing(RingCall::enter, error, 2);
        CHECK(ring->submit() == error);
        CHECK(ring->submit_and_wait(an_hour) == error);
        CHECK(failing.failed() == 2);
        CHECK(ring->unsubmitted() == 2);
        CHECK(ring->needs_enter());
    }
    CHECK(ring->submit() == 0);
    CHECK(take_all(*ring).size() == 2);
}

TEST_CASE("the ring's descriptor is readable while there are completions", "[ring]") {
    RING_OR_SKIP(ring, 4);
    pollfd handle{ring->fd(), POLLIN, 0};
    CHECK(::poll(&handle, 1, 0) == 0);
    const Ends ends;
    add_poll(*ring, ends.near(), 1);
    CHECK(ring->submit() == 0);
    CHECK(::poll(&handle, 1, 0) == 0);
    SECTION("made ready by this thread") {
        ends.put();
    }
    SECTION("made ready by another, while this one sleeps in poll(2)") {
        std::thread other([&ends] { ends.put(); });
        CHECK(::poll(&handle, 1, -1) == 1);
        other.join();
    }
    CHECK(::poll(&handle, 1, 0) == 1);
    CHECK(take_all(*ring).size() == 1);
    CHECK(::poll(&handle, 1, 0) == 0);
}

TEST_CASE("a request is cancelled at once, by its thread and by another", "[ring][B-26]") {
    RING_OR_SKIP(ring, 4);
    const Ends ends;
    const Ends others;
    add_poll(*ring, ends.near(), 7);
    add_poll(*ring, others.near(), 8);
    CHECK(ring->submit() == 0);
    int result = -1;
    SECTION("by its thread") {
        result = ring->cancel_now(7);
    }
    SECTION("by its thread, as a request for its descriptor") {
        CHECK(ring->cancel_now(7, others.near()) != 0);
        result = ring->cancel_now(7, ends.near());
    }
    SECTION("by another") {
        std::thread other([&] { result = ring->cancel_now(7); });
        other.join();
    }
    if (result == ENOSYS) {
        SKIP_LOUDLY("the kernel cannot cancel at once");
    }
    CHECK(result == 0);
    CHECK(ring->submit_and_wait(an_hour) == 0);
    const auto all = take_all(*ring);
    REQUIRE(all.size() == 1);
    CHECK(all[0].user_data == 7);
    CHECK(all[0].result == -ECANCELED);
    CHECK(ring->cancel_now(7) == ENOENT);
    CHECK(ring->cancel_now(8, 1'000'000) == EBADF);
}

TEST_CASE("a kernel that cannot cancel at once is asked once, and one that cannot match a file is asked without it",
          "[ring]") {
    RING_OR_SKIP(ring, 4);
    const Ends ends;
    add_poll(*ring, ends.near(), 7);
    CHECK(ring->submit() == 0);
    SECTION("no such call") {
        const FailingRing failing(RingCall::cancel, EINVAL, 100);
        CHECK(ring->cancel_now(7) == ENOSYS);
        CHECK(ring->cancel_now(7) == ENOSYS);
        CHECK(failing.failed() == 1);
    }
    SECTION("no matching by file") {
        const FailingRing failing(RingCall::cancel, EINVAL, 1);
        CHECK(ring->cancel_now(7, ends.far()) == 0);
    }
    SECTION("interrupted") {
        const FailingRing failing(RingCall::cancel, EINTR, 3);
        CHECK(ring->cancel_now(7) == 0);
        CHECK(failing.failed() == 3);
    }
}

TEST_CASE("a wait is no wait for a disk, where the kernel can tell the two apart", "[ring][B-50]") {
    RING_OR_SKIP(ring, 4);
    constexpr unsigned feature_no_iowait = 1U << 17;
    constexpr unsigned enter_no_iowait = 1U << 7;
    if ((last_ring_features() & feature_no_iowait) == 0) {
        SKIP_LOUDLY("the kernel has no IORING_ENTER_NO_IOWAIT");
    }
    const Ends ends;
    add_poll(*ring, ends.near(), 1);
    CHECK(ring->submit_and_wait(1) == 0);
    CHECK((last_ring_enter() & enter_no_iowait) != 0);
}

TEST_CASE("an older kernel gets fewer flags", "[ring]") {
    RING_OR_SKIP(probe, 4);
    const unsigned all = last_ring_setup();
    Ring::Refusal refusal;
    {
        const FailingRing failing(RingCall::set_up, EINVAL, 1);
        const auto ring = make_ring(4);
        REQUIRE(ring != nullptr);
        CHECK((last_ring_setup() & ~all) == 0);
        CHECK((last_ring_setup() & IORING_SETUP_COOP_TASKRUN) == 0);
        add_nop(*ring, 1);
        CHECK(ring->submit_and_wait(-1) == 0);
        CHECK(take_all(*ring).size() == 1);
    }
    const FailingRing failing(RingCall::set_up, EINVAL, 100);
    CHECK(Ring::create(4, refusal) == nullptr);
    CHECK(refusal.error == ENOSYS);
}

TEST_CASE("a refused ring has a reason that people can read", "[ring]") {
    const int error = GENERATE(ENOSYS, EPERM, EMFILE, ENOMEM);
    const FailingRing failing(RingCall::set_up, error);
    Ring::Refusal refusal;
    CHECK(Ring::create(4, refusal) == nullptr);
    CHECK(refusal.error == error);
    CHECK(std::string(refusal.why).size() > 10);
}

TEST_CASE("a filter that forbids io_uring refuses the ring", "[ring]") {
    const ChildEnd end = run_in_child([] {
        if (!forbid_io_uring()) {
            return 77;
        }
        Ring::Refusal refusal;
        const bool is_refused = Ring::create(4, refusal) == nullptr && refusal.error == EPERM;
        return is_refused && std::string(refusal.why).find("forbidden") != std::string::npos ? 0 : 1;
    });
    if (end.exit_code == 77) {
        SKIP_LOUDLY("no filter can be set here");
    }
    CHECK(end.exit_code == 0);
}

}  // namespace nestling::testing
