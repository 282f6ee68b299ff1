// SPDX-License-Identifier: MIT
// Very many tasks at the same time: sleeping, reading, waiting for each other, moving to another thread; a
// third of them is stopped by another thread, and some are destroyed, at random. Nothing is lost, and nothing is left.
#include <nestling/io_thread.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/receiver.hpp"
#include "coroutine/running.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// Pairs of connected sockets; who reads borrows one.
class Sockets {
public:
    static constexpr std::size_t count = 64;

    Sockets() {
        for (std::size_t at = 0; at < count; ++at) {
            pairs_.emplace_back(Ends::Kind::socket);
            static_cast<void>(free_.try_send(std::size_t{at}));
        }
    }

    [[nodiscard]] Channel<std::size_t>& free() noexcept { return free_; }
    [[nodiscard]] const Ends& pair(std::size_t at) const { return pairs_[at]; }
    void write_to(std::size_t at) const {
        const char letter = 'x';
        static_cast<void>(write_some(pairs_[at].far(), {&letter, 1}));
    }

private:
    Channel<std::size_t> free_{count};
    std::vector<Ends> pairs_;
};

class BorrowedSocket {
public:
    BorrowedSocket(Sockets& sockets, std::size_t number) : sockets_(sockets), number_(number) {}
    BorrowedSocket(const BorrowedSocket&) = delete;
    BorrowedSocket& operator=(const BorrowedSocket&) = delete;
    ~BorrowedSocket() {
        sockets_.pair(number_).drain();
        static_cast<void>(sockets_.free().try_send(std::size_t{number_}));
    }
    [[nodiscard]] int fd() const { return sockets_.pair(number_).near(); }

private:
    Sockets& sockets_;
    std::size_t number_;
};

class Crowd {
public:
    Crowd(Context& home, Context& other) : home_(home), other_(other), receiver_(home) {}

    Task<std::uint64_t> member(std::size_t number, Counted held) {
        const Counted mine(std::move(held));
        std::minstd_rand random(static_cast<unsigned>(number + 1));
        const auto delay = std::chrono::milliseconds(1 + random() % 1000);
        switch (number % 6) {
            case 0:
                co_await sleep_for(delay, Clock::virtual_time);
                break;
            case 1:
                co_await read_one();
                break;
            case 2:
                co_await with_timeout(2h, pass_through(delay), Clock::virtual_time);
                break;
            case 3:
                co_await receive_one();
                break;
            case 4:
                co_await when_any(nap(delay), nap(2 * delay), forever());
                break;
            default:
                co_await resume_on(other_);
                co_await sleep_for(0ns);
                co_await resume_on(home_);
                break;
        }
        co_return number;
    }

    [[nodiscard]] Sockets& sockets() noexcept { return sockets_; }
    [[nodiscard]] bool is_at_rest() {
        return semaphore_.available() == 16 && sockets_.free().size() == Sockets::count && receiver_.is_idle();
    }

private:
    Task<void> read_one() {
        const std::optional<std::size_t> number = co_await sockets_.free().receive();
        const BorrowedSocket socket(sockets_, *number);
        co_await readable(socket.fd());
    }
    Task<void> receive_one() {
        const std::optional<std::size_t> number = co_await sockets_.free().receive();
        const BorrowedSocket socket(sockets_, *number);
        co_await receiver_.receive(socket.fd());
    }
    Task<void> pass_through(std::chrono::nanoseconds delay) {
        const AsyncPermit permit = co_await semaphore_.acquire();
        if (delay < 100ms) {
            co_await sleep_for(1ms, Clock::virtual_time);
        } else {
            co_await this_task::yield();
        }
    }
    static Task<void> nap(std::chrono::nanoseconds delay) { co_await sleep_for(delay, Clock::virtual_time); }
    Task<void> forever() { co_await never_.wait(); }

    Context& home_;
    Context& other_;
    AsyncSemaphore semaphore_{16};
    AsyncEvent never_;
    Sockets sockets_;
    Receiver receiver_;
};

}  // namespace

TEST_CASE("very many tasks sleep, read, wait and move, a third of them is stopped: results add up", "[F16.1][F16.13]") {
    Context context;
    IoThread thread;
    int living = 0;
    Crowd crowd(context, *thread.context());
    std::size_t stopped = 0;
    std::size_t destroyed = 0;
    std::vector<std::uint64_t> sums;
    std::vector<TaskHandle> handles;
    std::vector<std::stop_source> sources;
    std::uint64_t expected = 0;
    for (std::size_t number = 0; number < task_count; ++number) {
        const auto ended = [&, number](Outcome<std::uint64_t> outcome) {
            if (outcome.cancelled()) {
                ++stopped;
            } else {
                sums.push_back(outcome.value());
                expected += number;
            }
        };
        Task<std::uint64_t> task = crowd.member(number, Counted(living));
        if (number % 16 == 3) {
            handles.push_back(spawn_held(context, "member", std::move(task), ended));
        } else if (number % 3 == 0) {
            sources.emplace_back();
            spawn(context, "member", std::move(task), ended, sources.back().get_token());
        } else {
            spawn(context, "member", std::move(task), ended);
        }
    }
    CHECK(static_cast<std::size_t>(living) >= task_count);
    std::thread stopper([&] {
        std::minstd_rand random(1);
        std::shuffle(sources.begin(), sources.end(), random);
        for (std::stop_source& source : sources) {
            source.request_stop();
            if (random() % 64 == 0) {
                std::this_thread::yield();
            }
        }
    });
    std::minstd_rand random(2);
    while (living != 0) {
        context.advance_virtual_time(5ms);
        for (std::size_t at = 0; at < Sockets::count; ++at) {
            crowd.sockets().write_to(at);
        }
        context.poll(Wait::none);
        for (int count = 0; count < 8 && !handles.empty(); ++count) {
            std::swap(handles[random() % handles.size()], handles.back());
            destroyed += handles.back() ? 1 : 0;
            handles.pop_back();
        }
    }
    stopper.join();
    CHECK(sums.size() + stopped + destroyed == task_count);
    CHECK(std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == expected);
    CHECK(stopped > 0);
    CHECK(destroyed > 0);
    CHECK(crowd.is_at_rest());
    while (context.poll(Wait::none)) {
    }
}

}  // namespace nestling::testing
