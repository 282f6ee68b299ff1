// SPDX-License-Identifier: MIT
// A socket, an event object, a timer and another thread, all in one context of Windows.
#include <winsock2.h>
// After that one.
#include <windows.h>
#include <nestling/coroutines.hpp>
#include <nestling/nestling.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

namespace {

/// Two connected sockets that do not block.
void connect_pair(SOCKET (&ends)[2]) {
    const SOCKET listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    ::bind(listener, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(listener, 1);
    ends[0] = ::socket(AF_INET, SOCK_STREAM, 0);
    ::connect(ends[0], reinterpret_cast<sockaddr*>(&address), size);
    ends[1] = ::accept(listener, nullptr, nullptr);
    ::closesocket(listener);
    u_long yes = 1;
    ::ioctlsocket(ends[0], FIONBIO, &yes);
    ::ioctlsocket(ends[1], FIONBIO, &yes);
}

nestling::Task<int> answer(SOCKET socket) {
    for (int bytes = 0;;) {
        co_await nestling::readable(nestling::fd_of_socket(socket));
        char byte = 0;
        if (::recv(socket, &byte, 1, 0) <= 0) {
            co_return bytes;
        }
        ++bytes;
    }
}

}  // namespace

int main() {
    nestling::Context context;
    SOCKET ends[2];
    connect_pair(ends);
    const HANDLE event = ::CreateEventW(nullptr, FALSE, FALSE, nullptr);

    int signals = 0;
    const nestling::FdHandler handler(context, nestling::fd_of(event), "event",
                                      {.read = [&] { ++signals; }, .write = {}, .poll = {}, .poll_ready = {}});
    nestling::Timer timer(context, "timer", [&] { ::SetEvent(event); });
    timer.arm_after(10ms);

    int bytes = -1;
    nestling::spawn(context, "reader", answer(ends[0]), [&](nestling::Outcome<int> read) { bytes = read.value(); });
    std::thread sender([&] {
        ::send(ends[1], "abc", 3, 0);
        ::shutdown(ends[1], SD_SEND);
    });
    while (bytes < 0 || signals == 0) {
        context.poll(nestling::Wait::block);
    }
    sender.join();
    std::printf("%d bytes, %d signal\n", bytes, signals);
    ::CloseHandle(event);
    ::closesocket(ends[0]);
    ::closesocket(ends[1]);
    return bytes == 3 && signals == 1 ? 0 : 1;
}
