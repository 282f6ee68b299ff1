// SPDX-License-Identifier: MIT
// How a request ends before it is done, or with nobody left to be told.
// The life of a request: when `done` is called, how often, and what may happen in it.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/io_testing.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using namespace std::chrono_literals;

namespace {
const auto ignore = [](IoResult) {};
}

TEST_CASE("a request that is destroyed is not told of, and what it owned goes at once") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair ends(Kind::stream);
    const TestFile file("content");
    loop.make_alarm();
    const std::size_t open_before = count_open_fds();
    const auto token = std::make_shared<int>(0);
    int calls = 0;
    const auto done = [&calls, token](IoResult) { ++calls; };
    Buffer buffer(8);
    SECTION("before it was handed over") {
        IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), done);
        request = IoRequest();
        CHECK(token.use_count() == 2);
    }
    SECTION("in flight") {
        IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), done);
        loop.loop().run_until_quiet();
        request = IoRequest();
        CHECK(token.use_count() == 2);
        // The kernel has let go: what comes now is not for it.
        REQUIRE(::write(ends.second(), "x", 1) == 1);
        Buffer other(8);
        CHECK(loop.run(io::read(ends.first(), other.span())).value == 1);
        CHECK(buffer.span()[0] == std::byte{0});
    }
    SECTION("when it has ended, and nobody was told yet") {
        IoRequest request = loop.queue().start(io::nop(), done);
        loop.queue().flush();
        request = IoRequest();
        CHECK(token.use_count() == 2);
    }
    SECTION("a time") {
        IoRequest request = loop.queue().start(io::timeout(1h), done);
        loop.loop().run_until_quiet();
        request = IoRequest();
        CHECK(token.use_count() == 2);
    }
    SECTION("a file") {
        IoRequest request = loop.queue().start(io::read(file.fd(), buffer.span(), 0), done);
        loop.queue().flush();
        request = IoRequest();
        CHECK(token.use_count() == 2);
    }
    CHECK(loop.queue().pending() == 0);
    loop.loop().run_until_quiet();
    CHECK(calls == 0);
    CHECK(token.use_count() == 2);
    loop.destroy_queue();
    CHECK(count_open_fds() <= open_before);
}

TEST_CASE("the end of a request calls no callback of another one") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const FdPair ends(Kind::stream);
    Buffer buffer(8);
    int calls = 0;
    IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), ignore);
    loop.loop().run_until_quiet();
    std::vector<IoRequest> others;
    for (int count = 0; count < 10; ++count) {
        others.push_back(loop.queue().start(io::nop(), [&calls](IoResult) { ++calls; }));
    }
    loop.queue().flush();
    request = IoRequest();
    CHECK(calls == 0);
    loop.run_all();
    CHECK(calls == 10);
}

TEST_CASE("a cancelled request ends once: with what it came to, or with ECANCELED", "[F12.5]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair ends(Kind::stream);
    const TestFile file("content");
    Buffer buffer(8);
    std::vector<std::int32_t> results;
    const auto done = [&results](IoResult result) { results.push_back(result.value); };
    SECTION("before it was handed over") {
        IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), done);
        request.cancel();
        request.cancel();
        CHECK(results.empty());
        loop.run_all();
        CHECK(results == std::vector{-ECANCELED});
    }
    SECTION("in flight") {
        IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), done);
        loop.loop().run_until_quiet();
        request.cancel();
        request.cancel();
        CHECK(results.empty());
        loop.run_all();
        CHECK(results == std::vector{-ECANCELED});
        request.cancel();
    }
    SECTION("a time") {
        IoRequest request = loop.queue().start(io::timeout(1h), done);
        loop.loop().run_until_quiet();
        request.cancel();
        loop.run_all();
        CHECK(results == std::vector{-ECANCELED});
    }
    SECTION("in a race with its result") {
        for (int round = 0; round < 500; ++round) {
            IoRequest read = loop.queue().start(io::read(file.fd(), buffer.span(), 0), done);
            IoRequest recv = loop.queue().start(io::recv(ends.first(), buffer.span()), done);
            loop.queue().flush();
            REQUIRE(::write(ends.second(), "x", 1) == 1);
            read.cancel();
            recv.cancel();
            loop.run_all();
            REQUIRE(results.size() == 2);
            for (const std::int32_t value : results) {
                REQUIRE((value == 7 || value == 1 || value == -ECANCELED));
            }
            results.clear();
            // What was not received is not lost.
            static_cast<void>(::recv(ends.first(), buffer.span().data(), 8, MSG_DONTWAIT));
        }
    }
    loop.loop().run_until_quiet();
    CHECK(results.size() <= 1);
}

TEST_CASE("a request that is let go of goes on") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair ends(Kind::stream);
    Buffer buffer(8);
    std::int32_t value = 0;
    {
        IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()),
                                               [&value](IoResult result) { value = result.value; });
        request.detach();
        CHECK_FALSE(request);
    }
    loop.loop().run_until_quiet();
    REQUIRE(::write(ends.second(), "abc", 3) == 3);
    loop.run_all();
    CHECK(value == 3);
}

