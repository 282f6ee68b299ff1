// SPDX-License-Identifier: MIT
#include <nestling/event_notifier.hpp>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "support/fault_injection.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/interrupted_calls.hpp"
#include "unit/until.hpp"

namespace nestling::testing {

namespace {

std::vector<NotifierKind> kinds() {
#if NESTLING_TEST_EVENTFD
    return {NotifierKind::eventfd, NotifierKind::pipe};
#else
    return {NotifierKind::pipe};
#endif
}

bool is_readable(int fd) {
    pollfd handle{fd, POLLIN, 0};
    return ::poll(&handle, 1, 0) == 1 && (handle.revents & POLLIN) != 0;
}

/// The other end of a notifier that is a pipe: no public function gives it away, and interrupting its calls needs it.
int write_end(const EventNotifier& notifier) {
    return notifier.kind() == NotifierKind::pipe ? notifier.fd() + 1 : notifier.fd();
}

}  // namespace

TEST_CASE("a notifier is readable from set() until it is cleared") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    CHECK_FALSE(is_readable(notifier.fd()));
    CHECK_FALSE(notifier.test_and_clear());
    notifier.set();
    CHECK(is_readable(notifier.fd()));
    CHECK(notifier.test_and_clear());
    CHECK_FALSE(is_readable(notifier.fd()));
    CHECK_FALSE(notifier.test_and_clear());
}

TEST_CASE("setting a notifier many times is the same as setting it once, also when its pipe is full") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    // A pipe takes 65536 bytes.
    for (int count = 0; count < 70000; ++count) {
        notifier.set();
    }
    CHECK(is_readable(notifier.fd()));
    CHECK(notifier.test_and_clear());
    CHECK_FALSE(is_readable(notifier.fd()));
    CHECK_FALSE(notifier.test_and_clear());
    notifier.set();
    CHECK(notifier.test_and_clear());
}

TEST_CASE("clearing takes a number of sets that is just what one read of a pipe takes") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    for (const int sets : {63, 64, 65, 128}) {
        for (int count = 0; count < sets; ++count) {
            notifier.set();
        }
        CAPTURE(sets);
        CHECK(notifier.test_and_clear());
        CHECK_FALSE(is_readable(notifier.fd()));
    }
}

TEST_CASE("set() and test_and_clear() leave errno alone, also when the pipe is full or empty") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    errno = ENOTTY;
    notifier.test_and_clear();
    CHECK(errno == ENOTTY);
    for (int count = 0; count < 70000; ++count) {
        notifier.set();
    }
    CHECK(errno == ENOTTY);
    notifier.test_and_clear();
    CHECK(errno == ENOTTY);
}

TEST_CASE("set() and test_and_clear() begin again when a signal interrupts them") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    {
        const InterruptedCalls interrupted(write_end(notifier), 3);
        notifier.set();
        CHECK(InterruptedCalls::writes() == 3);
    }
    CHECK(is_readable(notifier.fd()));
    {
        const InterruptedCalls interrupted(notifier.fd(), 3);
        CHECK(notifier.test_and_clear());
        CHECK(InterruptedCalls::reads() == 3);
    }
    CHECK_FALSE(is_readable(notifier.fd()));
}

TEST_CASE("no set() is lost while signals whose handler sets the notifier too rain on the thread") {
    static std::atomic<const EventNotifier*> target{nullptr};
    static std::atomic<int> handled{0};
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    target.store(&notifier);
    handled.store(0);
    struct sigaction action {};
    struct sigaction before {};
    action.sa_handler = [](int) {
        handled.fetch_add(1);
        target.load()->set();
    };
    REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
    std::atomic<bool> is_done{false};
    std::thread rain([&is_done, victim = ::pthread_self()] {
        while (!is_done.load()) {
            ::pthread_kill(victim, SIGUSR1);
            std::this_thread::yield();
        }
    });
    int lost = 0;
    int rounds = 0;
    while (rounds < 2000 || handled.load() < 50) {
        ++rounds;
        notifier.set();
        lost += notifier.test_and_clear() ? 0 : 1;
    }
    is_done.store(true);
    rain.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    CHECK(lost == 0);
    CHECK(handled.load() >= 50);
}

