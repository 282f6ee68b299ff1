// SPDX-License-Identifier: MIT
// What each operation comes to, on every engine and every driver: the same.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>

#include "io/io_testing.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

using Kind = FdPair::Kind;
using Mode = FdPair::Mode;

/// Asks the kernel about an empty pipe. An emulator may not know RWF_NOWAIT.
static bool can_be_told_not_to_wait(const FdPair& pipe) {
    char byte = 0;
    const iovec part{&byte, 1};
    return ::preadv2(pipe.first(), &part, 1, -1, RWF_NOWAIT) != -1 || errno != EOPNOTSUPP;
}

TEST_CASE("io_uring is there, unless it is forbidden") {
    if (!should_have_io_uring()) {
        CHECK(io_engines() == std::vector{IoEngine::threads});
        return;
    }
    CHECK(io_engines().size() == 2);
}

TEST_CASE("a file is read and written, with an offset and at its own position") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    const TestFile file("0123456789");
    Buffer buffer(4);
    CHECK(loop.run(io::read(file.fd(), buffer.span(), 2)).value == 4);
    CHECK(buffer.text(4) == "2345");
    CHECK(loop.run(io::write(file.fd(), bytes_of("ab"), 8)).value == 2);
    CHECK(file.content() == "01234567ab");
    SECTION("a short read at the end, and nothing behind it") {
        CHECK(loop.run(io::read(file.fd(), buffer.span(), 7)).value == 3);
        CHECK(buffer.text(3) == "7ab");
        CHECK(loop.run(io::read(file.fd(), buffer.span(), 10)).value == 0);
        CHECK(loop.run(io::read(file.fd(), buffer.span(), 1000)).value == 0);
    }
    SECTION("the position moves on") {
        CHECK(loop.run(io::read(file.fd(), buffer.span())).value == 4);
        CHECK(buffer.text(4) == "0123");
        CHECK(loop.run(io::read(file.fd(), buffer.span())).value == 4);
        CHECK(buffer.text(4) == "4567");
        CHECK(loop.run(io::write(file.fd(), bytes_of("XYZ"))).value == 3);
        CHECK(file.content() == "01234567XYZ");
    }
    SECTION("in parts") {
        Buffer other(3);
        const iovec parts[] = {{buffer.span().data(), 4}, {other.span().data(), 3}};
        CHECK(loop.run(io::readv(file.fd(), parts, 1)).value == 7);
        CHECK(buffer.text(4) == "1234");
        CHECK(other.text(3) == "567");
        CHECK(loop.run(io::writev(file.fd(), parts, 0)).value == 7);
        CHECK(file.content() == "12345677ab");
    }
    SECTION("brought to the disk") {
        CHECK(loop.run(io::fsync(file.fd())).value == 0);
        CHECK(loop.run(io::fsync(file.fd(), io::Sync::data)).value == 0);
    }
    SECTION("no bytes at all") {
        CHECK(loop.run(io::read(file.fd(), {}, 0)).value == 0);
        CHECK(loop.run(io::write(file.fd(), {}, 0)).value == 0);
    }
}

