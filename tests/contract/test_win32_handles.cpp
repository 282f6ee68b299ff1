// SPDX-License-Identifier: MIT
// Whatever Windows can wait for: a handler's read is called when it was signalled.
#include <nestling/nestling.hpp>

#include <cstdint>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "contract/peace.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"
#include "support/windows.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

/// Any handle, closed in the end.
class Handle {
public:
    explicit Handle(HANDLE handle) : handle_(handle) { REQUIRE(handle != nullptr); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { ::CloseHandle(handle_); }
    [[nodiscard]] HANDLE get() const noexcept { return handle_; }
    [[nodiscard]] int fd() const noexcept { return fd_of(handle_); }

private:
    HANDLE handle_;
};

HANDLE manual_event() {
    return ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
}
HANDLE automatic_event() {
    return ::CreateEventW(nullptr, FALSE, FALSE, nullptr);
}

DWORD WINAPI end_at_once(void*) {
    return 0;
}

}  // namespace

TEST_CASE("an event that stays signalled calls its handler in each iteration", "[win32][fd][F21.1]") {
    TestLoop loop(each_configuration());
    const Handle event(manual_event());
    int calls = 0;
    const FdHandler handler(loop.context(), event.fd(), "event", {.read = [&] {
                                if (++calls == 5) {
                                    ::ResetEvent(event.get());
                                }
                            }});
    CHECK_FALSE(loop.look());
    ::SetEvent(event.get());
    loop.run_until([&] { return calls == 5; });
    CHECK_FALSE(loop.look());
    CHECK(calls == 5);
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("an event that resets itself calls its handler once for each time that it was set", "[win32][fd][F21.2]") {
    TestLoop loop(each_configuration());
    const Handle event(automatic_event());
    int calls = 0;
    const FdHandler handler(loop.context(), event.fd(), "event", {.read = [&] { ++calls; }});
    for (int round = 1; round <= 10; ++round) {
        ::SetEvent(event.get());
        loop.run_until([&] { return calls == round; });
        CHECK_FALSE(loop.look());
        CHECK(calls == round);
    }
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("an event that another thread sets ends a sleep", "[win32][fd][F21.1]") {
    TestLoop loop(each_configuration());
    const Handle event(automatic_event());
    int calls = 0;
    const FdHandler handler(loop.context(), event.fd(), "event", {.read = [&] { ++calls; }});
    for (int round = 1; round <= 20; ++round) {
        const std::uint64_t asleep = sleeps_begun();
        std::thread other([&] {
            wait_until_asleep(asleep);
            ::SetEvent(event.get());
        });
        loop.run_until([&] { return calls == round; });
        other.join();
    }
}

TEST_CASE("what was signalled before it is watched is found", "[win32][fd][F21.2]") {
    TestLoop loop(each_configuration());
    const Handle manual(manual_event());
    const Handle automatic(automatic_event());
    ::SetEvent(manual.get());
    ::SetEvent(automatic.get());
    int manual_calls = 0;
    int automatic_calls = 0;
    const FdHandler first(loop.context(), manual.fd(), "manual", {.read = [&] {
                              ::ResetEvent(manual.get());
                              ++manual_calls;
                          }});
    const FdHandler second(loop.context(), automatic.fd(), "automatic", {.read = [&] { ++automatic_calls; }});
    loop.run_until([&] { return manual_calls == 1 && automatic_calls == 1; });
    CHECK_FALSE(loop.look());
    CHECK(manual_calls == 1);
    CHECK(automatic_calls == 1);
}

TEST_CASE("a handler that is removed while its handle is signalled is not called", "[win32][fd][F21.2]") {
    TestLoop loop(each_configuration());
    const Handle event(manual_event());
    int calls = 0;
    SECTION("from outside") {
        std::optional<FdHandler> handler(std::in_place, loop.context(), event.fd(), "event",
                                         FdCallbacks{.read = [&] { ++calls; }});
        loop.run_until_quiet();
        ::SetEvent(event.get());
        handler.reset();
        CHECK_FALSE(loop.look());
        CHECK(calls == 0);
    }
    SECTION("in its own callback") {
        std::optional<FdHandler> handler;
        handler.emplace(loop.context(), event.fd(), "event", FdCallbacks{.read = [&] {
                            ++calls;
                            handler.reset();
                        }});
        ::SetEvent(event.get());
        loop.run_until([&] { return calls == 1; });
        CHECK_FALSE(loop.look());
        CHECK(calls == 1);
    }
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("threads, timers and semaphores can be watched", "[win32][fd][F21.1]") {
    TestLoop loop(each_configuration());
    std::optional<FdHandler> handler;
    SECTION("a thread that ends") {
        const Handle thread(::CreateThread(nullptr, 0, end_at_once, nullptr, 0, nullptr));
        handler.emplace(loop.context(), thread.fd(), "thread", FdCallbacks{.read = [&] { handler.reset(); }});
        loop.run_until([&] { return !handler.has_value(); });
        CHECK_FALSE(loop.look());
    }
    SECTION("a timer") {
        const Handle timer(::CreateWaitableTimerW(nullptr, FALSE, nullptr));
        LARGE_INTEGER due{};
        due.QuadPart = -10'000;
        REQUIRE(::SetWaitableTimer(timer.get(), &due, 0, nullptr, nullptr, FALSE) != FALSE);
        handler.emplace(loop.context(), timer.fd(), "timer", FdCallbacks{.read = [&] { handler.reset(); }});
        loop.run_until([&] { return !handler.has_value(); });
        CHECK_FALSE(loop.look());
    }
    SECTION("a semaphore, each of whose units is one call") {
        const Handle semaphore(::CreateSemaphoreW(nullptr, 0, 10, nullptr));
        int calls = 0;
        handler.emplace(loop.context(), semaphore.fd(), "semaphore", FdCallbacks{.read = [&] { ++calls; }});
        ::ReleaseSemaphore(semaphore.get(), 3, nullptr);
        loop.run_until([&] { return calls == 3; });
        CHECK_FALSE(loop.look());
        handler.reset();
    }
}

TEST_CASE("an outer loop has one handle to wait for, however many are watched", "[win32][counts][F21.6]") {
    const Configuration cell = each_configuration();
    Context context(options_for(cell));
    ExternalLoop loop(context);
    std::vector<EventNotifier> notifiers;
    std::vector<FdHandler> handlers;
    for (int count = 0; count < 100; ++count) {
        notifiers.emplace_back(cell.notifier);
        handlers.emplace_back(context, notifiers.back().fd(), "event", FdCallbacks{.read = [] {}});
        static_cast<void>(loop.prepare());
        CHECK(loop.polls().size() == 1);
    }
}

TEST_CASE("a handle has one handler in a context", "[win32][fd][F21.6]") {
    TestLoop loop(each_configuration());
    const Handle event(manual_event());
    const FdHandler handler(loop.context(), event.fd(), "first", {.read = [] {}});
    try {
        const FdHandler second(loop.context(), event.fd(), "second", {.read = [] {}});
        FAIL("there are two");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::file_exists);
    }
}

TEST_CASE("a time that is not a whole number of milliseconds is slept, and no less", "[win32][timer][F21.3]") {
    TestLoop loop(each_configuration());
    for (const auto delay : {100us, 1500us, 2700us}) {
        bool fired = false;
        int early = 0;
        std::chrono::nanoseconds due{0};
        Timer timer(loop.context(), "timer", [&] {
            fired = true;
            early += clock_now(Clock::monotonic) < due ? 1 : 0;
        });
        due = clock_now(Clock::monotonic) + delay;
        timer.arm_at(due);
        loop.run_until([&] { return fired; });
        CHECK(early == 0);
    }
}
