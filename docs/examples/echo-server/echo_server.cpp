// SPDX-License-Identifier: MIT
// An echo server made of coroutines, in the thread of a GMainLoop: what a client sends comes back to it. Ends on
// SIGTERM.
#include <nestling-glib/source.hpp>
#include <nestling/coroutines.hpp>

#include <arpa/inet.h>
#include <glib-unix.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <vector>

using namespace nestling;

struct Socket {
    explicit Socket(int number) : fd(number) {}
    Socket(Socket&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
    ~Socket() { ::close(fd); }
    int fd;
};

Task<void> echo(IoQueue& queue, Socket client) {
    std::array<std::byte, 4096> buffer;
    for (IoResult got; (got = co_await perform(queue, io::recv(client.fd, buffer))).value > 0;) {
        const auto received = std::span(buffer).first(static_cast<std::size_t>(got.value));
        co_await perform(queue, io::send(client.fd, received, MSG_WAITALL));
    }
}

Task<void> serve(Context& context, IoQueue& queue, Socket listener) {
    std::vector<TaskHandle> clients;  // They end with this task, wherever they wait.
    while (true) {
        const IoResult accepted = co_await perform(queue, io::accept(listener.fd));
        if (!accepted.ok()) {
            throw std::system_error(accepted.error(), "accept");
        }
        Socket client(accepted.value);
        std::erase_if(clients, [](const TaskHandle& handle) { return !handle; });
        clients.push_back(spawn_held(context, "echo", echo(queue, std::move(client))));
    }
}

int main() {
    Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.fd, generic, length) != 0 || ::listen(listener.fd, 16) != 0 ||
        ::getsockname(listener.fd, generic, &length) != 0) {
        return 1;
    }
    std::printf("listening on port %d\n", ntohs(address.sin_port));
    std::fflush(stdout);

    const auto context = std::make_shared<Context>();
    const glib::Attachment attachment = glib::attach(context);
    GMainLoop* loop = g_main_loop_new(nullptr, FALSE);
    g_unix_signal_add(
        SIGTERM, [](gpointer it) { return g_main_loop_quit(static_cast<GMainLoop*>(it)), FALSE; }, loop);
    IoQueue queue(*context);
    const TaskHandle server = spawn_held(*context, "serve", serve(*context, queue, std::move(listener)));
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}
