// SPDX-License-Identifier: MIT
// What is started after an outer loop has prepared its sleep wakes it (contracts B-48, G7.5, P4).
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "io/io_testing.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using namespace std::chrono_literals;

namespace {

/// An outer loop that goes step by step.
class OuterSteps {
public:
    explicit OuterSteps(Context& context) : loop_(context) {}

    void prepare() {
        const Prepared prepared = loop_.prepare();
        is_ready_ = prepared.ready;
        timeout_ = prepared.timeout;
        fds_.clear();
        for (const PollHandle& handle : loop_.polls()) {
            fds_.push_back({handle.fd, handle.events, 0});
        }
    }
    [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }
    [[nodiscard]] bool would_sleep_for_ever() const noexcept { return !is_ready_ && timeout_ < 0ns; }

    /// Sleeps as prepare() said, at most ten seconds; false if that is how it ended.
    [[nodiscard]] bool sleep() {
        constexpr std::chrono::nanoseconds too_long = 10s;
        const bool has_timeout = timeout_ >= 0ns && timeout_ < too_long;
        const std::chrono::nanoseconds longest = is_ready_ ? 0ns : (has_timeout ? timeout_ : too_long);
        const timespec limit{longest / 1s, static_cast<long>((longest % 1s).count())};
        const int count = ::ppoll(fds_.data(), fds_.size(), &limit, nullptr);
        std::size_t at = 0;
        for (PollHandle& handle : loop_.polls()) {
            handle.revents = fds_[at++].revents;
        }
        return is_ready_ || has_timeout || count > 0;
    }
    void check_and_dispatch() {
        if (loop_.check() || is_ready_) {
            loop_.dispatch();
        }
    }
    void iterate() {
        prepare();
        static_cast<void>(sleep());
        check_and_dispatch();
    }
    void settle() {
        do {
            prepare();
            is_ready_ = is_ready_ || false;
            if (is_ready_) {
                check_and_dispatch();
            }
        } while (is_ready_);
    }

private:
    ExternalLoop loop_;
    std::vector<pollfd> fds_;
    std::chrono::nanoseconds timeout_{};
    bool is_ready_ = false;
};

}  // namespace

TEST_CASE("an operation that is started between prepare and the sleep is carried out", "[B-48][G7.5][F12.4]") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    Context context;
    IoQueueOptions options;
    options.engine = engine;
    IoQueue queue(context, options);
    const TestFile file("content");
    Buffer buffer(7);
    OuterSteps outer(context);
    outer.settle();
    REQUIRE(outer.would_sleep_for_ever());
    std::int32_t value = 0;
    IoRequest request;
    const auto done = [&value](IoResult result) { value = result.value; };
    SECTION("a file, by the home thread") {
        request = queue.start(io::read(file.fd(), buffer.span(), 0), done);
    }
    SECTION("a time") {
        request = queue.start(io::timeout(1ms), done);
    }
    SECTION("posted by another thread") {
        std::thread([&] { queue.post(io::read(file.fd(), buffer.span(), 0), done); }).join();
    }
    value = -1;
    int rounds = 0;
    while (value == -1 && rounds < 20) {
        REQUIRE(outer.sleep());
        outer.check_and_dispatch();
        ++rounds;
        if (value == -1) {
            outer.prepare();
        }
    }
    CHECK(value >= 0);
}

TEST_CASE("a poll() in the window that hands operations over leaves the outer loop awake for their results") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    Context context;
    IoQueueOptions options;
    options.engine = engine;
    IoQueue queue(context, options);
    const FdPair stream(FdPair::Kind::stream);
    Buffer buffer(7);
    OuterSteps outer(context);
    outer.settle();
    REQUIRE(outer.would_sleep_for_ever());
    std::int32_t value = -1;
    const IoRequest request =
        queue.start(io::recv(stream.first(), buffer.span()), [&value](IoResult result) { value = result.value; });
    context.poll(Wait::none);
    REQUIRE(::write(stream.second(), "abc", 3) == 3);
    int rounds = 0;
    while (value == -1 && rounds < 20) {
        REQUIRE(outer.sleep());
        outer.check_and_dispatch();
        ++rounds;
        if (value == -1) {
            outer.prepare();
        }
    }
    CHECK(value == 3);
}

}  // namespace nestling::testing