TEST_CASE("what goes wrong is the result") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    Buffer buffer(4);
    SECTION("no descriptor") {
        CHECK(loop.run(io::read(-1, buffer.span(), 0)).value == -EBADF);
        CHECK(loop.run(io::write(999, bytes_of("a"), 0)).value == -EBADF);
        CHECK(loop.run(io::fsync(999)).value == -EBADF);
        CHECK(loop.run(io::recv(999, buffer.span())).value == -EBADF);
        CHECK(loop.run(io::send(999, bytes_of("a"))).value == -EBADF);
        CHECK(loop.run(io::accept(999)).value == -EBADF);
        CHECK(loop.run(io::poll(999, POLLIN)).value == -EBADF);
        const ListeningSocket listening;
        CHECK(loop.run(io::connect(999, listening.address(), listening.address_length())).value == -EBADF);
    }
    SECTION("a folder") {
        const Descriptor folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        CHECK(loop.run(io::read(folder.get(), buffer.span(), 0)).value == -EISDIR);
    }
    SECTION("the wrong way") {
        const FdPair pipe(Kind::pipe);
        CHECK(loop.run(io::write(pipe.first(), bytes_of("a"))).value == -EBADF);
        CHECK(loop.run(io::read(pipe.second(), buffer.span())).value == -EBADF);
        const Descriptor null(::open("/proc/version", O_RDONLY | O_CLOEXEC));
        CHECK(loop.run(io::write(null.get(), bytes_of("a"), 0)).value == -EBADF);
    }
    SECTION("no address, no socket, no such offset") {
        const TestFile file("0123");
        CHECK(loop.run(io::read(file.fd(), {reinterpret_cast<std::byte*>(8), 4}, 0)).value == -EFAULT);
        CHECK(loop.run(io::recv(file.fd(), buffer.span())).value == -ENOTSOCK);
        CHECK(loop.run(io::accept(file.fd())).value == -ENOTSOCK);
        CHECK(loop.run(io::read(file.fd(), buffer.span(), std::uint64_t{1} << 63)).value == -EINVAL);
        const FdPair stream(Kind::stream);
        CHECK(loop.run(io::accept(stream.first())).value == -EINVAL);
        CHECK(loop.run(io::fsync(stream.first())).value == -EINVAL);
    }
    SECTION("no such file, which was there a moment ago") {
        CHECK(loop.run(io::openat(AT_FDCWD, "/nowhere/file", O_RDONLY | O_CLOEXEC)).value == -ENOENT);
        struct ::statx status {};
        CHECK(loop.run(io::statx(AT_FDCWD, "/nowhere/file", 0, STATX_SIZE, &status)).value == -ENOENT);
    }
    SECTION("nobody listens") {
        ListeningSocket listening;
        listening.close();
        const Descriptor socket = ListeningSocket::new_socket(GENERATE(Mode::blocking, Mode::non_blocking));
        CHECK(loop.run(io::connect(socket.get(), listening.address(), listening.address_length())).value ==
              -ECONNREFUSED);
    }
    SECTION("events that cannot be waited for") {
        const FdPair pipe(Kind::pipe);
        CHECK(loop.run(io::poll(pipe.first(), POLLPRI)).value == -EINVAL);
        CHECK(loop.run(io::poll(pipe.first(), 0)).value == -EINVAL);
    }
    CHECK(IoResult{-ENOENT, 0}.error() == std::errc::no_such_file_or_directory);
    CHECK_FALSE(IoResult{3, 0}.error());
}

TEST_CASE("a file is opened, asked about and vanishes") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    char path[] = "/tmp/nestling-io-XXXXXX";
    const Descriptor made(::mkstemp(path));
    REQUIRE(::write(made.get(), "content", 7) == 7);
    const IoResult opened = loop.run(io::openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
    REQUIRE(opened.ok());
    const Descriptor file(opened.value);
    struct ::statx status {};
    CHECK(loop.run(io::statx(AT_FDCWD, path, 0, STATX_SIZE, &status)).value == 0);
    CHECK(status.stx_size == 7);
    REQUIRE(::unlink(path) == 0);
    // What is open is still there, its name is not.
    Buffer buffer(10);
    CHECK(loop.run(io::read(file.get(), buffer.span(), 0)).value == 7);
    CHECK(loop.run(io::openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC)).value == -ENOENT);
    REQUIRE(::ftruncate(made.get(), 3) == 0);
    CHECK(loop.run(io::read(file.get(), buffer.span(), 0)).value == 3);
    CHECK(loop.run(io::write(file.get(), bytes_of("x"), 0)).value == -EBADF);
}