TEST_CASE("a completion may destroy its own request, others, and the queue") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair ends(Kind::stream);
    Buffer buffer(8);
    const auto token = std::make_shared<int>(0);
    int calls = 0;
    std::vector<IoRequest> requests;
    SECTION("its own") {
        requests.push_back(loop.queue().start(io::nop(), [&, token](IoResult) {
            ++calls;
            requests.clear();
        }));
        loop.run_all();
        CHECK(calls == 1);
    }
    SECTION("others, whatever they are at") {
        requests.push_back(
            loop.queue().start(io::read(ends.first(), buffer.span()), [&, token](IoResult) { ++calls; }));
        for (int count = 0; count < 5; ++count) {
            requests.push_back(loop.queue().start(io::nop(), [&, token](IoResult) {
                ++calls;
                requests.push_back(loop.queue().start(io::nop(), [&, token](IoResult) { ++calls; }));
                requests.clear();
            }));
        }
        loop.loop().run_until_quiet();
        CHECK(calls == 1);
        CHECK(loop.queue().pending() == 0);
    }
    SECTION("the queue") {
        requests.push_back(
            loop.queue().start(io::read(ends.first(), buffer.span()), [&, token](IoResult) { ++calls; }));
        for (int count = 0; count < 5; ++count) {
            requests.push_back(loop.queue().start(io::nop(), [&, token](IoResult) {
                ++calls;
                loop.destroy_queue();
            }));
        }
        loop.loop().run_until([&] { return calls != 0; });
        loop.loop().run_until_quiet();
        CHECK(calls == 1);
        for (IoRequest& request : requests) {
            CHECK_FALSE(request.is_pending());
            request.cancel();
        }
    }
    requests.clear();
    CHECK(token.use_count() == 1);
}

TEST_CASE("a queue that is destroyed ends everything and tells nobody") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    loop.make_alarm();
    const std::size_t open_before = count_open_fds();
    const FdPair ends(Kind::stream);
    const TestFile file("content");
    const ListeningSocket listening;
    const auto token = std::make_shared<int>(0);
    int calls = 0;
    const auto done = [&calls, token](IoResult) { ++calls; };
    Buffer buffer(8);
    std::vector<IoRequest> requests;
    const auto start = [&](IoOperation operation) {
        requests.push_back(loop.queue().start(std::move(operation), done));
    };
    start(io::read(ends.first(), buffer.span()));
    start(io::poll(ends.first(), POLLIN));
    start(io::poll_each(ends.second(), POLLIN));
    start(io::accept_each(listening.fd(), SOCK_CLOEXEC));
    start(io::timeout(1h));
    loop.loop().run_until_quiet();
    // Connections that nobody is told of are closed.
    const Descriptor client = listening.connect_one();
    const Descriptor other_client = listening.connect_one();
    start(io::openat(AT_FDCWD, "/", O_RDONLY | O_CLOEXEC));
    start(io::read(file.fd(), buffer.span(), 0));
    loop.queue().flush();
    start(io::nop());
    loop.queue().post(io::nop(), done);
    if (GENERATE(false, true)) {
        for (IoRequest& request : requests) {
            request.detach();
        }
    }
    loop.destroy_queue();
    CHECK(calls == 0);
    // Those that stayed with the test: `token` and `done`.
    CHECK(token.use_count() == 2);
    REQUIRE(::write(ends.second(), "x", 1) == 1);
    CHECK(buffer.span()[0] != std::byte{'x'});
    loop.loop().run_until_quiet();
    CHECK(calls == 0);
    // A thread of the pool may still be about to close what it has opened for nobody.
    for (int tries = 0; count_open_fds() > open_before + 6 && tries < 10000; ++tries) {
        std::this_thread::sleep_for(1ms);
    }
    CHECK(count_open_fds() <= open_before + 6);
}

TEST_CASE("a result that is a descriptor is closed when nobody is left to be told") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    {
        // Whatever is made once is there after this.
        const IoRequest request = loop.queue().start(io::openat(AT_FDCWD, "/", O_RDONLY | O_CLOEXEC),
                                                     [](IoResult result) { ::close(result.value); });
        loop.run_all();
    }
    const std::size_t open_before = count_open_fds();
    for (int round = 0; round < 20; ++round) {
        IoRequest request = loop.queue().start(io::openat(AT_FDCWD, "/", O_RDONLY | O_CLOEXEC), ignore);
        loop.queue().flush();
        request = IoRequest();
        loop.loop().run_until_quiet();
    }
    CHECK(count_open_fds() == open_before);
}

TEST_CASE("requests of one handle's buffers are used again and again") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    // More than the queue hands over at once, several times.
    constexpr int count = 1000;
    const TestFile file(std::string(1000, 'x'));
    std::vector<Buffer> buffers(count, Buffer(10));
    for (int round = 0; round < 3; ++round) {
        int good = 0;
        std::vector<IoRequest> requests;
        for (int number = 0; number < count; ++number) {
            requests.push_back(loop.queue().start(io::read(file.fd(), buffers[static_cast<std::size_t>(number)].span(),
                                                           static_cast<std::uint64_t>(number % 100 * 10)),
                                                  [&good](IoResult result) { good += result.value == 10 ? 1 : 0; }));
        }
        loop.run_all();
        CHECK(good == count);
    }
}

}  // namespace nestling::testing