TEST_CASE("a thread that waits for a notifier sees each set() of another thread") {
    const EventNotifier ping(GENERATE(from_range(kinds())));
    const EventNotifier pong(ping.kind());
    constexpr int rounds = 500;
    const auto wait_for = [](const EventNotifier& notifier) {
        pollfd handle{notifier.fd(), POLLIN, 0};
        while (::poll(&handle, 1, -1) != 1) {
        }
        return notifier.test_and_clear();
    };
    std::thread other([&] {
        for (int round = 0; round < rounds; ++round) {
            wait_for(ping);
            pong.set();
        }
    });
    int seen = 0;
    for (int round = 0; round < rounds; ++round) {
        ping.set();
        seen += wait_for(pong) ? 1 : 0;
    }
    other.join();
    CHECK(seen == rounds);
}

TEST_CASE("an empty notifier does nothing") {
    const EventNotifier notifier;
    CHECK(notifier.fd() == -1);
    CHECK(notifier.kind() == NotifierKind::automatic);
    notifier.set();
    CHECK_FALSE(notifier.test_and_clear());
}

TEST_CASE("a moved notifier keeps its descriptor and its state, and leaves an empty one") {
    const std::size_t before = count_open_fds();
    {
        EventNotifier first(GENERATE(from_range(kinds())));
        const NotifierKind kind = first.kind();
        first.set();
        const int fd = first.fd();
        EventNotifier second(std::move(first));
        CHECK(first.fd() == -1);
        CHECK(first.kind() == NotifierKind::automatic);
        CHECK(second.fd() == fd);
        CHECK(second.kind() == kind);
        CHECK(second.test_and_clear());

        EventNotifier third(kind);
        const int replaced = third.fd();
        third = std::move(second);
        CHECK(second.fd() == -1);
        CHECK(third.fd() == fd);
        CHECK(::fcntl(replaced, F_GETFD) == -1);
        third.set();
        CHECK(third.test_and_clear());
    }
    CHECK(count_open_fds() == before);
}

TEST_CASE("a notifier's descriptors are non-blocking and not inherited by other programs") {
    const EventNotifier notifier(GENERATE(from_range(kinds())));
    for (const int fd : {notifier.fd(), write_end(notifier)}) {
        CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
        CHECK((::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    }
}

TEST_CASE("an automatic notifier is a pipe where the kernel has no eventfd") {
#if NESTLING_TEST_EVENTFD
    CHECK(EventNotifier(NotifierKind::automatic).kind() == NotifierKind::eventfd);
    const FailingCreation failing(Creation::eventfd, ENOSYS);
    CHECK_THROWS_AS(EventNotifier(NotifierKind::eventfd), std::system_error);
#endif
    const EventNotifier notifier(NotifierKind::automatic);
    CHECK(notifier.kind() == NotifierKind::pipe);
    notifier.set();
    CHECK(notifier.test_and_clear());
}

TEST_CASE("a notifier that cannot be had says why, and nothing stays open") {
    const std::size_t before = count_open_fds();
    const auto error_of = [](NotifierKind kind) {
        try {
            const EventNotifier notifier(kind);
        } catch (const std::system_error& error) {
            return error.code();
        }
        return std::error_code();
    };
    {
        const FailingCreation failing(Creation::pipe2, ENFILE);
        CHECK(error_of(NotifierKind::pipe) == std::errc::too_many_files_open_in_system);
    }
#if NESTLING_TEST_EVENTFD
    {
        const FailingCreation failing(Creation::eventfd, EMFILE);
        CHECK(error_of(NotifierKind::eventfd) == std::errc::too_many_files_open);
        // A pipe would need two more of what has run out.
        CHECK(error_of(NotifierKind::automatic) == std::errc::too_many_files_open);
    }
#endif
    CHECK(count_open_fds() == before);
}

}  // namespace nestling::testing
