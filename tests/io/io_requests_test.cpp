// SPDX-License-Identifier: MIT
// The life of a request: when `done` is called, how often, and what may happen in it.
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "io/io_testing.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("a completion comes on the home thread, never inside start() or flush(), and once", "[F12.1]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const TestFile file("content");
    Buffer buffer(7);
    int calls = 0;
    const auto count = [&calls](IoResult) { ++calls; };
    const IoRequest nop = loop.queue().start(io::nop(), count);
    const IoRequest read = loop.queue().start(io::read(file.fd(), buffer.span(), 0), count);
    const IoRequest bad = loop.queue().start(io::poll(file.fd(), 0), count);
    CHECK(calls == 0);
    CHECK(loop.queue().pending() == 3);
    CHECK(read.is_pending());
    loop.queue().flush();
    CHECK(calls == 0);
    loop.run_all();
    CHECK(calls == 3);
    CHECK_FALSE(read.is_pending());
    loop.loop().run_until_quiet();
    CHECK(calls == 3);
}

TEST_CASE("an empty completion is allowed") {
    IoLoop loop(each_io_engine());
    const IoRequest request = loop.queue().start(io::nop(), nullptr);
    loop.run_all();
    CHECK_FALSE(request.is_pending());
}

TEST_CASE("a completion may start others, which are handed over before the loop sleeps", "[F12.2]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const TestFile file("content");
    Buffer buffer(7);
    int left = 200;
    IoRequest request;
    std::function<void(IoResult)> next = [&](IoResult result) {
        if (result.value == 7 && --left != 0) {
            request = loop.queue().start(io::read(file.fd(), buffer.span(), 0), std::ref(next));
        }
    };
    request = loop.queue().start(io::read(file.fd(), buffer.span(), 0), std::ref(next));
    loop.loop().run_until([&] { return left == 0; });
    loop.run_all();
    CHECK(left == 0);
}

TEST_CASE("a completion that waits for others in a nested poll() gets them", "[F9.7]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    std::vector<int> order;
    bool is_nested_done = false;
    std::vector<IoRequest> requests;
    requests.push_back(loop.queue().start(io::nop(), [&](IoResult) {
        order.push_back(1);
        // One that has ended already, and one that is started only now.
        requests.push_back(loop.queue().start(io::nop(), [&](IoResult) {
            order.push_back(3);
            is_nested_done = true;
        }));
        while (!is_nested_done) {
            loop.context().poll(Wait::block);
        }
        order.push_back(-1);
    }));
    requests.push_back(loop.queue().start(io::nop(), [&](IoResult) { order.push_back(2); }));
    loop.run_all();
    loop.loop().run_until([&] { return order.size() == 4; });
    CHECK(order == std::vector<int>{1, 2, 3, -1});
    loop.loop().run_until_quiet();
    CHECK_FALSE(loop.loop().look());
}

TEST_CASE("what ends while completions run is delivered in the next iteration, so that other handles get their turn") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    int delivered = 0;
    IoRequest request;
    std::function<void(IoResult)> again = [&](IoResult) {
        ++delivered;
        request = loop.queue().start(io::nop(), std::ref(again));
    };
    request = loop.queue().start(io::nop(), std::ref(again));
    for (int round = 1; round <= 5; ++round) {
        CHECK(loop.loop().look());
        CHECK(delivered == round);
    }
}

TEST_CASE("completions that are delivered together are one section of deferred calls", "[F12.3]") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    int deferred = 0;
    int delivered = 0;
    DeferredCall call(loop.context(), "deferred", [&deferred] { ++deferred; });
    std::vector<IoRequest> requests;
    for (int count = 0; count < 10; ++count) {
        requests.push_back(loop.queue().start(io::nop(), [&](IoResult) {
            ++delivered;
            call.call();
        }));
    }
    loop.run_all();
    CHECK(delivered == 10);
    CHECK(deferred == 1);
}

TEST_CASE("a budget ends the delivery of completions, and the rest come with the next dispatches") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    int delivered = 0;
    std::vector<IoRequest> requests;
    for (int count = 0; count < 3; ++count) {
        requests.push_back(loop.queue().start(io::nop(), [&delivered](IoResult) { ++delivered; }));
    }
    ExternalLoop outer(loop.context());
    for (int round = 1; round <= 3; ++round) {
        CHECK(outer.prepare().ready);
        CHECK(outer.dispatch(std::chrono::nanoseconds(1)));
        CHECK(delivered == round);
    }
    CHECK(loop.queue().pending() == 0);
}

TEST_CASE("a completion that throws loses none of the rest") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    std::vector<std::string> thrown;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char* handle) { thrown.emplace_back(handle); };
    Context context(options);
    IoQueueOptions queue_options;
    queue_options.engine = engine;
    queue_options.name = "queue";
    IoQueue queue(context, queue_options);
    int delivered = 0;
    std::vector<IoRequest> requests;
    for (int number = 0; number < 5; ++number) {
        requests.push_back(queue.start(io::nop(), [&, number](IoResult) {
            ++delivered;
            if (number % 2 == 0) {
                throw std::runtime_error("completion");
            }
        }));
    }
    while (queue.pending() != 0) {
        context.poll(Wait::block);
    }
    CHECK(delivered == 5);
    CHECK(thrown == std::vector<std::string>{"queue", "queue", "queue"});
}

TEST_CASE("other threads post operations, in order, and may end before they are done") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    constexpr int count = 1000;
    std::vector<int> order;
    std::thread::id completed;
    std::thread other([&] {
        for (int number = 0; number < count; ++number) {
            loop.queue().post(io::nop(), [&, number](IoResult) {
                order.push_back(number);
                completed = std::this_thread::get_id();
            });
        }
    });
    loop.loop().run_until([&] { return order.size() == count; });
    other.join();
    CHECK(completed == std::this_thread::get_id());
    for (int number = 0; number < count; ++number) {
        REQUIRE(order[static_cast<std::size_t>(number)] == number);
    }
    CHECK(loop.queue().pending() == 0);
}

}  // namespace nestling::testing
