// SPDX-License-Identifier: MIT
// Chains, and requests with several results.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/io_testing.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using Mode = FdPair::Mode;
using namespace std::chrono_literals;

namespace {

/// Steps of a chain, and what they came to, in the order in which they were told.
class Chain {
public:
    Chain& then(IoOperation operation) {
        const std::size_t index = steps_.size();
        steps_.push_back({std::move(operation), [this, index](IoResult result) {
                              told_.push_back(index);
                              values_[index] = result.value;
                          }});
        values_.push_back(untold);
        return *this;
    }
    [[nodiscard]] IoRequest start(IoLoop& loop) { return loop.queue().start_chain(steps_); }
    [[nodiscard]] const std::vector<std::int32_t>& values() const noexcept { return values_; }
    [[nodiscard]] const std::vector<std::size_t>& told() const noexcept { return told_; }

    static constexpr std::int32_t untold = 12345;

private:
    std::vector<IoStep> steps_;
    std::vector<std::int32_t> values_;
    std::vector<std::size_t> told_;
};

using Values = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("the steps of a chain are carried out one after the other") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const TestFile file;
    const TestFile copy;
    Buffer buffer(7);
    Buffer other(7);
    Chain chain;
    chain.then(io::write(file.fd(), bytes_of("content"), 0))
        .then(io::read(file.fd(), buffer.span(), 0))
        .then(io::fsync(file.fd()))
        .then(io::write(copy.fd(), buffer.span(), 0))
        .then(io::timeout(1ms))
        .then(io::read(copy.fd(), other.span(), 0));
    const IoRequest request = chain.start(loop);
    CHECK(loop.queue().pending() == 6);
    CHECK(request.is_pending());
    loop.run_all();
    CHECK(chain.values() == Values{7, 7, 0, 7, 0, 7});
    CHECK(chain.told() == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
    CHECK(other.text(7) == "content");
    CHECK_FALSE(request.is_pending());
}

TEST_CASE("a failure ends a chain, and so does a short read or write") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const TestFile file("content");
    const FdPair stream(Kind::stream);
    REQUIRE(::write(stream.second(), "abc", 3) == 3);
    Buffer buffer(100);
    Chain chain;
    SECTION("a failure") {
        chain.then(io::read(999, buffer.span(), 0)).then(io::nop()).then(io::nop());
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{-EBADF, -ECANCELED, -ECANCELED});
    }
    SECTION("a short read of a file") {
        chain.then(io::nop()).then(io::read(file.fd(), buffer.span(), 0)).then(io::nop());
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{0, 7, -ECANCELED});
    }
    SECTION("a short read in parts") {
        const iovec parts[] = {{buffer.span().data(), 5}, {buffer.span().data() + 5, 5}};
        chain.then(io::readv(file.fd(), parts, 0)).then(io::nop());
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{7, -ECANCELED});
    }
    SECTION("a short read of a socket") {
        chain.then(io::read(stream.first(), buffer.span())).then(io::nop());
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{3, -ECANCELED});
    }
    SECTION("not a message that is shorter than there is room for") {
        chain.then(io::recv(stream.first(), buffer.span())).then(io::nop());
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{3, 0});
    }
    SECTION("the last one may be what it likes") {
        chain.then(io::nop()).then(io::read(file.fd(), buffer.span(), 0));
        const IoRequest request = chain.start(loop);
        loop.run_all();
        CHECK(chain.values() == Values{0, 7});
    }
}

TEST_CASE("a chain that is longer than the queue is refused, one that just fits is not") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoQueueOptions options;
    options.entries = 4;
    IoLoop loop(one, options);
    Chain too_long;
    too_long.then(io::nop()).then(io::nop()).then(io::nop()).then(io::nop()).then(io::nop());
    Chain fits;
    fits.then(io::nop()).then(io::nop()).then(io::nop()).then(io::nop());
    Chain fits_too;
    fits_too.then(io::nop()).then(io::timeout(1ms)).then(io::nop());
    const IoRequest first = too_long.start(loop);
    const IoRequest second = fits.start(loop);
    const IoRequest third = fits_too.start(loop);
    loop.run_all();
    CHECK(too_long.values() == Values(5, -E2BIG));
    CHECK(fits.values() == Values(4, 0));
    CHECK(fits_too.values() == Values(3, 0));
}

TEST_CASE("an operation that cannot be part of a chain makes all of it fail") {
    IoLoop loop(each_io_engine());
    const FdPair stream(Kind::stream);
    Chain chain;
    chain.then(io::nop()).then(io::poll_each(stream.first(), POLLIN)).then(io::nop());
    const IoRequest request = chain.start(loop);
    loop.run_all();
    CHECK(chain.values() == Values{-ECANCELED, -EINVAL, -ECANCELED});
}

