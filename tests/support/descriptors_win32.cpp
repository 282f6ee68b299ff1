// SPDX-License-Identifier: MIT
#include <stdexcept>
#include <string>

#include "support/descriptors.hpp"
#include "support/sockets_win32.hpp"

namespace nestling::testing {

namespace {

void start_winsock() {
    static const bool is_started = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data) == 0;
    }();
    if (!is_started) {
        throw std::runtime_error("no Winsock for the test");
    }
}

void check_sockets(bool good) {
    if (!good) {
        throw std::runtime_error("no sockets for the test: " + std::to_string(::WSAGetLastError()));
    }
}

sockaddr* any_address(sockaddr_in& address) noexcept {
    return reinterpret_cast<sockaddr*>(&address);
}

/// Bytes go as they come, and not when there are enough of them.
void send_at_once(int fd) noexcept {
    const BOOL on = TRUE;
    ::setsockopt(socket_of(fd), IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
}

bool are_connected(int one, int other) noexcept {
    sockaddr_in name{};
    sockaddr_in peer{};
    int size = sizeof name;
    int peer_size = sizeof peer;
    return ::getsockname(socket_of(one), any_address(name), &size) == 0 &&
           ::getpeername(socket_of(other), any_address(peer), &peer_size) == 0 && name.sin_port == peer.sin_port;
}

}  // namespace

int new_tcp_socket() {
    start_winsock();
    const SOCKET made = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    check_sockets(made != INVALID_SOCKET);
    return fd_of_socket(made);
}

int new_listening_socket(sockaddr_in& address) {
    Descriptor made(new_tcp_socket());
    address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    check_sockets(::bind(socket_of(made.get()), any_address(address), sizeof address) == 0);
    int size = sizeof address;
    check_sockets(::getsockname(socket_of(made.get()), any_address(address), &size) == 0);
    check_sockets(::listen(socket_of(made.get()), SOMAXCONN) == 0);
    return made.release();
}

void stop_blocking(int fd) noexcept {
    u_long on = 1;
    ::ioctlsocket(socket_of(fd), static_cast<long>(FIONBIO), &on);
}

void reset_on_close(int fd) noexcept {
    const linger none{1, 0};
    ::setsockopt(socket_of(fd), SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&none), sizeof none);
}

void wait_until_readable(int fd) noexcept {
    WSAPOLLFD poll{socket_of(fd), POLLRDNORM, 0};
    ::WSAPoll(&poll, 1, -1);
}

void close_descriptor(int fd) noexcept {
    ::closesocket(socket_of(fd));
}

std::ptrdiff_t read_some(int fd, std::span<char> buffer) noexcept {
    return ::recv(socket_of(fd), buffer.data(), static_cast<int>(buffer.size()), 0);
}

std::ptrdiff_t write_some(int fd, std::span<const char> bytes) noexcept {
    return ::send(socket_of(fd), bytes.data(), static_cast<int>(bytes.size()), 0);
}

Ends::Ends(Kind) {
    sockaddr_in address{};
    const Descriptor listening(new_listening_socket(address));
    near_ = Descriptor(new_tcp_socket());
    check_sockets(::connect(socket_of(near()), any_address(address), sizeof address) == 0);
    // Whoever else connects to that port is sent away.
    while (far_.get() == -1 || !are_connected(near(), far())) {
        const SOCKET accepted = ::accept(socket_of(listening.get()), nullptr, nullptr);
        check_sockets(accepted != INVALID_SOCKET);
        far_ = Descriptor(fd_of_socket(accepted));
    }
    for (const int end : {near(), far()}) {
        send_at_once(end);
        stop_blocking(end);
    }
}

void Ends::put(char letter) const {
    check_sockets(write_some(far(), {&letter, 1}) == 1);
    // A loop that only looks shall find it; but one on another thread may have taken it already.
    WSAPOLLFD poll{socket_of(near()), POLLRDNORM, 0};
    constexpr int long_enough = 20;
    ::WSAPoll(&poll, 1, long_enough);
}

}  // namespace nestling::testing