TEST_CASE("pipes and sockets are waited for, blocking or not") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    const Kind kind = GENERATE(Kind::pipe, Kind::stream);
    const Mode mode = GENERATE(Mode::blocking, Mode::non_blocking);
    IoLoop loop(one);
    FdPair ends(kind, mode);
    Buffer buffer(8);
    IoResult result;
    bool is_done = false;
    const IoRequest request = loop.queue().start(io::read(ends.first(), buffer.span()), [&](IoResult value) {
        result = value;
        is_done = true;
    });
    loop.loop().run_until_quiet();
    CHECK_FALSE(is_done);
    SECTION("until something comes") {
        REQUIRE(::write(ends.second(), "hello", 5) == 5);
        loop.loop().run_until([&] { return is_done; });
        CHECK(result.value == 5);
        CHECK(buffer.text(5) == "hello");
    }
    SECTION("until the other end is closed") {
        ends.close_second();
        loop.loop().run_until([&] { return is_done; });
        CHECK(result.value == 0);
    }
    SECTION("until it is cancelled") {
        // Const is the handle, not what it stands for.
        const_cast<IoRequest&>(request).cancel();
        CHECK_FALSE(is_done);
        loop.loop().run_until([&] { return is_done; });
        CHECK(result.value == -ECANCELED);
    }
    loop.loop().run_until_quiet();
    CHECK(loop.queue().pending() == 0);
}

TEST_CASE("a full pipe is waited for") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    const Mode mode = GENERATE(Mode::blocking, Mode::non_blocking);
    IoLoop loop(one);
    const FdPair pipe(Kind::pipe, mode);
    const int size = ::fcntl(pipe.second(), F_GETPIPE_SZ);
    const std::string filling(static_cast<std::size_t>(size), 'f');
    const bool at_once = can_be_told_not_to_wait(pipe);
    std::int32_t written = 0;
    do {
        const std::int32_t value =
            loop.run(io::write(pipe.second(), bytes_of(filling.substr(static_cast<std::size_t>(written))))).value;
        REQUIRE(value > 0);
        written += value;
        // What cannot be told not to wait gets no more than it has room for.
        CHECK((written == size || !at_once));
    } while (written < size);
    IoResult result;
    bool is_done = false;
    const IoRequest request = loop.queue().start(io::write(pipe.second(), bytes_of("more")), [&](IoResult value) {
        result = value;
        is_done = true;
    });
    loop.loop().run_until_quiet();
    CHECK_FALSE(is_done);
    Buffer buffer(filling.size());
    CHECK(loop.run(io::read(pipe.first(), buffer.span())).value == size);
    loop.loop().run_until([&] { return is_done; });
    CHECK(result.value == 4);
}

TEST_CASE("messages are sent and received") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    const Mode mode = GENERATE(Mode::blocking, Mode::non_blocking);
    IoLoop loop(one);
    FdPair stream(Kind::stream, mode);
    Buffer buffer(8);
    SECTION("what is there") {
        CHECK(loop.run(io::send(stream.first(), bytes_of("hello"))).value == 5);
        CHECK(loop.run(io::recv(stream.second(), buffer.span(), MSG_PEEK)).value == 5);
        CHECK(loop.run(io::recv(stream.second(), buffer.span())).value == 5);
        CHECK(buffer.text(5) == "hello");
    }
    SECTION("who does not want to wait is told") {
        CHECK(loop.run(io::recv(stream.second(), buffer.span(), MSG_DONTWAIT)).value == -EAGAIN);
    }
    SECTION("all of it, in pieces") {
        IoResult result;
        bool is_done = false;
        IoRequest request =
            loop.queue().start(io::recv(stream.second(), buffer.span(), MSG_WAITALL), [&](IoResult value) {
                result = value;
                is_done = true;
            });
        CHECK(loop.run(io::send(stream.first(), bytes_of("123"))).value == 3);
        loop.loop().run_until_quiet();
        CHECK_FALSE(is_done);
        SECTION("that come") {
            CHECK(loop.run(io::send(stream.first(), bytes_of("456789"))).value == 6);
            loop.loop().run_until([&] { return is_done; });
            CHECK(result.value == 8);
            CHECK(buffer.text(8) == "12345678");
        }
        SECTION("that do not come any more") {
            stream.close_first();
            loop.loop().run_until([&] { return is_done; });
            CHECK(result.value == 3);
        }
        SECTION("that nobody waits for any more") {
            request.cancel();
            loop.loop().run_until([&] { return is_done; });
            CHECK(result.value == 3);
        }
    }
    SECTION("to nobody, without a signal") {
        stream.close_second();
        CHECK(loop.run(io::send(stream.first(), bytes_of("hello"))).value == -EPIPE);
    }
}