TEST_CASE("an empty chain has ended") {
    IoLoop loop(each_io_engine());
    IoRequest request = loop.queue().start_chain({});
    CHECK_FALSE(request.is_pending());
    request.cancel();
    IoRequest other = loop.queue().start_chain({});
    other.detach();
    CHECK(loop.queue().pending() == 0);
}

TEST_CASE("a chain is cancelled as a whole") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair stream(Kind::stream);
    Buffer buffer(3);
    Chain chain;
    chain.then(io::nop()).then(io::read(stream.first(), buffer.span())).then(io::timeout(1h)).then(io::nop());
    IoRequest request = chain.start(loop);
    SECTION("before it was handed over") {
        request.cancel();
        loop.run_all();
        CHECK(chain.values() == Values(4, -ECANCELED));
    }
    SECTION("at its second step") {
        loop.loop().run_until_quiet();
        CHECK(chain.told().size() == 1);
        request.cancel();
        loop.run_all();
        CHECK(chain.values() == Values{0, -ECANCELED, -ECANCELED, -ECANCELED});
    }
    SECTION("at its third step") {
        REQUIRE(::write(stream.second(), "abc", 3) == 3);
        loop.loop().run_until([&] { return chain.told().size() == 2; });
        loop.loop().run_until_quiet();
        request.cancel();
        loop.run_all();
        CHECK(chain.values() == Values{0, 3, -ECANCELED, -ECANCELED});
    }
    SECTION("by the end of its handle") {
        if (GENERATE(true, false)) {
            loop.loop().run_until_quiet();
        }
        const std::size_t told = chain.told().size();
        request = IoRequest();
        CHECK(loop.queue().pending() == 0);
        loop.loop().run_until_quiet();
        CHECK(chain.told().size() == told);
    }
    SECTION("by the end of the queue") {
        if (GENERATE(true, false)) {
            loop.loop().run_until_quiet();
        }
        const std::size_t told = chain.told().size();
        loop.destroy_queue();
        CHECK(chain.told().size() == told);
        CHECK_FALSE(request.is_pending());
    }
    CHECK(buffer.text(3).size() == 3);
}

TEST_CASE("a chain that is let go of goes on") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    Chain chain;
    chain.then(io::nop()).then(io::timeout(1ms)).then(io::nop());
    {
        IoRequest request = chain.start(loop);
        request.detach();
    }
    loop.run_all();
    CHECK(chain.values() == Values(3, 0));
}

TEST_CASE("a step that is not ready on a non-blocking descriptor is waited for, and the rest follows") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair stream(Kind::stream, Mode::non_blocking);
    Buffer buffer(3);
    const TestFile file;
    Chain chain;
    chain.then(io::nop())
        .then(io::read(stream.first(), buffer.span()))
        .then(io::write(file.fd(), buffer.span(), 0))
        .then(io::nop());
    IoRequest request = chain.start(loop);
    loop.loop().run_until_quiet();
    CHECK(chain.told() == std::vector<std::size_t>{0});
    SECTION("until it comes") {
        REQUIRE(::write(stream.second(), "abc", 3) == 3);
        loop.run_all();
        CHECK(chain.values() == Values{0, 3, 3, 0});
        CHECK(chain.told() == std::vector<std::size_t>{0, 1, 2, 3});
        CHECK(file.content() == "abc");
    }
    SECTION("until it is cancelled") {
        request.cancel();
        loop.run_all();
        CHECK(chain.values() == Values{0, -ECANCELED, -ECANCELED, -ECANCELED});
    }
    SECTION("until it is destroyed") {
        request = IoRequest();
        CHECK(loop.queue().pending() == 0);
    }
}

TEST_CASE("many chains share the queue") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoQueueOptions options;
    options.entries = 8;
    IoLoop loop(engine, options);
    std::vector<std::unique_ptr<Chain>> chains;
    std::vector<IoRequest> requests;
    for (int count = 0; count < 100; ++count) {
        chains.push_back(std::make_unique<Chain>());
        chains.back()->then(io::nop()).then(io::nop()).then(io::nop());
        requests.push_back(chains.back()->start(loop));
    }
    loop.run_all();
    for (const auto& chain : chains) {
        CHECK(chain->values() == Values(3, 0));
        CHECK(chain->told() == std::vector<std::size_t>{0, 1, 2});
    }
}

// ---- Several results -----------------------------------------------------------------------------------------------

