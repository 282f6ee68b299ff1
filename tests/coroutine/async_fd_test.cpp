// SPDX-License-Identifier: MIT
// A descriptor that is registered once, for a task that reads and one that writes.
#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include "coroutine/running.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

Task<std::size_t> read_bytes(AsyncFd& fd, std::size_t wanted) {
    std::size_t count = 0;
    std::array<char, 4096> buffer;
    while (count < wanted) {
        const std::ptrdiff_t length = read_some(fd.fd(), buffer);
        if (length > 0) {
            count += static_cast<std::size_t>(length);
        } else {
            co_await fd.readable();
        }
    }
    co_return count;
}

Task<std::size_t> write_bytes(AsyncFd& fd, std::size_t wanted) {
    std::size_t count = 0;
    const std::array<char, 4096> buffer{};
    while (count < wanted) {
        const std::ptrdiff_t length =
            write_some(fd.fd(), std::span(buffer).first(std::min(buffer.size(), wanted - count)));
        if (length > 0) {
            count += static_cast<std::size_t>(length);
        } else {
            co_await fd.writable();
        }
    }
    co_return count;
}

}  // namespace

TEST_CASE("both directions of two sockets at the same time, through full buffers") {
    constexpr std::size_t much = 2'000'000;
    Context context;
    const Ends sockets(Ends::Kind::socket);
    AsyncFd one(context, sockets.near(), "one");
    AsyncFd other(context, sockets.far(), "other");
    const auto [a, b, c, d] = run(context, when_all(read_bytes(one, much), write_bytes(one, much),
                                                    read_bytes(other, much), write_bytes(other, much)));
    CHECK((a == much && b == much && c == much && d == much));
    while (context.poll(Wait::none)) {
    }
}

TEST_CASE("a second task that waits for the same is refused, the first one goes on") {
    Context context;
    const Ends sockets(Ends::Kind::socket);
    AsyncFd fd(context, sockets.near(), "fd");
    std::size_t read = 0;
    spawn(context, "first", read_bytes(fd, 1), [&](Outcome<std::size_t> outcome) { read = outcome.value(); });
    CHECK_THROWS_AS(run(context, read_bytes(fd, 1)), std::logic_error);
    sockets.put();
    poll_until(context, [&] { return read == 1; });
}

TEST_CASE("a task that waits for an AsyncFd and is stopped, or destroyed, makes room for another") {
    Context context;
    const Ends sockets(Ends::Kind::socket);
    AsyncFd fd(context, sockets.near(), "fd");
    std::stop_source source;
    bool was_cancelled = false;
    spawn(
        context, "stopped", read_bytes(fd, 1),
        [&](const Outcome<std::size_t>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
    settle(context);
    source.request_stop();
    settle(context);
    CHECK(was_cancelled);
    {
        const TaskHandle handle = spawn_held(context, "destroyed", read_bytes(fd, 1));
        settle(context);
    }
    sockets.put();
    // Nobody waits: it is looked at once, and then no more.
    settle(context);
    CHECK(run(context, read_bytes(fd, 1)) == 1);
}

TEST_CASE("an AsyncFd that is destroyed while a task waits for it says so and aborts") {
    const ChildEnd end = run_in_child([] {
        Context context;
        const Ends sockets(Ends::Kind::socket);
        auto fd = std::make_unique<AsyncFd>(context, sockets.near(), "fd");
        spawn(context, "task", read_bytes(*fd, 1));
        context.poll(Wait::none);
        fd.reset();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("AsyncFd"));
}

}  // namespace nestling::testing
