// SPDX-License-Identifier: MIT
// Operations on files and sockets that tasks wait for, on each engine there is.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// A queue of one engine, or none where that cannot be had.
std::unique_ptr<IoQueue> queue_of(IoEngine engine, Context& context) {
    IoQueueOptions options;
    options.engine = engine;
    try {
        return std::make_unique<IoQueue>(context, options);
    } catch (const std::system_error&) {
        return nullptr;
    }
}

class SocketPair {
public:
    SocketPair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) == 0); }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;
    ~SocketPair() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    [[nodiscard]] int one() const { return ends_[0]; }
    [[nodiscard]] int other() const { return ends_[1]; }

private:
    std::array<int, 2> ends_{};
};

/// Has its buffer in its frame.
Task<int> receive(IoQueue& queue, int fd, Counted /*held*/) {
    std::array<std::byte, 16> buffer;
    const IoResult result = co_await perform(queue, io::recv(fd, buffer));
    co_return result.value;
}

}  // namespace

TEST_CASE("a task reads and writes a file, all of it, and hears of errors") {
    const IoEngine engine = GENERATE(IoEngine::threads, IoEngine::io_uring);
    Context context;
    const std::unique_ptr<IoQueue> queue = queue_of(engine, context);
    if (queue == nullptr) {
        SKIP_LOUDLY("io_uring is not to be had here");
    }
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    const auto body = [&](int fd) -> Task<int> {
        const std::vector<std::byte> written(100'000, std::byte{7});
        co_await write_all(*queue, fd, written, 0);
        std::vector<std::byte> read(200'000);
        const std::size_t length = co_await read_exactly(*queue, fd, read, 0);
        const bool is_same = length == written.size() && std::equal(written.begin(), written.end(), read.begin());
        const IoResult bad = co_await perform(*queue, io::read(-1, read));
        bool has_thrown = false;
        try {
            co_await write_all(*queue, -1, written);
        } catch (const std::system_error& error) {
            has_thrown = error.code().value() == EBADF;
        }
        co_return (is_same ? 1 : 0) + (bad.value == -EBADF ? 2 : 0) + (has_thrown ? 4 : 0);
    };
    CHECK(run(context, body(::fileno(file))) == 7);
    std::fclose(file);
}

TEST_CASE("an operation in flight is cancelled when its task is stopped, and waited for when it is destroyed") {
    const IoEngine engine = GENERATE(IoEngine::threads, IoEngine::io_uring);
    Context context;
    const std::unique_ptr<IoQueue> queue = queue_of(engine, context);
    if (queue == nullptr) {
        SKIP_LOUDLY("io_uring is not to be had here");
    }
    const SocketPair sockets;
    int living = 0;
    std::optional<Outcome<int>> ended;
    std::stop_source source;
    const auto spawn_it = [&] {
        spawn(
            context, "receiver", receive(*queue, sockets.one(), Counted(living)),
            [&](Outcome<int> outcome) { ended.emplace(std::move(outcome)); }, source.get_token());
        context.poll(Wait::none);
        queue->flush();
    };
    SECTION("it gets its bytes") {
        spawn_it();
        REQUIRE(::send(sockets.other(), "abc", 3, 0) == 3);
        poll_until(context, [&] { return ended.has_value(); });
        CHECK(ended->value() == 3);
    }
    SECTION("stopped by another thread") {
        spawn_it();
        std::thread([&] { source.request_stop(); }).join();
        poll_until(context, [&] { return ended.has_value(); });
        CHECK(ended->cancelled());
    }
    SECTION("stopped before it began") {
        source.request_stop();
        spawn_it();
        poll_until(context, [&] { return ended.has_value(); });
        CHECK(ended->cancelled());
    }
    SECTION("destroyed") {
        const TaskHandle handle = spawn_held(context, "receiver", receive(*queue, sockets.one(), Counted(living)));
        context.poll(Wait::none);
        queue->flush();
        CHECK(living == 1);
    }
    SECTION("too late") {
        const auto body = [&]() -> Task<bool> {
            try {
                co_await with_timeout(1ms, receive(*queue, sockets.one(), Counted(living)));
            } catch (const std::system_error& error) {
                co_return error.code() == std::errc::timed_out;
            }
            co_return false;
        };
        CHECK(run(context, body()));
    }
    CHECK(living == 0);
    CHECK(queue->pending() == 0);
}

}  // namespace nestling::testing
