// SPDX-License-Identifier: MIT
// Tasks that wait for descriptors (contracts F16.12).
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <system_error>
#include <thread>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

class Pipe {
public:
    Pipe() {
        if (::pipe(ends_.data()) != 0) {
            throw std::system_error(errno, std::generic_category());
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        ::close(ends_[0]);
        close_writer();
    }
    [[nodiscard]] int reader() const { return ends_[0]; }
    [[nodiscard]] int writer() const { return ends_[1]; }
    void close_writer() {
        if (ends_[1] >= 0) {
            ::close(ends_[1]);
            ends_[1] = -1;
        }
    }
    void put(char letter) const { REQUIRE(::write(ends_[1], &letter, 1) == 1); }

private:
    std::array<int, 2> ends_{-1, -1};
};

Task<std::string> read_all(int fd, Counted /*held*/) {
    std::string all;
    while (true) {
        co_await readable(fd);
        char letter = 0;
        if (::read(fd, &letter, 1) != 1) {
            co_return all;
        }
        all += letter;
    }
}

}  // namespace

TEST_CASE("a task waits for a descriptor without a thread, until the other end hangs up", "[F16.12]") {
    Context context;
    Pipe pipe;
    int living = 0;
    std::string read;
    spawn(context, "reader", read_all(pipe.reader(), Counted(living)),
          [&](Outcome<std::string> outcome) { read = outcome.value(); });
    context.poll(Wait::none);
    CHECK_FALSE(context.poll(Wait::none));
    pipe.put('a');
    pipe.put('b');
    CHECK(context.poll(Wait::block));
    pipe.close_writer();
    poll_until(context, [&] { return living == 0; });
    CHECK(read == "ab");
}

TEST_CASE("a task waits until a descriptor can be written", "[F16.12]") {
    Context context;
    const Pipe pipe;
    const auto body = [&]() -> Task<int> {
        co_await writable(pipe.writer());
        pipe.put('x');
        co_await readable(pipe.reader());
        co_return 1;
    };
    CHECK(run(context, body()) == 1);
}

TEST_CASE("a descriptor that has a handler already is refused, and that one is left alone", "[F16.12]") {
    Context context;
    const Pipe pipe;
    int calls = 0;
    const FdHandler handler(context, pipe.reader(), "handler",
                            {.read = [&] { ++calls; }, .write = {}, .poll = {}, .poll_ready = {}});
    int living = 0;
    CHECK(code_of([&] { run(context, read_all(pipe.reader(), Counted(living))); }) == std::errc::file_exists);
    CHECK(living == 0);
    pipe.put('x');
    context.poll(Wait::none);
    CHECK(calls == 1);
}

TEST_CASE("a task that waits for a descriptor and is stopped, or destroyed, lets go of it") {
    Context context;
    const Pipe pipe;
    int living = 0;
    SECTION("stopped, from any thread") {
        std::stop_source source;
        bool was_cancelled = false;
        spawn(
            context, "reader", read_all(pipe.reader(), Counted(living)),
            [&](const Outcome<std::string>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
        context.poll(Wait::none);
        std::thread([&] { source.request_stop(); }).join();
        CHECK(context.poll(Wait::block));
        CHECK(was_cancelled);
    }
    SECTION("stopped before it began to wait") {
        std::stop_source source;
        source.request_stop();
        CHECK(code_of([&] { run(context, read_all(pipe.reader(), Counted(living)), source.get_token()); }) ==
              std::errc::operation_canceled);
    }
    SECTION("destroyed") {
        const TaskHandle handle = spawn_held(context, "reader", read_all(pipe.reader(), Counted(living)));
        context.poll(Wait::none);
        CHECK(living == 1);
    }
    CHECK(living == 0);
    // Nobody has it, and nobody is called.
    pipe.put('x');
    CHECK_FALSE(context.poll(Wait::none));
    const FdHandler handler(context, pipe.reader(), "handler", {});
}

}  // namespace nestling::testing
