// SPDX-License-Identifier: MIT
#include "io/io_testing.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

[[nodiscard]] bool has_io_uring() {
    static const bool has = [] {
        try {
            Context context;
            IoQueueOptions options;
            options.engine = IoEngine::io_uring;
            const IoQueue queue(context, options);
            return true;
        } catch (const std::system_error&) {
            return false;
        }
    }();
    return has;
}

/// Asked of the kernel itself: what is wrong with our ring must not look like a kernel that refuses it.
bool kernel_permits_io_uring() {
    constexpr long io_uring_setup = 425;
    constexpr std::uint32_t needed = 1U << 1 | 1U << 8;  // IORING_FEAT_NODROP, IORING_FEAT_EXT_ARG
    std::array<std::uint32_t, 64> parameters{};
    const long fd = ::syscall(io_uring_setup, 4, parameters.data());
    if (fd < 0) {
        return false;
    }
    ::close(static_cast<int>(fd));
    return (parameters[5] & needed) == needed;
}

MonitorKind monitor_to_test() {
    const char* const asked = std::getenv("NESTLING_TEST_MONITOR");
    const std::string_view name = asked == nullptr ? "" : asked;
    if (name == "io_uring" && should_have_io_uring()) {
        return MonitorKind::io_uring;
    }
    return name == "poll" || NESTLING_TEST_EPOLL == 0 ? MonitorKind::poll : MonitorKind::epoll;
}

Configuration configuration_of(DriverKind driver) {
    return {driver, monitor_to_test(), NESTLING_TEST_EVENTFD != 0 ? NotifierKind::eventfd : NotifierKind::pipe};
}

IoQueueOptions with_engine(IoQueueOptions options, IoEngine engine) {
    options.engine = engine;
    return options;
}

int checked(int value) {
    if (value < 0) {
        throw std::system_error(errno, std::generic_category(), "the test's own call fails");
    }
    return value;
}

}  // namespace

bool should_have_io_uring() {
    static const bool should = NESTLING_TEST_URING != 0 && kernel_permits_io_uring();
    return should;
}

const std::vector<IoEngine>& io_engines() {
    static const std::vector<IoEngine> engines =
        has_io_uring() ? std::vector{IoEngine::io_uring, IoEngine::threads} : std::vector{IoEngine::threads};
    return engines;
}

const char* name_of(IoEngine engine) {
    return engine == IoEngine::io_uring ? "io_uring" : "threads";
}
std::string name_of(const IoCase& one) {
    return std::string(name_of(one.engine)) + " " + name_of(one.driver);
}

IoCase each_io_case() {
    static const std::vector<IoCase> cases = [] {
        std::vector<IoCase> result;
        for (const IoEngine engine : io_engines()) {
            for (const DriverKind driver : {DriverKind::native, DriverKind::gsource, DriverKind::external}) {
                if (driver != DriverKind::gsource || has_gsource_driver) {
                    result.push_back({engine, driver});
                }
            }
        }
        return result;
    }();
    return GENERATE(from_range(cases));
}

IoEngine each_io_engine() {
    return GENERATE(from_range(io_engines()));
}

IoLoop::IoLoop(const IoCase& one, IoQueueOptions options)
    : loop_(configuration_of(one.driver)),
      queue_(std::make_unique<IoQueue>(loop_.context(), with_engine(std::move(options), one.engine))) {}

IoLoop::IoLoop(IoEngine engine, IoQueueOptions options)
    : IoLoop(IoCase{engine, DriverKind::native}, std::move(options)) {}

IoResult IoLoop::run(IoOperation operation) {
    IoResult result;
    bool is_done = false;
    const IoRequest request = queue_->start(std::move(operation), [&](IoResult value) {
        result = value;
        is_done = true;
    });
    loop_.run_until([&] { return is_done; });
    return result;
}

void IoLoop::run_all() {
    loop_.run_until([this] { return queue_->pending() == 0; });
}

void IoLoop::make_alarm() {
    const std::uint64_t before = loop_.statistics().sleeps;
    // On a busy machine the time may be over before the loop can sleep: then once more.
    for (int attempt = 0; attempt < 100 && loop_.statistics().sleeps == before; ++attempt) {
        CHECK(run(io::timeout(std::chrono::milliseconds(1))).ok());
    }
}

TestFile::TestFile(std::string_view content) : fd_(checked(::memfd_create("test", MFD_CLOEXEC))) {
    checked(static_cast<int>(::pwrite(fd(), content.data(), content.size(), 0)));
}

std::string TestFile::content() const {
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(checked(static_cast<int>(::pread(fd(), text.data(), text.size(), 0)))));
    return text;
}

FdPair::FdPair(Kind kind, Mode mode) {
    int fds[2] = {-1, -1};
    const bool blocks = mode == Mode::blocking;
    checked(kind == Kind::pipe
                ? ::pipe2(fds, O_CLOEXEC | (blocks ? 0 : O_NONBLOCK))
                : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK), 0, fds));
    first_ = Descriptor(fds[0]);
    second_ = Descriptor(fds[1]);
}

Descriptor ListeningSocket::new_socket(FdPair::Mode mode) {
    const int flags = mode == FdPair::Mode::blocking ? 0 : SOCK_NONBLOCK;
    return Descriptor(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)));
}

ListeningSocket::ListeningSocket(FdPair::Mode mode) : fd_(new_socket(mode)), length_(sizeof(sockaddr_in)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::bind(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
    checked(::listen(fd(), 128));
    checked(::getsockname(fd(), reinterpret_cast<sockaddr*>(address_.data()), &length_));
}

Descriptor ListeningSocket::connect_one() const {
    Descriptor socket = new_socket();
    checked(::connect(socket.get(), address(), address_length()));
    return socket;
}

}  // namespace nestling::testing
