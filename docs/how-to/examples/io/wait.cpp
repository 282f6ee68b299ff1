// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>

using namespace nestling;
using namespace std::chrono_literals;

/// A peer that we wait for, though not for long.
class Peer {
public:
    Peer(IoQueue& queue, int socket) {
        answer_ = queue.start(io::recv(socket, buffer_), [](IoResult result) {
            std::printf("the answer: %s\n", result.ok() ? "it came" : result.error().message().c_str());
        });
        limit_ = queue.start(io::timeout(20ms), [this](IoResult) { answer_.cancel(); });
    }
    [[nodiscard]] bool is_waiting() const { return answer_.is_pending(); }

private:
    // Longer than the requests that use it: destroyed after them.
    std::array<std::byte, 512> buffer_;
    IoRequest answer_;
    IoRequest limit_;
};

int main() {
    Context context;
    IoQueue queue(context);
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
        return 1;
    }
    auto peer = std::make_unique<Peer>(queue, sockets[0]);
    while (peer->is_waiting()) {
        context.poll(Wait::block);
    }
    // Nobody is told of this one, and nothing is written into its buffer any more.
    peer = std::make_unique<Peer>(queue, sockets[0]);
    peer = nullptr;
    std::printf("%zu pending\n", queue.pending());
    ::close(sockets[0]);
    ::close(sockets[1]);
}
