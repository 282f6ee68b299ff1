// SPDX-License-Identifier: MIT
// Who the home thread is while requests are in flight: hand-over, the end of a thread, many loops, fork.
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "io/io_testing.hpp"
#include "support/child_process.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using namespace std::chrono_literals;

namespace {

IoQueueOptions with_engine(IoEngine engine) {
    IoQueueOptions options;
    options.engine = engine;
    return options;
}

template <class Condition>
void poll_until(Context& context, Condition condition) {
    while (!condition()) {
        context.poll(Wait::block);
    }
}

ContextOptions without_home() {
    ContextOptions options;
    options.home = Home::later;
    return options;
}

}  // namespace

TEST_CASE("requests in flight go with the context to another home thread, also when the first one ends") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    Context context(without_home());
    IoQueue queue(context, with_engine(engine));
    const FdPair stream(Kind::stream);
    const ListeningSocket listening;
    const TestFile file("content");
    Buffer buffer(8);
    Buffer other(7);
    std::int32_t received = 0;
    std::int32_t read = 0;
    std::int32_t time = 1;
    std::vector<IoRequest> requests;
    std::vector<Descriptor> servers;
    std::vector<std::thread::id> told_on;
    std::thread first([&] {
        context.adopt_home();
        requests.push_back(queue.start(io::recv(stream.first(), buffer.span()), [&](IoResult result) {
            received = result.value;
            told_on.push_back(std::this_thread::get_id());
        }));
        requests.push_back(queue.start(io::accept_each(listening.fd(), SOCK_CLOEXEC),
                                       [&](IoResult result) { servers.emplace_back(result.value); }));
        requests.push_back(queue.start(io::timeout(20ms), [&](IoResult result) { time = result.value; }));
        for (int count = 0; count < 3; ++count) {
            context.poll(Wait::none);
        }
        // One that has not been handed over yet.
        requests.push_back(queue.start(io::read(file.fd(), other.span(), 0), [&](IoResult result) {
            read = result.value;
            told_on.push_back(std::this_thread::get_id());
        }));
        context.release_home();
    });
    first.join();
    context.adopt_home();
    REQUIRE(::write(stream.second(), "abc", 3) == 3);
    std::vector<Descriptor> clients;
    clients.push_back(listening.connect_one());
    poll_until(context, [&] { return received != 0 && read != 0 && time == 0 && servers.size() == 1; });
    CHECK(received == 3);
    CHECK(read == 7);
    CHECK(told_on == std::vector(2, std::this_thread::get_id()));
    clients.push_back(listening.connect_one());
    poll_until(context, [&] { return servers.size() == 2; });
    CHECK(queue.pending() == 1);
}

TEST_CASE("requests of a thread that has ended can be cancelled and destroyed") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    Context context(without_home());
    auto queue = std::make_unique<IoQueue>(context, with_engine(engine));
    const FdPair stream(Kind::stream);
    Buffer buffer(8);
    std::vector<IoRequest> requests;
    int cancelled = 0;
    std::thread([&] {
        context.adopt_home();
        for (int count = 0; count < 3; ++count) {
            requests.push_back(queue->start(io::recv(stream.first(), buffer.span()),
                                            [&](IoResult result) { cancelled += result.value == -ECANCELED ? 1 : 0; }));
        }
        context.poll(Wait::none);
        context.release_home();
    }).join();
    context.adopt_home();
    requests[0].cancel();
    poll_until(context, [&] { return queue->pending() == 2; });
    CHECK(cancelled == 1);
    requests[1] = IoRequest();
    CHECK(queue->pending() == 1);
    queue.reset();
    CHECK(cancelled == 1);
}

