// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <system_error>

#include "os/owned_fd.hpp"
#include "os/windows.hpp"

namespace nestling::os {

/// Questions about sockets to the driver behind Winsock: which of some conditions hold, answered when one does. Unlike
/// WSAEventSelect() they leave the socket as it is, do not disturb each other, tell of a state and not of a change, and
/// know no limit of number. Microsoft does not document them; select() and WSAPoll() are made of them, and libuv,
/// Rust's mio, Java and ZeroMQ rely on them.
class Afd {
public:
    enum Conditions : std::uint32_t {
        receive = 0x001,
        send = 0x004,
        disconnect = 0x008,
        abort = 0x010,
        local_close = 0x020,
        accept = 0x080,
        connect_fail = 0x100,
    };

    /// One question and its answer. The system writes here until is_over().
    class Question {
    public:
        Question() noexcept = default;
        Question(const Question&) = delete;
        Question& operator=(const Question&) = delete;

        /// Any thread. True if nobody is asked.
        [[nodiscard]] bool is_over() const noexcept;
        /// Once it is over: the Conditions that hold; none if it was cancelled.
        [[nodiscard]] std::uint32_t answer() const noexcept;

    private:
        friend class Afd;
        struct Handle {
            HANDLE handle;
            ULONG conditions;
            LONG status;
        };
        struct Info {
            LARGE_INTEGER timeout;
            ULONG count;
            ULONG exclusive;
            Handle handle;
        };
        struct Status {
            union {
                LONG status;
                void* pointer;
            };
            ULONG_PTR information;
        };
        Status status_{};
        Info info_{};
    };

    enum class Asked : std::uint8_t { pending, answered, closed, refused };

    /// Null with `error` set where the system has no such driver.
    static std::unique_ptr<Afd> open(std::error_code& error);
    Afd(const Afd&) = delete;
    Afd& operator=(const Afd&) = delete;
    ~Afd() = default;

    /// Clears `event` first; it is set when there is an answer. `question` is over. The thread that asks must not end
    /// before there is an answer, or the question is cancelled.
    Asked ask(Question& question, SOCKET socket, std::uint32_t conditions, HANDLE event) const noexcept;
    /// Any thread. It is over soon; the event is set then.
    void cancel(Question& question) const noexcept;

private:
    explicit Afd(OwnedFd device) noexcept : device_(std::move(device)) {}

    OwnedFd device_;
};

/// The socket of the lowest layer, which is the one that the driver knows.
SOCKET base_socket(SOCKET socket) noexcept;
/// Whether `fd` is a socket, and not another handle.
bool is_socket(int fd) noexcept;

/// For as long as it lives, the process may use sockets.
class Winsock {
public:
    /// Throws std::system_error.
    Winsock();
    Winsock(const Winsock&) = delete;
    Winsock& operator=(const Winsock&) = delete;
    ~Winsock();
};

}  // namespace nestling::os
