// SPDX-License-Identifier: MIT
// A queue in its steady state allocates nothing, and without memory nothing is half begun.
#include <unistd.h>

#include <chrono>
#include <memory>
#include <new>
#include <vector>

#include "io/io_testing.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/failing_new.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using namespace std::chrono_literals;

TEST_CASE("requests like those before allocate nothing on the home thread") {
    if (io_engines().size() != 2) {
        SKIP_LOUDLY("no io_uring here");
    }
    IoLoop loop(IoEngine::io_uring);
    const TestFile file("content");
    const FdPair stream(Kind::stream);
    constexpr std::size_t depth = 40;
    std::vector<Buffer> buffers(depth, Buffer(7));
    std::vector<IoRequest> requests(depth);
    std::size_t good = 0;
    const auto round = [&] {
        good = 0;
        for (std::size_t index = 0; index + 1 < depth; ++index) {
            requests[index] = loop.queue().start(io::read(file.fd(), buffers[index].span(), 0),
                                                 [&good](IoResult result) { good += result.value == 7 ? 1 : 0; });
        }
        requests.back() = loop.queue().start(io::recv(stream.first(), buffers.back().span()),
                                             [&good](IoResult result) { good += result.value == 1 ? 1 : 0; });
        loop.queue().post(io::timeout(0ns), [&good](IoResult result) { good += result.ok() ? 1 : 0; });
        static_cast<void>(::write(stream.second(), "x", 1));
        while (loop.queue().pending() != 0) {
            loop.loop().block();
        }
    };
    {
        // One that is waited for, so that the ring is watched and has been ready once.
        const IoRequest waiting = loop.queue().start(io::recv(stream.first(), buffers.back().span()), nullptr);
        loop.loop().run_until_quiet();
        REQUIRE(::write(stream.second(), "x", 1) == 1);
        loop.run_all();
    }
    for (int count = 0; count < 3; ++count) {
        round();
    }
    bool has_failed = false;
    {
        const FailingNew failing(0);
        for (int count = 0; count < 100; ++count) {
            round();
        }
        has_failed = FailingNew::has_failed();
    }
    CHECK_FALSE(has_failed);
    CHECK(good == depth + 1);
}

TEST_CASE("without memory a request does not start, and nothing leaks") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    const std::size_t open_before = count_open_fds();
    const long blocks_before = live_blocks();
    {
        std::unique_ptr<Context> context = std::make_unique<Context>();
        std::unique_ptr<IoQueue> queue;
        IoQueueOptions options;
        options.engine = engine;
        fail_each_allocation([&] { queue = std::make_unique<IoQueue>(*context, options); },
                             [&](bool has_failed) { CHECK((has_failed && queue == nullptr)); });
        int told = 0;
        const auto done = [&told](IoResult result) { told += result.ok() ? 1 : 0; };
        IoRequest request;
        fail_each_allocation([&] { request = queue->start(io::nop(), done); },
                             [&](bool) { CHECK(queue->pending() == 0); });
        CHECK(queue->pending() == 1);
        IoRequest chain;
        std::vector<IoStep> steps(3);
        for (IoStep& step : steps) {
            step.done = done;
        }
        fail_each_allocation([&] { chain = queue->start_chain(steps); }, [&](bool) { CHECK(queue->pending() == 1); });
        CHECK(queue->pending() == 4);
        fail_each_allocation([&] { queue->post(io::nop(), done); }, [&](bool) { CHECK(queue->pending() == 4); });
        CHECK(queue->pending() == 5);
        while (queue->pending() != 0) {
            context->poll(Wait::block);
        }
        CHECK(told == 5);
        request = IoRequest();
        chain = IoRequest();
        queue.reset();
    }
    CHECK(live_blocks() == blocks_before);
    CHECK(count_open_fds() == open_before);
}

TEST_CASE("a result that finds no memory is told later, and none is lost") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const ListeningSocket listening;
    std::vector<Descriptor> servers;
    servers.reserve(100);
    std::vector<Descriptor> clients;
    bool is_over = false;
    IoRequest request;
    const auto accept = [&](IoResult result) {
        if (result.ok()) {
            servers.emplace_back(result.value);
        }
        is_over = !result.more();
    };
    request = loop.queue().start(io::accept_each(listening.fd(), SOCK_CLOEXEC), accept);
    loop.loop().run_until_quiet();
    for (int count = 0; count < 20; ++count) {
        clients.push_back(listening.connect_one());
    }
    {
        const FailingNew failing(3);
        for (int count = 0; count < 20; ++count) {
            loop.loop().look();
        }
    }
    // Without memory it may have been the last one; the others have not been taken from the listener.
    while (servers.size() != clients.size()) {
        if (is_over) {
            is_over = false;
            request = loop.queue().start(io::accept_each(listening.fd(), SOCK_CLOEXEC), accept);
        }
        loop.loop().block();
    }
    CHECK(servers.size() == clients.size());
}

}  // namespace nestling::testing