TEST_CASE("every connection is a result of one request", "[F12.5]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const ListeningSocket listening(GENERATE(Mode::blocking, Mode::non_blocking));
    std::vector<Descriptor> servers;
    std::vector<IoResult> last;
    IoRequest request = loop.queue().start(io::accept_each(listening.fd(), SOCK_CLOEXEC), [&](IoResult result) {
        if (result.ok()) {
            servers.emplace_back(result.value);
        }
        if (!result.more()) {
            last.push_back(result);
        }
    });
    std::vector<Descriptor> clients;
    for (int round = 0; round < 3; ++round) {
        for (int count = 0; count < 20; ++count) {
            clients.push_back(listening.connect_one());
        }
        loop.loop().run_until([&] { return servers.size() == clients.size(); });
    }
    CHECK(last.empty());
    CHECK(loop.queue().pending() == 1);
    SECTION("until it is cancelled") {
        request.cancel();
        loop.run_all();
        REQUIRE(last.size() == 1);
        CHECK(last[0].value == -ECANCELED);
        CHECK_FALSE(request.is_pending());
    }
    SECTION("until it is destroyed") {
        request = IoRequest();
        CHECK(loop.queue().pending() == 0);
    }
    clients.push_back(listening.connect_one());
    loop.loop().run_until_quiet();
    CHECK(servers.size() + 1 == clients.size());
    CHECK(last.size() <= 1);
}

TEST_CASE("readiness is told again and again, by level", "[B-67]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair stream(Kind::stream);
    int told = 0;
    std::int32_t last = 0;
    IoRequest request = loop.queue().start(io::poll_each(stream.first(), POLLIN), [&](IoResult result) {
        told += result.more() ? 1 : 0;
        last = result.value;
    });
    loop.loop().run_until_quiet();
    CHECK(told == 0);
    REQUIRE(::write(stream.second(), "x", 1) == 1);
    // Nobody reads: it is still so.
    loop.loop().run_until([&] { return told == 3; });
    char byte = 0;
    REQUIRE(::read(stream.first(), &byte, 1) == 1);
    // One more may have been on its way.
    loop.loop().run_until_quiet();
    const int told_so_far = told;
    CHECK(told_so_far <= 4);
    REQUIRE(::write(stream.second(), "x", 1) == 1);
    loop.loop().run_until([&] { return told > told_so_far; });
    request.cancel();
    loop.run_all();
    CHECK(last == -ECANCELED);
}

TEST_CASE("a request with several results may be destroyed, and may destroy itself, in any of them") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair stream(Kind::stream);
    const ListeningSocket listening;
    const auto token = std::make_shared<int>(0);
    IoRequest request;
    int told = 0;
    const int destroyed_in = GENERATE(1, 2);
    const bool destroys_queue = GENERATE(false, true);
    const std::size_t open_before = count_open_fds();
    SECTION("readiness") {
        REQUIRE(::write(stream.second(), "x", 1) == 1);
        request = loop.queue().start(io::poll_each(stream.first(), POLLIN), [&, token](IoResult) {
            if (++told == destroyed_in) {
                if (destroys_queue) {
                    loop.destroy_queue();
                }
                request = IoRequest();
            }
            CHECK(token.use_count() > 1);
        });
        loop.loop().run_until([&] { return told == destroyed_in; });
    }
    SECTION("connections") {
        std::vector<Descriptor> servers;
        std::vector<Descriptor> clients;
        for (int count = 0; count < 4; ++count) {
            clients.push_back(listening.connect_one());
        }
        request = loop.queue().start(io::accept_each(listening.fd(), SOCK_CLOEXEC), [&, token](IoResult result) {
            servers.emplace_back(result.value);
            if (++told == destroyed_in) {
                if (destroys_queue) {
                    loop.destroy_queue();
                }
                request = IoRequest();
            }
            CHECK(token.use_count() > 1);
        });
        loop.loop().run_until([&] { return told == destroyed_in; });
    }
    CHECK(token.use_count() == 1);
    loop.loop().run_until_quiet();
    CHECK(told == destroyed_in);
    CHECK(count_open_fds() <= open_before);
}

TEST_CASE("a result of several may wait for the next one in a nested poll(), and the last one comes inside") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const ListeningSocket listening;
    std::vector<Descriptor> clients;
    clients.push_back(listening.connect_one());
    clients.push_back(listening.connect_one());
    const auto token = std::make_shared<int>(0);
    int depth = 0;
    int deepest = 0;
    bool is_over = false;
    std::vector<Descriptor> servers;
    IoRequest request;
    request = loop.queue().start(io::accept_each(listening.fd(), SOCK_CLOEXEC), [&, token](IoResult result) {
        ++depth;
        deepest = std::max(deepest, depth);
        if (result.ok()) {
            servers.emplace_back(result.value);
        }
        is_over = is_over || !result.more();
        if (servers.size() == 2) {
            request.cancel();
        }
        while (!is_over) {
            loop.context().poll(Wait::block);
        }
        --depth;
    });
    loop.loop().run_until([&] { return is_over && depth == 0; });
    CHECK(servers.size() == 2);
    CHECK(deepest == 3);
    CHECK(token.use_count() == 1);
    CHECK_FALSE(request.is_pending());
}

}  // namespace nestling::testing