TEST_CASE("a connection is made and accepted, blocking or not") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    const Mode mode = GENERATE(Mode::blocking, Mode::non_blocking);
    IoLoop loop(one);
    const ListeningSocket listening(mode);
    const Descriptor client = ListeningSocket::new_socket(mode);
    alignas(8) std::byte from[128];
    socklen_t length = sizeof from;
    IoResult accepted;
    bool is_accepted = false;
    const IoRequest request = loop.queue().start(
        io::accept(listening.fd(), reinterpret_cast<sockaddr*>(from), &length, SOCK_CLOEXEC), [&](IoResult value) {
            accepted = value;
            is_accepted = true;
        });
    loop.loop().run_until_quiet();
    CHECK_FALSE(is_accepted);
    CHECK(loop.run(io::connect(client.get(), listening.address(), listening.address_length())).value == 0);
    loop.loop().run_until([&] { return is_accepted; });
    REQUIRE(accepted.ok());
    const Descriptor server(accepted.value);
    CHECK(length == listening.address_length());
    CHECK((::fcntl(server.get(), F_GETFD) & FD_CLOEXEC) != 0);
    // The mode is as it was.
    CHECK(((::fcntl(listening.fd(), F_GETFL) & O_NONBLOCK) != 0) == (mode == Mode::non_blocking));
    CHECK(((::fcntl(client.get(), F_GETFL) & O_NONBLOCK) != 0) == (mode == Mode::non_blocking));
    CHECK(loop.run(io::connect(client.get(), listening.address(), listening.address_length())).value == -EISCONN);
    Buffer buffer(8);
    CHECK(loop.run(io::send(client.get(), bytes_of("hello"))).value == 5);
    CHECK(loop.run(io::recv(server.get(), buffer.span())).value == 5);
}

TEST_CASE("readiness is a result") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    FdPair stream(Kind::stream);
    CHECK(loop.run(io::poll(stream.first(), POLLOUT)).value == POLLOUT);
    CHECK(loop.run(io::poll(stream.first(), POLLIN | POLLOUT)).value == POLLOUT);
    IoResult result;
    bool is_done = false;
    const IoRequest request = loop.queue().start(io::poll(stream.first(), POLLIN), [&](IoResult value) {
        result = value;
        is_done = true;
    });
    loop.loop().run_until_quiet();
    CHECK_FALSE(is_done);
    SECTION("when there is something to read") {
        REQUIRE(::write(stream.second(), "x", 1) == 1);
        loop.loop().run_until([&] { return is_done; });
        CHECK(result.value == POLLIN);
    }
    SECTION("when the other end has gone") {
        stream.close_second();
        loop.loop().run_until([&] { return is_done; });
        CHECK(result.value == (POLLIN | POLLHUP));
    }
    SECTION("a file is always ready") {
        const TestFile file("x");
        CHECK(loop.run(io::poll(file.fd(), POLLIN | POLLOUT)).value == (POLLIN | POLLOUT));
    }
}

TEST_CASE("time passes, and that is a success", "[B-28]") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    using namespace std::chrono_literals;
    const auto before = std::chrono::steady_clock::now();
    CHECK(loop.run(io::timeout(5ms)).value == 0);
    CHECK(std::chrono::steady_clock::now() - before >= 5ms);
    CHECK(loop.run(io::timeout(0ms)).value == 0);
    CHECK(loop.run(io::timeout(-5ms)).value == 0);
    CHECK(loop.run(io::nop()).value == 0);
}

TEST_CASE("what has no function is an entry that the caller fills, for io_uring only") {
    const IoCase one = each_io_case();
    INFO(name_of(one));
    IoLoop loop(one);
    int calls = 0;
    const IoResult result = loop.run(io::sqe([&calls](io_uring_sqe&) { ++calls; }));
    if (one.engine == IoEngine::threads) {
        CHECK(result.value == -EOPNOTSUPP);
        CHECK(calls == 0);
    } else {
        // Nothing filled in is an entry that does nothing.
        CHECK(result.value == 0);
        CHECK(calls == 1);
    }
}

}  // namespace nestling::testing
