// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/nestling.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/descriptors.hpp"
#include "support/gsource_driver.hpp"
#include "support/test_loop.hpp"

namespace nestling::testing {

/// True unless this runs where io_uring is forbidden on purpose, or was built without it.
bool should_have_io_uring();

/// The engines that can be had here.
const std::vector<IoEngine>& io_engines();
const char* name_of(IoEngine engine);

/// An engine, and who drives the context. Its monitor is epoll, or what NESTLING_TEST_MONITOR names.
struct IoCase {
    IoEngine engine;
    DriverKind driver;
};
std::string name_of(const IoCase& one);

/// Every engine with every driver, one after the other: the test case runs once for each.
IoCase each_io_case();
/// Every engine, under poll().
IoEngine each_io_engine();

/// A context, a driver and a queue.
class IoLoop {
public:
    explicit IoLoop(const IoCase& one, IoQueueOptions options = {});
    explicit IoLoop(IoEngine engine, IoQueueOptions options = {});

    [[nodiscard]] Context& context() const noexcept { return loop_.context(); }
    [[nodiscard]] TestLoop& loop() noexcept { return loop_; }
    [[nodiscard]] IoQueue& queue() noexcept { return *queue_; }
    void destroy_queue() { queue_.reset(); }

    /// Starts `operation` and iterates until it has ended.
    IoResult run(IoOperation operation);
    /// Iterates until nothing is pending.
    void run_all();
    /// Has the loop sleep until a time, so that it has the alarm that it makes for the first.
    void make_alarm();

private:
    TestLoop loop_;
    std::unique_ptr<IoQueue> queue_;
};

/// A file in memory that is a file for the kernel.
class TestFile {
public:
    explicit TestFile(std::string_view content = {});
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] std::string content() const;

private:
    Descriptor fd_;
};

/// Two descriptors that are closed at the end.
class FdPair {
public:
    enum class Kind : std::uint8_t { pipe, stream };
    enum class Mode : std::uint8_t { blocking, non_blocking };
    explicit FdPair(Kind kind, Mode mode = Mode::blocking);
    /// Of a pipe: the end to read from.
    [[nodiscard]] int first() const noexcept { return first_.get(); }
    [[nodiscard]] int second() const noexcept { return second_.get(); }
    void close_first() noexcept { first_.close(); }
    void close_second() noexcept { second_.close(); }

private:
    Descriptor first_;
    Descriptor second_;
};

/// A socket on the loopback interface that listens.
class ListeningSocket {
public:
    explicit ListeningSocket(FdPair::Mode mode = FdPair::Mode::blocking);
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// A new socket, and the address to connect it to.
    [[nodiscard]] static Descriptor new_socket(FdPair::Mode mode = FdPair::Mode::blocking);
    [[nodiscard]] const sockaddr* address() const noexcept {
        return reinterpret_cast<const sockaddr*>(address_.data());
    }
    [[nodiscard]] socklen_t address_length() const noexcept { return length_; }
    /// Connects a new blocking socket.
    [[nodiscard]] Descriptor connect_one() const;
    void close() noexcept { fd_.close(); }

private:
    Descriptor fd_;
    alignas(8) std::array<std::byte, 128> address_{};
    socklen_t length_;
};

/// Bytes to read into.
class Buffer {
public:
    explicit Buffer(std::size_t size) : bytes_(size) {}
    [[nodiscard]] std::span<std::byte> span() noexcept { return bytes_; }
    [[nodiscard]] std::string text(std::int32_t length) const {
        return {reinterpret_cast<const char*>(bytes_.data()), static_cast<std::size_t>(length)};
    }

private:
    std::vector<std::byte> bytes_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) noexcept {
    return std::as_bytes(std::span(text));
}

}  // namespace nestling::testing