TEST_CASE("an I/O thread that is stopped leaves its work to whoever adopts the context, or to the end of the queue") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoThread thread;
    Context& context = *thread.context();
    auto queue = std::make_unique<IoQueue>(context, with_engine(engine));
    const FdPair stream(Kind::stream);
    const TestFile file("content");
    const auto token = std::make_shared<int>(0);
    Buffer buffer(8);
    Buffer other(7);
    std::atomic<std::int32_t> received{0};
    std::atomic<std::int32_t> read{0};
    queue->post(io::recv(stream.first(), buffer.span()),
                [&received, token](IoResult result) { received.store(result.value); });
    std::atomic<bool> is_begun{false};
    queue->post(io::nop(), [&is_begun](IoResult) { is_begun.store(true); });
    while (!is_begun.load()) {
        std::this_thread::yield();
    }
    thread.stop();
    queue->post(io::read(file.fd(), other.span(), 0), [&read, token](IoResult result) { read.store(result.value); });
    SECTION("it is adopted") {
        context.adopt_home();
        REQUIRE(::write(stream.second(), "abc", 3) == 3);
        poll_until(context, [&] { return received.load() != 0 && read.load() != 0; });
        CHECK(received.load() == 3);
        CHECK(read.load() == 7);
        CHECK(queue->pending() == 0);
        context.release_home();
    }
    SECTION("it is not") {
        queue.reset();
        CHECK(received.load() == 0);
        CHECK(read.load() == 0);
    }
    CHECK(token.use_count() == 1);
    queue.reset();
}

TEST_CASE("64 loops each get the one operation that is posted to them at their start", "[B-63]") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    constexpr std::size_t count = 64;
    struct Loop {
        std::unique_ptr<Context> context;
        std::unique_ptr<IoQueue> queue;
        std::thread thread;
        Buffer buffer{7};
        std::atomic<std::int32_t> result{0};
    };
    const TestFile file("content");
    std::vector<Loop> loops(count);
    IoQueueOptions options = with_engine(engine);
    options.entries = 8;
    options.pool = std::make_shared<ThreadPool>();
    for (Loop& loop : loops) {
        loop.context = std::make_unique<Context>(without_home());
        loop.queue = std::make_unique<IoQueue>(*loop.context, options);
        loop.thread = std::thread([&loop] {
            loop.context->adopt_home();
            poll_until(*loop.context, [&loop] { return loop.result.load() != 0; });
            loop.context->release_home();
        });
        loop.queue->post(io::read(file.fd(), loop.buffer.span(), 0),
                         [&loop](IoResult result) { loop.result.store(result.value); });
    }
    std::size_t good = 0;
    for (Loop& loop : loops) {
        loop.thread.join();
        good += loop.result.load() == 7 ? 1 : 0;
        loop.queue.reset();
    }
    CHECK(good == count);
}

TEST_CASE("a request for another thread than home ends the process and says so") {
    const ChildEnd end = run_in_child([] {
        ContextOptions options = without_home();
        options.name = "foreign";
        Context context(options);
        IoQueue queue(context);
        const IoRequest request = queue.start(io::nop(), nullptr);
        return 0;
    });
    CHECK(end.signal != 0);
    CHECK(end.says("foreign"));
    CHECK(end.says("IoQueue::start()"));
}

TEST_CASE("a forked child may destroy what it has inherited, and use none of it; the parent's requests go on") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    Context context;
    auto queue = std::make_unique<IoQueue>(context, with_engine(engine));
    const FdPair stream(Kind::stream);
    Buffer buffer(8);
    std::int32_t received = 0;
    const auto token = std::make_shared<int>(0);
    IoRequest request = queue->start(io::recv(stream.first(), buffer.span()),
                                     [&received, token](IoResult result) { received = result.value; });
    context.poll(Wait::none);
    IoRequest fresh = queue->start(io::timeout(1h), [token](IoResult) {});
    const ChildEnd destroyed = run_in_child([&] {
        request = IoRequest();
        const bool is_freed = token.use_count() == 2;
        queue.reset();
        fresh = IoRequest();
        return is_freed ? 0 : 1;
    });
    CHECK(destroyed.signal == 0);
    CHECK(destroyed.exit_code == 0);
    const ChildEnd queue_first = run_in_child([&] {
        queue.reset();
        request = IoRequest();
        fresh = IoRequest();
        return 0;
    });
    CHECK(queue_first.exit_code == 0);
    for (const auto& use :
         {std::function<void()>([&] { static_cast<void>(queue->start(io::nop(), nullptr)); }),
          std::function<void()>([&] { queue->post(io::nop(), nullptr); }),
          std::function<void()>([&] { queue->flush(); }), std::function<void()>([&] { request.cancel(); })}) {
        const ChildEnd used = run_in_child([&] {
            use();
            return 0;
        });
        CHECK(used.signal != 0);
        CHECK(used.says("forked child"));
    }
    REQUIRE(::write(stream.second(), "abc", 3) == 3);
    poll_until(context, [&] { return received != 0; });
    CHECK(received == 3);
}

}  // namespace nestling::testing
