// SPDX-License-Identifier: MIT
// Tasks that wait for descriptors (contracts F16.12).
#include <string>
#include <system_error>
#include <thread>

#include "coroutine/running.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

Task<std::string> read_all(int fd, Counted /*held*/) {
    std::string all;
    while (true) {
        co_await readable(fd);
        char letter = 0;
        if (read_some(fd, {&letter, 1}) != 1) {
            co_return all;
        }
        all += letter;
    }
}

}  // namespace

TEST_CASE("a task waits for a descriptor without a thread, until the other end hangs up", "[F16.12]") {
    Context context;
    Ends pipe;
    int living = 0;
    std::string read;
    spawn(context, "reader", read_all(pipe.near(), Counted(living)),
          [&](Outcome<std::string> outcome) { read = outcome.value(); });
    context.poll(Wait::none);
    CHECK_FALSE(context.poll(Wait::none));
    pipe.put('a');
    pipe.put('b');
    CHECK(context.poll(Wait::block));
    pipe.close_far();
    poll_until(context, [&] { return living == 0; });
    CHECK(read == "ab");
}

TEST_CASE("a task waits until a descriptor can be written", "[F16.12]") {
    Context context;
    const Ends pipe;
    const auto body = [&]() -> Task<int> {
        co_await writable(pipe.far());
        pipe.put('x');
        co_await readable(pipe.near());
        co_return 1;
    };
    CHECK(run(context, body()) == 1);
}

TEST_CASE("a descriptor that has a handler already is refused, and that one is left alone", "[F16.12]") {
    Context context;
    const Ends pipe;
    int calls = 0;
    const FdHandler handler(context, pipe.near(), "handler",
                            {.read = [&] { ++calls; }, .write = {}, .poll = {}, .poll_ready = {}});
    int living = 0;
    CHECK(code_of([&] { run(context, read_all(pipe.near(), Counted(living))); }) == std::errc::file_exists);
    CHECK(living == 0);
    pipe.put('x');
    context.poll(Wait::none);
    CHECK(calls == 1);
}

TEST_CASE("a task that waits for a descriptor and is stopped, or destroyed, lets go of it") {
    Context context;
    const Ends pipe;
    int living = 0;
    SECTION("stopped, from any thread") {
        std::stop_source source;
        bool was_cancelled = false;
        spawn(
            context, "reader", read_all(pipe.near(), Counted(living)),
            [&](const Outcome<std::string>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
        context.poll(Wait::none);
        std::thread([&] { source.request_stop(); }).join();
        CHECK(context.poll(Wait::block));
        CHECK(was_cancelled);
    }
    SECTION("stopped before it began to wait") {
        std::stop_source source;
        source.request_stop();
        CHECK(code_of([&] { run(context, read_all(pipe.near(), Counted(living)), source.get_token()); }) ==
              std::errc::operation_canceled);
    }
    SECTION("destroyed") {
        const TaskHandle handle = spawn_held(context, "reader", read_all(pipe.near(), Counted(living)));
        context.poll(Wait::none);
        CHECK(living == 1);
    }
    CHECK(living == 0);
    // Nobody has it, and nobody is called.
    pipe.put('x');
    CHECK_FALSE(context.poll(Wait::none));
    const FdHandler handler(context, pipe.near(), "handler", {});
}

}  // namespace nestling::testing
