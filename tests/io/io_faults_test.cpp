// SPDX-License-Identifier: MIT
// A kernel that refuses, interrupts, has no room: nothing is lost, and nobody is told.
#include <liburing.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "io/io_result_faults.hpp"
#include "io/io_testing.hpp"
#include "support/testing.hpp"
#include "uring/ring_faults.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using namespace std::chrono_literals;

namespace {

/// These are about io_uring.
const std::vector<DriverKind>& drivers() {
    static const std::vector<DriverKind> none;
    static const std::vector<DriverKind> all =
        has_gsource_driver ? std::vector{DriverKind::native, DriverKind::gsource, DriverKind::external}
                           : std::vector{DriverKind::native, DriverKind::external};
    return io_engines().size() == 2 ? all : none;
}

IoQueueOptions with_entries(unsigned entries) {
    IoQueueOptions options;
    options.entries = entries;
    return options;
}

/// Sets a variable of the environment while it lives.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { ::unsetenv(name_); }

private:
    const char* name_;
};

}  // namespace

TEST_CASE("a kernel that refuses the ring makes the queue use threads, and it says why") {
    const int error = GENERATE(EPERM, ENOSYS, EMFILE, ENOMEM);
    Context context;
    const FailingRing failing(RingCall::set_up, error);
    IoQueue queue(context);
    CHECK(queue.engine() == IoEngine::threads);
    INFO(queue.engine_reason());
    CHECK(queue.engine_reason().find(std::generic_category().message(error)) != std::string::npos);
    bool is_done = false;
    const IoRequest request = queue.start(io::nop(), [&is_done](IoResult) { is_done = true; });
    while (!is_done) {
        context.poll(Wait::block);
    }
}

TEST_CASE("an engine that is asked for is what there is, or an error") {
    Context context;
    IoQueueOptions options;
    SECTION("by an option") {
        options.engine = IoEngine::threads;
        const IoQueue queue(context, options);
        CHECK(queue.engine() == IoEngine::threads);
        CHECK(queue.engine_reason() == "forced by IoQueueOptions::engine");
        const FailingRing failing(RingCall::set_up, EPERM);
        options.engine = IoEngine::io_uring;
        CHECK_THROWS_AS(IoQueue(context, options), std::system_error);
    }
    SECTION("by a variable") {
        const Variable variable("NESTLING_IO", "threads");
        const IoQueue queue(context);
        CHECK(queue.engine() == IoEngine::threads);
        CHECK(queue.engine_reason() == "forced by NESTLING_IO");
    }
    SECTION("by a variable, and it cannot be had") {
        const Variable variable("NESTLING_IO", "io_uring");
        const FailingRing failing(RingCall::set_up, EPERM);
        CHECK_THROWS_AS(IoQueue(context), std::system_error);
    }
    SECTION("by a variable that means nothing") {
        const Variable variable("NESTLING_IO", "fast");
        CHECK_THROWS_AS(IoQueue(context), std::system_error);
        options.engine = IoEngine::threads;
        CHECK_NOTHROW(IoQueue(context, options));
    }
    SECTION("by nobody") {
        const IoQueue queue(context);
        CHECK(queue.engine() == (io_engines().size() == 2 ? IoEngine::io_uring : IoEngine::threads));
    }
}

TEST_CASE("a ring that refuses for a while loses nothing", "[uring][N-10][F11.9]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    const DriverKind driver = GENERATE(from_range(drivers()));
    for (const int error : {EBUSY, EAGAIN, ENOMEM}) {
        INFO(name_of(driver) << ", error " << error);
        IoLoop loop({IoEngine::io_uring, driver}, with_entries(8));
        const TestFile file("content");
        // Fewer than the queue hands over at once, or many more.
        const std::size_t count = error == EBUSY ? 5 : 50;
        std::vector<Buffer> buffers(count, Buffer(7));
        std::size_t good = 0;
        std::vector<IoRequest> requests;
        for (Buffer& buffer : buffers) {
            requests.push_back(loop.queue().start(io::read(file.fd(), buffer.span(), 0),
                                                  [&good](IoResult result) { good += result.value == 7 ? 1 : 0; }));
        }
        const FailingRing failing(RingCall::enter, error, 7, count == 5 || driver == DriverKind::native ? 0 : 2);
        loop.run_all();
        CHECK(good == count);
        CHECK(failing.failed() == 7);
    }
}

TEST_CASE("what was to be cancelled when the ring refuses is cancelled", "[uring]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    const DriverKind driver = GENERATE(from_range(drivers()));
    INFO(name_of(driver));
    IoLoop loop({IoEngine::io_uring, driver}, with_entries(2));
    const FdPair stream(Kind::stream);
    std::vector<Buffer> buffers(10, Buffer(8));
    int cancelled = 0;
    std::vector<IoRequest> requests;
    for (Buffer& buffer : buffers) {
        requests.push_back(loop.queue().start(io::read(stream.first(), buffer.span()), [&cancelled](IoResult result) {
            cancelled += result.value == -ECANCELED ? 1 : 0;
        }));
    }
    loop.loop().run_until_quiet();
    const FailingRing failing(RingCall::enter, EBUSY, 4);
    SECTION("by cancel()") {
        for (IoRequest& request : requests) {
            request.cancel();
        }
        loop.run_all();
        CHECK(cancelled == 10);
    }
    SECTION("by the end of the handle") {
        requests.clear();
        CHECK(loop.queue().pending() == 0);
    }
    SECTION("by the end of the queue") {
        loop.destroy_queue();
    }
    CHECK(failing.failed() == 4);
}

