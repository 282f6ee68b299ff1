// SPDX-License-Identifier: MIT
// What Windows tells of sockets, once each, a loop has to tell for as long as it lasts.
#include <nestling/nestling.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "contract/peace.hpp"
#include "support/descriptors.hpp"
#include "support/sockets_win32.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

sockaddr* any_address(sockaddr_in& address) noexcept {
    return reinterpret_cast<sockaddr*>(&address);
}

/// The result of a connect(), by what the socket says afterwards.
int error_of(int fd) {
    int error = 0;
    int size = sizeof error;
    ::getsockopt(socket_of(fd), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size);
    return error;
}

}  // namespace

TEST_CASE("a listening socket is readable for as long as somebody waits to be accepted", "[win32][fd][F21.1][F21.5]") {
    TestLoop loop(each_configuration());
    sockaddr_in address{};
    const Descriptor listening(new_listening_socket(address));
    stop_blocking(listening.get());
    std::vector<Descriptor> accepted;
    const FdHandler handler(loop.context(), listening.get(), "listening", {.read = [&] {
                                const SOCKET one = ::accept(socket_of(listening.get()), nullptr, nullptr);
                                if (one != INVALID_SOCKET) {
                                    accepted.emplace_back(fd_of_socket(one));
                                }
                            }});
    CHECK_FALSE(loop.look());
    std::vector<Descriptor> clients;
    for (int count = 0; count < 3; ++count) {
        clients.emplace_back(new_tcp_socket());
        REQUIRE(::connect(socket_of(clients.back().get()), any_address(address), sizeof address) == 0);
    }
    loop.run_until([&] { return accepted.size() == 3; });
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("a socket is writable when its connection is there", "[win32][fd][F21.1]") {
    TestLoop loop(each_configuration());
    sockaddr_in address{};
    const Descriptor listening(new_listening_socket(address));
    const Descriptor client(new_tcp_socket());
    stop_blocking(client.get());
    ::connect(socket_of(client.get()), any_address(address), sizeof address);
    bool is_connected = false;
    FdHandler handler(loop.context(), client.get(), "client", {.write = [&] { is_connected = true; }});
    loop.run_until([&] { return is_connected; });
    CHECK(error_of(client.get()) == 0);
    REQUIRE_FALSE(handler.watch(Interest::none));
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("a connection that is refused is reported to who waits to write", "[win32][fd][F21.5]") {
    TestLoop loop(each_configuration());
    sockaddr_in address{};
    {
        // Nobody listens there any more.
        const Descriptor listening(new_listening_socket(address));
    }
    const Descriptor client(new_tcp_socket());
    stop_blocking(client.get());
    ::connect(socket_of(client.get()), any_address(address), sizeof address);
    int error = 0;
    std::optional<FdHandler> handler;
    handler.emplace(loop.context(), client.get(), "client", FdCallbacks{.write = [&] {
                        error = error_of(client.get());
                        handler.reset();
                    }});
    loop.run_until([&] { return !handler.has_value(); });
    CHECK(error == WSAECONNREFUSED);
}

TEST_CASE("the other end's farewell is readable until the handler goes", "[win32][fd][F21.4][F21.5]") {
    TestLoop loop(each_configuration());
    Ends ends;
    int calls = 0;
    int ended = 0;
    std::optional<FdHandler> handler;
    handler.emplace(loop.context(), ends.near(), "reader", FdCallbacks{.read = [&] {
                        ++calls;
                        char letter = 0;
                        ended += read_some(ends.near(), {&letter, 1}) == 0 ? 1 : 0;
                    }});
    CHECK_FALSE(loop.look());
    ends.put();
    ends.close_far();
    wait_until_readable(ends.near());
    // The byte first, and then the end, in each iteration.
    loop.run_until([&] { return ended == 5; });
    CHECK(calls == 6);
    handler.reset();
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("a reset is reported to who reads", "[win32][fd][F21.5]") {
    TestLoop loop(each_configuration());
    Ends ends;
    std::ptrdiff_t got = 1;
    std::optional<FdHandler> handler;
    handler.emplace(loop.context(), ends.near(), "reader", FdCallbacks{.read = [&] {
                        char letter = 0;
                        got = read_some(ends.near(), {&letter, 1});
                        handler.reset();
                    }});
    CHECK_FALSE(loop.look());
    reset_on_close(ends.far());
    ends.close_far();
    loop.run_until([&] { return !handler.has_value(); });
    // An error; Wine, which has asked the socket for it, says once that it is the end.
    CHECK(got <= 0);
}

TEST_CASE("a socket whose full buffer was emptied is writable again", "[win32][fd][F21.4]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int calls = 0;
    FdHandler handler(loop.context(), ends.far(), "writer", {.write = [&] { ++calls; }});
    CHECK(loop.block());
    CHECK(calls == 1);
    for (int round = 0; round < 3; ++round) {
        // What the other end has taken over makes room for more.
        std::size_t filled = 0;
        for (std::size_t more = ends.fill(); more != 0; more = ends.fill()) {
            filled += more;
            ::Sleep(5);
        }
        REQUIRE(filled > 0);
        calls = 0;
        CHECK_FALSE(loop.look());
        CHECK(calls == 0);
        std::size_t drained = 0;
        while (drained < filled) {
            wait_until_readable(ends.near());
            drained += ends.drain();
        }
        loop.run_until([&] { return calls == 1; });
        // Level-triggered: for as long as there is room.
        CHECK(loop.block());
        CHECK(calls == 2);
    }
    REQUIRE_FALSE(handler.watch(Interest::none));
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("what is read in part is readable in the next iteration as well", "[win32][fd][F21.4]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int calls = 0;
    const FdHandler handler(loop.context(), ends.near(), "reader", {.read = [&] {
                                ++calls;
                                ends.take();
                            }});
    for (const char letter : std::string("hello")) {
        ends.put(letter);
    }
    for (int expected = 1; expected <= 5; ++expected) {
        CHECK(loop.block());
        CHECK(calls == expected);
    }
    CHECK_FALSE(loop.look());
}

TEST_CASE("a socket event that was dealt with does not keep the loop awake", "[win32][fd][counts][F21.4][B-31]") {
    TestLoop loop(each_configuration());
    const Ends ends(Ends::Kind::socket);
    int calls = 0;
    FdHandler handler(loop.context(), ends.near(), "reader", {.read = [&] {
                          ++calls;
                          ends.take();
                      }});
    for (int round = 1; round <= 5; ++round) {
        ends.put();
        loop.run_until([&] { return calls == round; });
        CHECK(sleeps_in_peace(loop));
        CHECK(sleeps_in_peace(loop));
    }
    // Somebody else reads it before the loop looks: the answer was there already, and is believed once.
    REQUIRE_FALSE(handler.set({.read = [&] {
        ++calls;
        ends.drain();
    }}));
    ends.put();
    ends.take();
    loop.run_until_quiet();
    CHECK(calls <= 6);
    CHECK(sleeps_in_peace(loop));
    // A writer that is no longer interested.
    calls = 0;
    REQUIRE_FALSE(handler.set({.read = [&] { ends.take(); }, .write = [&] { ++calls; }}));
    CHECK(loop.block());
    CHECK(calls == 1);
    REQUIRE_FALSE(handler.watch(Interest::read));
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("two contexts that watch one socket both get what is theirs", "[win32][fd][F21.7][B-32]") {
    const Configuration cell = each_configuration();
    TestLoop reading(cell);
    TestLoop writing(cell);
    const Ends ends(Ends::Kind::socket);
    int reads = 0;
    int other_reads = 0;
    int writes = 0;
    const FdHandler reader(reading.context(), ends.near(), "reader", {.read = [&] { ++reads; }});
    FdHandler other(writing.context(), ends.near(), "other",
                    {.read = [&] { ++other_reads; }, .write = [&] { ++writes; }});
    CHECK(writing.block());
    CHECK(writes == 1);
    REQUIRE_FALSE(other.watch(Interest::read));
    for (int round = 1; round <= 5; ++round) {
        ends.put();
        // Whoever looks first takes nothing away from the other.
        CHECK((round % 2 == 0 ? reading : writing).block());
        CHECK((round % 2 == 0 ? writing : reading).block());
        CHECK(reads == round);
        CHECK(other_reads == round);
        ends.take();
        CHECK_FALSE(reading.look());
        CHECK_FALSE(writing.look());
    }
    CHECK(sleeps_in_peace(reading));
    CHECK(sleeps_in_peace(writing));
}

TEST_CASE("busy polling sees sockets and events", "[win32][fd][F21.3]") {
    const Configuration cell = each_configuration();
    ContextOptions options = options_for(cell);
    TestLoop loop(cell, std::move(options));
    const Ends ends;
    const EventNotifier notifier(cell.notifier);
    int reads = 0;
    int sets = 0;
    const FdHandler socket(loop.context(), ends.near(), "socket", {.read = [&] {
                               ends.take();
                               ++reads;
                           }});
    const FdHandler event(loop.context(), notifier.fd(), "event", {.read = [&] {
                              notifier.test_and_clear();
                              ++sets;
                          }});
    loop.context().set_busy_polling({.max = 10s, .shrink = 1});
    loop.run_until_quiet();
    std::thread other([&] {
        ::Sleep(2);
        ends.put();
        ::Sleep(2);
        notifier.set();
    });
    const std::uint64_t sleeps = loop.statistics().sleeps;
    loop.run_until([&] { return reads == 1 && sets == 1; });
    other.join();
    CHECK((cell.driver != DriverKind::native || loop.statistics().sleeps == sleeps));
}
