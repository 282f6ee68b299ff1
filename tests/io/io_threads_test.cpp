// SPDX-License-Identifier: MIT
// What the engine of threads promises about its pool and its descriptors, and how both engines let go of what they
// have.
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/io_testing.hpp"
#include "support/gate.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/no_threads.hpp"
#include "unit/work.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using Mode = FdPair::Mode;

namespace {

IoQueueOptions with_pool(std::shared_ptr<ThreadPool> pool) {
    IoQueueOptions options;
    options.pool = std::move(pool);
    return options;
}

/// A named pipe. Opening it as if to create it takes until somebody opens the other end.
class NamedPipe {
public:
    NamedPipe() {
        if (::mkdtemp(folder_.data()) == nullptr || ::mkfifo((path_ = folder_ + "/pipe").c_str(), 0600) != 0) {
            throw std::runtime_error("no named pipe for the test");
        }
    }
    NamedPipe(const NamedPipe&) = delete;
    NamedPipe& operator=(const NamedPipe&) = delete;
    ~NamedPipe() {
        ::unlink(path_.c_str());
        ::rmdir(folder_.c_str());
    }
    [[nodiscard]] const char* path() const noexcept { return path_.c_str(); }
    /// Fails as long as nobody is opening the other end.
    [[nodiscard]] Descriptor try_to_write() const {
        return Descriptor(::open(path(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    }

private:
    std::string folder_ = "/tmp/nestling-io-XXXXXX";
    std::string path_;
};

}  // namespace

TEST_CASE("a full pool loses no request") {
    const auto pool = make_pool(1, 1);
    IoLoop loop(IoEngine::threads, with_pool(pool));
    WorkQueue work(loop.context(), pool, "work");
    BusyThread busy(work);
    bool is_filling_done = false;
    REQUIRE_FALSE(work.submit([] {}, [&](const Outcome<void>&) { is_filling_done = true; }));
    const TestFile file("content");
    std::vector<Buffer> buffers(100, Buffer(7));
    int good = 0;
    std::vector<IoRequest> requests;
    for (Buffer& buffer : buffers) {
        requests.push_back(loop.queue().start(io::read(file.fd(), buffer.span(), 0),
                                              [&good](IoResult result) { good += result.value == 7 ? 1 : 0; }));
    }
    loop.loop().run_until_quiet();
    CHECK(good == 0);
    CHECK(loop.queue().pending() == 100);
    SECTION("when there is room again, all are carried out") {
        busy.open();
        loop.run_all();
        CHECK(good == 100);
    }
    SECTION("meanwhile others are") {
        const FdPair stream(Kind::stream);
        CHECK(loop.run(io::send(stream.first(), bytes_of("abc"))).value == 3);
    }
    SECTION("one that is cancelled ends at once") {
        requests[50].cancel();
        loop.loop().run_until([&] { return loop.queue().pending() == 99; });
        requests[20] = IoRequest();
        CHECK(loop.queue().pending() == 98);
        busy.open();
        loop.run_all();
        CHECK(good == 98);
    }
    SECTION("and the queue can be destroyed") {
        loop.destroy_queue();
        CHECK(good == 0);
    }
    busy.open();
    loop.loop().run_until([&] { return is_filling_done; });
}

TEST_CASE("without threads requests wait, and go on when there are some") {
    IoLoop loop(IoEngine::threads);
    const TestFile file("content");
    Buffer buffer(7);
    std::int32_t value = 0;
    IoRequest request;
    {
        const NoThreads none;
        request = loop.queue().start(io::read(file.fd(), buffer.span(), 0),
                                     [&value](IoResult result) { value = result.value; });
        loop.loop().run_until_quiet();
        CHECK(value == 0);
    }
    loop.run_all();
    CHECK(value == 7);
}

TEST_CASE("the pool is shared with others, and takes turns with them") {
    Gate all_is_submitted;
    Gate gate;
    const auto pool = make_pool(1);
    IoLoop loop(IoEngine::threads, with_pool(pool));
    WorkQueue work(loop.context(), pool, "work");
    const TestFile file("content");
    Buffer buffer(7);
    int reads = 0;
    REQUIRE_FALSE(work.submit([&] { all_is_submitted.wait(); }, [](const Outcome<void>&) {}));
    std::vector<IoRequest> requests;
    for (int count = 0; count < 1000; ++count) {
        requests.push_back(loop.queue().start(io::read(file.fd(), buffer.span(), 0), [&reads](IoResult) { ++reads; }));
    }
    loop.queue().flush();
    std::atomic<bool> works{false};
    REQUIRE_FALSE(work.submit(
        [&] {
            works.store(true);
            gate.wait();
        },
        [](const Outcome<void>&) {}));
    all_is_submitted.open();
    while (!works.load()) {
        loop.loop().look();
    }
    // The only thread of the pool is busy, so whatever has not been read now waits for it.
    loop.loop().run_until_quiet();
    CHECK(reads < 1000);
    gate.open();
    loop.loop().run_until([&] { return reads == 1000; });
}

TEST_CASE("a descriptor may have a handler of the user's, and may be closed while it is waited for") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    FdPair stream(Kind::stream);
    Buffer buffer(8);
    int seen = 0;
    FdCallbacks callbacks;
    callbacks.write = [&seen] { ++seen; };
    FdHandler handler(loop.context(), stream.first(), "user", std::move(callbacks));
    std::int32_t value = 0;
    const IoRequest request = loop.queue().start(io::read(stream.first(), buffer.span()),
                                                 [&value](IoResult result) { value = result.value; });
    loop.loop().run_until([&] { return seen >= 2; });
    handler = FdHandler();
    stream.close_first();
    REQUIRE(::write(stream.second(), "hello", 5) == 5);
    loop.run_all();
    CHECK(value == 5);
}

TEST_CASE("several requests wait for one descriptor") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const FdPair stream(Kind::stream);
    Buffer first(1);
    Buffer second(1);
    int good = 0;
    const auto done = [&good](IoResult result) { good += result.value == 1 ? 1 : 0; };
    const IoRequest one_request = loop.queue().start(io::recv(stream.first(), first.span()), done);
    const IoRequest other_request = loop.queue().start(io::recv(stream.first(), second.span()), done);
    loop.loop().run_until_quiet();
    REQUIRE(::write(stream.second(), "ab", 2) == 2);
    loop.run_all();
    CHECK(good == 2);
    CHECK(first.text(1) != second.text(1));
}

TEST_CASE("when descriptors run out, what would have to wait fails, and nothing leaks") {
    IoLoop loop(IoEngine::threads);
    const FdPair stream(Kind::stream);
    Buffer buffer(8);
    CHECK(loop.run(io::recv(stream.first(), buffer.span(), MSG_DONTWAIT)).value == -EAGAIN);
    const std::size_t open_before = count_open_fds();
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlimit none{3, limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    const std::int32_t value = loop.run(io::recv(stream.first(), buffer.span())).value;
    const std::int32_t sent = loop.run(io::send(stream.first(), bytes_of("abc"))).value;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(value == -EMFILE);
    CHECK(sent == 3);
    CHECK(count_open_fds() == open_before);
}

TEST_CASE("the end of a request waits until what cannot be stopped has let go") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const NamedPipe pipe;
    int calls = 0;
    const std::size_t open_before = count_open_fds();
    IoRequest request = loop.queue().start(io::openat(AT_FDCWD, pipe.path(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600),
                                           [&calls](IoResult) { ++calls; });
    loop.loop().run_until_quiet();
    std::atomic<bool> is_over{false};
    // io_uring interrupts it; a thread of the pool is held until somebody comes.
    std::thread other([&] {
        while (!is_over.load()) {
            const Descriptor writing = pipe.try_to_write();
            std::this_thread::yield();
        }
    });
    if (GENERATE(false, true)) {
        loop.destroy_queue();
    } else {
        request = IoRequest();
    }
    is_over.store(true);
    other.join();
    loop.loop().run_until_quiet();
    CHECK(calls == 0);
    loop.destroy_queue();
    CHECK(count_open_fds() <= open_before);
}

TEST_CASE("opening a named pipe does not wait for the other end") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const NamedPipe pipe;
    CHECK(loop.run(io::openat(AT_FDCWD, pipe.path(), O_WRONLY | O_CLOEXEC)).value == -ENXIO);
    const Descriptor reading(loop.run(io::openat(AT_FDCWD, pipe.path(), O_RDONLY | O_CLOEXEC)).value);
    REQUIRE(reading.get() >= 0);
    CHECK((::fcntl(reading.get(), F_GETFL) & O_NONBLOCK) == 0);
    const Descriptor other(loop.run(io::openat(AT_FDCWD, pipe.path(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)).value);
    CHECK((::fcntl(other.get(), F_GETFL) & O_NONBLOCK) != 0);
    const Descriptor path(loop.run(io::openat(AT_FDCWD, pipe.path(), O_PATH | O_CLOEXEC)).value);
    CHECK(path.get() >= 0);
}

TEST_CASE("a local listener without room: who does not want to wait is told") {
    const IoEngine engine = each_io_engine();
    INFO(name_of(engine));
    IoLoop loop(engine);
    const Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // A name that the kernel makes up.
    REQUIRE(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(sa_family_t)) == 0);
    socklen_t length = sizeof address;
    REQUIRE(::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    REQUIRE(::listen(listening.get(), 0) == 0);
    const auto connect = [&](const Descriptor& socket) {
        return io::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), length);
    };
    const Descriptor first(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    CHECK(loop.run(connect(first)).value == 0);
    SECTION("not blocking") {
        const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        CHECK(loop.run(connect(socket)).value == -EAGAIN);
    }
    SECTION("blocking") {
        const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        std::int32_t value = 1;
        const IoRequest request =
            loop.queue().start(connect(socket), [&value](IoResult result) { value = result.value; });
        loop.loop().run_until_quiet();
        CHECK(value == 1);
        const Descriptor accepted(loop.run(io::accept(listening.get())).value);
        CHECK(accepted.get() >= 0);
        loop.run_all();
        CHECK(value == 0);
    }
}

}  // namespace nestling::testing