TEST_CASE("an interrupted operation is repeated", "[uring][B-66][B-56a][F12.6]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    const DriverKind driver = GENERATE(from_range(drivers()));
    INFO(name_of(driver));
    IoLoop loop({IoEngine::io_uring, driver});
    const TestFile file("content");
    Buffer buffer(7);
    const int error = GENERATE(EINTR, EAGAIN);
    {
        const FalseResults interrupted(error, 3);
        // The last one is repeated after the last submission of an iteration, and must not stay there.
        CHECK(loop.run(io::read(file.fd(), buffer.span(), 0)).value == 7);
        CHECK(interrupted.left() == 0);
    }
    SECTION("in the middle of a chain") {
        std::vector<std::int32_t> values(3, 1);
        std::vector<IoStep> steps;
        for (std::int32_t& value : values) {
            steps.push_back(
                {io::write(file.fd(), bytes_of("new"), 0), [&value](IoResult result) { value = result.value; }});
        }
        // That it went well, as the kernel saw it, ends no chain: the later steps are carried out twice.
        const FalseResults interrupted(error, 1, 1);
        const IoRequest request = loop.queue().start_chain(steps);
        loop.run_all();
        CHECK(values == std::vector<std::int32_t>{3, 3, 3});
        CHECK(interrupted.left() == 0);
    }
    SECTION("an entry of the user's is filled again") {
        const FalseResults interrupted(EINTR, 2);
        int filled = 0;
        CHECK(loop.run(io::sqe([&filled](io_uring_sqe& entry) {
                      ::io_uring_prep_nop(&entry);
                      ++filled;
                  }))
                  .value == 0);
        CHECK(filled == 3);
    }
    SECTION("not if it was cancelled meanwhile") {
        const FalseResults interrupted(error, 1);
        std::int32_t value = 0;
        IoRequest request = loop.queue().start(io::read(file.fd(), buffer.span(), 0),
                                               [&value](IoResult result) { value = result.value; });
        loop.queue().flush();
        request.cancel();
        loop.run_all();
        CHECK(value == -ECANCELED);
    }
}

TEST_CASE("more results than the ring has room for", "[uring][F11.9]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    const DriverKind driver = GENERATE(from_range(drivers()));
    INFO(name_of(driver));
    // Room for 8 results; ten times as many requests as the ring has places, twice over.
    IoLoop loop({IoEngine::io_uring, driver}, with_entries(4));
    const FdPair stream(Kind::stream);
    constexpr int count = 100;
    int told = 0;
    std::vector<IoRequest> requests;
    for (int number = 0; number < count; ++number) {
        requests.push_back(loop.queue().start(io::poll(stream.first(), POLLIN),
                                              [&told](IoResult result) { told += result.value == POLLIN ? 1 : 0; }));
    }
    loop.loop().run_until_quiet();
    CHECK(told == 0);
    REQUIRE(::write(stream.second(), "x", 1) == 1);
    SECTION("all come") {
        loop.run_all();
        CHECK(told == count);
    }
    SECTION("also when one is waited for") {
        requests.back() = IoRequest();
        CHECK(told == 0);
        loop.run_all();
        CHECK(told == count - 1);
    }
    SECTION("none is left behind by the end of the queue") {
        loop.destroy_queue();
    }
}

TEST_CASE("while the loop waits for a request, no thread sleeps in the ring, which would count as waiting for a disk",
          "[uring][B-50]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    const DriverKind driver = GENERATE(from_range(drivers()));
    INFO(name_of(driver));
    IoLoop loop({IoEngine::io_uring, driver});
    const FdPair stream(Kind::stream);
    Buffer buffer(8);
    const IoRequest request = loop.queue().start(io::recv(stream.first(), buffer.span()), nullptr);
    loop.loop().run_until_quiet();
    bool is_due = false;
    Timer timer(loop.context(), "timer", [&is_due] { is_due = true; });
    timer.arm_after(5ms);
    const RingEntries entries;
    loop.loop().run_until([&is_due] { return is_due; });
    CHECK(entries.count() == 0);
    CHECK(request.is_pending());
}

TEST_CASE("any entry of the ring can be filled by the user, also one with several results", "[uring]") {
    if (drivers().empty()) {
        SKIP_LOUDLY("no io_uring here");
    }
    IoLoop loop(IoEngine::io_uring);
    const ListeningSocket listening;
    std::vector<Descriptor> servers;
    std::int32_t last = 0;
    IoRequest request =
        loop.queue().start(io::sqe([&](io_uring_sqe& entry) {
                               ::io_uring_prep_multishot_accept(&entry, listening.fd(), nullptr, nullptr, SOCK_CLOEXEC);
                           }),
                           [&](IoResult result) {
                               if (result.more()) {
                                   servers.emplace_back(result.value);
                               }
                               last = result.value;
                           });
    std::vector<Descriptor> clients;
    for (int count = 0; count < 10; ++count) {
        clients.push_back(listening.connect_one());
    }
    loop.loop().run_until([&] { return servers.size() == 10; });
    request.cancel();
    loop.run_all();
    CHECK(last == -ECANCELED);
    int pipe[2] = {-1, -1};
    REQUIRE(::pipe(pipe) == 0);
    const Descriptor reading(pipe[0]);
    const Descriptor writing(pipe[1]);
    REQUIRE(::write(pipe[1], "abc", 3) == 3);
    const TestFile file;
    CHECK(
        loop.run(io::sqe([&](io_uring_sqe& entry) { ::io_uring_prep_splice(&entry, pipe[0], -1, file.fd(), 0, 3, 0); }))
            .value == 3);
    CHECK(file.content() == "abc");
}

}  // namespace nestling::testing
